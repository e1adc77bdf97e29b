//! The client that a page holds: one method for each of the package's, all of them synchronous up
//! to the point where `fetch` itself waits.

use alloc::rc::Rc;
use alloc::string::String;
use core::cell::RefCell;

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;

use super::convert::{Options, read_request};
use super::fetch::fetch;
use super::page::{self, Held};
use super::session::{Session, set};
use super::url;
use crate::answer::Answer;
use crate::error::{Error, InvalidOption};
use crate::pending::Grant;
use crate::response::{Reading, Response};
use crate::url::Url;

/// A client in a page. Its methods throw `TypeError` for wrong arguments and `OAuthError` for the rest.
#[wasm_bindgen(js_name = Client)]
pub struct BrowserClient {
    options: Options,
    session: Rc<Session>,
    /// The address for which `handleRedirect` was called, and what came of it.
    outcome: RefCell<Option<(String, Result<JsValue, JsValue>)>>,
}

#[wasm_bindgen(js_class = Client)]
impl BrowserClient {
    /// A client with the package's `ClientOptions`.
    ///
    /// # Errors
    ///
    /// `TypeError`, which names the option.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        Ok(Self {
            options: Options::read(options)?,
            session: Session::new(),
            outcome: RefCell::default(),
        })
    }

    /// The URL to send the user to. Its record is in the store before the URL is handed out.
    ///
    /// # Errors
    ///
    /// `TypeError` for an argument; `insecure_context`, `random_unavailable`, `storage_unavailable`,
    /// `invalid_return_to`.
    #[wasm_bindgen(js_name = authorizationUrl)]
    pub fn authorization_url(
        &self,
        parameters: &JsValue,
        options: &JsValue,
    ) -> Result<String, JsValue> {
        let Options { client, store, .. } = &self.options;
        let request = read_request(client, parameters, options)?;
        if page::is_insecure() {
            return Err(Error::InsecureContext.into());
        }
        let (url, pending) = request.start(&page::random()?, page::now());
        store.keep(client, &pending)?;
        self.outcome.take();
        Ok(url)
    }

    /// Leaves the page for [`BrowserClient::authorization_url`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn login(&self, parameters: &JsValue, options: &JsValue) -> Result<(), JsValue> {
        page::assign(&self.authorization_url(parameters, options)?)
    }

    /// Answers a response: the page's own address, or the one that a webview was opened with.
    /// Gives `null` for what is no response.
    ///
    /// # Errors
    ///
    /// Every code of the response, `invalid_return_to` and `storage_unavailable`.
    #[wasm_bindgen(js_name = handleRedirect)]
    pub fn handle_redirect(&self, url: Option<String>) -> Result<JsValue, JsValue> {
        let given = match url.as_deref().map(url::parse) {
            None => None,
            Some(Ok(url)) => Some(url),
            Some(Err(_)) => {
                return Err(InvalidOption {
                    option: "url",
                    must: "be an absolute URL",
                }
                .into());
            }
        };
        let address = page::address();
        let is_foreign = given
            .as_ref()
            .is_some_and(|given| address.as_deref() != Some(given.as_str()));
        let held = if is_foreign { None } else { Held::take() };
        if held.is_none() {
            let asked = given.as_ref().map(Url::as_str).or(address.as_deref());
            if let Some((known, outcome)) = &*self.outcome.borrow()
                && Some(known.as_str()) == asked
            {
                return outcome.clone();
            }
        }
        let opened = match (held, given, address) {
            (Some(held), ..) => Opened::held(held),
            (None, Some(given), _) if is_foreign => Opened::elsewhere(given),
            (None, _, Some(address)) => Opened::page(address),
            (None, ..) => return Ok(JsValue::NULL),
        };
        self.answer(&opened)
    }

    /// `fetch`, with the token for the configured resources and for nothing else.
    ///
    /// # Errors
    ///
    /// `resource_not_allowed`, `insecure_resource`, `login_required`, `token_expired`, and what
    /// `Request` throws for its arguments; nothing was sent then.
    pub fn fetch(&self, input: &JsValue, init: &JsValue) -> Result<Promise, JsValue> {
        fetch(input, init, |url| {
            let header = self.session.authorize(&self.options.resources, url)?;
            Ok(header)
        })
    }

    /// The token in use, or `null`.
    #[must_use]
    pub fn token(&self) -> JsValue {
        self.session.snapshot()
    }

    /// Has a listener told of the session's events.
    pub fn subscribe(&self, listener: Function) {
        self.session.listen(listener);
    }

    /// Ends what [`BrowserClient::subscribe`] began.
    pub fn unsubscribe(&self, listener: &Function) {
        self.session.unlisten(listener);
    }

    /// Forgets the token.
    pub fn logout(&self) {
        self.outcome.take();
        self.session.end();
    }
}

