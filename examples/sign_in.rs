//! A program that signs its user in through their browser (RFC 8252, section 7.3), says who they are where
//! the scope has `openid`, calls an API, renews its token and revokes it.
//!
//! ```sh
//! cargo xtask serve doorkeeper --redirect-uri http://127.0.0.1:8976/cb   # prints its origin
//! cargo run --example sign_in --features verify -- ORIGIN city-issues ORIGIN/api/v2/profile [SCOPE]
//! ```

// A program has std, and may print.
#![allow(clippy::std_instead_of_alloc, clippy::std_instead_of_core)]

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use claviger::{
    AuthorizationRequest, AuthorizationServer, Client, Grant, Granted, HttpRequest, HttpResponse,
    Metadata, Pending, Received, RedirectUri, RelyingParty, Resources, ResponseMode, SignIn,
    TokenEndpoint, TokenRequest, TokenSet, TokenToRevoke, Url, read_key_set,
};
use ureq::Agent;
use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use ureq::http::{Request, Response};

const REDIRECT_URI: &str = "http://127.0.0.1:8976/cb";
/// How long a connection may take to say what it wants.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes that the first line of a request may have.
const MAX_LINE_BYTES: u64 = 1 << 17;

fn main() -> Result<(), Box<dyn Error>> {
    let ([issuer, client_id, api], scope) = arguments()?;
    // No redirect is followed: whoever answers one could be sent the secrets.
    let agent: Agent = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .build()
        .into();

    let server = discover(&agent, &issuer)?;
    println!("{}", server.best_response_type().reason);
    let endpoint = server
        .token_endpoint()
        .ok_or("There is no token endpoint.")?;
    let endpoint = TokenEndpoint::new(Url::parse(endpoint)?, client_id.clone())?;
    let mut client = Client::new(
        AuthorizationServer::try_from(&server)?,
        client_id.clone(),
        RedirectUri::parse(REDIRECT_URI)?,
    )?;
    client.ask_for_codes(endpoint.clone(), ResponseMode::Query)?;
    client.set_scope(scope.clone())?;
    let party = RelyingParty::discovered(&server, client_id)?;
    if scope.split(' ').any(|one| one == "openid") {
        client.ask_for_id_tokens(party.clone())?;
    }
    let resources = Resources::new(vec![Url::parse(&api)?])?;

    // The listener is there before anybody can be sent to it.
    let redirects = listen(TcpListener::bind("127.0.0.1:8976")?);
    let mut random = [[0; 32]; 3];
    getrandom::fill(random.as_flattened_mut())?;
    let (url, mut pending) = AuthorizationRequest::new(&client).start(&random, now()?);
    println!("Open {url}");
    let mut session = match granted(&client, &mut pending, &redirects)?.granted {
        Granted::Code(request) => {
            let answer = send(&agent, request.http())?;
            request.finish(&answer, now()?)?
        }
        Granted::SignIn(sign_in) => verified(&agent, &party, *sign_in)?,
        _ => return Err("A token came, and no code.".into()),
    };
    match session.id_token(&party) {
        Some(id_token) => println!("Signed in: {}.", id_token.subject()),
        None => println!("Signed in."),
    }

    let header = resources.authorize(&Url::parse(&api)?, Some(&session.token), now()?)?;
    let mut answer = agent.get(&api).header(AUTHORIZATION, header).call()?;
    println!(
        "{} {}",
        answer.status(),
        answer.body_mut().read_to_string()?
    );

    if let Some(refresh_token) = session.refresh_token.take() {
        let scope = session.token.scope().unwrap_or_default();
        let request = TokenRequest::refresh(&endpoint, &refresh_token, scope);
        let answer = send(&agent, request.http())?;
        session = request.finish(&answer, now()?)?;
        println!("Renewed.");
    }
    if let Some(url) = server.revocation_endpoint() {
        let token = TokenToRevoke::Access(session.token.access_token());
        let answer = send(&agent, &endpoint.revocation(&Url::parse(url)?, token)?)?;
        println!("Revoked: {answer:?}");
    }
    Ok(())
}

