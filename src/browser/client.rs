//! A client in a page, with its token: the protocol on the platform's address bar, storage, clock,
//! random source and `fetch`.

use alloc::rc::Rc;
use alloc::string::String;
use core::cell::RefCell;
use core::future::Future;

use js_sys::Promise;
use js_sys::futures::JsFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Request, Response};

use super::failure::Failure;
use super::store::Store;
use super::subscription::{Listeners, Subscription};
use super::{held, page};
use crate::owned::{AuthorizationRequest, Client, Error, Grant, Handled, Resources, Token, Url};

const AUTHORIZATION: &str = "Authorization";

/// A client in a page: it signs in, keeps the token in memory, and sends it where it may go.
///
/// A clone is the same client with the same token, so each component and each closure can have one;
/// two are equal when they are clones of one. Nothing needs `&mut`, and no future borrows from it.
#[derive(Clone, Debug)]
pub struct BrowserClient(Rc<Shared>);

#[derive(Debug)]
struct Shared {
    client: Client,
    resources: Resources,
    store: Store,
    token: RefCell<Option<Token>>,
    listeners: Listeners,
}

impl BrowserClient {
    /// A client that has no token yet. The token goes to `resources` alone; the logins under way are
    /// kept in `store`.
    #[must_use]
    pub fn new(client: Client, resources: Resources, store: Store) -> Self {
        Self(Rc::new(Shared {
            client,
            resources,
            store,
            token: RefCell::default(),
            listeners: Listeners::default(),
        }))
    }

