//! The UserInfo endpoint's answer.

use super::vectors::id_token;
use crate::fixtures::{check_all, same};
use claviger::{Error, UserInfo};

const JSON: &str = "application/json";

fn read(status: u16, content_type: &str, body: &str) -> Result<UserInfo, Error> {
    UserInfo::read(status, content_type, body.as_bytes(), &id_token())
}

#[test]
fn rule_i29_userinfo_is_json_about_the_user_of_the_id_token() {
    let good = r#"{"sub":"248289761001","email":"ada@example.com","email_verified":true}"#;
    let rows = [
        (200, JSON, good, "ok"),
        (200, "application/json; charset=utf-8", good, "ok"),
        (200, "application/x+json", good, "ok"),
        (401, JSON, good, "invalid_userinfo"),
        (302, JSON, good, "invalid_userinfo"),
        (200, "text/html", good, "invalid_userinfo"),
        (200, "application/jwt", "e30.e30.AA", "invalid_userinfo"),
        (200, JSON, "[]", "invalid_userinfo"),
        (200, JSON, "", "invalid_userinfo"),
        (200, JSON, "{}", "invalid_userinfo"),
        (200, JSON, r#"{"sub":""}"#, "invalid_userinfo"),
        (200, JSON, r#"{"sub":248289761001}"#, "invalid_userinfo"),
        (
            200,
            JSON,
            r#"{"sub":"248289761001","sub":"admin"}"#,
            "invalid_userinfo",
        ),
        (200, JSON, r#"{"sub":"248289761002"}"#, "subject_mismatch"),
        (200, JSON, r#"{"sub":"24828976100"}"#, "subject_mismatch"),
        (200, JSON, r#"{"s\u0075b":"248289761001"}"#, "ok"),
    ];
    check_all(rows, |(status, content_type, body, code)| {
        let read = read(*status, content_type, body).map_or_else(|error| error.code(), |_| "ok");
        same(body, &read, code)
    });
    let read = read(200, JSON, good).unwrap();
    assert_eq!(read.claims().text("email"), Some("ada@example.com"));
    assert!(read.claims().is_true("email_verified"));
    assert_eq!(format!("{read:?}"), "UserInfo { .. }");
}

#[test]
fn attack_53_the_userinfo_of_another_user_is_refused() {
    let other = r#"{"sub":"admin","email":"admin@example.com"}"#;
    assert_eq!(read(200, JSON, other).unwrap_err(), Error::SubjectMismatch);
}
