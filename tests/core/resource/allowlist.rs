//! Which URL may be sent the token, and when: rules F1 to F5.

use crate::fixtures::{NOW, check_all, resources, same, token, url};
use claviger::{Error, Resources, Url};
use serde_json::Value;

const VECTORS: &str = include_str!("../../vectors/resources.json");
/// Vectors that are told in words, and why they are no native test.
const LEFT_OUT: [(&str, &str); 2] = [
    (
        "redirect 302 -> https://evil.example/",
        "the browser follows redirects: a test in a browser",
    ),
    (
        "Request object whose .url is toString()-spoofed / URL subclass",
        "an object of JavaScript: a test in a browser",
    ),
];
/// The page that a relative URL is resolved against.
const PAGE: &str = "https://app.example/cb";

fn verdict(allowed: &Resources, requested: &Url) -> &'static str {
    match allowed.authorize(requested, Some(&token("access_token=AT")), NOW) {
        Ok(header) => {
            assert_eq!(header, "Bearer AT");
            "ok"
        }
        Err(error) => error.code(),
    }
}

#[test]
fn rule_f2_every_vector_gives_its_verdict() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = vectors.as_array().unwrap();
    let text = |vector: &Value, member: &str| String::from(vector[member].as_str().unwrap());
    let is_left_out = |vector: &&Value| {
        let request = text(vector, "request");
        LEFT_OUT.iter().any(|(words, _)| *words == request)
    };
    assert_eq!(vectors.iter().filter(is_left_out).count(), LEFT_OUT.len());
    let run: Vec<_> = vectors.iter().filter(|it| !is_left_out(it)).collect();
    assert!(run.len() >= 130, "only {} vectors", run.len());
    check_all(run, |vector| {
        let (allow, request) = (text(vector, "allow"), text(vector, "request"));
        // Our policy for what the vectors leave open: not attached (F2).
        let attach = vector["attach"].as_bool().unwrap_or(false);
        // What is no URL can be neither requested nor allowed.
        let allowed = Url::parse(&allow).ok();
        let allowed = allowed.and_then(|allowed| Resources::new(vec![allowed]).ok());
        let requested = url(PAGE).join(&request).ok();
        let is_attached = allowed
            .zip(requested)
            .is_some_and(|(allowed, requested)| verdict(&allowed, &requested) == "ok");
        same(&format!("{allow} for {request}"), &is_attached, &attach)
    });
}

#[test]
fn rule_f1_the_url_is_judged_as_the_parser_reads_it() {
    let rows = [
        (
            "https://api.example.com/v1",
            "HTTPS://API.EXAMPLE.COM:443/v1/me",
            "ok",
        ),
        (
            "https://api.example.com/v1",
            " \thttps://api.example.com/v1/\nme ",
            "ok",
        ),
        (
            "https://api.example.com/v1",
            "https:\\\\api.example.com\\v1\\me",
            "ok",
        ),
        (
            "https://api.example.com/v1",
            "https:api.example.com/v1",
            "resource_not_allowed",
        ),
        (
            "https://api.example.com/v1",
            "https://api.example.com/v1/../admin",
            "resource_not_allowed",
        ),
        (
            "https://api.example.com/v1",
            "https://api.example.com/v1/%2e%2e/admin",
            "resource_not_allowed",
        ),
        (
            "https://api.example.com/v1",
            "https://api.example.com/v1/.%2E/admin",
            "resource_not_allowed",
        ),
        (
            "https://api.example.com/v1",
            "https://api.example.com/x/../v1/me",
            "ok",
        ),
        (
            "https://api.example.com/v1",
            "https://api.example.com/%761/me",
            "resource_not_allowed",
        ),
        ("https://app.example/", "/api", "ok"),
        (
            "https://app.example/",
            "//evil.example/",
            "resource_not_allowed",
        ),
        (
            "https://app.example/",
            "\\\\evil.example/",
            "resource_not_allowed",
        ),
        ("https://app.example/", "?q=1#x", "ok"),
        ("http://127.0.0.1", "http://0x7f.1/", "ok"),
        (
            "https://bücher.example",
            "https://xn--bcher-kva.example/",
            "ok",
        ),
        (
            "https://api.example.com",
            "https://ａｐｉ.example.com/",
            "ok",
        ),
    ];
    check_all(rows, |(allow, request, expected)| {
        let requested = url(PAGE).join(request).unwrap();
        same(
            request,
            &verdict(&resources(&[allow]).unwrap(), &requested),
            expected,
        )
    });
}

