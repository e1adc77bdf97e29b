//! The record of a login, as a store that anybody may have written to gives it back. Setting: what the
//! client asks for.

use claviger::{Pending, ResponseMode};

use crate::fixtures::{
    ENDPOINT, NOW, REDIRECT_URI, client, client_of, code_client, pairs, start, url,
};
use crate::oracle::assert_silent;
use crate::split;

/// `{R}` is the record of a login under way.
pub fn judge(text: &str) {
    let (setting, text) = split(text);
    let mode = setting.choose(0, &[None, Some(ResponseMode::Fragment)]);
    let client_of_login = mode.map_or_else(client, code_client);
    let (_, login) = start(&client_of_login, 1);
    let text = text.replace("{R}", &login.to_record());
    if let Some(read) = Pending::from_record(&text) {
        let written = read.to_record();
        let again = Pending::from_record(&written).expect("what was written can be read");
        assert_eq!(
            again.to_record(),
            written,
            "what was written is read as something else"
        );
        assert_eq!(again.state().as_str(), read.state().as_str());
        assert_silent(&format!("{read:?}"), &[read.state().as_str()]);
    }
    let state = login.state().as_str();
    let name = if mode.is_some() {
        "code"
    } else {
        "token_type=Bearer&access_token"
    };
    let address = url(&format!("{REDIRECT_URI}#{name}=AT&state={state}"));
    let answer = client_of_login.answer(client_of_login.read(&address), Some(&text), NOW);
    assert_silent(&format!("{answer:?}"), &[state]);
    if let Ok(Some(grant)) = &answer.outcome {
        let members = pairs(&text);
        let has = |name: &str, value: &str| members.iter().any(|(n, v)| n == name && v == value);
        assert!(
            has("state", state) && has("client_id", "spa"),
            "{text} was taken for the login's"
        );
        if let Some(path) = &grant.return_to {
            let origin = url::Url::parse(REDIRECT_URI).expect("a URL");
            let target = origin.join(path).expect("a path on this origin");
            assert_eq!(target.origin(), origin.origin(), "{path} leaves the origin");
        }
    }
    // Another client of the same page: the same text is none of its logins.
    if Pending::from_record(&text).is_some() {
        let other = client_of(ENDPOINT, "other", REDIRECT_URI);
        let answer = other.answer(other.read(&address), Some(&login.to_record()), NOW);
        assert!(
            !matches!(answer.outcome, Ok(Some(_))),
            "another client's login was answered"
        );
        assert_eq!(answer.change, None);
    }
}
