//! The UserInfo endpoint: OpenID Connect Core 1.0, section 5.3.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use core::future::Future;

use web_sys::{
    AbortController, Headers, ReferrerPolicy, Request, RequestCache, RequestCredentials,
    RequestRedirect,
};

use super::client::BrowserClient;
use super::failure::Failure;
use super::fetch::Call;
use super::http::{Raw, Sent, init, read_body};
use super::outcome::{First, first};
use super::page;
use super::time_limits::REQUEST_TIMEOUT_MS;
use crate::owned::{Error, RelyingParty, Resources, Url, UserInfo};

impl BrowserClient {
    /// What the server tells of the user beside the ID token (OpenID Connect Core 1.0, section 5.3), asked
    /// with the session's token, which is renewed as by [`Self::fetch`]. It is a profile and no proof, and is
    /// kept nowhere. Dropping the future breaks the request off.
    ///
    /// ```
    /// # use claviger::browser::{BrowserClient, Failure};
    /// async fn email(client: &BrowserClient) -> Result<Option<String>, Failure> {
    ///     let told = client.userinfo().await?;
    ///     Ok(told.claims().text("email").map(Into::into))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::LoginRequired`]: nobody is known to be signed in, or there is no token.
    /// [`Failure::UserinfoUnreachable`], [`Error::InvalidUserinfo`]. [`Error::SubjectMismatch`]: the answer is
    /// about somebody else. [`Error::SessionEnded`]: the user has changed meanwhile. [`Failure::NoPage`].
    pub fn userinfo(&self) -> impl Future<Output = Result<UserInfo, Failure>> + use<> {
        let own = self.clone();
        async move {
            page::window().ok_or(Failure::NoPage)?;
            let id_token = own.claims().ok_or(Error::LoginRequired)?;
            let client = own.0.session.client();
            let url = client
                .relying_party()
                .and_then(RelyingParty::userinfo_endpoint);
            let url = url.ok_or(Failure::UserinfoUnreachable)?;
            let (status, content_type, body) = match first(own.ask(url), timeout()).await {
                First::One(answer) => answer.map_err(unreachable)?,
                First::Other(()) => return Err(Failure::UserinfoUnreachable),
            };
            let now = own.claims();
            if now.is_none_or(|now| now.subject() != id_token.subject()) {
                return Err(Error::SessionEnded.into());
            }
            Ok(UserInfo::read(status, &content_type, &body, &id_token)?)
        }
    }

    async fn ask(&self, url: &Url) -> Result<Raw, Failure> {
        // It is a resource for this request alone, whatever the others are.
        let resources = Rc::new(Resources::new(vec![url.clone()])?);
        let sent = Sent(AbortController::new()?);
        let get = init();
        let headers = Headers::new()?;
        headers.set("Accept", "application/json")?;
        get.set_headers(&headers);
        get.set_credentials(RequestCredentials::Omit);
        get.set_cache(RequestCache::NoStore);
        get.set_redirect(RequestRedirect::Error);
        get.set_referrer_policy(ReferrerPolicy::NoReferrer);
        get.set_signal(Some(&sent.0.signal()));
        let request = Request::new_with_str_and_init(url.as_str(), &get)?;
        let call = Call::new(&self.0.session, &resources, &request, self.0.renews);
        let started = call.send();
        let response = call.response(started).await?;
        let content_type: Option<String> = response.headers().get("Content-Type")?;
        let body = read_body(&response).await?;
        Ok((response.status(), content_type.unwrap_or_default(), body))
    }
}

fn timeout() -> impl Future<Output = ()> {
    super::timer::sleep(REQUEST_TIMEOUT_MS)
}

/// The browser's own error is dropped, because it can quote the URL.
fn unreachable(failure: Failure) -> Failure {
    match failure {
        Failure::Platform(_) | Failure::Option(_) => Failure::UserinfoUnreachable,
        other => other,
    }
}
