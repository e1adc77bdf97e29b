//! The start of a page whose user may be signed in already: OpenID Connect Core 1.0, section 3.1.2.1.

use core::future::{Future, pending};

use super::client::BrowserClient;
use super::failure::Failure;
use super::page;
use super::session::Session;
use super::store::Store;
use crate::owned::{AuthorizationRequest, Error, IdToken, RenewalParameters, Status, Storage};

/// Of a renewal: what only the user can change.
const NEEDS_USER: [&str; 2] = ["interaction_required", "login_required"];

/// What a tab remembers once it has left for the server.
const ASKED: &str = "1";

impl BrowserClient {
    /// Who is signed in, where that can be known without the user: by the session that a storage kept, by its
    /// refresh token, or in a hidden frame with `prompt=none`, which needs a server whose cookies the browser
    /// sends there. `None` where the server wants the user.
    ///
    /// ```
    /// # use claviger::browser::{BrowserClient, Failure};
    /// async fn start(client: &BrowserClient) -> Result<bool, Failure> {
    ///     client.handle_redirect().await?;
    ///     Ok(client.resume().await?.is_some())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Self::renew`] but for [`Error::LoginRequired`] and [`Error::InteractionRequired`].
    pub fn resume(&self) -> impl Future<Output = Result<Option<IdToken>, Failure>> + use<> {
        let own = self.clone();
        async move {
            page::window().ok_or(Failure::NoPage)?;
            own.resumed(true).await
        }
    }

    /// The same without a frame: where nobody is signed in here it leaves the page for the server, with
    /// `prompt=none`, once in a tab until the next login, so that no loop comes of it. The future does not
    /// end then.
    ///
    /// ```
    /// # use claviger::browser::{BrowserClient, Failure};
    /// async fn start(client: &BrowserClient) -> Result<bool, Failure> {
    ///     match client.handle_redirect().await {
    ///         // The server would have had to ask the user.
    ///         Err(failure) if failure.code() == "authorization_error" => {}
    ///         handled => drop(handled?),
    ///     }
    ///     Ok(client.resume_by_redirect(client.request()).await?.is_some())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Self::resume`] and of [`Self::login`].
    pub fn resume_by_redirect(
        &self,
        mut request: AuthorizationRequest<'_>,
    ) -> impl Future<Output = Result<Option<IdToken>, Failure>> {
        let own = self.clone();
        async move {
            page::window().ok_or(Failure::NoPage)?;
            let resumed = own.resumed(false).await?;
            if resumed.is_some() || !own.0.session.remember_asking() {
                return Ok(resumed);
            }
            request.add_parameter("prompt", "none")?;
            own.login(request)?;
            // The page is left.
            pending().await
        }
    }

    async fn resumed(&self, by_frame: bool) -> Result<Option<IdToken>, Failure> {
        self.ready().await;
        // A refused refresh token leaves the other way.
        for _ in 0..2 {
            match self.state() {
                Status::SignedIn => return Ok(self.claims()),
                Status::SignedOut if !by_frame => return Ok(None),
                _ => {}
            }
            let renewal = self.0.session.renew(RenewalParameters::new());
            match renewal.wait().await {
                Ok(_) => return Ok(self.claims()),
                Err(failure) if NEEDS_USER.contains(&failure.code()) => return Ok(None),
                Err(Failure::OAuth(Error::TokenError(said))) if said.error == "invalid_grant" => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(None)
    }
}

impl Session {
    /// Whether this tab remembers now that it has asked the server, and did not before.
    fn remember_asking(&self) -> bool {
        let name = self.asking();
        Store::Session.get(&name).is_ok_and(|text| text.is_empty())
            && Store::Session.set(&name, ASKED)
    }

    /// After a login the server may be asked once more.
    pub(super) fn forget_asking(&self) {
        let _ = Store::Session.remove(&self.asking());
    }

    fn asking(&self) -> alloc::string::String {
        alloc::format!("claviger:asked:{}", self.store.name())
    }
}