#[test]
fn rule_f2_scheme_host_and_port_are_equal_and_the_path_is_below() {
    let v1 = "https://api.example.com/v1";
    let rows = [
        (v1, "https://api.example.com/v1", "ok"),
        (v1, "https://api.example.com/v1/", "ok"),
        (v1, "https://api.example.com/v1?q=/v2", "ok"),
        (v1, "https://api.example.com/v1#x", "ok"),
        (v1, "https://api.example.com/v1/a/b", "ok"),
        (v1, "https://api.example.com/v10", "resource_not_allowed"),
        (v1, "https://api.example.com/v1;x", "resource_not_allowed"),
        (
            v1,
            "https://api.example.com/v1%2Fme",
            "resource_not_allowed",
        ),
        (v1, "https://api.example.com/V1", "resource_not_allowed"),
        (v1, "https://api.example.com/", "resource_not_allowed"),
        (v1, "https://api.example.com/?/v1", "resource_not_allowed"),
        (v1, "https://api.example.com/x/v1", "resource_not_allowed"),
        (
            v1,
            "https://api.example.com/v1/..%2fadmin",
            "resource_not_allowed",
        ),
        (
            v1,
            "https://api.example.com/v1/%2e%2e%2fadmin",
            "resource_not_allowed",
        ),
        (
            v1,
            "https://api.example.com/v1/a%5c..%5c..%5cadmin",
            "resource_not_allowed",
        ),
        (v1, "https://api.example.com/v1/a%2fb", "ok"),
        (v1, "https://api.example.com/v1/a..b/..c", "ok"),
        (
            v1,
            "https://api.example.com:8443/v1",
            "resource_not_allowed",
        ),
        (v1, "https://api.example.com./v1", "resource_not_allowed"),
        (v1, "https://sub.api.example.com/v1", "resource_not_allowed"),
        (v1, "https://example.com/v1", "resource_not_allowed"),
        (v1, "https://ada@api.example.com/v1", "resource_not_allowed"),
        (
            v1,
            "https://ada:secret@api.example.com/v1",
            "resource_not_allowed",
        ),
        (
            "https://api.example.com/v1/",
            "https://api.example.com/v1",
            "resource_not_allowed",
        ),
        (
            "https://api.example.com/v1/",
            "https://api.example.com/v1/me",
            "ok",
        ),
        (
            "https://api.example.com",
            "https://api.example.com/anything",
            "ok",
        ),
        (
            "https://api.example.com:8443",
            "https://api.example.com:8443/",
            "ok",
        ),
        (
            "https://api.example.com:8443",
            "https://api.example.com/",
            "resource_not_allowed",
        ),
        (
            "http://localhost:1",
            "http://localhost:2/",
            "resource_not_allowed",
        ),
        (
            "http://localhost:1",
            "http://127.0.0.1:1/",
            "resource_not_allowed",
        ),
        (
            "http://localhost:1",
            "https://localhost:1/",
            "resource_not_allowed",
        ),
    ];
    check_all(rows, |(allow, request, expected)| {
        let allowed = resources(&[allow]).unwrap();
        same(request, &verdict(&allowed, &url(request)), expected)
    });
}

#[test]
fn rule_f2_urls_without_a_host_of_their_own_get_nothing() {
    let allowed = resources(&["https://api.example.com", "http://localhost"]).unwrap();
    let rows = [
        "blob:https://api.example.com/uuid",
        "blob:http://localhost/uuid",
        "data:text/plain,https://api.example.com/",
        "about:blank",
        "file:///https://api.example.com/",
        "javascript:fetch('https://api.example.com/')",
        "ws://localhost/",
        "wss://api.example.com/",
        "ftp://api.example.com/",
        "https+x://api.example.com/",
    ];
    check_all(rows, |row| {
        same(row, &verdict(&allowed, &url(row)), &"resource_not_allowed")
    });
}

