//! Inputs to begin with, made of `tests/vectors/`.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::Value;

const CALLBACKS: &str = include_str!("../../tests/vectors/callbacks.expanded.json");
const RESOURCES: &str = include_str!("../../tests/vectors/resources.json");
const TOKEN_RESPONSES: &str = include_str!("../../tests/vectors/token_responses.json");
const ID_TOKENS: &str = include_str!("../../tests/vectors/id_tokens.json");

/// Where they are written, when a target starts.
const FOLDER: &str = "CLAVIGER_FUZZ_SEEDS";

/// Writes those of a target, where its runner asks for them; none of them may be a finding.
pub fn write(target: &str) {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    for (number, seed) in seeds(target).iter().enumerate() {
        let file = Path::new(&folder).join(format!("seed-{number:03}"));
        fs::write(file, seed).expect("the folder of the seeds is there");
    }
}

fn seeds(target: &str) -> Vec<String> {
    match target {
        "callback" => callbacks(),
        "record" => [
            "0\n{R}",
            "1\n{R}",
            "0\n{R}&v=2",
            "0\n{R}&return_to=%2Fa",
            "0\nv=1&used=1",
        ]
        .map(Into::into)
        .into(),
        "resource" => resources(),
        "token_response" => token_responses(),
        "metadata" => metadata(),
        "challenge" => challenges(),
        "id_token" => id_tokens(|header, claims, _| format!("{header}\n{claims}")),
        "key_set" => id_tokens(|header, _, keys| format!("{header}\n{keys}")),
        "session" => ["000", "010", "001", "002", "003", "004", "005", "1"]
            .map(|setting| format!("{setting}\n012345678901234567890123456789"))
            .into(),
        _ => Vec::new(),
    }
}

fn cases(text: &str) -> Vec<Value> {
    let read: Value = serde_json::from_str(text).expect("vectors");
    let cases = if read.is_array() {
        &read
    } else {
        &read["cases"]
    };
    cases.as_array().expect("cases").clone()
}

/// Long ones are the tests' alone: here they would make every other input slow.
const LONGEST: usize = 2_000;

fn short(seeds: impl IntoIterator<Item = String>) -> Vec<String> {
    seeds
        .into_iter()
        .filter(|seed| seed.len() <= LONGEST)
        .collect()
}

fn callbacks() -> Vec<String> {
    let cases = cases(CALLBACKS);
    let responses = cases.iter().filter_map(|case| case["response"].as_str());
    short(responses.flat_map(|response| {
        let code = response.replace("access_token", "code");
        [
            format!("00000\n{response}"),
            format!("20000\n{code}"),
            format!("11100\n{}", code.replace('#', "?")),
        ]
    }))
}

fn resources() -> Vec<String> {
    let cases = cases(RESOURCES);
    short(cases.iter().enumerate().filter_map(|(at, case)| {
        Some(format!(
            "{}\n{}\n{}\na=b",
            at % 4,
            case["allow"].as_str()?,
            case["request"].as_str()?
        ))
    }))
}

fn token_responses() -> Vec<String> {
    let cases = cases(TOKEN_RESPONSES);
    short(cases.iter().filter_map(|case| {
        let is_refused = case["status"] != 200;
        let is_renewal = case["options"]["refresh_token"].is_string();
        Some(format!(
            "{}0{}\n{}",
            u8::from(is_refused),
            u8::from(is_renewal),
            case["body"].as_str()?
        ))
    }))
}

fn metadata() -> Vec<String> {
    let whole = r#"{"issuer":"https://as.example","authorization_endpoint":"https://as.example/authorize","token_endpoint":"https://as.example/token","revocation_endpoint":"https://as.example/revoke","jwks_uri":"https://as.example/keys","userinfo_endpoint":"https://as.example/me","end_session_endpoint":"https://as.example/end","authorization_response_iss_parameter_supported":true,"response_types_supported":["code","token"],"grant_types_supported":["authorization_code"],"code_challenge_methods_supported":["S256"],"id_token_signing_alg_values_supported":["RS256","ES256"]}"#;
    [
        "https://as.example/authorize",
        "code",
        "S256",
        "true",
        "\"issuer\"",
    ]
    .iter()
    .map(|part| format!("00\n{}", whole.replace(part, "null")))
    .chain([format!("00\n{whole}"), format!("10\n{whole}")])
    .collect()
}

fn challenges() -> Vec<String> {
    [
        r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#,
        r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#,
        "Negotiate a87421000492aa874209af8bc028==, Bearer",
        r#"Digest realm="a", qop="auth, auth-int", nonce="x" , , opaque = y"#,
        "Bearer error=invalid_token,error=insufficient_scope",
        "",
    ]
    .map(Into::into)
    .into()
}

/// Of the vectors' tokens the parts that are read, with the claims of the targets' own login in their place.
fn id_tokens(seed: impl Fn(&str, &str, &str) -> String) -> Vec<String> {
    let read: Value = serde_json::from_str(ID_TOKENS).expect("vectors");
    let defaults = &read["defaults"];
    let ours = [
        (defaults["issuer"].as_str(), "https://as.example"),
        (defaults["client_id"].as_str(), "spa"),
        (Some("1790000"), "1700000"),
        (Some("1789999"), "1699999"),
    ];
    let mut seeds: Vec<String> = Vec::new();
    for case in cases(ID_TOKENS) {
        let mut parts = case["id_token"]
            .as_str()
            .unwrap_or_default()
            .split('.')
            .map(|part| {
                let bytes = BASE64.decode(part).ok()?;
                String::from_utf8(bytes).ok()
            });
        let (Some(Some(header)), Some(Some(claims))) = (parts.next(), parts.next()) else {
            continue;
        };
        let claims = ours.iter().fold(claims, |claims, (theirs, ours)| {
            claims.replace(theirs.unwrap_or("?"), ours)
        });
        let keys = match &case["jwks"] {
            Value::Null => &read["jwks"]["main"],
            Value::String(name) => &read["jwks"][name.as_str()],
            keys => keys,
        };
        // A few keys do, and the token's is among them.
        let header_of_case: Value = serde_json::from_str(&header).unwrap_or_default();
        let mut keys = keys.clone();
        if let Some(list) = keys["keys"].as_array_mut() {
            list.retain(|key| key["kid"] == header_of_case["kid"]);
        }
        seeds.push(seed(&header, &claims, &keys.to_string()));
    }
    seeds.sort();
    seeds.dedup();
    short(seeds)
}
