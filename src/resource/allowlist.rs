//! Which URL may be sent the token: RFC 6750, sections 2.1 and 5.3.

use super::resource::Resource;
use crate::error::Error;
use crate::syntax::url::Url;

/// The resource that decides about a URL: of several that hold for it the one with the longest path,
/// of two with the same URL the first.
pub(crate) fn find<'a>(
    resources: impl Iterator<Item = Resource<'a>>,
    requested: &Url<'_>,
) -> Result<Resource<'a>, Error> {
    if !requested.is_secure() {
        return Err(if requested.is_in_the_clear() {
            Error::InsecureResource
        } else {
            Error::ResourceNotAllowed
        });
    }
    let mut found: Option<Resource<'a>> = None;
    for resource in resources {
        let length = |resource: &Resource<'_>| resource.url.text().len();
        let is_longer = found.is_none_or(|found| length(&found) < length(&resource));
        if is_longer && resource.allows(requested) {
            found = Some(resource);
        }
    }
    found.ok_or(Error::ResourceNotAllowed)
}
