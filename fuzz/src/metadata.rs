//! The metadata of a server (RFC 8414). Setting: the status and the type of content. Then the document.

use claviger::{HttpResponse, Metadata};
use serde_json::Value;

use crate::fixtures::ISSUER;
use crate::oracle::is_secure;
use crate::split;

pub fn judge(text: &str) {
    let (setting, document) = split(text);
    let status = setting.choose(0, &[200, 404, 500]);
    let content_type = setting.choose(1, &["application/json", "text/html", ""]);
    let answer = HttpResponse::new(status, content_type, document.as_bytes());
    let Ok(metadata) = Metadata::read(ISSUER, &answer) else {
        return;
    };
    assert_eq!(status, 200);
    assert_eq!(metadata.issuer(), ISSUER);
    let read: Value = serde_json::from_str(document).expect("what was accepted is JSON");
    assert_eq!(read["issuer"], ISSUER);
    let endpoints = [
        ("authorization_endpoint", metadata.authorization_endpoint()),
        ("token_endpoint", metadata.token_endpoint()),
        ("revocation_endpoint", metadata.revocation_endpoint()),
        ("jwks_uri", metadata.jwks_uri()),
        ("userinfo_endpoint", metadata.userinfo_endpoint()),
        ("end_session_endpoint", metadata.end_session_endpoint()),
    ];
    for (name, endpoint) in endpoints {
        let Some(endpoint) = endpoint else {
            continue;
        };
        assert_eq!(read[name], *endpoint, "{name}");
        if let Ok(url) = url::Url::parse(endpoint) {
            // What is made of them refuses the rest.
            let server = claviger::Url::parse(endpoint)
                .ok()
                .map(claviger::AuthorizationServer::new);
            if name == "authorization_endpoint" && matches!(server, Some(Ok(_))) {
                assert!(is_secure(&url) && url.fragment().is_none(), "{endpoint}");
                assert!(
                    url.username().is_empty() && url.password().is_none(),
                    "{endpoint}"
                );
            }
        }
    }
    let _ = metadata.best_response_type();
}
