//! The response in a URL. Setting: what was asked for, whether the metadata promises `iss`, whether the
//! address has a hash router, whether the type of token may be missing, and the age of the login.

use claviger::{Granted, RecordChange, ResponseMode, Url};

use crate::fixtures::{
    ISSUER, LIFETIME, NOW, REDIRECT_URI, client_with_issuer, pairs, start, token_endpoint,
};
use crate::oracle::{assert_silent, is_access_token};
use crate::split;

/// `{S}` is the state of the login under way.
pub fn judge(text: &str) {
    let (setting, response) = split(text);
    let modes = [
        None,
        Some(ResponseMode::Query),
        Some(ResponseMode::Fragment),
    ];
    let mode = setting.choose(0, &modes);
    let promises_issuer = setting.choose(1, &[false, true]);
    let mut client = client_with_issuer(Some(ISSUER), promises_issuer);
    if let Some(mode) = mode {
        client.ask_for_codes(token_endpoint(), mode).unwrap();
    }
    client.set_hash_router(setting.choose(2, &[false, true]));
    client.assume_bearer(setting.choose(3, &[false, true]));
    let age = setting.choose(4, &[0, LIFETIME - 1, LIFETIME + 1]);

    let (_, login) = start(&client, 1);
    let (state, record) = (login.state().as_str().to_owned(), login.to_record());
    let Ok(address) = Url::parse(&format!(
        "{REDIRECT_URI}{}",
        response.replace("{S}", &state)
    )) else {
        return;
    };
    // A path is no part of a response, and is shown.
    if url::Url::parse(address.as_str()).is_ok_and(|parsed| parsed.path().contains(&state)) {
        return;
    }
    let answer = client.answer(client.read(&address), Some(&record), NOW + age);
    let shown = answer.scrubbed.as_deref().unwrap_or(address.as_str());
    let printed = format!("{answer:?} {:?} {address:?}", client.read(&address));
    // What stays in the address is a parameter of the application's, whatever it holds; and what a server says
    // beside a secret is shown, also where it says the secret again.
    let is_said_elsewhere = |secret: &str, own: &str| {
        let said = parts(address.as_str());
        let mut said = said.iter().flat_map(|part| pairs(part));
        shown.contains(secret)
            || said.any(|(name, value)| {
                name.contains(secret) || (name != own && value.contains(secret))
            })
    };
    if !is_said_elsewhere(&state, "state") {
        assert_silent(&printed, &[&state]);
    }
    match &answer.outcome {
        Ok(Some(grant)) => {
            assert!(age <= LIFETIME, "a login was answered after its lifetime");
            assert_eq!(
                client.read(&address).key(),
                Some(login.key()),
                "another login's record"
            );
            let left = parts(shown).into_iter().flat_map(|part| pairs(&part));
            // A part without a response may have a state of the application's.
            let is_ours = |name: &str| ["access_token", "code"].contains(&name);
            let kept = left.filter(|(name, value)| is_ours(name) && !value.is_empty());
            assert_eq!(
                kept.collect::<Vec<_>>(),
                [],
                "{shown} keeps what it brought"
            );
            let parsed = url::Url::parse(address.as_str()).expect("what was parsed before");
            assert_eq!(
                parsed.origin(),
                url::Url::parse(REDIRECT_URI).expect("a URL").origin()
            );
            let name = if mode.is_some() {
                "code"
            } else {
                "access_token"
            };
            let query = parsed.query().unwrap_or_default();
            let fits = parts(address.as_str())
                .iter()
                .any(|part| fits(part, query, name, &state, promises_issuer));
            assert!(fits, "{address:?} was accepted: {:?}", address.as_str());
            match &grant.granted {
                Granted::Token(token) => {
                    assert!(mode.is_none() && is_access_token(token.access_token()));
                    if !is_said_elsewhere(token.access_token(), "access_token") {
                        assert_silent(&printed, &[token.access_token()]);
                    }
                }
                Granted::Code(request) => {
                    assert!(mode.is_some());
                    let sent = pairs(&request.http().body());
                    let kept = pairs(&record);
                    let verifier = |pairs: &[(String, String)]| {
                        pairs
                            .iter()
                            .find(|(name, _)| name == "code_verifier")
                            .cloned()
                    };
                    assert!(verifier(&sent).is_some_and(|pair| Some(pair) == verifier(&kept)));
                    assert_silent(&printed, &[&verifier(&sent).expect("it is there").1]);
                }
                other => panic!("{other:?} was not asked for"),
            }
            // Once, whatever comes next.
            let Some(RecordChange::Replace(used)) = &answer.change else {
                panic!("the login's record stays as it is");
            };
            assert!(!used.contains(&state), "the trace of a login has its state");
            let again = client.answer(client.read(&address), Some(used), NOW + age);
            assert_eq!(
                again.outcome.err().map(|error| error.code()),
                Some("state_replayed")
            );
        }
        Ok(None) => {
            assert_eq!(answer.change, None, "what is no response used a login up");
            // Some servers leave `#_=_` behind, and a token leaves the fragment wherever it stands.
            let parsed = |text: &str| url::Url::parse(text).expect("an address");
            let (before, after) = (parsed(address.as_str()), parsed(shown));
            let place = |url: &url::Url| (url.origin(), url.path().to_owned());
            assert_eq!(place(&after), place(&before), "{shown} is another place");
        }
        Err(_) => {}
    }
    // Nobody's login: never believed, and nothing is touched.
    let unknown = client.answer(client.read(&address), None, NOW + age);
    assert_eq!(unknown.change, None);
    let is_believed = match &unknown.outcome {
        Ok(grant) => grant.is_some(),
        Err(error) => error.server().is_some(),
    };
    assert!(
        !is_believed,
        "a response without a login was believed: {:?}",
        address.as_str()
    );
}

/// The query and the fragment of a URL.
fn parts(url: &str) -> Vec<String> {
    let parsed = url::Url::parse(url).expect("a URL");
    let parts = [parsed.query(), parsed.fragment()].into_iter().flatten();
    parts.map(String::from).collect()
}

/// What a part of the URL must have to be a good response, by somebody else's reading. A state and an issuer may
/// stand in the query.
fn fits(part: &str, query: &str, name: &str, state: &str, promises_issuer: bool) -> bool {
    // Behind a hash route the response begins at a `?`, a `/` or a `#`.
    let starts = part
        .char_indices()
        .filter(|(_, c)| "?/#!&".contains(*c))
        .map(|(at, c)| at + c.len_utf8());
    std::iter::once(0).chain(starts).any(|start| {
        let pairs = pairs(&part[start..]);
        let all = |wanted: &str| -> Vec<String> {
            let values = pairs
                .iter()
                .filter(|(name, value)| name == wanted && !value.is_empty());
            values.map(|(_, value)| value.clone()).collect()
        };
        let beside = self::pairs(query);
        let with_beside = |wanted: &str| {
            let values = beside
                .iter()
                .filter(|(name, value)| name == wanted && !value.is_empty());
            let mut values: Vec<String> = values.map(|(_, value)| value.clone()).collect();
            values.extend(all(wanted));
            values.sort();
            values.dedup();
            values
        };
        let issuers = with_beside("iss");
        with_beside("state") == [state]
            && all(name).len() == 1
            && all("error").is_empty()
            && issuers.iter().all(|issuer| issuer == ISSUER)
            && issuers.len() <= 1
            && (!promises_issuer || issuers.len() == 1)
    })
}
