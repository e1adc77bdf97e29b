//! Which URL may see the token, against a naive check of any URL.

use core::sync::atomic::{AtomicU32, Ordering};

use super::{cases, parsed};
use crate::fixtures::{NOW, token};
use claviger::{Resources, Url};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const HOSTS: [&str; 20] = [
    "api.example.com",
    "API.example.com",
    "api.example.com:443",
    "api.example.com:8443",
    "api.example.com.evil.example",
    "api.example.com@evil.example",
    "ada@api.example.com",
    "evil.example",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "app.localhost:3000",
    "api.example.com.",
    "api%2eexample.com",
    "api。example.com",
    "bücher.example",
    "xn--bcher-kva.example",
    "0x7f.1",
    "[0:0:0:0:0:0:0:1]",
    "api.example.com\\@evil.example",
];
const STEPS: [&str; 29] = [
    "/", "/", "/", "/", "v1", "v1", "v1", "v10", "V1", "..", ".", "%2e%2e", "%2E", "%2f", "%5C",
    "\\", "\t", "me", "?", "#", ";", "@", ":", "%", "%252e", "%252F", "%3B", "%25", "%253f",
];

fn steps() -> impl Strategy<Value = String> {
    vec(select(STEPS.as_slice()), 0..7).prop_map(|steps| steps.concat())
}

/// What the rules say, by the parser's own parts: F2, F3.
fn may_see_the_token(allowed: &::url::Url, requested: &::url::Url) -> bool {
    let is_loopback = match requested.host() {
        Some(::url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(::url::Host::Ipv4(address)) => address.is_loopback(),
        Some(::url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_secure = requested.scheme() == "https" || (requested.scheme() == "http" && is_loopback);
    let is_same_origin = allowed.origin() == requested.origin()
        && requested.username().is_empty()
        && requested.password().is_none();
    let base = allowed.path().trim_end_matches('/');
    let is_below = if allowed.path().ends_with('/') {
        requested.path().starts_with(allowed.path())
    } else {
        requested.path() == base || requested.path().starts_with(&format!("{base}/"))
    };
    let decoded = requested
        .path()
        .to_lowercase()
        .replace("%25", "%")
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "/")
        .replace("%3b", ";")
        .replace("%3f", "?");
    let climbs = decoded.split(['/', ';', '?']).any(|step| step == "..");
    is_secure && is_same_origin && is_below && !climbs
}

#[test]
fn rule_f2_the_token_is_attached_if_and_only_if_a_naive_check_agrees() {
    let at = token("access_token=AT");
    let attached = AtomicU32::new(0);
    let refused = AtomicU32::new(0);
    let allowed = (
        select(&["https", "http"][..]),
        select(HOSTS.as_slice()),
        select(&["", "/", "/v1", "/v1/", "/v1/me"][..]),
    );
    let requested = (
        select(
            &[
                "https",
                "http",
                "HTTPS",
                " https",
                "ht\ttps",
                "wss",
                "ftp",
                "blob:https",
                "filesystem:https",
                "view-source:https",
                "data",
            ][..],
        ),
        select(HOSTS.as_slice()),
        steps(),
    );
    proptest!(cases(200_000), |((scheme, host, path) in allowed, (other_scheme, other_host, steps) in requested, is_alike in 0..4)| {
        let allow = format!("{scheme}://{host}{path}");
        // Mostly the same origin, and so a question of the path.
        let request = if is_alike > 0 {
            format!("{allow}{steps}")
        } else {
            format!("{other_scheme}://{other_host}/{steps}")
        };
        let (Some(allow), Some(request)) = (parsed(&allow), parsed(&request)) else {
            return Ok(());
        };
        let Ok(resources) = Resources::new(vec![allow.clone()]) else {
            return Ok(());
        };
        let verdict = resources.authorize(&request, Some(&at), NOW);
        let reparsed = |url: &Url| ::url::Url::parse(url.as_str()).unwrap();
        let expected = may_see_the_token(&reparsed(&allow), &reparsed(&request));
        prop_assert_eq!(verdict.is_ok(), expected, "{:?} for {}", verdict, request.as_str());
        let count = if expected { &attached } else { &refused };
        count.fetch_add(1, Ordering::Relaxed);
    });
    let counts = [attached, refused].map(AtomicU32::into_inner);
    assert!(
        counts.iter().all(|count| *count > 10_000) && counts.iter().sum::<u32>() >= 100_000,
        "{counts:?}: the inputs are one-sided or too few"
    );
}