/// The address that a response may stand in, and how it is cleaned.
struct Opened {
    url: Url,
    /// The address bar's, where it shows this URL or what was left of it.
    shown: Option<String>,
}

impl Opened {
    fn page(address: String) -> Self {
        Self {
            url: Url::from_serialization(address.clone()),
            shown: Some(address),
        }
    }

    fn held(held: Held) -> Self {
        Self {
            url: Url::from_serialization(held.url),
            shown: Some(held.left).filter(|left| page::address().as_deref() == Some(left)),
        }
    }

    fn elsewhere(url: Url) -> Self {
        Self { url, shown: None }
    }

    /// Puts the cleaned address into the address bar, or the whole one back where it was no response.
    fn show(&self, scrubbed: Option<&str>) -> Result<(), JsValue> {
        let address = scrubbed.unwrap_or(self.url.as_str());
        match &self.shown {
            Some(shown) if shown != address => page::replace_address(address),
            _ => Ok(()),
        }
    }

    /// Keeps the response for the client on this page that it is for.
    fn hold(&self, scrubbed: Option<&str>) -> Result<(), JsValue> {
        let (Some(_), Some(left)) = (&self.shown, scrubbed) else {
            return Ok(());
        };
        Held {
            url: self.url.as_str().into(),
            left: left.into(),
        }
        .put()
    }
}

impl BrowserClient {
    fn answer(&self, opened: &Opened) -> Result<JsValue, JsValue> {
        let answer = match self.options.client.read(&opened.url) {
            Reading::Nothing { scrubbed } => Answer {
                scrubbed,
                change: None,
                outcome: Ok(None),
            },
            Reading::Refused { error, scrubbed } => Answer {
                scrubbed,
                change: None,
                outcome: Err(error),
            },
            Reading::Response(response) => return self.verify(opened, response),
        };
        opened.show(answer.scrubbed.as_deref())?;
        self.conclude(opened, answer)
    }

    /// Looks the record up, cleans the address, and marks the record used, in this order and before
    /// anything can wait.
    fn verify(&self, opened: &Opened, response: Response) -> Result<JsValue, JsValue> {
        let Options { client, store, .. } = &self.options;
        let key = response.key();
        let found = key.as_deref().map_or(Ok(None), |key| store.find(key));
        let record = found.as_ref().ok().and_then(Option::as_deref);
        let mut answer = client.answer(response, record, page::now());
        opened.show(answer.scrubbed.as_deref())?;
        if let Err(Error::StateWrongClient) = answer.outcome {
            opened.hold(answer.scrubbed.as_deref())?;
        }
        let changed = match (&key, &answer.change) {
            (Some(key), Some(change)) => store.change(key, change),
            _ => Ok(()),
        };
        // A response is unknown because the store is silent: that is the news then.
        answer.outcome = changed.and(answer.outcome.map_err(|error| found.err().unwrap_or(error)));
        self.conclude(opened, answer)
    }

    /// Remembers what came of it, for whoever asks again about the same address.
    fn conclude(&self, opened: &Opened, answer: Answer) -> Result<JsValue, JsValue> {
        let outcome = match answer.outcome {
            Ok(None) => return Ok(JsValue::NULL),
            Ok(Some(grant)) => self.establish(grant),
            Err(error) => Err(error.into()),
        };
        let address = answer
            .scrubbed
            .filter(|_| opened.shown.is_some())
            .unwrap_or_else(|| opened.url.as_str().into());
        self.outcome.replace(Some((address, outcome.clone())));
        outcome
    }

    /// Starts the session, and gives the package's `Redirect`.
    fn establish(&self, grant: Grant) -> Result<JsValue, JsValue> {
        let redirect = Object::new();
        if let Some(text) = &grant.app_state {
            // Only text that this package wrote parses; anything else was put there by somebody else.
            let app_state = js_sys::JSON::parse(text).map_err(|_| Error::UnknownState)?;
            set(&redirect, "appState", &app_state);
        }
        if let Some(path) = &grant.return_to {
            set(&redirect, "returnTo", &path.into());
        }
        set(&redirect, "token", &self.session.start(grant.token));
        Ok(Object::freeze(&redirect).into())
    }
}

impl core::fmt::Debug for BrowserClient {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("BrowserClient")
            .field("client", &self.options.client)
            .finish_non_exhaustive()
    }
}
