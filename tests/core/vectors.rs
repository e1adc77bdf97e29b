//! The vectors of responses, through the crate's own API. The browser tests run the same file.

use std::collections::{BTreeMap, BTreeSet};

use crate::fixtures::{
    self, ENDPOINT, Handled, ISSUER, NOW, REDIRECT_URI, SCOPE, Store, TOKEN_ENDPOINT, check_all,
    pairs, same, server, url,
};
use claviger::{Client, Error, Granted, RecordChange, ResponseMode, Token, TokenEndpoint};
use serde_json::Value;

const CALLBACKS: &str = include_str!("../vectors/callbacks.json");
const EXPANDED: &str = include_str!("../vectors/callbacks.expanded.json");
/// Cases that a native program can't run, and why.
const LEFT_OUT: [(&str, &str); 0] = [];

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn every_case_gives_its_verdict_its_address_and_its_record() {
    let expanded = json(EXPANDED);
    let left_out: BTreeSet<_> = LEFT_OUT.iter().map(|(id, _)| *id).collect();
    let (skipped, run): (Vec<_>, Vec<_>) = list(&expanded["cases"])
        .iter()
        .partition(|case| left_out.contains(text(&case["id"])));
    assert_eq!(
        skipped.len(),
        LEFT_OUT.len(),
        "every case that is left out exists"
    );
    assert!(run.len() >= 211, "only {} cases", run.len());
    check_all(run, |case| {
        run_case(case, None).map_err(|difference| format!("{}: {difference}", text(&case["id"])))
    });
}

#[test]
fn every_vector_is_a_case_or_has_a_reason_to_be_elsewhere() {
    let (callbacks, expanded) = (json(CALLBACKS), json(EXPANDED));
    let ids_of = |members: &Value| -> BTreeSet<String> {
        let ids = list(members).iter().filter_map(|it| it["vector"].as_str());
        ids.map(String::from).collect()
    };
    let (cases, elsewhere) = (ids_of(&expanded["cases"]), ids_of(&expanded["elsewhere"]));
    assert!(cases.is_disjoint(&elsewhere));
    let vectors: BTreeSet<String> = list(&callbacks)
        .iter()
        .map(|vector| text(&vector["id"]).into())
        .collect();
    assert_eq!(&vectors, &(&cases | &elsewhere));
    // H101 is told of a page; its rule is proved natively in login/record.rs.
    assert_eq!(
        elsewhere.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "H056", "H061", "H062", "H101", "H109", "H110", "H112", "H113"
        ]
    );
    for entry in list(&expanded["elsewhere"]) {
        assert!(text(&entry["reason"]).len() > 10, "{entry}");
    }
}

/// Cases that are about the token or its name: its type, its end and its characters, a token or a code beside
/// the other, a token in the query or in a broken link, a name that is partly encoded.
const OF_A_TOKEN: [&str; 37] = [
    "H082b", "H082d", "H082e", "H082f", "C106", "C139", //
    "H008", "H020", "H022", "H070", "H076", "H077", "H106b", "H107a", "H107b", "C025", "C028",
    "C035", "C041", "C043", "C056", "C065", "C066", "C070", "C072", "C073", "C093", "C094", "C096",
    "C098", "C099", "C100", "C102", "C109", "C111", "C122", "C130",
];

#[test]
fn every_case_that_is_not_about_the_token_itself_gives_the_same_for_a_code_in_the_fragment() {
    let as_code = EXPANDED.replace("access_token", "code");
    let expanded = json(&as_code);
    let (left_out, run): (Vec<_>, Vec<_>) = list(&expanded["cases"])
        .iter()
        .partition(|case| OF_A_TOKEN.contains(&text(&case["id"])));
    assert_eq!(left_out.len(), OF_A_TOKEN.len());
    assert!(run.len() >= 180, "only {} cases", run.len());
    check_all(run, |case| {
        run_case(case, Some(ResponseMode::Fragment))
            .map_err(|difference| format!("{}: {difference}", text(&case["id"])))
    });
}

/// `mode` is that of a code in the place of the token.
fn run_case(case: &Value, mode: Option<ResponseMode>) -> Result<(), String> {
    let options = &case["options"];
    let client = client_of(options, "spa", mode);
    let starter_id = options["pending_client_id"].as_str().unwrap_or("spa");
    let starter = client_of(options, starter_id, mode);
    let redirect_uri = options["redirect_uri"].as_str().unwrap_or(REDIRECT_URI);
    let at = options["at"].as_str().unwrap_or(redirect_uri);
    let (mut store, state) = Store::with_login(&starter);
    let name = mode.map_or("access_token", |_| "code");
    let good = format!(
        "{redirect_uri}#{name}=AT&token_type=Bearer&expires_in=3600&state={state}\
         &iss=https%3A%2F%2Fas.example"
    );
    let is_replay = options["prior"] == "replay";
    if is_replay {
        same(
            "the prior response",
            &store.handle(&client, &good, NOW).code(),
            &"ok",
        )?;
    }
    let before = store.clone();
    let address = url(&format!("{at}{}", expand(&case["response"], &state)));
    let now = NOW + options["pending_age"].as_u64().unwrap_or(0);

    let handled = store.handle(&client, address.as_str(), now);

    // A page elsewhere keeps its own address; what is left of a response is the same for every reader.
    let is_response = case["expect"] != "IGNORE";
    let is_scrubbed = case["scrub"] == true || (options["given"] == true && is_response);
    let left = if is_scrubbed {
        url(&format!("{at}{}", expand(&case["left"], &state)))
    } else {
        address
    };
    same("the address", &handled.address.as_str(), &left.as_str())?;
    check_record(case, &handled, &store, &before, |store| {
        store.handle(&starter, &good, NOW).code() == "ok"
    })?;
    check_outcome(case, handled, now)
}

