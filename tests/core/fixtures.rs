//! What the tests share: one registration, a store as a browser has it, and logins in it.

use std::collections::BTreeMap;

use claviger::{
    Answer, AuthorizationRequest, AuthorizationServer, Cause, Client, Error, Grant, Granted,
    InvalidOption, Pending, RecordChange, RedirectUri, Resources, ResponseMode, SessionEffect,
    SessionEvent, SessionPolicy, Token, TokenEndpoint, TokenRequest, TokenSet, Url,
};

pub(crate) const ENDPOINT: &str = "https://as.example/authorize";
pub(crate) const TOKEN_ENDPOINT: &str = "https://as.example/token";
pub(crate) const ISSUER: &str = "https://as.example";
pub(crate) const REDIRECT_URI: &str = "https://app.example/cb";
pub(crate) const SCOPE: &str = "read write";
/// When logins start.
pub(crate) const NOW: u64 = 1_700_000_000;
/// How long they may take.
pub(crate) const LIFETIME: u64 = 3600;
/// A response without its state.
pub(crate) const GOOD: &str = "#access_token=AT&token_type=Bearer&expires_in=3600&state=";
/// A state of ours by its looks, and nobody's.
pub(crate) const NOBODYS: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

pub(crate) fn server(endpoint: &str) -> Result<AuthorizationServer, InvalidOption> {
    AuthorizationServer::new(url(endpoint))
}

pub(crate) fn redirect_uri(text: &str) -> Result<RedirectUri, InvalidOption> {
    RedirectUri::parse(text)
}

pub(crate) fn resources(urls: &[&str]) -> Result<Resources, InvalidOption> {
    Resources::new(urls.iter().map(|text| url(text)).collect())
}

/// A client of another registration, without scope and issuer.
pub(crate) fn client_of(endpoint: &str, client_id: &str, redirect: &str) -> Client {
    let redirect = redirect_uri(redirect).unwrap();
    Client::new(server(endpoint).unwrap(), client_id.into(), redirect).unwrap()
}

/// The client that most tests have.
pub(crate) fn client() -> Client {
    client_with_issuer(Some(ISSUER), false)
}

pub(crate) fn client_with_issuer(issuer: Option<&str>, promised: bool) -> Client {
    let mut server = server(ENDPOINT).unwrap();
    if let Some(issuer) = issuer {
        server.set_issuer(issuer.into(), promised);
    }
    let redirect = redirect_uri(REDIRECT_URI).unwrap();
    let mut client = Client::new(server, "spa".into(), redirect).unwrap();
    client.set_scope(SCOPE.into()).unwrap();
    client
}

/// The token endpoint of the client's server.
pub(crate) fn token_endpoint() -> TokenEndpoint {
    TokenEndpoint::new(url(TOKEN_ENDPOINT), "spa".into()).unwrap()
}

/// The same client asking for codes.
pub(crate) fn code_client(mode: ResponseMode) -> Client {
    let mut client = client();
    client.ask_for_codes(token_endpoint(), mode).unwrap();
    client
}

/// Random bytes for one login, others for each seed.
pub(crate) fn random(seed: u8) -> [[u8; 32]; 3] {
    let bytes = core::array::from_fn(|at| {
        let at = u8::try_from(at).unwrap();
        seed.wrapping_mul(41).wrapping_add(at.wrapping_mul(7))
    });
    [
        bytes,
        bytes.map(|byte| !byte),
        bytes.map(|byte| byte ^ 0x0F),
    ]
}

/// The sessions of a client that can renew them, and that nobody else sees.
pub(crate) fn sessions(client: &Client) -> SessionPolicy {
    let mut policy = SessionPolicy::new(client.clone());
    policy.set_token_endpoint(token_endpoint());
    policy
}

/// The record of a session that begins with this token.
pub(crate) fn record_of(client: &Client, set: &TokenSet) -> String {
    let begins = SessionEvent::Granted {
        set: set.clone(),
        state: String::new(),
        parameters: String::new(),
        by: Cause::Redirect,
    };
    let turn = sessions(client).on("", "", &begins, NOW);
    let kept = turn.effects.into_iter().find_map(|effect| match effect {
        SessionEffect::Keep(record) => Some(record),
        _ => None,
    });
    kept.unwrap()
}

/// The session that a record of the store is, for a tab that opens at this time.
pub(crate) fn session_in(client: &Client, record: &str, now: u64) -> Option<TokenSet> {
    sessions(client)
        .on(record, "", &SessionEvent::Look, now)
        .session
}

pub(crate) fn start(client: &Client, seed: u8) -> (String, Pending) {
    AuthorizationRequest::new(client).start(&random(seed), NOW)
}

