//! A request to an API, with the session's token: RFC 6750, section 2.1.

use alloc::rc::Rc;
use alloc::string::String;

use js_sys::futures::JsFuture;
use js_sys::{Array, Function, Promise, Reflect, global};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Request, RequestRedirect, Response};

use super::client::{BrowserClient, Shared};
use super::failure::Failure;
use super::http::init;
use super::page;
use super::session::Session;
use crate::owned::{
    Attachment, Challenge, Error, RenewalParameters, Resources, SessionEvent, Token, Url,
};

const AUTHORIZATION: &str = "Authorization";

/// Two groups of one name. Engines have learnt to read them after they had learnt to take `Authorization`
/// back when a redirect leads to another origin.
const TWO_GROUPS: &str = "(?<a>a)|(?<a>b)";

/// A request that goes out with a token of the session in which it was made, or not at all.
pub(super) struct Call {
    session: Rc<Session>,
    resources: Rc<Resources>,
    request: Request,
    /// The session in which it was made: that of another one is perhaps another user's.
    begun: u64,
    renews: bool,
}

/// A request that is under way, and the token that went along, if that is the session's.
pub(super) struct Sent {
    response: Promise,
    used: Option<Token>,
}

impl Call {
    pub(super) fn new(
        session: &Rc<Session>,
        resources: &Rc<Resources>,
        request: &Request,
        renews: bool,
    ) -> Self {
        let request: &JsValue = request;
        Self {
            begun: session.begun(),
            session: Rc::clone(session),
            resources: Rc::clone(resources),
            request: request.clone().unchecked_into(),
            renews,
        }
    }

    /// Sends it. What is judged is what is sent: the URL inside of a request of our own, which nobody can
    /// change any more. The given one's comes first, so that a refusal leaves its body unread.
    pub(super) fn send(&self) -> Result<Sent, Failure> {
        let set = self.session.set();
        let token = set.as_ref().map(|set| &set.token);
        let attach = |request: &Request| {
            let url = Url::from_serialization(request.url());
            let until = self.session.usable_until();
            // With some form or other, because the way of its resource is what counts.
            let attachment =
                self.resources
                    .attach_until(&url, Some(""), token, until, page::now())?;
            match attachment {
                Attachment::Own => Ok(None),
                Attachment::Header { name, value } => Ok(Some((name, value))),
                _ => Err(Failure::NotInHeader),
            }
        };
        attach(&self.request)?;
        let request = Request::new_with_request(&self.request)?;
        let header = attach(&request)?;
        let headers = request.headers();
        let name = header.as_ref().map_or(AUTHORIZATION, |(name, _)| name);
        let has_own = header.is_none() || headers.has(AUTHORIZATION)? || headers.has(name)?;
        if let Some((name, value)) = header.as_ref().filter(|_| !has_own) {
            headers.set(name, value)?;
        }
        let window = page::window().ok_or(Failure::NoPage)?;
        let is_authorization = name.eq_ignore_ascii_case(AUTHORIZATION);
        let may_follow = has_own || (is_authorization && takes_authorization_back());
        let response = if may_follow || request.redirect() != RequestRedirect::Follow {
            window.fetch_with_request(&request)
        } else {
            let changes = init();
            changes.set_redirect(RequestRedirect::Error);
            // fetch resets these two when anything else of a request is changed.
            changes.set_referrer(&request.referrer());
            changes.set_referrer_policy(request.referrer_policy());
            window.fetch_with_request_and_init(&request, &changes)
        };
        let used = token.filter(|_| !has_own).cloned();
        Ok(Sent { response, used })
    }

    /// Waits for the response; sends the request a second time where a new token may be had, and nothing
    /// of the first one was read.
    pub(super) async fn response(self, sent: Result<Sent, Failure>) -> Result<Response, Failure> {
        let sent = match sent {
            // An expired token is refused before anything is sent, so the request can be made again.
            Err(Failure::OAuth(Error::TokenExpired)) if self.renews => {
                let _ = self.session.renew(RenewalParameters::new()).wait().await;
                if !self.is_of_session() {
                    return Err(Error::TokenExpired.into());
                }
                self.send()
            }
            sent => sent,
        };
        let Sent { response, used } = sent?;
        let response: Response = JsFuture::from(response).await?.dyn_into()?;
        let Some(used) = used.filter(|_| self.is_refused(&response)) else {
            return Ok(response);
        };
        let (has_other, is_fresh) = self.report_refusal(&used, false).await;
        if !has_other || !self.is_repeatable() || !self.is_of_session() {
            return Ok(response);
        }
        if let Some(body) = response.body() {
            let _ = body.cancel();
        }
        let Sent { response, used } = self.send()?;
        let response: Response = JsFuture::from(response).await?.dyn_into()?;
        if let Some(used) = used.filter(|_| self.is_refused(&response)) {
            self.report_refusal(&used, is_fresh).await;
        }
        Ok(response)
    }

