//! The header `WWW-Authenticate`.

use claviger::Challenge;

pub fn judge(header: &str) {
    let challenges = Challenge::read(header);
    let mut written = Vec::new();
    let mut length = 0;
    for Challenge {
        scheme,
        token68,
        parameters,
    } in &challenges
    {
        assert!(
            is_token(scheme) && !scheme.contains(|c: char| c.is_ascii_uppercase()),
            "{scheme}"
        );
        length += scheme.len();
        let mut parts = Vec::new();
        for (at, (name, value)) in parameters.iter().enumerate() {
            assert!(
                is_token(name) && !name.contains(|c: char| c.is_ascii_uppercase()),
                "{name}"
            );
            assert!(
                parameters[..at].iter().all(|(earlier, _)| earlier != name),
                "{name} is there twice"
            );
            length += name.len() + value.len();
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
            parts.push(format!("{name}=\"{quoted}\""));
        }
        if let Some(text) = token68 {
            length += text.len();
            parts.insert(0, text.clone());
        }
        written.push(
            format!("{scheme} {}", parts.join(", "))
                .trim_end()
                .to_owned(),
        );
    }
    assert!(length <= header.len(), "more was read than there is");
    // What has a token68 and parameters, too, follows no grammar, and is read as it came.
    let is_grammar = challenges
        .iter()
        .all(|one| one.token68.is_none() || one.parameters.is_empty());
    if is_grammar {
        let written = written.join(", ");
        assert_eq!(
            Challenge::read(&written),
            challenges,
            "{written} is read as something else"
        );
    }
}

/// RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
