//! The responses of known providers: tests/vectors/providers.json, of which docs/providers.md is the table.

use std::collections::BTreeSet;

use crate::fixtures::{self, NOW, REDIRECT_URI, Store, check_all, same, server};
use claviger::{
    Client, Error, Format, HttpResponse, ResponseMode, Token, TokenEndpoint, TokenRequest,
};
use serde_json::Value;

const VECTORS: &str = include_str!("../vectors/providers.json");
const TABLE: &str = include_str!("../../docs/providers.md");
/// How the response to a request for a code begins.
const CODE: &str = "?code=C&state={S}";

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap()
}

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

/// The client that the provider's options make, for one of its responses.
fn client(provider: &Value, response_type: &str) -> Client {
    let options = &provider["options"];
    let mut server = server(text(&provider["server"], "authorization_endpoint")).unwrap();
    if let Some(issuer) = options["issuer"].as_str() {
        server.set_issuer(issuer.into(), false);
    }
    let redirect_uri = fixtures::redirect_uri(REDIRECT_URI).unwrap();
    let mut client = Client::new(server, "spa".into(), redirect_uri).unwrap();
    if let Some(scope) = provider["scope"].as_str() {
        client.set_scope(scope.into()).unwrap();
    }
    let assumes_bearer = options["assumeTokenType"] == "Bearer";
    client.assume_bearer(assumes_bearer);
    if response_type == "code" {
        let url = text(&provider["server"], "token_endpoint");
        let endpoint = endpoint(url, options, assumes_bearer);
        client.ask_for_codes(endpoint, ResponseMode::Query).unwrap();
    }
    client
}

fn endpoint(url: &str, options: &Value, assumes_bearer: bool) -> TokenEndpoint {
    let mut endpoint = TokenEndpoint::new(fixtures::url(url), "spa".into()).unwrap();
    if options["token_endpoint_auth_method"] == "client_secret_post" {
        endpoint.authenticate_by_post("secret".into()).unwrap();
    }
    endpoint.set_format(match options["tokenRequestFormat"].as_str() {
        Some("json") => Format::Json,
        Some("query") => Format::Query,
        _ => Format::Form,
    });
    endpoint.assume_bearer(assumes_bearer);
    endpoint
}

/// The exchange of a code that came.
fn exchange(client: &Client) -> TokenRequest {
    fixtures::answer(client, CODE).exchange()
}

#[test]
fn what_the_documents_of_providers_show_gives_its_verdict() {
    let vectors = vectors();
    check_all(list(&vectors, "providers"), |provider| {
        let name = text(provider, "name");
        for case in list(provider, "cases") {
            run(provider, case).map_err(|it| format!("{name}, {}: {it}", text(case, "kind")))?;
        }
        Ok(())
    });
}

fn run(provider: &Value, case: &Value) -> Result<(), String> {
    let expect = &case["expect"];
    if ["answer", "failure"].contains(&text(case, "kind")) {
        let status = case["status"].as_u64().unwrap().try_into().unwrap();
        let body = case["body"].to_string();
        let answer = HttpResponse::new(status, text(case, "content_type"), body.as_bytes());
        return match exchange(&client(provider, "code")).finish(&answer, NOW) {
            Ok(set) => {
                check_token(expect, &set.token)?;
                let refresh = set.refresh_token.as_deref();
                same("the renewal", &refresh, &expect["refresh_token"].as_str())
            }
            Err(error) => check_error(expect, &error),
        };
    }
    let client = client(provider, text(provider, "response_type"));
    let (mut store, state) = Store::with_login(&client);
    let response = text(case, "at").replace("{S}", &state);
    let handled = store.handle(&client, &format!("{REDIRECT_URI}{response}"), NOW);
    same("the address", &handled.address.as_str(), &REDIRECT_URI)?;
    if let Err(error) = &handled.outcome {
        return check_error(expect, error);
    }
    if let Some(code) = expect["authorization_code"].as_str() {
        let body = handled.exchange();
        let sent = format!("{}{}", body.http().url(), body.http().body());
        return same("the code is sent", &sent.contains(code), &true);
    }
    check_token(expect, &handled.token())
}

fn check_token(expect: &Value, token: &Token) -> Result<(), String> {
    same("the code", &Some("ok"), &expect["code"].as_str())?;
    let is = Some(token.access_token());
    same("the token", &is, &expect["access_token"].as_str())?;
    same("the scope", &token.scope(), &expect["scope"].as_str())?;
    let end = expect["expires_in"].as_u64().map(|seconds| NOW + seconds);
    same("the end", &token.expires_at(), &end)
}