/// A program's own map of logins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Store(pub(crate) BTreeMap<String, String>);

/// What became of a URL that was handled.
#[derive(Debug)]
pub(crate) struct Handled {
    /// What the address bar shows now.
    pub(crate) address: String,
    pub(crate) change: Option<RecordChange>,
    pub(crate) outcome: Result<Option<Grant>, Error>,
}

impl Handled {
    /// The error's code, `ok` for a grant, `null` for no response.
    pub(crate) fn code(&self) -> &'static str {
        match &self.outcome {
            Ok(Some(_)) => "ok",
            Ok(None) => "null",
            Err(error) => error.code(),
        }
    }

    pub(crate) fn token(self) -> Token {
        self.grant().token().unwrap().clone()
    }

    /// The exchange of the code that the response brought.
    pub(crate) fn exchange(self) -> TokenRequest {
        match self.grant().granted {
            Granted::Code(request) => *request,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn grant(self) -> Grant {
        self.outcome.unwrap().unwrap()
    }
}

impl Store {
    /// A store with one login under way, and its state.
    pub(crate) fn with_login(client: &Client) -> (Self, String) {
        let mut store = Self::default();
        let state = store.login(client, 1);
        (store, state)
    }

    /// Starts a login and gives its state.
    pub(crate) fn login(&mut self, client: &Client, seed: u8) -> String {
        let (_, pending) = start(client, seed);
        self.keep(&pending);
        pending.state().as_str().into()
    }

    pub(crate) fn keep(&mut self, pending: &Pending) {
        self.0.insert(pending.key(), pending.to_record());
    }

    pub(crate) fn handle(&mut self, client: &Client, address: &str, now: u64) -> Handled {
        let address = url(address);
        let reading = client.read(&address);
        let key = reading.key();
        let record = key.as_ref().and_then(|key| self.0.get(key));
        let Answer {
            scrubbed,
            change,
            outcome,
        } = client.answer(reading, record.map(String::as_str), now);
        match (key, &change) {
            (Some(key), Some(RecordChange::Remove)) => {
                self.0.remove(&key);
            }
            (Some(key), Some(RecordChange::Replace(text))) => {
                self.0.insert(key, text.clone());
            }
            (_, change) => assert_eq!(change, &None, "a change of no record"),
        }
        Handled {
            address: scrubbed.unwrap_or_else(|| address.as_str().into()),
            change,
            outcome,
        }
    }

    /// Whether the login can still be finished.
    pub(crate) fn is_pending(&self, client: &Client, state: &str) -> bool {
        self.clone().handle(client, &good(state), NOW).code() == "ok"
    }
}

/// Handles what follows the redirect URI; `{S}` is the state of the one login under way.
pub(crate) fn answer(client: &Client, response: &str) -> Handled {
    let (mut store, state) = Store::with_login(client);
    let response = response.replace("{S}", &state);
    store.handle(client, &format!("{REDIRECT_URI}{response}"), NOW)
}

/// A token with these parameters of its response. A verified response is the only way to one.
pub(crate) fn token(parameters: &str) -> Token {
    answer(
        &client(),
        &format!("#{parameters}&token_type=Bearer&state={{S}}"),
    )
    .token()
}

/// The URL of a good response to the login with this state.
pub(crate) fn good(state: &str) -> String {
    format!("{REDIRECT_URI}{GOOD}{state}")
}

/// That an option was refused by its name.
pub(crate) fn refused<T>(result: Result<T, InvalidOption>, option: &str) -> Result<(), String> {
    let named = result.err().map(|error| error.option);
    same("the option", &named, &Some(option))
}

pub(crate) fn accepted<T>(result: Result<T, InvalidOption>) -> Result<(), String> {
    result.map(drop).map_err(|error| error.message())
}

/// Every row at once, so that one run shows all that fail.
pub(crate) fn check_all<T>(
    rows: impl IntoIterator<Item = T>,
    check: impl Fn(&T) -> Result<(), String>,
) {
    let failures: Vec<String> = rows
        .into_iter()
        .filter_map(|row| check(&row).err())
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// The pairs of a form or a query, decoded by somebody else's code.
pub(crate) fn pairs(form: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(form.as_bytes())
        .into_owned()
        .collect()
}

/// A difference, in words.
pub(crate) fn same<T: PartialEq + core::fmt::Debug>(
    what: &str,
    is: &T,
    should_be: &T,
) -> Result<(), String> {
    if is == should_be {
        Ok(())
    } else {
        Err(format!("{what}: {is:?}, and not {should_be:?}"))
    }
}
