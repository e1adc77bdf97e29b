//! The authorization server of the demo and the tests: the implicit grant and the
//! authorization code grant of RFC 6749 (4.2 and 4.1, with PKCE), and an API behind bearer tokens
//! (RFC 6750), an OpenID provider (OpenID Connect Core 1.0), for development on loopback and nothing
//! else.
//!
//! It listens twice, so that the application and the server are different origins and different
//! sites, as they are in the world: `http://localhost:PORT` serves the page, and
//! `http://127.0.0.1:PORT` is the authorization server with its API.
//!
//! `application` and `server` are the routes of these two. Below them stand the conversations (`authorization`,
//! `token`, then `openid`, then `api`), below those what the server knows (`state`), and at the bottom what any server
//! needs (`http`).

mod api;
mod application;
mod authorization;
mod control;
mod http;
mod metadata;
mod openid;
mod options;
mod server;
mod state;
mod token;

#[cfg(test)]
mod tests;

use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::http::listen;
use crate::state::clients;
use crate::state::site::Site;

pub use metadata::document as metadata;
pub use options::Options;

/// How long an open request may hold up a shutdown.
const GRACE: Duration = Duration::from_secs(2);

/// A server that answers until this is dropped or told to shut down.
pub struct Running {
    /// `http://localhost:PORT`
    pub app_origin: String,
    /// `http://127.0.0.1:PORT`
    pub server_origin: String,
    stop: watch::Sender<()>,
    tasks: Vec<JoinHandle<io::Result<()>>>,
}

impl Running {
    /// Takes no more connections, lets open requests end, and closes the ports.
    pub async fn shutdown(self) {
        let Self { stop, tasks, .. } = self;
        drop(stop);
        let end = tokio::time::Instant::now() + GRACE;
        for mut task in tasks {
            if tokio::time::timeout_at(end, &mut task).await.is_err() {
                task.abort();
            }
        }
    }
}

/// Starts both listeners. Must be called within a tokio runtime.
pub async fn start(options: Options) -> io::Result<Running> {
    for uri in &options.redirect_uris {
        if let Some(problem) = clients::redirect_uri_problem(uri) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("the redirect URI {uri:?} {problem}"),
            ));
        }
    }

    let app_listeners = listen::localhost(options.app_port).await?;
    let server_listener = listen::loopback(options.server_port).await?;
    let app_origin = listen::origin("localhost", app_listeners.port);
    let server_origin = listen::origin("127.0.0.1", server_listener.local_addr()?.port());

    let app = application::routes(&app_origin, &server_origin, &options);
    let site = Site::new(&app_origin, &server_origin, &options.redirect_uris)
        .map_err(|error| io::Error::other(format!("no keys can be made: {error}")))?;
    let server = server::routes(site);

    let (stop, _) = watch::channel(());
    let mut tasks = vec![serve(server_listener, server, &stop)];
    for listener in app_listeners.listeners {
        tasks.push(serve(listener, app.clone(), &stop));
    }

    eprintln!(
        "Development server at {server_origin}, for the page at {app_origin}: loopback only, \
         accounts and tokens in memory, never for production."
    );
    Ok(Running {
        app_origin,
        server_origin,
        stop,
        tasks,
    })
}

fn serve(
    listener: TcpListener,
    routes: Router,
    stop: &watch::Sender<()>,
) -> JoinHandle<io::Result<()>> {
    let mut stopped = stop.subscribe();
    tokio::spawn(async move {
        axum::serve(listener, routes)
            .with_graceful_shutdown(async move {
                // Nothing is ever sent: this ends when the sender is dropped.
                let _ = stopped.changed().await;
            })
            .await
    })
}