    fn is_of_session(&self) -> bool {
        self.session.begun() == self.begun && self.session.set().is_some()
    }

    /// What was read from a request's body is gone.
    fn is_repeatable(&self) -> bool {
        matches!(self.request.method().as_str(), "GET" | "HEAD")
    }

    /// Whether a resource of ours says that the token is invalid.
    fn is_refused(&self, response: &Response) -> bool {
        let challenges = response.headers().get("WWW-Authenticate");
        let challenges = challenges.ok().flatten().unwrap_or_default();
        response.status() == 401
            && self.resources.has(&Url::from_serialization(response.url()))
            && Challenge::read(&challenges)
                .iter()
                .any(Challenge::is_invalid_token)
    }

    /// The session hears of a refusal: whether there is another token to try, and whether that is then
    /// the answer to this one.
    async fn report_refusal(&self, used: &Token, is_fresh: bool) -> (bool, bool) {
        let session = &self.session;
        let access_token = String::from(used.access_token());
        session.report(&SessionEvent::TokenRefused {
            access_token,
            is_fresh,
        });
        let is_waiting = session.is_renewing.get();
        let is_renewed = is_waiting && session.awaited().wait().await.is_ok();
        let token = session.token();
        let has_other =
            token.is_some_and(|token| is_renewed || token.access_token() != used.access_token());
        (has_other, is_waiting)
    }
}

impl BrowserClient {
    /// The value of the `Authorization` header for a request to this URL (RFC 6750, section 2.1),
    /// for a program that has an HTTP client of its own. A relative URL is first to be
    /// [joined](Url::join) to the page's.
    ///
    /// # Errors
    ///
    /// [`Error::InsecureResource`] and [`Error::ResourceNotAllowed`] for the URL,
    /// [`Error::LoginRequired`] and [`Error::TokenExpired`] for the token.
    pub fn authorize(&self, url: &Url) -> Result<String, Error> {
        let set = self.0.session.set();
        let token = set.as_ref().map(|set| &set.token);
        self.0
            .resources
            .authorize_until(url, token, self.0.session.usable_until(), page::now())
    }

    /// The same for every [`Resource`](crate::Resource), whichever way it takes its token: what to change of
    /// the request, whose body is `form` where [`form`](crate::form) says that it is one.
    ///
    /// # Errors
    ///
    /// Those of [`Self::authorize`], and [`Error::UnsupportedBody`] for a body that can't hold the token.
    pub fn attach(&self, url: &Url, form: Option<&str>) -> Result<Attachment, Error> {
        let set = self.0.session.set();
        let token = set.as_ref().map(|set| &set.token);
        let until = self.0.session.usable_until();
        self.0
            .resources
            .attach_until(url, form, token, until, page::now())
    }

    /// The browser's own `fetch`, with the token in the header that its resource takes it in. The request
    /// goes out at once, the future waits for its response; a 401 is a [`Response`], because it is one.
    ///
    /// A token that a resource calls invalid (RFC 6750, section 3.1) is renewed once by the refresh token,
    /// and a `GET` or `HEAD` is sent again with the new one; only then the session ends. A client that
    /// renews by itself waits for a new token where the old one has expired. Neither is sent with the token
    /// of a session that began meanwhile, nor where the future was dropped.
    ///
    /// An `Authorization` header that the request has stays, and so does an access token in its query. The
    /// request's own headers are left alone; its body is used up, as by `fetch`. Where the browser is too old
    /// to take `Authorization` back from a redirect to another origin, no redirect is followed.
    ///
    /// # Errors
    ///
    /// Those of [`Self::authorize`], before anything is sent and before the body is read, and
    /// [`Failure::NotInHeader`] where the resource takes its token in the query or in the body; network
    /// failures and aborts as the browser threw them. [`Failure::NoPage`].
    pub fn fetch(
        &self,
        request: &Request,
    ) -> impl Future<Output = Result<Response, Failure>> + use<> {
        let Shared {
            session,
            resources,
            renews,
            ..
        } = &*self.0;
        let call = Call::new(session, resources, request, *renews);
        let sent = call.send();
        call.response(sent)
    }
}

/// Whether the browser surely takes `Authorization` back when a redirect leads to another origin: since
/// Chromium 119, Firefox 111 and Safari 16.1. Where that is open, no redirect is followed.
fn takes_authorization_back() -> bool {
    let read = Reflect::get(&global(), &"RegExp".into()).and_then(|constructor| {
        let constructor: Function = constructor.dyn_into()?;
        Reflect::construct(&constructor, &Array::of1(&TWO_GROUPS.into()))
    });
    read.is_ok()
}