fn check_record(
    case: &Value,
    handled: &Handled,
    store: &Store,
    before: &Store,
    is_pending: impl Fn(&mut Store) -> bool,
) -> Result<(), String> {
    let is_used = matches!(handled.change, Some(RecordChange::Replace(_)));
    if case["consume_pending"] == true {
        same("the record was used", &is_used, &true)?;
        return same(
            "the record is pending",
            &is_pending(&mut store.clone()),
            &false,
        );
    }
    same("the change of the record", &handled.change, &None)?;
    same("the store", store, before)?;
    let is_replay = case["options"]["prior"] == "replay";
    same(
        "the record is pending",
        &is_pending(&mut store.clone()),
        &!is_replay,
    )
}

fn check_outcome(case: &Value, handled: Handled, now: u64) -> Result<(), String> {
    same(
        "the code",
        &handled.code(),
        &case["code"].as_str().unwrap_or("null"),
    )?;
    same(
        "the verdict",
        &match handled.code() {
            "ok" => "ACCEPT",
            "null" => "IGNORE",
            _ => "REJECT",
        },
        &text(&case["expect"]),
    )?;
    match handled.outcome {
        Ok(Some(grant)) => match grant.granted {
            Granted::Token(token) => check_token(case, &token, now),
            Granted::Code(request) => {
                let body: BTreeMap<_, _> = pairs(&request.http().body()).into_iter().collect();
                same("the code", &body["code"].as_str(), &text(&case["token"]))
            }
            other => panic!("{other:?}"),
        },
        Err(Error::AuthorizationError(server)) => {
            for (name, value) in [
                ("error", Some(&server.error)),
                ("error_description", server.description.as_ref()),
                ("error_uri", server.uri.as_ref()),
            ] {
                if let Some(expected) = case.get(name) {
                    let expected = (!expected.is_null()).then(|| expand(expected, ""));
                    same(name, &value.cloned(), &expected)?;
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn check_token(case: &Value, token: &Token, now: u64) -> Result<(), String> {
    same("the token", &token.access_token(), &text(&case["token"]))?;
    if let Some(scope) = case.get("scope") {
        same("the scope", &token.scope(), &scope.as_str())?;
    }
    if let Some(seconds) = case.get("expires_in") {
        let end = seconds.as_u64().map(|seconds| now + seconds);
        same("the end", &token.expires_at(), &end)?;
    }
    if let Some(least) = case["expires_at_least"].as_u64() {
        let end = token.expires_at().unwrap();
        same("a late end", &(least <= end && end < 1 << 53), &true)?;
    }
    Ok(())
}

fn client_of(options: &Value, client_id: &str, mode: Option<ResponseMode>) -> Client {
    let mut server = server(ENDPOINT).unwrap();
    if let Some(issuer) = or(options, "issuer", ISSUER) {
        server.set_issuer(issuer.into(), options["issuer_supported"] == true);
    }
    let redirect_uri = options["redirect_uri"].as_str().unwrap_or(REDIRECT_URI);
    let redirect_uri = fixtures::redirect_uri(redirect_uri).unwrap();
    let mut client = Client::new(server, client_id.into(), redirect_uri).unwrap();
    if let Some(scope) = or(options, "scope", SCOPE) {
        client.set_scope(scope.into()).unwrap();
    }
    if let Some(seconds) = options["stateLifetime"].as_u64() {
        client.set_state_lifetime(seconds).unwrap();
    }
    client.set_hash_router(options["hashRouter"] == true);
    client.assume_bearer(options["assumeTokenType"] == "Bearer");
    if let Some(mode) = mode {
        let endpoint = TokenEndpoint::new(url(TOKEN_ENDPOINT), client_id.into()).unwrap();
        client.ask_for_codes(endpoint, mode).unwrap();
    }
    client
}

/// An option: the usual value where it isn't given, none where it is null.
fn or<'a>(options: &'a Value, name: &str, usual: &'a str) -> Option<&'a str> {
    options.get(name).map_or(Some(usual), Value::as_str)
}

/// A response, or what is left of it, as text.
fn expand(parts: &Value, state: &str) -> String {
    let whole: String = match parts {
        Value::Array(parts) => parts.iter().map(expand_part).collect(),
        Value::Null => String::new(),
        part => expand_part(part),
    };
    let once = encode_all(state);
    [
        ("{S}", state.to_string()),
        ("{S:short}", state.chars().take(42).collect()),
        ("{S:twice}", once.replace('%', "%25")),
        ("{S:once}", once),
        ("{S:swapped}", state.chars().map(swap_case).collect()),
        ("{S:fullwidth}", fullwidth(state)),
    ]
    .iter()
    .fold(whole, |whole, (form, value)| whole.replace(form, value))
}

fn expand_part(part: &Value) -> String {
    match part {
        Value::String(text) => text.clone(),
        part => text(&part["repeat"]).repeat(part["times"].as_u64().unwrap().try_into().unwrap()),
    }
}

fn encode_all(text: &str) -> String {
    text.bytes().flat_map(encode).collect()
}

fn encode(byte: u8) -> Vec<char> {
    format!("%{byte:02X}").chars().collect()
}

fn swap_case(character: char) -> char {
    if character.is_ascii_lowercase() {
        character.to_ascii_uppercase()
    } else {
        character.to_ascii_lowercase()
    }
}

fn fullwidth(state: &str) -> String {
    let mut characters = state.chars();
    let Some(first) = characters.next() else {
        return String::new();
    };
    let wide = char::from_u32(u32::from(first) + 0xFEE0).unwrap();
    encode_all(wide.encode_utf8(&mut [0; 4])) + characters.as_str()
}
