//! Which URL may be sent a token. Setting: how its resource takes it. Then, a line each: the resource, the
//! URL of the request, and a form.

use claviger::{Attachment, Credential, Resource, Resources, Url};

use crate::fixtures::pairs;
use crate::oracle::{assert_silent, is_secure};
use crate::split;

const TOKEN: &str = "PlantedToken-2YotnFZFEjr1zCsicMWpAA";

pub fn judge(text: &str) {
    let (setting, rest) = split(text);
    let mut lines = rest.splitn(3, '\n');
    let (allowed, asked) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
    let form = lines.next();
    let (Ok(allowed), Ok(asked)) = (Url::parse(allowed), Url::parse(asked)) else {
        return;
    };
    let Ok(resource) = Resource::new(allowed.clone()) else {
        return;
    };
    let way = setting.choose(0, &[0, 1, 2, 3]);
    let resource = match way {
        0 => resource,
        1 => resource.by_query(),
        2 => resource.by_body(),
        _ => resource.by_header("X-Token").expect("a header"),
    };
    let credential = Credential::bearer(TOKEN).expect("a token");
    let resources = Resources::of(vec![resource]);
    let Ok(attachment) = resources.attach_credential(&asked, form, &credential) else {
        return;
    };
    assert_silent(&format!("{attachment:?}"), &[TOKEN]);
    let parsed = |url: &Url| url::Url::parse(url.as_str()).expect("what was parsed before");
    let (allowed, asked) = (parsed(&allowed), parsed(&asked));
    assert!(
        fits(&allowed, &asked),
        "{asked} was sent what is for {allowed}"
    );
    match attachment {
        Attachment::Own => {}
        Attachment::Header { name, value } => {
            let expected = if way == 3 { "x-token" } else { "authorization" };
            assert_eq!(name.to_ascii_lowercase(), expected);
            assert!(
                value.ends_with(TOKEN) && value.bytes().all(|byte| (0x20..0x7F).contains(&byte))
            );
        }
        Attachment::Query(changed) => {
            assert_eq!(way, 1);
            let changed = url::Url::parse(&changed).expect("a URL");
            assert!(
                fits(&allowed, &changed),
                "{changed} was sent what is for {allowed}"
            );
            assert_eq!(changed.path(), asked.path());
            let tokens = changed
                .query_pairs()
                .filter(|(name, _)| name == "access_token");
            assert_eq!(
                tokens
                    .map(|(_, value)| value.into_owned())
                    .collect::<Vec<_>>(),
                [TOKEN]
            );
        }
        Attachment::Body(body) => {
            assert_eq!(way, 2);
            let before = pairs(form.expect("a form was changed"));
            let mut after = pairs(&body);
            let own = after
                .iter()
                .position(|(name, value)| name == "access_token" && value == TOKEN);
            after.remove(own.expect("the token is in the body"));
            assert_eq!(after, before, "the form was changed");
        }
    }
}

/// Scheme, host and port are the same, and the path is the resource's or below it, by somebody else's reading.
fn fits(allowed: &url::Url, asked: &url::Url) -> bool {
    let path = allowed.path().trim_end_matches('/');
    is_secure(asked)
        && allowed.origin() == asked.origin()
        && asked.username().is_empty()
        && asked.password().is_none()
        && asked
            .path()
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
