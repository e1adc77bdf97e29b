//! A client in a page, with its session: the protocol on the platform's address bar, storages, clock,
//! random source, tabs, windows and `fetch`.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use core::cell::RefCell;
use core::fmt;
use core::future::Future;

use super::captured;
use super::failure::Failure;
use super::http;
use super::outcome::{First, Outcome, first};
use super::page;
use super::popup::Popup;
use super::redirect::Redirect;
use super::response::{Answered, answer, answer_from_window};
use super::session::{Session, Turned, sendable};
use super::session_store::TokenStore;
use super::store::Store;
use super::subscription::{SessionNews, Subscription};
use super::time_limits::REQUEST_TIMEOUT_MS;
use crate::owned::{
    AuthorizationRequest, Cause, Client, Error, RenewalParameters, Resources, SessionEvent,
    SessionPolicy, Status, Token, TokenRequest, TokenSet, Url,
};

/// A client in a page: it signs in, keeps the session, renews it, and sends its token where it may go.
///
/// A clone is the same client with the same session, so each component and each closure can have one;
/// two are equal when they are clones of one. Nothing needs `&mut`, and no future borrows from it. It
/// belongs to the page's thread; where a framework wants a context that is `Send` and `Sync`, Leptos'
/// `StoredValue::new_local(client)` is one.
///
/// A program keeps one client of a registration: two that ask for the same share their session where
/// `tokens` is a storage, and are two sessions where it is memory.
#[derive(Clone)]
pub struct BrowserClient(pub(super) Rc<Shared>);

pub(super) struct Shared {
    client: Client,
    pub(super) resources: Rc<Resources>,
    pub(super) store: Store,
    pub(super) renews: bool,
    pub(super) session: Rc<Session>,
    /// The address for which a response was asked, and what came of it.
    known: RefCell<Option<(Url, Answered)>>,
}

/// A login in a window that is open.
struct Opened {
    popup: Popup,
    url: String,
    job: String,
    /// Another one took its place.
    replaced: Outcome<()>,
    /// The session that it was asked for has ended.
    ended: Outcome<()>,
}

impl BrowserClient {
    /// A client whose session ends with the page. The token goes to `resources` alone; the logins under
    /// way are kept in `store`.
    #[must_use]
    pub fn new(client: Client, resources: Resources, store: Store) -> Self {
        Self::with_session(
            SessionPolicy::new(client),
            resources,
            store,
            TokenStore::Memory,
        )
    }

    /// A client whose sessions are renewed as `policy` says, and kept in `tokens`. One that a storage has
    /// from before goes on: [`Self::ready`] tells when it has its token.
    ///
    /// `policy` need not say whether its record is shared, nor whether there are frames: that is known
    /// here.
    #[must_use]
    pub fn with_session(
        policy: SessionPolicy,
        resources: Resources,
        store: Store,
        tokens: TokenStore,
    ) -> Self {
        Self(Rc::new(Shared {
            client: policy.client().clone(),
            resources: Rc::new(resources),
            store,
            renews: policy.renews(),
            session: Session::open(policy, tokens),
            known: RefCell::default(),
        }))
    }

