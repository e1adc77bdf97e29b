//! How a credential goes along with a request: rules F7 to F9.

use crate::fixtures::{NOW, check_all, same, token, url};
use claviger::{Attachment, Error, Resource, Resources, form};

const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const API: &str = "https://api.example/v1";

pub(super) fn api() -> Resource {
    Resource::new(url(API)).unwrap()
}

pub(super) fn by_header(name: &str) -> Resource {
    api().by_header(name).unwrap()
}

/// What goes along with a POST of this form to this URL.
fn attach(resource: Resource, requested: &str, form: Option<&str>) -> Result<Attachment, Error> {
    let token = token("access_token=a/b-c%2B%3D%3D");
    Resources::of(vec![resource]).attach(&url(requested), form, Some(&token), NOW)
}

pub(super) fn header(name: &str, value: &str) -> Attachment {
    Attachment::Header {
        name: name.into(),
        value: value.into(),
    }
}

#[test]
fn rule_f9_the_header_is_authorization_or_the_one_that_was_named() {
    let rows = [
        (api(), "Authorization"),
        (by_header("authorization"), "Authorization"),
        (by_header("Authentication"), "Authentication"),
        (by_header("X-Api_Token!"), "X-Api_Token!"),
    ];
    check_all(rows, |(resource, name)| {
        same(
            name,
            &attach(resource.clone(), "https://api.example/v1/me", None),
            &Ok(header(name, "Bearer a/b-c+==")),
        )
    });
}

#[test]
fn rule_f9_which_headers_are_refused() {
    let names = [
        "",
        " ",
        "X Token",
        "X-Töken",
        "X:Token",
        "X\r\nToken",
        "X(Token)",
        "\"X\"",
        "Cookie",
        "cookie2",
        "SET-COOKIE",
        "Host",
        "Origin",
        "Referer",
        "Connection",
        "Content-Type",
        "Content-Length",
        "Accept",
        "Accept-Language",
        "Range",
        "Sec-Fetch-Site",
        "Proxy-Authorization",
        "TE",
        "Via",
        "User-Agent",
        "Cache-Control",
        "If-Match",
        "Access-Control-Request-Method",
        "X-HTTP-Method-Override",
        "Date",
        "DNT",
        "Expect",
        "Keep-Alive",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Pragma",
    ];
    check_all(names, |name| {
        let option = api().by_header(name).err().map(|error| error.option);
        same(name, &option, &Some("resources.header"))
    });
}

#[test]
fn rule_f9_the_query_gets_one_parameter_and_the_rest_stays() {
    let rows = [
        (API, "https://api.example/v1?access_token=a%2Fb-c%2B%3D%3D"),
        (
            "https://api.example/v1?",
            "https://api.example/v1?access_token=a%2Fb-c%2B%3D%3D",
        ),
        (
            "https://api.example/v1/x?q=a+b%20c&q",
            "https://api.example/v1/x?q=a+b%20c&q&access_token=a%2Fb-c%2B%3D%3D",
        ),
        (
            "https://api.example/v1?q#f?x",
            "https://api.example/v1?q&access_token=a%2Fb-c%2B%3D%3D#f?x",
        ),
        (
            "https://api.example/v1#",
            "https://api.example/v1?access_token=a%2Fb-c%2B%3D%3D#",
        ),
        (
            "https://api.example/v1#access_token=x",
            "https://api.example/v1?access_token=a%2Fb-c%2B%3D%3D#access_token=x",
        ),
    ];
    check_all(rows, |(requested, expected)| {
        same(
            requested,
            &attach(api().by_query(), requested, None),
            &Ok(Attachment::Query((*expected).into())),
        )
    });
}

#[test]
fn rule_f9_a_form_gets_one_parameter_and_nothing_else_can_have_it() {
    let pair = "access_token=a%2Fb-c%2B%3D%3D";
    let rows = [
        (Some(""), Ok(Attachment::Body(pair.into()))),
        (
            Some("a=b+c&d"),
            Ok(Attachment::Body(format!("a=b+c&d&{pair}"))),
        ),
        (
            Some("a=%zz&="),
            Ok(Attachment::Body(format!("a=%zz&=&{pair}"))),
        ),
        (Some("name=ö"), Err(Error::UnsupportedBody)),
        (None, Err(Error::UnsupportedBody)),
    ];
    check_all(rows, |(form, expected)| {
        same(
            &format!("{form:?}"),
            &attach(api().by_body(), API, *form),
            expected,
        )
    });
}

