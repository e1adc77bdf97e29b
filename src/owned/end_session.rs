//! The end of a user's session at the provider: OpenID Connect RP-Initiated Logout 1.0.

use alloc::string::String;
use core::fmt;

use super::error::{Error, InvalidOption};
use super::form::append;
use super::id_token::IdToken;
use super::redirect_uri::RedirectUri;
use super::room::{if_any, owned, with_room};
use super::url::Url;
use crate::openid::end_session::{
    self as core_end, KeptForLogout, check_endpoint, check_parameters, record_name,
};
use crate::registration::state_lifetime::STATE_LIFETIME_SECONDS;
use crate::syntax::secret::{State, base64url};

/// A request to the provider's `end_session_endpoint`: a URL to send the user to.
///
/// Its `Debug` does not show the hint.
#[derive(Clone)]
pub struct EndSession {
    endpoint: Url,
    client_id: String,
    redirect_uri: Option<RedirectUri>,
    id_token_hint: String,
    /// Encoded.
    parameters: String,
    app_state: String,
    return_to: String,
}

impl EndSession {
    /// A request without a way back.
    ///
    /// # Errors
    ///
    /// The endpoint is neither `https:` nor `http:` on a loopback host, has a fragment, carries credentials,
    /// or has a parameter of ours in its query.
    pub fn new(endpoint: Url, client_id: String) -> Result<Self, InvalidOption> {
        check_endpoint(&endpoint.parts())?;
        Ok(Self {
            endpoint,
            client_id,
            redirect_uri: None,
            id_token_hint: String::new(),
            parameters: String::new(),
            app_state: String::new(),
            return_to: String::new(),
        })
    }

    /// Where the user comes back to: a `post_logout_redirect_uri` of the client's registration.
    pub fn set_redirect_uri(&mut self, redirect_uri: RedirectUri) {
        self.redirect_uri = Some(redirect_uri);
    }

    /// An ID token of the user's, which may have expired: with it the provider knows who wants to leave, and
    /// most ask no question.
    pub fn set_hint(&mut self, id_token: &IdToken) {
        self.id_token_hint = id_token.as_str().into();
    }

    #[cfg(all(feature = "browser", feature = "sign-in"))]
    pub(crate) fn set_hint_text(&mut self, id_token: &str) {
        self.id_token_hint = id_token.into();
    }

    #[cfg(all(feature = "browser", feature = "sign-in"))]
    pub(crate) fn has_redirect_uri(&self) -> bool {
        self.redirect_uri.is_some()
    }

    /// A further parameter, such as `logout_hint` or `ui_locales`.
    ///
    /// # Errors
    ///
    /// It is one that is set here, or was added before.
    pub fn add_parameter(&mut self, name: &str, value: &str) -> Result<(), InvalidOption> {
        let mut parameters = self.parameters.clone();
        append(&mut parameters, name, value);
        check_parameters(parameters.as_bytes())?;
        self.parameters = parameters;
        Ok(())
    }

    /// Text of the application's that comes back with the answer.
    pub fn set_app_state(&mut self, app_state: String) {
        self.app_state = app_state;
    }

    /// The path on this origin to go on with.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidReturnTo`]: it is no path, or could lead to another origin.
    pub fn set_return_to(&mut self, return_to: String) -> Result<(), Error> {
        let kept = KeptForLogout {
            return_to: return_to.as_bytes(),
            app_state: b"",
        };
        if return_to.is_empty() {
            return Err(Error::InvalidReturnTo);
        }
        kept.check()?;
        self.return_to = return_to;
        Ok(())
    }

    /// Starts the logout with 32 bytes from a random source that is fit for secrets. The record is to be
    /// stored before the user is sent to the URL. `now` is in seconds since 1970.
    #[must_use]
    pub fn start(self, random: &[u8; 32], now: u64) -> (String, PendingLogout) {
        let state = base64url(random);
        let given = (&self, state);
        with_room(&given, |(request, state), arena| {
            let as_core = request.as_core();
            let url = as_core.write_url(state, request.parameters.as_bytes(), arena);
            let kept = KeptForLogout {
                app_state: request.app_state.as_bytes(),
                return_to: request.return_to.as_bytes(),
            };
            let record = as_core.write_record(&kept, state, now, arena);
            let key = State::read(state).map(|state| record_name(state, arena));
            let pending = PendingLogout {
                key: owned(key.unwrap_or_default()),
                record: owned(record),
            };
            (owned(url), pending)
        })
    }

    fn as_core(&self) -> core_end::EndSession<'_> {
        let redirect_uri = self.redirect_uri.as_ref();
        core_end::EndSession {
            endpoint: self.endpoint.parts(),
            client_id: self.client_id.as_bytes(),
            post_logout_redirect_uri: redirect_uri.map_or(b"", |uri| uri.as_core().text),
            id_token_hint: self.id_token_hint.as_bytes(),
        }
    }
}

impl fmt::Debug for EndSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndSession")
            .field("endpoint", &self.endpoint)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// A logout under way. Its record has a state of its own, and answers no login.
///
/// Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct PendingLogout {
    key: String,
    record: String,
}

impl PendingLogout {
    /// The name of the record in a store that other things are kept in, too.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The record as text for the store. It holds the state: keep it where only this origin reads.
    #[must_use]
    pub fn to_record(&self) -> &str {
        &self.record
    }
}

impl fmt::Debug for PendingLogout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingLogout").finish_non_exhaustive()
    }
}

/// A URL that may be the redirect of a logout: only its record tells.
#[derive(Clone)]
pub struct LogoutRedirect {
    url: Url,
    redirect_uri: RedirectUri,
    key: String,
}

/// What a logout's redirect brings back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedOut {
    /// The URL to put into the address bar instead.
    pub scrubbed: String,
    /// The application's own text, as it was given to the request.
    pub app_state: Option<String>,
    /// The path on this origin to go on with.
    pub return_to: Option<String>,
}

impl LogoutRedirect {
    /// Reads a URL that the page was opened with; `None` where it came to another URL, or has no state that
    /// could be one of ours.
    #[must_use]
    pub fn read(redirect_uri: &RedirectUri, url: &Url) -> Option<Self> {
        let given = (redirect_uri, url);
        with_room(&given, |(redirect_uri, url), arena| {
            let parts = url.parts();
            let read = core_end::Redirect::parse(&redirect_uri.as_core(), &parts, arena)?;
            Some(Self {
                url: (*url).clone(),
                redirect_uri: (*redirect_uri).clone(),
                key: owned(record_name(read.state, arena)),
            })
        })
    }

    /// The name under which the logout's record would be.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Answers with the record that the store holds under the key, if any. Where there is an answer the
    /// record has served its time, and is to be removed. `now` is in seconds since 1970.
    #[must_use]
    pub fn answer(&self, record: Option<&str>, client_id: &str, now: u64) -> Option<LoggedOut> {
        let given = (self, record?, client_id);
        with_room(&given, |(redirect, record, client_id), arena| {
            let redirect_uri = redirect.redirect_uri.as_core();
            let parts = redirect.url.parts();
            let read = core_end::Redirect::parse(&redirect_uri, &parts, arena)?;
            let kept = read.verify(
                record.as_bytes(),
                client_id.as_bytes(),
                &redirect_uri,
                STATE_LIFETIME_SECONDS,
                now,
                arena,
            )?;
            Some(LoggedOut {
                scrubbed: owned(read.scrubbed),
                app_state: if_any(kept.app_state),
                return_to: if_any(kept.return_to),
            })
        })
    }
}

impl fmt::Debug for LogoutRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoutRedirect").finish_non_exhaustive()
    }
}
