//! tests/vectors/requests.json through the crate's own API; the first lines of that file say what its
//! members mean.

use crate::fixtures::{self, NOW, check_all, client_of, refused, same, url};
use claviger::{AuthorizationRequest, Format, InvalidOption, TokenEndpoint, TokenRequest};
use serde_json::Value;

const VECTORS: &str = include_str!("../vectors/requests.json");

fn text<'a>(case: &'a Value, member: &str) -> &'a str {
    case[member].as_str().unwrap_or_default()
}

/// Runs the cases of one kind; the name of each says which it is.
fn each(kind: &str, least: usize, run: impl Fn(&Value) -> Result<(), String>) {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let cases = vectors[kind].as_array().unwrap();
    assert!(cases.len() >= least, "only {} cases", cases.len());
    check_all(cases, |case| {
        run(case).map_err(|it| format!("{} {}: {it}", text(case, "id"), text(case, "note")))
    });
}

/// A case's parameters, each value of a list by itself.
fn parameters(case: &Value) -> Vec<(&str, &str)> {
    let parameters = case["parameters"].as_object().unwrap().iter();
    parameters
        .flat_map(|(name, value)| {
            let values = value
                .as_array()
                .map_or(core::slice::from_ref(value), Vec::as_slice);
            values
                .iter()
                .map(move |it| (name.as_str(), it.as_str().unwrap()))
        })
        .collect()
}

#[test]
fn rule_a3_no_parameter_is_sent_twice_and_the_callers_takes_the_place_of_the_endpoints() {
    each("authorization", 18, |case| {
        let mut client = client_of(text(case, "endpoint"), "spa", fixtures::REDIRECT_URI);
        if case.get("scope").is_none() {
            client.set_scope("read write".into()).unwrap();
        }
        let mut request = AuthorizationRequest::new(&client);
        let added: Result<Vec<()>, InvalidOption> = parameters(case)
            .into_iter()
            .map(|(name, value)| request.add_parameter(name, value))
            .collect();
        if let Some(option) = case["refused"].as_str() {
            return refused(added.map(drop), option);
        }
        added.map_err(|it| it.to_string())?;
        let (address, pending) = request.start(&fixtures::random(1), NOW);
        let expected = text(case, "url").replace("{S}", pending.state().as_str());
        same("the URL", &address, &expected)
    });
}

#[test]
fn rule_t4_no_parameter_is_sent_twice_to_the_token_endpoint() {
    each("token", 11, |case| {
        let mut endpoint = TokenEndpoint::new(url(text(case, "endpoint")), "spa".into()).unwrap();
        endpoint.set_format(match text(case, "format") {
            "json" => Format::Json,
            "query" => Format::Query,
            _ => Format::Form,
        });
        if let Some(secret) = case["basic"].as_str() {
            endpoint.authenticate_by_basic(secret.into()).unwrap();
        }
        if let Some(secret) = case["raw"].as_str() {
            endpoint.authenticate_by_raw_basic(secret.into()).unwrap();
        }
        let request = TokenRequest::new(&endpoint, text(case, "grant_type"), &parameters(case));
        if let Some(option) = case["refused"].as_str() {
            return refused(request.map(drop), option);
        }
        let request = request.map_err(|it| it.to_string())?;
        let http = request.http();
        same("the URL", &http.url(), &text(case, "url"))?;
        same("the body", &http.body().as_str(), &text(case, "body"))?;
        let authorization = case["authorization"].as_str();
        same("the header", &http.authorization(), &authorization)
    });
}