#[test]
fn rule_f9_which_bodies_are_forms() {
    let rows = [
        ("POST", FORM, true),
        ("PUT", FORM, true),
        ("PATCH", FORM, true),
        ("QUERY", FORM, true),
        (
            "POST",
            "Application/X-WWW-Form-URLencoded ; charset=UTF-8",
            true,
        ),
        (
            "POST",
            " application/x-www-form-urlencoded;charset=UTF-8",
            true,
        ),
        ("GET", FORM, false),
        ("HEAD", FORM, false),
        ("DELETE", FORM, false),
        ("", FORM, false),
        ("POST", "", false),
        ("POST", "application/json", false),
        (
            "POST",
            "text/plain; application/x-www-form-urlencoded",
            false,
        ),
        ("POST", "multipart/form-data; boundary=x", false),
        ("POST", "application/x-www-form-urlencoded2", false),
    ];
    check_all(rows, |(method, content_type, is_form)| {
        let expected = is_form.then_some("a=b");
        same(content_type, &form(method, content_type, "a=b"), &expected)
    });
}

#[test]
fn rule_f8_a_token_of_the_callers_stays_and_ours_is_not_added() {
    let rows = [
        (api(), "https://api.example/v1?access_token=own", None),
        (api(), "https://api.example/v1?a&%61ccess_token=own", None),
        (
            by_header("X-Token"),
            "https://api.example/v1?access_token",
            None,
        ),
        (
            api().by_query(),
            "https://api.example/v1?access_token=own",
            None,
        ),
        (
            api().by_body(),
            "https://api.example/v1?access_token=own",
            Some(""),
        ),
        (api().by_body(), API, Some("access_token=own")),
        (api().by_body(), API, Some("a=b&access%5Ftoken=")),
    ];
    check_all(rows, |(resource, requested, form)| {
        same(
            requested,
            &attach(resource.clone(), requested, *form),
            &Ok(Attachment::Own),
        )
    });
}

#[test]
fn rule_f7_nothing_but_authorization_may_be_redirected() {
    let rows = [
        (api(), true),
        (by_header("AUTHORIZATION"), true),
        (by_header("Authentication"), false),
        (api().by_query(), false),
        (api().by_body(), false),
    ];
    check_all(rows, |(resource, expected)| {
        let attachment = attach(resource.clone(), API, Some("")).unwrap();
        same("redirected", &attachment.may_be_redirected(), expected)
    });
}

#[test]
fn rule_f2_the_longest_path_decides_and_of_the_same_url_the_first() {
    let at = |text: &str| Resource::new(url(text)).unwrap();
    let resources = Resources::of(vec![
        at("https://api.example/"),
        at("https://api.example/old/me").by_query(),
        at("https://api.example/old").by_header("X-Token").unwrap(),
        at("https://api.example/old").by_body(),
    ]);
    let token = token("access_token=AT");
    let rows = [
        (
            "https://api.example/new",
            header("Authorization", "Bearer AT"),
        ),
        ("https://api.example/old", header("X-Token", "Bearer AT")),
        (
            "https://api.example/older",
            header("Authorization", "Bearer AT"),
        ),
        (
            "https://api.example/old/me",
            Attachment::Query("https://api.example/old/me?access_token=AT".into()),
        ),
    ];
    check_all(rows, |(requested, expected)| {
        let attachment = resources.attach(&url(requested), None, Some(&token), NOW);
        same(requested, &attachment.as_ref(), &Ok(expected))
    });
    // The header's value alone says nothing about another way.
    for (requested, expected) in [
        ("https://api.example/new", Ok("Bearer AT".into())),
        ("https://api.example/old", Err(Error::ResourceNotAllowed)),
        ("https://api.example/old/me", Err(Error::ResourceNotAllowed)),
    ] {
        assert_eq!(
            resources.authorize(&url(requested), Some(&token), NOW),
            expected
        );
    }
}

#[test]
fn rule_f4_f5_the_url_and_the_token_are_judged_before_the_body() {
    let resources = Resources::of(vec![api().by_body()]);
    let expired = token("access_token=AT&expires_in=0");
    let good = token("access_token=AT");
    let rows = [
        ("https://evil.example/", None, Error::ResourceNotAllowed),
        (
            "http://api.example/v1",
            Some(&good),
            Error::InsecureResource,
        ),
        (API, None, Error::LoginRequired),
        (API, Some(&expired), Error::TokenExpired),
        (API, Some(&good), Error::UnsupportedBody),
    ];
    check_all(rows, |(requested, token, expected)| {
        let attachment = resources.attach(&url(requested), None, *token, NOW);
        same(requested, &attachment, &Err(expected.clone()))
    });
}
