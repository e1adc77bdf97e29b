//! The resources of the npm package, as text: URLs with spaces between them in the small build, a
//! form in each line in the full one.

use alloc::vec::Vec;

use super::client::Failure;
use crate::resource::allowlist::Resources;
use crate::resource::resource::Resource;
#[cfg(feature = "bearer")]
use crate::syntax::form::Params;
use crate::syntax::text::split;
use crate::syntax::url::Url;

#[cfg(not(feature = "bearer"))]
pub(super) fn read(text: &str) -> Result<Resources, Failure> {
    let mut resources = Vec::new();
    for url in split(text, b' ') {
        if !url.is_empty() {
            resources.push(Resource::new(Url::from_serialization(url.into()))?);
        }
    }
    Ok(Resources::of(resources))
}

#[cfg(feature = "bearer")]
pub(super) fn read(text: &str) -> Result<Resources, Failure> {
    let mut resources = Vec::new();
    for line in split(text, b'\n') {
        let form = Params::read(line, "url via header")?;
        if !form.has("url") {
            continue;
        }
        let resource = Resource::new(Url::from_serialization(form.get("url").into()))?;
        let via = form.get("via");
        if form.has("header") && via != "header" {
            return Err(super::client::wrong(
                "resources.header",
                "be there only where via is 'header'",
            ));
        }
        resources.push(match via {
            "header" if form.has("header") => resource.by_header(form.get("header"))?,
            "header" => resource,
            "query" => resource.by_query(),
            "body" => resource.by_body(),
            _ => {
                return Err(super::client::wrong(
                    "resources.via",
                    "be 'header', 'query' or 'body'",
                ));
            }
        });
    }
    Ok(Resources::of(resources))
}
