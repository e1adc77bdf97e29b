//! Credentials that need no login: RFC 6750 and RFC 7617.

use super::attachment::{API, api, by_header, header};
use crate::fixtures::{check_all, same, url};
use claviger::{Attachment, Credential, Error, Resources};

#[test]
fn a_personal_access_token_goes_where_its_resource_takes_it() {
    let credential = Credential::bearer("Ab/9-_.~+=").unwrap();
    let rows = [
        (api(), header("Authorization", "Bearer Ab/9-_.~+=")),
        (
            by_header("Authentication"),
            header("Authentication", "Bearer Ab/9-_.~+="),
        ),
        (
            api().by_query(),
            Attachment::Query(format!("{API}?access_token=Ab%2F9-_.%7E%2B%3D")),
        ),
        (
            api().by_body(),
            Attachment::Body("access_token=Ab%2F9-_.%7E%2B%3D".into()),
        ),
    ];
    check_all(rows, |(resource, expected)| {
        let resources = Resources::of(vec![resource.clone()]);
        same("check", &credential.check(&resources), &Ok(()))?;
        let attachment = resources.attach_credential(&url(API), Some(""), &credential);
        same("attachment", &attachment.as_ref(), &Ok(expected))?;
        let elsewhere =
            resources.attach_credential(&url("https://evil.example/"), Some(""), &credential);
        same("elsewhere", &elsewhere, &Err(Error::ResourceNotAllowed))
    });
}

#[test]
fn rule_p10_no_other_character_ever_reaches_a_header() {
    let tokens = [
        "",
        " ",
        "a b",
        "AT ",
        "a\tb",
        "a\r\nX: y",
        "a\n",
        "a\0",
        "a\u{7f}",
        "ä",
        "a\u{a0}",
        "a\u{2028}",
    ];
    check_all(tokens, |token| {
        let option = Credential::bearer(token).err().map(|error| error.option);
        same(token, &option, &Some("credential.token"))
    });
}

#[test]
fn rfc_7617_basic_is_utf_8_without_a_colon_in_the_user_name() {
    let rows = [
        // RFC 7617, sections 2 and 2.1.
        ("Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("test", "123£", "dGVzdDoxMjPCow=="),
        ("", "", "Og=="),
        ("a", "", "YTo="),
        ("ada@example.com", "a:b:c", "YWRhQGV4YW1wbGUuY29tOmE6Yjpj"),
        ("ü", "€𝄞", "w7w64oKs8J2Eng=="),
        ("??>", "~~~", "Pz8+On5+fg=="),
    ];
    check_all(rows, |(username, password, expected)| {
        let credential = Credential::basic(username, password).unwrap();
        let resources = Resources::of(vec![api()]);
        same(
            username,
            &resources.attach_credential(&url(API), None, &credential),
            &Ok(header("Authorization", &format!("Basic {expected}"))),
        )
    });
    for (username, password, option) in [
        ("a:b", "c", "credential.username"),
        (":", "", "credential.username"),
        ("a\n", "", "credential.username"),
        ("a", "b\r", "credential.password"),
        ("a", "\u{7f}", "credential.password"),
        ("a", "\0", "credential.password"),
    ] {
        let error = Credential::basic(username, password).unwrap_err();
        assert_eq!(error.option, option);
    }
}

#[test]
fn a_password_goes_into_no_query_and_no_body() {
    let credential = Credential::basic("ada", "secret").unwrap();
    for resource in [api().by_query(), api().by_body()] {
        let resources = Resources::of(vec![api(), resource.clone()]);
        assert_eq!(
            credential.check(&resources).unwrap_err().option,
            "resources.via"
        );
        let alone = Resources::of(vec![resource]);
        assert_eq!(
            alone.attach_credential(&url(API), Some(""), &credential),
            Err(Error::ResourceNotAllowed)
        );
    }
    assert_eq!(
        credential.check(&Resources::of(vec![by_header("X-Auth")])),
        Ok(())
    );
}

#[test]
fn attack_27_nothing_prints_a_credential() {
    let resources = Resources::of(vec![api()]);
    for credential in [
        Credential::bearer("SECRET").unwrap(),
        Credential::basic("ada", "SECRET").unwrap(),
    ] {
        let attachment = resources
            .attach_credential(&url(API), None, &credential)
            .unwrap();
        let printed = format!("{credential:?} {attachment:?}");
        assert!(
            !printed.contains("SECRET") && !printed.contains("YWRhO"),
            "{printed}"
        );
    }
    for attachment in [
        Attachment::Query("SECRET".into()),
        Attachment::Body("SECRET".into()),
    ] {
        assert!(!format!("{attachment:?}").contains("SECRET"));
    }
}