/// The first of the two documents that is the issuer's.
fn discover(agent: &Agent, issuer: &str) -> Result<Metadata, Box<dyn Error>> {
    let mut failure = None;
    for url in Metadata::urls(&Url::parse(issuer)?)? {
        let answer = read(agent.get(&url).header(ACCEPT, "application/json").call()?)?;
        match Metadata::read(issuer, &answer) {
            Ok(metadata) => return Ok(metadata),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    Err(failure.map_or_else(|| "There is no metadata.".into(), Into::into))
}

/// Exchanges a code, and verifies the ID token that comes with the token, before either counts.
fn verified(
    agent: &Agent,
    party: &RelyingParty,
    sign_in: SignIn,
) -> Result<TokenSet, Box<dyn Error>> {
    let request = sign_in.http().ok_or("There is no code.")?;
    let answer = send(agent, request)?;
    let Received::Unverified(unverified) = sign_in.finish(Some(&answer), now()?)? else {
        return Err("There is no ID token.".into());
    };
    let url = party.jwks_uri().ok_or("There are no keys.")?;
    let answer = agent.get(url.as_str()).header(ACCEPT, "application/json");
    let (status, content_type, body) = take_body(answer.call()?)?;
    let keys = read_key_set(status, &content_type, &body)?;
    let check = unverified.id_token().clone().check(&keys)?;
    let id_token = check.verified(&check.run())?;
    Ok(unverified.verified(&id_token)?)
}

/// Sends what the protocol wants to be sent.
fn send(agent: &Agent, http: &HttpRequest) -> Result<HttpResponse, Box<dyn Error>> {
    let mut request = Request::post(http.url()).header(ACCEPT, "application/json");
    if let Some(content_type) = http.content_type() {
        request = request.header(CONTENT_TYPE, content_type);
    }
    if let Some(authorization) = http.authorization() {
        request = request.header(AUTHORIZATION, authorization);
    }
    read(agent.run(request.body(http.body())?)?)
}

fn read(answer: Response<ureq::Body>) -> Result<HttpResponse, Box<dyn Error>> {
    let (status, content_type, body) = take_body(answer)?;
    Ok(HttpResponse::new(status, &content_type, &body))
}

/// The status of an answer, its `Content-Type`, and its body.
fn take_body(mut answer: Response<ureq::Body>) -> Result<(u16, String, Vec<u8>), Box<dyn Error>> {
    let status = answer.status().as_u16();
    let content_type = answer.headers().get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_owned();
    let body = answer
        .body_mut()
        .with_config()
        .limit(1 << 20)
        .read_to_vec()?;
    Ok((status, content_type, body))
}

/// What the response to this login grants. Anybody on this machine can send others, which change nothing.
fn granted(
    client: &Client,
    pending: &mut Pending,
    redirects: &Receiver<String>,
) -> Result<Grant, Box<dyn Error>> {
    loop {
        let Ok(url) = Url::parse(REDIRECT_URI)?.join(&redirects.recv()?) else {
            continue;
        };
        match client.read(&url).response {
            Ok(Some(response)) => match pending.finish(client, response, now()?) {
                Err(claviger::Error::UnknownState) => println!("That answers no login of this."),
                outcome => return Ok(outcome?),
            },
            Ok(None) => {}
            Err(error) => println!("{error}"),
        }
    }
}

/// Gives the target of each request. A connection that says nothing, such as one that a browser opens
/// beforehand, holds up no other.
fn listen(listener: TcpListener) -> Receiver<String> {
    let (sender, redirects) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let sender = sender.clone();
            thread::spawn(move || {
                // Whoever breaks off has said nothing.
                let _ = take(&stream, &sender);
            });
        }
    });
    redirects
}

/// Reads one request, answers it, and passes its target on.
fn take(mut stream: &TcpStream, sender: &Sender<String>) -> Result<(), Box<dyn Error>> {
    stream.set_read_timeout(Some(REQUEST_TIMEOUT))?;
    let mut line = String::new();
    BufReader::new(stream.take(MAX_LINE_BYTES)).read_line(&mut line)?;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nYou can close this page.\n")?;
    let target = line.split(' ').nth(1).unwrap_or_default();
    sender.send(target.into())?;
    Ok(())
}

fn arguments() -> Result<([String; 3], String), String> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let scope = arguments.drain(3.min(arguments.len())..).next();
    let arguments = arguments
        .try_into()
        .map_err(|_| "Say the issuer, the client_id, and the URL to call.")?;
    Ok((arguments, scope.unwrap_or_default()))
}

/// Seconds since 1970.
fn now() -> Result<u64, Box<dyn Error>> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}
