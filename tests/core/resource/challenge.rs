//! `WWW-Authenticate` as data: rule F10.

use std::time::Instant;

use crate::fixtures::{check_all, same};
use claviger::Challenge;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// `scheme token68 name=value …`, each challenge on a line of its own.
fn read(header: &str) -> String {
    let lines = Challenge::read(header).into_iter().map(|challenge| {
        let parameters = challenge.parameters.iter();
        let parameters = parameters.map(|(name, value)| format!("{name}=[{value}]"));
        let token68 = challenge.token68.map(|text| format!("<{text}>"));
        let parts: Vec<_> = core::iter::once(challenge.scheme)
            .chain(token68)
            .chain(parameters)
            .collect();
        parts.join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn rule_f10_the_examples_of_the_rfcs() {
    let rows = [
        // RFC 9110, section 11.6.1.
        (
            r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#,
            "basic realm=[simple]\nnewauth realm=[apps] type=[1] title=[Login to \"apps\"]",
        ),
        // RFC 6750, section 3.
        (r#"Bearer realm="example""#, "bearer realm=[example]"),
        (
            r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#,
            "bearer realm=[example] error=[invalid_token] error_description=[The access token expired]",
        ),
        // RFC 7616, section 3.9.1.
        (
            r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
            "digest realm=[http-auth@example.org] qop=[auth, auth-int] algorithm=[SHA-256] nonce=[7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v] opaque=[FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS]",
        ),
        // RFC 4559, section 4.
        ("Negotiate", "negotiate"),
        (
            "Negotiate a87421000492aa874209af8bc028",
            "negotiate <a87421000492aa874209af8bc028>",
        ),
        // RFC 9449, section 7.1.
        (
            r#"DPoP error="invalid_token", algs="ES256 PS256""#,
            "dpop error=[invalid_token] algs=[ES256 PS256]",
        ),
        // RFC 9728, section 5.1.
        (
            r#"Bearer resource_metadata="https://resource.example.com/.well-known/oauth-protected-resource""#,
            "bearer resource_metadata=[https://resource.example.com/.well-known/oauth-protected-resource]",
        ),
    ];
    check_all(rows, |(header, expected)| {
        same(header, &read(header).as_str(), expected)
    });
}

#[test]
fn rule_f10_any_order_and_case_and_space() {
    let rows = [
        ("", ""),
        (" , ,, ", ""),
        ("BEARER ERROR=invalid_token", "bearer error=[invalid_token]"),
        (
            "Bearer error = \"x\" , realm\t=\ty",
            "bearer error=[x] realm=[y]",
        ),
        ("Bearer  scope=\"a b\"", "bearer scope=[a b]"),
        ("Bearer,Basic", "bearer\nbasic"),
        ("Bearer, Basic realm=x", "bearer\nbasic realm=[x]"),
        ("Basic realm=x, Bearer", "basic realm=[x]\nbearer"),
        ("Bearer a=1,, ,b=2,", "bearer a=[1] b=[2]"),
        (
            "Negotiate abc==, Bearer realm=\"\"",
            "negotiate <abc==>\nbearer realm=[]",
        ),
        ("Negotiate a.b-c_d~e+f/9=", "negotiate <a.b-c_d~e+f/9=>"),
        ("Bearer realm=", "bearer <realm=>"),
        ("Bearer x=\"a\\\\b\\\"c\\d\"", "bearer x=[a\\b\"cd]"),
        (
            "Bearer x=\"a, Basic realm=b\"",
            "bearer x=[a, Basic realm=b]",
        ),
        ("Bearer x=\"é\", y=1", "bearer x=[é] y=[1]"),
        ("Bearer x=\"\\é\"", "bearer x=[é]"),
        ("Bearer x=1, X=2, y=3", "bearer x=[1] y=[3]"),
        ("A-B!#$%&'*+.^_`|~ x=1", "a-b!#$%&'*+.^_`|~ x=[1]"),
    ];
    check_all(rows, |(header, expected)| {
        same(header, &read(header).as_str(), expected)
    });
}

#[test]
fn rule_f10_what_is_malformed_is_left_out_up_to_the_next_comma() {
    let rows = [
        ("error=invalid_token", ""),
        ("=x, Bearer a=1", "bearer a=[1]"),
        ("\"Bearer\" a=1, Basic", "basic"),
        ("\"x, y\", Basic", "basic"),
        ("Bearer error=\"invalid_token", "bearer"),
        ("Bearer error=\"invalid_token\\", "bearer"),
        ("Bearer error=\"invalid_token\"x, a=1", "bearer a=[1]"),
        ("Bearer realm=My Realm, a=1", "bearer a=[1]"),
        ("Bearer realm=\"My\" Realm, a=1", "bearer a=[1]"),
        ("Bearer realm=\"a\" Basic realm=\"b\"", "bearer"),
        ("Bearer a=1 b, c=2", "bearer c=[2]"),
        ("Bearer a=1 =b, c=2", "bearer c=[2]"),
        ("Bearer error=inv@lid, a=1", "bearer a=[1]"),
        ("Bearer error=, a=1", "bearer <error=>"),
        ("Bearer a=1, error=, b=2", "bearer a=[1] b=[2]"),
        ("Bear(er) a=1, Basic", "basic"),
        ("Bearer/x a=1, Basic", "basic"),
        ("é a=1", ""),
        ("{\"error\":\"invalid_token\"}", ""),
        (
            "Bearer error='invalid_token'",
            "bearer error=['invalid_token']",
        ),
    ];
    check_all(rows, |(header, expected)| {
        same(header, &read(header).as_str(), expected)
    });
}

#[test]
fn rule_f10_parameters_without_commas_are_read_as_far_as_they_go() {
    let rows = [
        (
            "Bearer realm=\"a\" error=\"invalid_token\"",
            "bearer realm=[a] error=[invalid_token]",
        ),
        (
            "Bearer realm=a error=invalid_token\terror_description=\"b c\", Basic realm=d",
            "bearer realm=[a] error=[invalid_token] error_description=[b c]\nbasic realm=[d]",
        ),
        (
            "Bearer a=1 b = 2 c=3 , d=4",
            "bearer a=[1] b=[2] c=[3] d=[4]",
        ),
        ("Bearer a=1 b=2 c d=3, e=4", "bearer a=[1] e=[4]"),
        ("Bearer a=1 b=\"2, c=3", "bearer a=[1]"),
        ("Bearer a=1 b=@, c=3", "bearer a=[1] c=[3]"),
    ];
    check_all(rows, |(header, expected)| {
        same(header, &read(header).as_str(), expected)
    });
}

#[test]
fn rule_f10_which_refusals_mean_the_token() {
    let rows = [
        ("Bearer error=\"invalid_token\"", true),
        ("Basic realm=x, Bearer realm=y, error=invalid_token", true),
        ("bearer ERROR=\"invalid\\_token\"", true),
        ("Bearer realm=\"x\" error=\"invalid_token\"", true),
        ("Bearer realm=\"x\" Basic error=\"invalid_token\"", false),
        ("Bearer error=invalid_token again", false),
        ("Bearer", false),
        ("Bearer realm=\"invalid_token\"", false),
        ("Bearer error=\"insufficient_scope\"", false),
        ("Bearer error=\"invalid_request\"", false),
        ("Bearer error=\"Invalid_Token\"", false),
        ("Bearer error=\"invalid_token \"", false),
        ("Bearer error=x, error=invalid_token", false),
        ("Bearer realm=\"error=invalid_token\"", false),
        ("Basic error=\"invalid_token\"", false),
        ("DPoP error=\"invalid_token\"", false),
        ("Bearer x=1, Basic error=invalid_token", false),
        ("error=\"invalid_token\"", false),
        ("", false),
    ];
    check_all(rows, |(header, expected)| {
        let is_invalid = Challenge::read(header)
            .iter()
            .any(Challenge::is_invalid_token);
        same(header, &is_invalid, expected)
    });
}

#[test]
fn rule_p15_a_huge_header_takes_linear_time_and_bounded_room() {
    let start = Instant::now();
    for piece in [
        "Bearer ",
        "a=1,",
        "\"",
        "\\",
        "x=\"",
        ",",
        "Bearer a=b, ",
        "a ",
        "é",
        "=",
        "a=\"\\\"\",",
    ] {
        let header = format!("Bearer {}", piece.repeat(200_000 / piece.len()));
        for challenge in Challenge::read(&header) {
            assert!(challenge.parameters.len() <= 64);
        }
    }
    let many: Vec<_> = (0..1000).map(|at| format!("p{at}=1")).collect();
    let challenges = Challenge::read(&format!("Bearer {}", many.join(",")));
    assert_eq!(challenges.first().unwrap().parameters.len(), 64);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

const PIECES: [&str; 20] = [
    "Bearer",
    "Basic",
    " ",
    " ",
    ",",
    ", ",
    "=",
    "\"",
    "\\",
    "error",
    "error=",
    "\"invalid_token\"",
    "invalid_token",
    "realm=\"x\"",
    "abc==",
    "\t",
    "é",
    "/",
    "@",
    "a",
];

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rule_f10_no_header_panics(text in "\\PC{0,80}", pieces in vec(select(PIECES.as_slice()), 0..20)) {
        for header in [text, pieces.concat()] {
            for challenge in Challenge::read(&header) {
                prop_assert!(!challenge.scheme.is_empty());
                prop_assert!(challenge.token68.is_none() || challenge.parameters.is_empty());
            }
        }
    }

    #[test]
    fn rule_f10_what_is_written_is_read(
        written in vec(("[a-z][a-z0-9-]{0,8}", vec(("[a-z][a-z_]{0,8}", "[ -~é]{0,12}"), 1..5)), 1..4),
        comma in select(&[",", ", ", " , ", ",,"][..]),
        delimiter in select(&[None, Some(" "), Some(" \t")][..]),
    ) {
        let header: Vec<String> = written.iter().map(|(scheme, parameters)| {
            let parameters: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
            format!("{scheme} {}", parameters.join(delimiter.unwrap_or(comma)))
        }).collect();
        let read = Challenge::read(&header.join(comma));
        prop_assert_eq!(read.len(), written.len());
        for (challenge, (scheme, parameters)) in read.iter().zip(&written) {
            prop_assert_eq!(&challenge.scheme, scheme);
            for (name, _) in parameters {
                let first = parameters.iter().find(|(known, _)| known == name).unwrap();
                prop_assert_eq!(challenge.parameter(name), Some(first.1.as_str()));
            }
        }
    }
}
