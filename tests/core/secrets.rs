//! Nothing that is printed holds a token, a state or a callback's URL (attack 27).

use core::fmt::{Debug, Display};

use crate::fixtures::{
    self, ENDPOINT, Handled, NOBODYS, NOW, REDIRECT_URI, Store, client, pairs, redirect_uri,
    server, start, token_endpoint, url,
};
use claviger::{
    Answer, AuthorizationRequest, AuthorizationServer, Client, Error, Format, Grant, Granted,
    HttpRequest, HttpResponse, InvalidOption, Pending, Reading, RecordChange, RedirectUri,
    Resources, Response, ResponseMode, ServerError, State, Token, TokenEndpoint, TokenRequest,
    TokenSet, TokenToRevoke, Url,
};

const TOKEN: &str = "PlantedToken-2YotnFZFEjr1zCsicMWpAA";

/// What was printed, and of which type.
#[derive(Default)]
struct Printed(Vec<(&'static str, String)>);

impl Printed {
    fn debug<T: Debug>(&mut self, value: &T) {
        let name = core::any::type_name::<T>();
        self.0.push((name, format!("{value:?}")));
        self.0.push((name, format!("{value:#?}")));
    }

    fn display<T: Display>(&mut self, value: &T) {
        self.0
            .push((core::any::type_name::<T>(), value.to_string()));
    }

    fn assert_without(&self, secrets: &[&str]) {
        for (name, text) in &self.0 {
            for secret in secrets {
                assert!(!text.contains(secret), "{name} shows {secret}: {text}");
            }
        }
    }

    /// The types that printed something.
    fn assert_of<T>(&self) {
        let name = core::any::type_name::<T>();
        assert!(self.0.iter().any(|(it, _)| *it == name), "no {name}");
    }
}

/// Responses, each with the planted token and `{S}`, that end in every way.
const RESPONSES: [&str; 17] = [
    "#access_token={T}&token_type=Bearer&state={S}&x={T}",
    "#access_token={T}&token_type=Bearer&state={S}&access_token={T}",
    "#access_token={T}&token_type=Bearer",
    "#access_token={T}&token_type=Bearer&state={S}x",
    "#access_token={T}&token_type=Bearer&state={N}",
    "#access_token={T}&token_type={T}&state={S}",
    "#access_token={T}&state={S}",
    "#access_token={T}%20&token_type=Bearer&state={S}",
    "#access_token={T}%zz&token_type=Bearer&state={S}",
    "#access_token={T}&token_type=Bearer&state={S}&code={T}",
    "#access_token={T}&token_type=Bearer&state={S}&iss={T}",
    "#access_token={T}&token_type=Bearer&state={S}&expires_in={T}",
    "?access_token={T}&token_type=Bearer&state={S}",
    "?error={T}&state={S}#access_token={T}&state={S}",
    "##access_token={T}&state={S}",
    "#/inbox&access_token={T}&state={S}",
    "#id_token={T}&state={S}",
];

#[test]
fn attack_27_no_type_prints_a_token_a_state_or_a_callbacks_url() {
    let client = client();
    let (authorize_url, pending) = start(&client, 1);
    let state = String::from(pending.state().as_str());
    let mut printed = Printed::default();
    printed.debug::<Client>(&client);
    printed.debug::<AuthorizationServer>(&server(ENDPOINT).unwrap());
    printed.debug::<RedirectUri>(&redirect_uri(REDIRECT_URI).unwrap());
    printed.debug::<AuthorizationRequest>(&AuthorizationRequest::new(&client));
    printed.debug::<Pending>(&pending);
    printed.debug::<State>(&pending.state());
    printed.debug::<Url>(&url(&authorize_url));
    printed.debug::<Resources>(&Resources::own_origin(&url("https://app.example/")));
    let mut callbacks = Vec::new();
    for response in RESPONSES {
        let response = fill(response, &state);
        let callback = format!("{REDIRECT_URI}{response}");
        printed.debug::<Url>(&url(&callback));
        let reading = client.read(&url(&callback));
        printed.debug::<Reading>(&reading);
        if let Ok(Some(response)) = &reading.response {
            printed.debug::<Response>(response);
        }
        printed.debug::<Answer>(&client.answer(reading, Some(&pending.to_record()), NOW));
        let mut store = Store::default();
        store.keep(&pending);
        let handled = store.handle(&client, &callback, NOW);
        print_handled(&mut printed, &handled);
        callbacks.push(callback);
    }
    printed.assert_of::<Grant>();
    printed.assert_of::<Token>();
    printed.assert_of::<Error>();
    printed.assert_of::<Response>();
    printed.assert_of::<RecordChange>();
    printed.assert_of::<Answer>();
    printed.assert_without(&[TOKEN, &state, &authorize_url]);
    printed.assert_without(&callbacks.iter().map(String::as_str).collect::<Vec<_>>());
}

const CODE: &str = "PlantedCode-SplxlOBeZQQYbYS6WxSbIA";
const REFRESH: &str = "PlantedRefresh-tGzv3JOkF0XG5Qx2TlKWIA";
const SECRET: &str = "PlantedSecret-gX1fBat3bV";

/// What a header has of the client's secret.
fn in_base64(secret: &str) -> String {
    let mut endpoint = token_endpoint();
    endpoint.authenticate_by_basic(secret.into()).unwrap();
    let request = TokenRequest::new(&endpoint, "client_credentials", &[]).unwrap();
    let header = request.http().authorization().unwrap();
    header.strip_prefix("Basic ").unwrap().into()
}

#[test]
fn attack_27_no_type_prints_a_code_a_verifier_a_refresh_token_or_a_secret() {
    let mut printed = Printed::default();
    let mut verifiers = Vec::new();
    for format in [Format::Form, Format::Json, Format::Query] {
        for by_basic in [true, false] {
            let mut endpoint = token_endpoint();
            endpoint.set_format(format);
            if by_basic {
                endpoint.authenticate_by_basic(SECRET.into()).unwrap();
            } else {
                endpoint.authenticate_by_post(SECRET.into()).unwrap();
            }
            printed.debug::<TokenEndpoint>(&endpoint);
            for mode in [ResponseMode::Query, ResponseMode::Fragment] {
                let mut client = client();
                client.ask_for_codes(endpoint.clone(), mode).unwrap();
                printed.debug::<Client>(&client);
                verifiers.push(print_login(&mut printed, &client, mode));
            }
            let given = [("refresh_token", REFRESH), ("assertion", CODE)];
            let made = TokenRequest::new(&endpoint, "urn:x:y", &given).unwrap();
            let renewal = TokenRequest::refresh(&endpoint, REFRESH, "read");
            for request in [made, renewal] {
                print_exchange(&mut printed, &request);
            }
            for token in [
                TokenToRevoke::Access(TOKEN),
                TokenToRevoke::Refresh(REFRESH),
            ] {
                printed.debug::<TokenToRevoke>(&token);
                let at = url("https://as.example/revoke");
                printed.debug::<HttpRequest>(&endpoint.revocation(&at, token).unwrap());
            }
        }
    }
    printed.assert_of::<Grant>();
    printed.assert_of::<Granted>();
    printed.assert_of::<TokenSet>();
    printed.assert_of::<Error>();
    printed.assert_without(&[TOKEN, CODE, REFRESH, SECRET, &in_base64(SECRET)]);
    printed.assert_without(&verifiers.iter().map(String::as_str).collect::<Vec<_>>());
}

/// A login, its response with a code, and the exchange. Gives the verifier.
fn print_login(printed: &mut Printed, client: &Client, mode: ResponseMode) -> String {
    printed.debug::<AuthorizationRequest>(&AuthorizationRequest::new(client));
    let (_, pending) = start(client, 1);
    printed.debug::<Pending>(&pending);
    let delimiter = match mode {
        ResponseMode::Query => "?",
        ResponseMode::Fragment => "#",
    };
    let state = String::from(pending.state().as_str());
    for response in [
        format!("code={CODE}"),
        format!("code={CODE}%7F&state={state}"),
        format!("code={CODE}&access_token={TOKEN}&state={state}"),
        format!("code={CODE}&state={state}"),
    ] {
        let mut store = Store::default();
        store.keep(&pending);
        let address = format!("{REDIRECT_URI}{delimiter}{response}");
        let reading = client.read(&url(&address));
        printed.debug::<Reading>(&reading);
        let handled = store.handle(client, &address, NOW);
        print_handled(printed, &handled);
        if let Ok(Some(grant)) = handled.outcome {
            printed.debug::<Granted>(&grant.granted);
            if let Granted::Code(request) = grant.granted {
                print_exchange(printed, &request);
            }
        }
    }
    let members = pairs(&pending.to_record()).into_iter();
    let mut verifiers = members.filter(|(name, _)| name == "code_verifier");
    verifiers.next().unwrap().1
}

/// A request, and answers that end in every way.
fn print_exchange(printed: &mut Printed, request: &TokenRequest) {
    printed.debug::<TokenRequest>(request);
    printed.debug::<HttpRequest>(request.http());
    let members =
        format!("\"access_token\":\"{TOKEN}\",\"refresh_token\":\"{REFRESH}\",\"x\":\"{TOKEN}\"");
    for (body, code) in [
        (format!("{{{members},\"token_type\":\"Bearer\"}}"), "ok"),
        (format!("{{{members}}}"), "missing_token_type"),
        (
            format!("{{{members},\"token_type\":\"{TOKEN}\"}}"),
            "unsupported_token_type",
        ),
        (
            format!("{{{members},\"token_type\":\"Bearer\",\"expires_in\":\"{TOKEN}\"}}"),
            "invalid_token_response",
        ),
        (format!("{{{members}"), "invalid_token_response"),
        (
            format!("{{{members},\"error\":\"invalid_grant\"}}"),
            "token_error",
        ),
    ] {
        let answer = HttpResponse::new(200, "application/json", body.as_bytes());
        printed.debug::<HttpResponse>(&answer);
        match request.clone().finish(&answer, NOW) {
            Ok(set) => {
                assert_eq!(code, "ok");
                printed.debug::<TokenSet>(&set);
            }
            Err(error) => {
                assert_eq!(code, error.code());
                printed.debug::<Error>(&error);
                printed.display::<Error>(&error);
            }
        }
    }
}

fn fill(response: &str, state: &str) -> String {
    response
        .replace("{T}", TOKEN)
        .replace("{S}", state)
        .replace("{N}", NOBODYS)
}

fn print_handled(printed: &mut Printed, handled: &Handled) {
    if let Some(change) = &handled.change {
        printed.debug::<RecordChange>(change);
    }
    match &handled.outcome {
        Ok(None) => {}
        Ok(Some(grant)) => {
            printed.debug::<Grant>(grant);
            if let Some(token) = grant.token() {
                printed.debug::<Token>(token);
            }
        }
        Err(error) => {
            printed.debug::<Error>(error);
            printed.display::<Error>(error);
        }
    }
}

#[test]
fn every_way_to_fail_is_among_the_responses() {
    let client = client();
    let mut codes: Vec<_> = RESPONSES
        .iter()
        .map(|response| {
            let (mut store, state) = Store::with_login(&client);
            let address = format!("{REDIRECT_URI}{}", fill(response, &state));
            store.handle(&client, &address, NOW).code()
        })
        .collect();
    codes.sort_unstable();
    codes.dedup();
    assert!(codes.len() >= 12, "{codes:?}");
    assert!(codes.contains(&"ok") && codes.contains(&"null"));
}

#[test]
fn attack_27_the_sentence_about_a_servers_error_does_not_quote_it() {
    let said = Box::new(ServerError {
        error: TOKEN.into(),
        description: Some(TOKEN.into()),
        uri: Some(format!("https://as.example/#{TOKEN}")),
        status: None,
    });
    for error in [
        Error::AuthorizationError(said.clone()),
        Error::TokenError(said),
    ] {
        assert!(!error.to_string().contains(TOKEN));
        assert!(!error.code().contains(TOKEN));
    }
}

#[test]
fn attack_27_the_sentence_about_a_wrong_option_does_not_quote_it() {
    let mut client = client();
    let secret = format!("https://app.example/cb?{TOKEN}#{TOKEN}");
    let refused: [InvalidOption; 10] = [
        redirect_uri(&secret).unwrap_err(),
        server(&secret).unwrap_err(),
        fixtures::resources(&[&secret]).unwrap_err(),
        client.set_scope(format!("\"{TOKEN}\"")).unwrap_err(),
        Client::new(
            server(ENDPOINT).unwrap(),
            format!("{TOKEN}\n"),
            redirect_uri(REDIRECT_URI).unwrap(),
        )
        .unwrap_err(),
        TokenEndpoint::new(url(&secret), "spa".into()).unwrap_err(),
        token_endpoint()
            .authenticate_by_basic(format!("{TOKEN}\n"))
            .unwrap_err(),
        token_endpoint()
            .authenticate_by_post(format!("{TOKEN}\n"))
            .unwrap_err(),
        TokenRequest::new(&token_endpoint(), TOKEN, &[]).unwrap_err(),
        TokenRequest::new(&token_endpoint(), "password", &[("client_id", TOKEN)]).unwrap_err(),
    ];
    let mut printed = Printed::default();
    for error in refused {
        printed.debug(&error);
        printed.display(&error);
    }
    printed.assert_without(&[TOKEN]);
}