    /// A request of this client's for [`Self::login`] or [`Self::authorization_url`], to which
    /// parameters, a path to go on with and text of the application's can be added.
    #[must_use]
    pub fn request(&self) -> AuthorizationRequest<'_> {
        AuthorizationRequest::new(&self.0.client)
    }

    /// Starts a login: the URL to send the user to (RFC 6749, sections 4.1.1 and 4.2.1), for a webview or
    /// a link. The record of the login is in the store by then.
    ///
    /// # Errors
    ///
    /// [`Error::InsecureContext`]: everybody on the way could have changed this page.
    /// [`Error::RandomUnavailable`]: there is no state that nobody can guess (section 10.10).
    /// [`Error::StorageUnavailable`]: the response could never be verified. [`Failure::NoPage`].
    pub fn authorization_url(&self, request: AuthorizationRequest<'_>) -> Result<String, Failure> {
        if page::address().ok_or(Failure::NoPage)?.is_in_the_clear() {
            return Err(Error::InsecureContext.into());
        }
        let (url, _) = request.start_in(&self.0.store, &page::random()?, page::now())?;
        self.0.known.take();
        Ok(url)
    }

    /// Starts a login, and leaves this page for the server.
    ///
    /// # Errors
    ///
    /// Those of [`Self::authorization_url`], and an exception of the browser's where the page may not
    /// navigate.
    pub fn login(&self, request: AuthorizationRequest<'_>) -> Result<(), Failure> {
        let url = self.authorization_url(request)?;
        Ok(page::assign(&url)?)
    }

    /// Signs in in a window of its own, while this page waits. Call it in a click, which is when browsers
    /// allow windows; the window is there when the call returns. What the server sends it back to is a page
    /// of this origin that calls [`Self::handle_redirect`], or the npm package's `claviger/callback`.
    ///
    /// The login needs no storage. A second one of this client's takes the place of the first. Dropping the
    /// future closes the window.
    ///
    /// # Errors
    ///
    /// [`Failure::PopupBlocked`], [`Failure::PopupClosed`], [`Error::SessionEnded`] after a logout
    /// meanwhile, those of [`Self::authorization_url`], and every one of a response and of an exchange.
    pub fn login_popup(
        &self,
        request: AuthorizationRequest<'_>,
    ) -> impl Future<Output = Result<Redirect, Failure>> + use<> {
        let opened = self.open_popup(request);
        let own = self.clone();
        // Boxed, because what waits for a window is large.
        Box::pin(async move {
            let Opened {
                popup,
                url,
                job,
                replaced,
                ended,
            } = opened?;
            let session = &own.0.session;
            let response = async {
                let response = Url::parse(&popup.response(&url).await?)?;
                let answered = answer_from_window(&own.0.client, session, &response, job)?;
                let redirect = answered.settled(session).await?;
                redirect.ok_or(Failure::OAuth(Error::SessionEnded))
            };
            match first(response, first(replaced.wait(), ended.wait())).await {
                First::One(redirect) => redirect,
                First::Other(First::One(())) => Err(Failure::PopupClosed),
                First::Other(First::Other(())) => Err(Error::SessionEnded.into()),
            }
        })
    }

    fn open_popup(&self, request: AuthorizationRequest<'_>) -> Result<Opened, Failure> {
        let popup = Popup::open()?;
        let session = &self.0.session;
        session.open_channel();
        let replaced = Outcome::new();
        if let Some(earlier) = session.popup.replace(Some(replaced.clone())) {
            earlier.set(());
        }
        if page::address().is_some_and(|address| address.is_in_the_clear()) {
            return Err(Error::InsecureContext.into());
        }
        let (url, pending) =
            request.start_in(&session.own_logins, &page::random()?, page::now())?;
        let job = session.job(pending.state().as_str(), &pending.parameters());
        Ok(Opened {
            popup,
            url,
            job,
            replaced,
            ended: session.ended(),
        })
    }

    /// Handles the response in the page's address (RFC 6749, sections 4.1.2 and 4.2.2), if it is one: takes
    /// it out of the address bar and the history entry, verifies it, and marks its login used. All of that
    /// has happened when the call returns, accepted or refused. The future gives the session's token, once
    /// a code is exchanged for it; `None`, and the address as it was, where there is no response of this
    /// client's.
    ///
    /// Call it when the page starts, before a router or a script of others reads the address. A
    /// response is answered once; whoever asks again for the same address gets the same outcome as it is
    /// now, and nothing of a session that has ended since. Dropping the future breaks an exchange off that
    /// nobody else waits for.
    ///
    /// A response for which another window waits, a popup's, is handed to that, and this window closes.
    ///
    /// # Errors
    ///
    /// Every [`Error`] of a response and of an exchange; the session that the client had goes on then. An
    /// exception of the browser's where the history can't be changed. [`Failure::NoPage`].
    pub fn handle_redirect(
        &self,
    ) -> impl Future<Output = Result<Option<Redirect>, Failure>> + use<> {
        let answered = match page::address() {
            Some(shown) => Ok(self.answer_page(&shown)),
            None => Err(Failure::NoPage),
        };
        self.settled(answered)
    }

    /// Handles the response in the URL that a webview was opened with, as [`Self::handle_redirect`]
    /// does with the page's own.
    ///
    /// # Errors
    ///
    /// Those of [`Self::handle_redirect`].
    pub fn handle_url(
        &self,
        url: &Url,
    ) -> impl Future<Output = Result<Option<Redirect>, Failure>> + use<> {
        let answered = match page::address() {
            Some(shown) if shown == *url => Ok(self.answer_page(&shown)),
            Some(_) => Ok(self.known(url).or_else(|| self.answer(url, None))),
            None => Err(Failure::NoPage),
        };
        self.settled(answered)
    }

    fn settled(
        &self,
        answered: Result<Option<Answered>, Failure>,
    ) -> impl Future<Output = Result<Option<Redirect>, Failure>> + use<> {
        let settled = answered.map(|answered| answered.map(|it| it.settled(&self.0.session)));
        async move {
            match settled? {
                Some(settled) => settled.await,
                None => Ok(None),
            }
        }
    }

    /// Answers what the page was opened with.
    fn answer_page(&self, shown: &Url) -> Option<Answered> {
        match captured::take() {
            None => self
                .known(shown)
                .or_else(|| self.answer(shown, Some(shown))),
            Some((opened, left)) if left == *shown => self.answer(&opened, Some(shown)),
            Some((opened, left)) => {
                // What came since stands in the address bar; what is captured waits for its client.
                let newer = self.answer(shown, Some(shown));
                if newer.is_none() {
                    return self.answer(&opened, None);
                }
                captured::capture(&opened, &left);
                newer
            }
        }
    }

    /// What came of a response in this URL.
    fn known(&self, url: &Url) -> Option<Answered> {
        let known = self.0.known.borrow();
        let (_, answered) = known.as_ref().filter(|(asked, _)| asked == url)?;
        Some(answered.clone())
    }

    fn answer(&self, opened: &Url, shown: Option<&Url>) -> Option<Answered> {
        let Shared {
            client,
            store,
            session,
            ..
        } = &*self.0;
        let answered = answer(client, store, session, opened, shown)?;
        let asked = match shown {
            Some(shown) => page::address().unwrap_or_else(|| shown.clone()),
            None => opened.clone(),
        };
        self.0.known.replace(Some((asked, answered.clone())));
        Some(answered)
    }

    /// What the page has to show: whether there is a token that can be sent, or will be.
    #[must_use]
    pub fn state(&self) -> Status {
        self.0.session.status()
    }

    /// Ends when a session that a storage had from before has its token, where it needs a new one, or is
    /// known to have none.
    pub fn ready(&self) -> impl Future<Output = ()> + use<> {
        let session = &self.0.session;
        let renewal = session.is_renewing.get().then(|| session.awaited());
        async {
            if let Some(renewal) = renewal {
                let _ = renewal.wait().await;
            }
        }
    }

    /// The token, for libraries that must have the string; `None` when there is none, or none that
    /// can be sent any more.
    #[must_use]
    pub fn token(&self) -> Option<Token> {
        self.0.session.token()
    }

    /// The session, also where its token can't be sent any more; `None` of a login that asked for an ID token
    /// alone.
    #[must_use]
    pub fn session(&self) -> Option<TokenSet> {
        self.0.session.set().filter(|set| sendable(set).is_some())
    }

    /// Begins a session with a token that the program has got in another way, such as from
    /// [`Self::request_token`]. It takes the place of the one there was, if any.
    ///
    /// # Errors
    ///
    /// [`Failure::NoPage`], [`Failure::FromWithin`].
    pub fn begin(&self, set: TokenSet) -> Result<(), Failure> {
        let turned = self.0.session.on(&SessionEvent::Granted {
            set,
            state: String::new(),
            parameters: String::new(),
            by: Cause::Caller,
        })?;
        Ok(turned.outcome?)
    }

    /// Sends a request for a token, by the rules of the token endpoint: no redirect is followed, no cookie
    /// sent, nothing kept in a cache. The session stays as it is. Dropping the future breaks it off.
    ///
    /// # Errors
    ///
    /// Those of [`TokenRequest::finish`], [`Error::TokenEndpointUnreachable`] and [`Failure::NoPage`].
    pub fn request_token(
        &self,
        request: TokenRequest,
    ) -> impl Future<Output = Result<TokenSet, Failure>> + use<> {
        let sent = match page::window() {
            Some(_) => Ok(http::request_token(request, REQUEST_TIMEOUT_MS)),
            None => Err(Failure::NoPage),
        };
        async { Ok(sent?.await?) }
    }

    /// Gets a new token (RFC 6749, section 6): by the refresh token where there is one, or else in a hidden
    /// frame, without the user (OpenID Connect Core 1.0, section 3.1.2.1). Whoever asks meanwhile gets the
    /// same outcome, in whatever tab. Dropping the future only ends the waiting.
    ///
    /// # Errors
    ///
    /// [`Error::LoginRequired`] and [`Error::InteractionRequired`]: only the user can sign in. The former, too,
    /// where the login asked for an ID token alone: that is renewed, and there is no token.
    /// [`Error::TokenError`] with `invalid_grant`: the server has ended the session.
    /// [`Error::SessionEnded`]: a logout or another login came first. All others leave the session as it
    /// is. [`Failure::NoPage`].
    pub fn renew(&self) -> impl Future<Output = Result<Token, Failure>> + use<> {
        self.renew_with(RenewalParameters::new())
    }

    /// The same, for what this renewal asks for in addition. If a renewal is under way already, here or in
    /// another tab that shares the session, that goes on as it was begun, and its outcome is this one's, too.
    ///
    /// # Errors
    ///
    /// As [`Self::renew`].
    pub fn renew_with(
        &self,
        parameters: RenewalParameters,
    ) -> impl Future<Output = Result<Token, Failure>> + use<> {
        let renewal = match page::window() {
            Some(_) => Ok(self.0.session.renew(parameters)),
            None => Err(Failure::NoPage),
        };
        async {
            let token = renewal?.wait().await?;
            if token.access_token().is_empty() {
                return Err(Error::LoginRequired.into());
            }
            Ok(token)
        }
    }

    /// Tells the listener how the session changes, and whose doing it was: for the signal of a framework,
    /// which may begin with [`Self::token`] and [`Self::state`].
    ///
    /// It listens for as long as the subscription lives.
    pub fn subscribe(&self, listener: impl Fn(&SessionNews) + 'static) -> Subscription {
        self.0.session.subscribe(listener)
    }

    /// Ends the session, here and in every tab that shares it, and everything that was asked for it. The
    /// server still knows the user.
    ///
    /// # Errors
    ///
    /// [`Failure::NoPage`], [`Failure::FromWithin`].
    pub fn logout(&self) -> Result<(), Failure> {
        self.end(false)?;
        Ok(())
    }

    /// The same, and has the server revoke the tokens, also those that are still to come (RFC 7009). The
    /// session has ended when the call returns; the future tells whether the server has confirmed it.
    ///
    /// # Errors
    ///
    /// [`Failure::RevocationUnconfirmed`], [`Failure::NoPage`], [`Failure::FromWithin`].
    pub fn logout_and_revoke(&self) -> impl Future<Output = Result<(), Failure>> + use<> {
        let turned = self.end(true);
        async {
            match turned?.revoked {
                Some(revoked) if !revoked.wait().await => Err(Failure::RevocationUnconfirmed),
                _ => Ok(()),
            }
        }
    }

    fn end(&self, revokes: bool) -> Result<Turned, Failure> {
        self.0.known.take();
        let turned = self.0.session.on(&SessionEvent::LogoutRequested {
            revokes,
            generation: page::new_name(),
        })?;
        Ok(turned)
    }
}

impl PartialEq for BrowserClient {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for BrowserClient {}

impl fmt::Debug for BrowserClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrowserClient")
            .field("client", &self.0.client)
            .finish_non_exhaustive()
    }
}
