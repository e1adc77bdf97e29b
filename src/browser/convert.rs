//! Options, read with a check: a value of the wrong type is a `TypeError` that names its option.

use alloc::string::String;
use alloc::vec::Vec;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::store::Store;
use super::{page, url};
use crate::authorization::AuthorizationRequest;
use crate::bearer::Resources;
use crate::client::{Client, RedirectUri};
use crate::error::{Error, InvalidOption};
use crate::server::AuthorizationServer;

/// What a client was made with.
pub(crate) struct Options {
    pub(crate) client: Client,
    pub(crate) resources: Resources,
    pub(crate) store: Store,
}

impl Options {
    pub(crate) fn read(options: &JsValue) -> Result<Self, InvalidOption> {
        let options = Members::of(options, "options")?;
        let server = read_server(&options)?;
        let client_id = options.text("client_id")?;
        let redirect_uri = read_redirect_uri(&options)?;
        if options.text("response_type")? != "token" {
            return Err(wrong("response_type", "be 'token'"));
        }
        let mut client = Client::new(server, client_id, redirect_uri)?;
        client.set_hash_router(options.flag("hashRouter")?);
        if let Some(scope) = options.optional_text("scope")? {
            client.set_scope(scope)?;
        }
        if let Some(seconds) = options.optional_seconds("stateLifetime")? {
            client.set_state_lifetime(seconds)?;
        }
        match options.optional_text("assumeTokenType")?.as_deref() {
            None => {}
            Some("Bearer") => client.assume_bearer(true),
            Some(_) => return Err(wrong("assumeTokenType", "be 'Bearer'")),
        }
        let store = match options.optional_text("stateStore")?.as_deref() {
            None | Some("session") => Store::Session,
            Some("local") => Store::Local,
            Some(_) => return Err(wrong("stateStore", "be 'session' or 'local'")),
        };
        Ok(Self {
            client,
            resources: read_resources(&options)?,
            store,
        })
    }
}

fn read_server(options: &Members) -> Result<AuthorizationServer, InvalidOption> {
    const ENDPOINT: &str = "server.authorization_endpoint";
    let server = Members::of(&options.get("server"), "server")?;
    let text = server.named("authorization_endpoint", ENDPOINT)?;
    let endpoint = url::parse(&text).map_err(|_| wrong(ENDPOINT, "be an absolute URL"))?;
    let mut checked = AuthorizationServer::new(endpoint)?;
    let promised = server.get("authorization_response_iss_parameter_supported");
    let issuer = server.get("issuer");
    if issuer.is_undefined() {
        return if promised.is_truthy() {
            Err(wrong(
                "server.issuer",
                "be there when authorization_response_iss_parameter_supported is",
            ))
        } else {
            Ok(checked)
        };
    }
    let issuer = server.named("issuer", "server.issuer")?;
    checked.set_issuer(issuer, promised.is_truthy());
    Ok(checked)
}

fn read_redirect_uri(options: &Members) -> Result<RedirectUri, InvalidOption> {
    let text = options.text("redirect_uri")?;
    let parsed = url::parse(&text).map_err(|_| wrong("redirect_uri", "be an absolute URL"))?;
    RedirectUri::new(text, parsed)
}

fn read_resources(options: &Members) -> Result<Resources, InvalidOption> {
    let given = options.get("resources");
    if given.is_undefined() {
        let own = page::address().and_then(|address| url::join("/", &address).ok());
        return Ok(own.map(Resources::own_origin).unwrap_or_default());
    }
    let not_urls = || wrong("resources", "be an array of absolute URLs");
    let list: Array = given.dyn_into().map_err(|_| not_urls())?;
    let urls: Option<Vec<_>> = list
        .iter()
        .map(|text| url::parse(&text.as_string()?).ok())
        .collect();
    Resources::new(urls.ok_or_else(not_urls)?)
}

/// One request of a client's, from what `authorizationUrl` and `login` were given.
pub(crate) fn read_request<'a>(
    client: &'a Client,
    parameters: &JsValue,
    options: &JsValue,
) -> Result<AuthorizationRequest<'a>, JsValue> {
    let mut request = AuthorizationRequest::new(client);
    if !parameters.is_undefined() {
        let members = Members::of(parameters, "parameters")?;
        for entry in Object::entries(members.0.unchecked_ref()).iter() {
            let entry: Array = entry.unchecked_into();
            if let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string())
            {
                request.add_parameter(name, value)?;
            } else if !entry.get(1).is_undefined() {
                return Err(wrong("parameters", "have strings as values").into());
            }
        }
    }
    if options.is_undefined() {
        return Ok(request);
    }
    let options = Members::of(options, "options")?;
    let app_state = options.get("appState");
    if !app_state.is_undefined() {
        let text = js_sys::JSON::stringify(&app_state)
            .ok()
            .and_then(|text| text.as_string())
            .ok_or_else(|| wrong("appState", "be a value that JSON can hold"))?;
        request.set_app_state(text);
    }
    let return_to = options.get("returnTo");
    if !return_to.is_undefined() {
        let path = return_to.as_string().ok_or(Error::InvalidReturnTo)?;
        request.set_return_to(path)?;
    }
    Ok(request)
}

/// An object whose members are read one by one.
struct Members(JsValue);

impl Members {
    fn of(value: &JsValue, option: &'static str) -> Result<Self, InvalidOption> {
        if value.is_object() {
            Ok(Self(value.clone()))
        } else {
            Err(wrong(option, "be an object"))
        }
    }

    fn get(&self, name: &str) -> JsValue {
        Reflect::get(&self.0, &JsValue::from_str(name)).unwrap_or_default()
    }

    fn text(&self, name: &'static str) -> Result<String, InvalidOption> {
        self.named(name, name)
    }

    fn named(&self, name: &str, option: &'static str) -> Result<String, InvalidOption> {
        let text = self.get(name).as_string();
        text.ok_or_else(|| wrong(option, "be a string"))
    }

    fn optional_text(&self, name: &'static str) -> Result<Option<String>, InvalidOption> {
        if self.get(name).is_undefined() {
            return Ok(None);
        }
        self.text(name).map(Some)
    }

    fn flag(&self, name: &'static str) -> Result<bool, InvalidOption> {
        let value = self.get(name);
        if value.is_undefined() {
            return Ok(false);
        }
        value.as_bool().ok_or_else(|| wrong(name, "be a boolean"))
    }

    fn optional_seconds(&self, name: &'static str) -> Result<Option<u64>, InvalidOption> {
        let value = self.get(name);
        if value.is_undefined() {
            return Ok(None);
        }
        match value.as_f64() {
            // Whole and within range, so the cast is exact.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Some(seconds) if (1.0..9e15).contains(&seconds) && seconds % 1.0 == 0.0 => {
                Ok(Some(seconds as u64))
            }
            _ => Err(wrong(name, "be a positive whole number of seconds")),
        }
    }
}

fn wrong(option: &'static str, must: &'static str) -> InvalidOption {
    InvalidOption { option, must }
}