fn check_error(expect: &Value, error: &Error) -> Result<(), String> {
    same("the code", &Some(error.code()), &expect["code"].as_str())?;
    let said = error.server();
    for (name, is) in [
        ("error", said.map(|it| it.error.as_str())),
        (
            "error_description",
            said.and_then(|it| it.description.as_deref()),
        ),
        ("error_uri", said.and_then(|it| it.uri.as_deref())),
    ] {
        same(name, &is, &expect[name].as_str())?;
    }
    Ok(())
}

#[test]
fn each_provider_has_a_success_a_refusal_and_an_answer_and_a_row_that_says_the_same() {
    let vectors = vectors();
    let providers = list(&vectors, "providers");
    assert!(providers.len() >= 33, "only {}", providers.len());
    for provider in providers {
        let kinds: BTreeSet<_> = list(provider, "cases")
            .iter()
            .map(|case| text(case, "kind"))
            .collect();
        let all = ["answer", "failure", "refusal", "success"];
        assert_eq!(kinds, all.into(), "{}", text(provider, "name"));
    }
    let [rows, endpoints] = tables();
    let written: Vec<_> = providers
        .iter()
        .map(|it| {
            let [authorization, token] =
                ["authorization_endpoint", "token_endpoint"].map(|name| text(&it["server"], name));
            format!("{} | {authorization} | {token} |", text(it, "name"))
        })
        .collect();
    assert_eq!(endpoints, written);
    assert_eq!(rows.len(), providers.len());
    check_all(rows.iter().zip(providers), |(row, provider)| {
        let cells: Vec<_> = row.trim_end_matches(" |").split(" | ").collect();
        let [name, response_type, options, _, document, responses] = cells.as_slice() else {
            return Err(format!("not six cells: {row}"));
        };
        same("the provider", name, &text(provider, "name"))?;
        let asked = format!("`{}`", text(provider, "response_type"));
        same("the response type", response_type, &asked.as_str())?;
        let set = provider["options"].as_object().unwrap().iter();
        let set: Vec<_> = set
            .map(|(name, value)| format!("`{name}: '{}'`", value.as_str().unwrap()))
            .collect();
        let written: BTreeSet<_> = options.split(", ").filter(|it| *it != "none").collect();
        let set = set.iter().map(String::as_str).collect();
        same("the options", &written, &set)?;
        let address = text(provider, "document");
        let is_found = provider["found"] != false;
        let link = if is_found {
            format!("[document]({address})")
        } else {
            format!("not found, expected at {address}")
        };
        same("the document", document, &link.as_str())?;
        let shown = where_shown(list(provider, "cases"));
        same("the responses", responses, &shown.as_str())
    });
}

/// The rows of the table of what providers do, and of that of their endpoints.
fn tables() -> [Vec<&'static str>; 2] {
    let parts = TABLE.split_once("## Their endpoints").unwrap();
    [parts.0, parts.1].map(|part| {
        let rows = part.lines().filter_map(|line| line.strip_prefix("| "));
        rows.filter(|row| !row.starts_with("provider |")).collect()
    })
}

/// The cell that says where each response was compared.
fn where_shown(cases: &[Value]) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    let mut lost = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        let kind = text(case, "kind");
        let before = cases.iter().take(at).filter(|it| it["kind"] == kind);
        let label = match before.count() {
            0 => kind.to_owned(),
            count => format!("{kind} {}", count + 1),
        };
        let shown = &case["shown"];
        let how = match text(shown, "by") {
            "document" => "",
            "words" => " in words",
            "source" => " in source",
            other => {
                assert_eq!(other, "nobody");
                assert!(!text(shown, "tried").is_empty());
                lost.push(label);
                continue;
            }
        };
        let url = text(shown, "url");
        assert!(url.starts_with("https://"), "{url}");
        assert!(!text(shown, "section").is_empty(), "{url}");
        let place = format!("({url}){how}");
        match groups.iter_mut().find(|(known, _)| *known == place) {
            Some((_, labels)) => labels.push(label),
            None => groups.push((place, vec![label])),
        }
    }
    let links = groups
        .iter()
        .map(|(place, labels)| format!("[{}]{place}", labels.join(", ")));
    let lost = (!lost.is_empty()).then(|| format!("not found: {}", lost.join(", ")));
    links.chain(lost).collect::<Vec<_>>().join("; ")
}