#[test]
fn rule_f2_each_of_several_resources_allows_its_own_and_none_allows_nothing() {
    let two = resources(&["https://a.example/x", "https://b.example/y"]).unwrap();
    for (request, expected) in [
        ("https://a.example/x", "ok"),
        ("https://b.example/y", "ok"),
        ("https://a.example/y", "resource_not_allowed"),
        ("https://b.example/x", "resource_not_allowed"),
    ] {
        assert_eq!(verdict(&two, &url(request)), expected, "{request}");
    }
    for none in [resources(&[]).unwrap(), Resources::default()] {
        assert_eq!(
            verdict(&none, &url("https://a.example/x")),
            "resource_not_allowed"
        );
    }
}

#[test]
fn rule_f2_which_resources_are_refused() {
    let rows = [
        "http://api.example.com/",
        "https://*.example.com/",
        "https://ada@api.example.com/",
        "https://ada:secret@api.example.com/",
        "https://api.example.com/?q=1",
        "https://api.example.com/?",
        "https://api.example.com/#x",
        "https://api.example.com/#",
        "blob:https://api.example.com/uuid",
        "data:text/plain,x",
        "com.example.app:/api",
        "wss://api.example.com/",
    ];
    check_all(rows, |row| {
        let option = resources(&["https://good.example", row])
            .err()
            .map(|error| error.option);
        same(row, &option, &Some("resources"))
    });
}

#[test]
fn rule_f3_the_token_never_travels_in_the_clear() {
    let origins = [
        "http://app.example/",
        "http://192.168.0.1/",
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
    ];
    check_all(origins, |origin| {
        // Even the page's own origin: it may be an insecure one.
        let own = Resources::own_origin(&url(origin));
        same(origin, &verdict(&own, &url(origin)), &"insecure_resource")?;
        let other = resources(&["https://api.example.com"]).unwrap();
        same(origin, &verdict(&other, &url(origin)), &"insecure_resource")
    });
    for origin in [
        "http://localhost/",
        "http://app.localhost:3000/",
        "http://127.0.0.1:1/",
        "http://127.1.2.3/",
        "http://[::1]:80/",
        "https://app.example/",
    ] {
        let own = Resources::own_origin(&url(origin));
        assert_eq!(
            verdict(&own, &url(origin).join("/api?q=1").unwrap()),
            "ok",
            "{origin}"
        );
    }
}

#[test]
fn rule_f4_the_url_is_judged_before_the_token() {
    let allowed = resources(&["https://api.example.com"]).unwrap();
    let expired = token("access_token=AT&expires_in=0");
    for token in [None, Some(&expired)] {
        for (request, expected) in [
            ("https://evil.example/", Error::ResourceNotAllowed),
            ("http://api.example.com/", Error::InsecureResource),
        ] {
            assert_eq!(allowed.authorize(&url(request), token, NOW), Err(expected));
        }
    }
}

#[test]
fn rule_f5_a_token_is_sent_until_30_seconds_before_its_end() {
    let allowed = resources(&["https://api.example.com"]).unwrap();
    let requested = url("https://api.example.com/");
    assert_eq!(
        allowed.authorize(&requested, None, NOW),
        Err(Error::LoginRequired)
    );
    let rows = [
        ("&expires_in=3600", NOW, Some(3570)),
        ("&expires_in=3600", NOW + 3569, Some(1)),
        ("&expires_in=3600", NOW + 3570, Some(0)),
        ("&expires_in=3600", NOW + 4000, Some(0)),
        ("&expires_in=3600", 0, Some(NOW + 3570)),
        ("&expires_in=0", NOW, Some(0)),
        // Never more than a tenth of its life.
        ("&expires_in=300", NOW, Some(270)),
        ("&expires_in=299", NOW, Some(270)),
        ("&expires_in=31", NOW, Some(28)),
        ("&expires_in=5", NOW, Some(5)),
        ("", NOW, None),
        ("", u64::MAX, None),
        ("&expires_in=-1", NOW, Some(0)),
    ];
    check_all(rows, |(parameters, now, left)| {
        let token = token(&format!("access_token=AT{parameters}"));
        let what = format!("{parameters} at {now}");
        same(&what, &token.usable_for(*now), left)?;
        let expected = match left {
            Some(0) => Err(Error::TokenExpired),
            _ => Ok(String::from("Bearer AT")),
        };
        same(
            &what,
            &allowed.authorize(&requested, Some(&token), *now),
            &expected,
        )
    });
}