    /// A request of this client's for [`Self::login`] or [`Self::authorization_url`], to which
    /// parameters, a path to go on with and text of the application's can be added.
    #[must_use]
    pub fn request(&self) -> AuthorizationRequest<'_> {
        AuthorizationRequest::new(&self.0.client)
    }

    /// Starts a login: the URL to send the user to (RFC 6749, section 4.2.1), for a webview or a
    /// link. The record of the login is in the store by then.
    ///
    /// # Errors
    ///
    /// [`Error::InsecureContext`]: everybody on the way could have changed this page.
    /// [`Error::RandomUnavailable`]: there is no state that nobody can guess (section 10.10).
    /// [`Error::StorageUnavailable`]: the response could never be verified.
    pub fn authorization_url(&self, request: AuthorizationRequest<'_>) -> Result<String, Error> {
        if page::address().is_some_and(|address| address.is_in_the_clear()) {
            return Err(Error::InsecureContext);
        }
        let (url, pending) = request.start(&page::random()?, page::now());
        self.0.client.keep(&self.0.store, &pending)?;
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

    /// Handles the response in the page's address (RFC 6749, section 4.2.2), if it is one: takes it
    /// out of the address bar and the history entry, verifies it, marks its login used, and keeps
    /// the token. All of that has happened when the call returns, accepted or refused. `None`, and
    /// the address as it was, where there is no response of this client's.
    ///
    /// Call it when the page starts, before a router or a script of others reads the address. A
    /// response is answered once: a second call finds none, and the token in [`Self::token`].
    ///
    /// # Errors
    ///
    /// Every [`Error`] of a response; the token that the client had is kept then. An exception of
    /// the browser's where the history can't be changed.
    pub fn handle_redirect(&self) -> Result<Option<Grant>, Failure> {
        let Some(shown) = page::address() else {
            return Ok(None);
        };
        match held::take() {
            None => self.answer(&shown, &shown),
            Some((opened, left)) if left == shown => self.answer(&opened, &shown),
            Some((opened, left)) => {
                // What came since stands in the address bar; what is held waits for its client.
                let newer = self.answer(&shown, &shown);
                if matches!(newer, Ok(None)) {
                    return self.answer_elsewhere(&opened, &left);
                }
                held::hold(&opened, &left);
                newer
            }
        }
    }

    /// Handles the response in the URL that a webview was opened with, as [`Self::handle_redirect`]
    /// does with the page's own.
    ///
    /// # Errors
    ///
    /// Those of [`Self::handle_redirect`].
    pub fn handle_url(&self, url: &Url) -> Result<Option<Grant>, Failure> {
        if page::address().is_some_and(|shown| shown == *url) {
            return self.handle_redirect();
        }
        self.accept(self.handle(url).outcome)
    }

    /// The token, for libraries that must have the string; `None` when there is none, or none that
    /// lives for another 30 seconds.
    #[must_use]
    pub fn token(&self) -> Option<Token> {
        let now = page::now();
        let token = self.0.token.borrow();
        token.as_ref().filter(|token| token.is_usable(now)).cloned()
    }

    /// The value of the `Authorization` header for a request to this URL (RFC 6750, section 2.1),
    /// for a program that has an HTTP client of its own. A relative URL is first to be
    /// [joined](Url::join) to the page's.
    ///
    /// # Errors
    ///
    /// [`Error::InsecureResource`] and [`Error::ResourceNotAllowed`] for the URL,
    /// [`Error::LoginRequired`] and [`Error::TokenExpired`] for the token.
    pub fn authorize(&self, url: &Url) -> Result<String, Error> {
        let now = page::now();
        let token = self.0.token.borrow();
        self.0.resources.authorize(url, token.as_ref(), now)
    }

    /// The browser's own `fetch`, with the token in the `Authorization` header. The request goes out
    /// at once, the future waits for its response; a 401 is a [`Response`], because it is one.
    ///
    /// An `Authorization` header that the request has stays. The request's own headers are left
    /// alone; its body is used up, as by `fetch`.
    ///
    /// # Errors
    ///
    /// Those of [`Self::authorize`], before anything is sent and before the body is read; network
    /// failures and aborts as the browser threw them.
    pub fn fetch(
        &self,
        request: &Request,
    ) -> impl Future<Output = Result<Response, Failure>> + use<> {
        let sent = self.send(request);
        async {
            let response = JsFuture::from(sent?).await?;
            Ok(response.dyn_into()?)
        }
    }

    /// Tells the listener of the new token at each login, and of none at a logout: for the signal of a
    /// framework, which may begin with [`Self::token`]. The end of a token's life is not told.
    ///
    /// It listens for as long as the subscription lives.
    pub fn subscribe(&self, listener: impl Fn(Option<&Token>) + 'static) -> Subscription {
        self.0.listeners.add(listener)
    }

    /// Forgets the token. The server still knows the user.
    pub fn logout(&self) {
        if self.0.token.take().is_some() {
            self.0.listeners.tell(None);
        }
    }

    /// What is judged is what is sent: the URL inside of a request of our own, which nobody can
    /// change any more. The given one's comes first, so that a refusal leaves its body unread.
    fn send(&self, request: &Request) -> Result<Promise, Failure> {
        self.authorize(&Url::from_serialization(request.url()))?;
        let request = Request::new_with_request(request)?;
        let value = self.authorize(&Url::from_serialization(request.url()))?;
        let headers = request.headers();
        if !headers.has(AUTHORIZATION)? {
            headers.set(AUTHORIZATION, &value)?;
        }
        page::fetch(&request).ok_or_else(|| Failure::Platform(JsValue::UNDEFINED))
    }

    /// Answers what the page was opened with, and shows the address that is left of it.
    fn answer(&self, opened: &Url, shown: &Url) -> Result<Option<Grant>, Failure> {
        let Handled { scrubbed, outcome } = self.handle(opened);
        let left = scrubbed.map_or_else(|| opened.clone(), Url::from_serialization);
        if left != *shown {
            page::replace_address(left.as_str())?;
        }
        if let Err(Error::StateWrongClient) = outcome {
            held::hold(opened, &left);
        }
        self.accept(outcome)
    }

    /// Answers what was taken out of the address bar before the page moved on.
    fn answer_elsewhere(&self, opened: &Url, left: &Url) -> Result<Option<Grant>, Failure> {
        let Handled { outcome, .. } = self.handle(opened);
        if let Err(Error::StateWrongClient) = outcome {
            held::hold(opened, left);
        }
        self.accept(outcome)
    }

    fn handle(&self, url: &Url) -> Handled {
        let Shared { client, store, .. } = &*self.0;
        client.handle(store, url, page::now())
    }

    fn accept(&self, outcome: Result<Option<Grant>, Error>) -> Result<Option<Grant>, Failure> {
        let grant = outcome?;
        if let Some(token) = grant.as_ref().and_then(Grant::token) {
            self.0.token.replace(Some(token.clone()));
            self.0.listeners.tell(Some(token));
        }
        Ok(grant)
    }
}

impl PartialEq for BrowserClient {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for BrowserClient {}
