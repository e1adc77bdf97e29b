//! The way to the provider's end of the session, and back: OpenID Connect RP-Initiated Logout 1.0, sections
//! 2 and 3.

use core::future::Future;

use super::client::BrowserClient;
use super::failure::Failure;
use super::page;
use crate::owned::{EndSession, Error, LoggedOut, LogoutRedirect, RelyingParty, Storage, Url};

impl BrowserClient {
    /// A request that ends the user's session at the provider, for [`Self::logout_at_provider`]: with the last
    /// ID token as a hint, also where the session here is over, unless the user has left. Parameters such as
    /// `ui_locales`, text of the application's and a path to go on with can be added.
    ///
    /// ```
    /// # use claviger::browser::{BrowserClient, Failure};
    /// async fn leave(client: &BrowserClient) -> Result<(), Failure> {
    ///     let mut request = client.end_session()?;
    ///     request.add_parameter("ui_locales", "de")?;
    ///     client.logout_at_provider(request, true).await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Failure::EndSessionUnavailable`], [`Failure::NoPage`].
    pub fn end_session(&self) -> Result<EndSession, Failure> {
        page::window().ok_or(Failure::NoPage)?;
        let client = self.0.session.client();
        let party = client.relying_party();
        let endpoint = party.and_then(RelyingParty::end_session_endpoint);
        let (party, endpoint) = party.zip(endpoint).ok_or(Failure::EndSessionUnavailable)?;
        let mut request = EndSession::new(endpoint.clone(), party.client_id().into())?;
        if let Some(redirect_uri) = party.post_logout_redirect_uri() {
            request.set_redirect_uri(redirect_uri.clone());
        }
        if let Some(hint) = &*self.0.session.hint.borrow() {
            request.set_hint_text(hint);
        }
        Ok(request)
    }

    /// Ends the session as [`Self::logout`] does, here and in every tab that shares it, and leaves this page
    /// for the provider, who ends its own. `with_revocation` also has the tokens revoked, as by
    /// [`Self::logout_and_revoke`]; the page waits for that before it leaves. All but that has happened when
    /// the call returns.
    ///
    /// # Errors
    ///
    /// The session has ended all the same: [`Error::RandomUnavailable`] and [`Error::StorageUnavailable`], the
    /// way back could not be known again, so nobody leaves; [`Failure::RevocationUnconfirmed`], after which
    /// the page leaves; an exception of the browser's. [`Failure::NoPage`], [`Failure::FromWithin`].
    pub fn logout_at_provider(
        &self,
        request: EndSession,
        with_revocation: bool,
    ) -> impl Future<Output = Result<(), Failure>> + use<> {
        let started = self.start_logout(request);
        let revoked = if with_revocation {
            Some(self.logout_and_revoke())
        } else {
            None
        };
        let ended = if with_revocation {
            Ok(())
        } else {
            self.logout()
        };
        async move {
            let revoked = match revoked {
                Some(revoked) => revoked.await,
                None => ended,
            };
            page::assign(&started?)?;
            revoked
        }
    }

    /// The URL to leave for; the logout's record is in the store by then.
    fn start_logout(&self, request: EndSession) -> Result<alloc::string::String, Failure> {
        let has_way_back = request.has_redirect_uri();
        let [random, ..] = page::random()?;
        let (url, pending) = request.start(&random, page::now());
        if has_way_back && !self.0.store.set(pending.key(), pending.to_record()) {
            return Err(Error::StorageUnavailable.into());
        }
        Ok(url)
    }

    /// Handles the provider's redirect in the page's address, where it came back to the
    /// `post_logout_redirect_uri` with the state of a logout of this client's (RP-Initiated Logout 1.0,
    /// section 3): once, and the state leaves the address bar. It ends no session. `None` for all other
    /// addresses.
    ///
    /// ```
    /// # use claviger::browser::{BrowserClient, Failure};
    /// fn farewell(client: &BrowserClient) -> Result<Option<&'static str>, Failure> {
    ///     Ok(client.handle_logout()?.map(|_| "You have signed out."))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::StorageUnavailable`]: the store can't be read or changed. An exception of the browser's where
    /// the history can't be changed. [`Failure::NoPage`].
    pub fn handle_logout(&self) -> Result<Option<LoggedOut>, Failure> {
        let shown = page::address().ok_or(Failure::NoPage)?;
        let answered = self.handle_logout_url(&shown)?;
        if let Some(logged_out) = &answered {
            page::replace_address(&logged_out.scrubbed)?;
        }
        Ok(answered)
    }

    /// The same for the URL that a webview was opened with.
    ///
    /// # Errors
    ///
    /// Those of [`Self::handle_logout`].
    pub fn handle_logout_url(&self, url: &Url) -> Result<Option<LoggedOut>, Failure> {
        page::window().ok_or(Failure::NoPage)?;
        let client = self.0.session.client();
        let party = client.relying_party();
        let redirect_uri = party.and_then(RelyingParty::post_logout_redirect_uri);
        let Some((party, redirect_uri)) = party.zip(redirect_uri) else {
            return Ok(None);
        };
        let Some(redirect) = LogoutRedirect::read(redirect_uri, url) else {
            return Ok(None);
        };
        let record = self.0.store.get(redirect.key())?;
        let answered = redirect.answer(Some(&record), party.client_id(), page::now());
        // What stays would answer the same URL again.
        if answered.is_some() && !self.0.store.remove(redirect.key()) {
            return Err(Error::StorageUnavailable.into());
        }
        Ok(answered)
    }
}
