//! A resource that takes its token in the query (RFC 6750, section 2.3), where `fetch` puts none.

use claviger::browser::{BrowserClient, Failure, Store};
use claviger::{
    Attachment, AuthorizationServer, Client, Error, InvalidOption, RedirectUri, Resource,
    Resources, Url,
};
use web_sys::{Request, Response};

use crate::Registered;

/// A client whose API takes its token there.
pub fn client(
    server: AuthorizationServer,
    registered: &Registered,
) -> Result<BrowserClient, InvalidOption> {
    let redirect_uri = RedirectUri::parse(&registered.redirect_uri)?;
    let client = Client::new(server, registered.client_id.clone(), redirect_uri)?;
    let api = Resource::new(Url::parse(&registered.api)?)?.by_query();
    Ok(BrowserClient::new(
        client,
        Resources::of(vec![api]),
        Store::Session,
    ))
}

/// Calls the API with the session of another client.
pub async fn call(
    client: &BrowserClient,
    session: &BrowserClient,
    api: &str,
) -> Result<Response, Failure> {
    client.begin(session.session().ok_or(Error::LoginRequired)?)?;
    let url = format!("{api}/profile");
    match client.fetch(&Request::new_with_str(&url)?).await {
        Err(Failure::NotInHeader) => {}
        answer => return answer,
    }
    let Attachment::Query(url) = client.attach(&Url::parse(&url)?, None)? else {
        return Err(Error::ResourceNotAllowed.into());
    };
    // It has its token, so it goes out as it is.
    client.fetch(&Request::new_with_str(&url)?).await
}
