use std::io;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::http::listen;
use crate::options::Options;
use crate::start;

fn anywhere() -> Options {
    let mut options = Options::new(Path::new("."));
    options.app_port = 0;
    options.server_port = 0;
    options
}

fn port(origin: &str) -> u16 {
    origin.rsplit(':').next().unwrap().parse().unwrap()
}

async fn get(address: &str, host: &str, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn two_origins_answer_and_know_each_other() {
    let running = start(anywhere()).await.unwrap();
    let (app, server) = (port(&running.app_origin), port(&running.server_origin));
    assert_eq!(running.app_origin, format!("http://localhost:{app}"));
    assert_eq!(running.server_origin, format!("http://127.0.0.1:{server}"));

    let host = format!("localhost:{app}");
    let answer = get(&format!("127.0.0.1:{app}"), &host, "/config.json")
        .await
        .unwrap();
    let config: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(config["api"], format!("{}/api/v2", running.server_origin));
    assert_eq!(config["redirect_uri"], format!("{}/", running.app_origin));
    if TcpListener::bind("[::1]:0").await.is_ok() {
        let answer = get(&format!("[::1]:{app}"), &host, "/config.json")
            .await
            .unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "));
    }

    let address = format!("127.0.0.1:{server}");
    let answer = get(&address, &address, "/api/v2/profile").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "));
    let request = format!(
        "/oauth/authorize?client_id=city-issues&response_type=token&redirect_uri={}/",
        running.app_origin
    );
    let answer = get(&address, &address, &request).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 303 "));
}

#[tokio::test]
async fn taken_ports_give_way_to_free_ones() {
    let first = start(anywhere()).await.unwrap();
    let mut options = anywhere();
    options.app_port = port(&first.app_origin);
    options.server_port = port(&first.server_origin);
    let second = start(options).await.unwrap();
    assert_ne!(second.app_origin, first.app_origin);
    assert_ne!(second.server_origin, first.server_origin);
}

#[tokio::test]
async fn a_port_taken_in_one_family_is_taken() {
    let Ok(other) = TcpListener::bind("[::1]:0").await else {
        return;
    };
    let taken = other.local_addr().unwrap().port();
    let bound = listen::localhost(taken).await.unwrap();
    assert_ne!(bound.port, taken);
    assert_eq!(bound.listeners.len(), 2);
    for listener in bound.listeners {
        assert_eq!(listener.local_addr().unwrap().port(), bound.port);
        assert!(listener.local_addr().unwrap().ip().is_loopback());
    }
}

#[tokio::test]
async fn a_shutdown_closes_the_ports_at_once() {
    let running = start(anywhere()).await.unwrap();
    let addresses = [
        format!("127.0.0.1:{}", port(&running.app_origin)),
        format!("127.0.0.1:{}", port(&running.server_origin)),
    ];
    // A connection that a browser keeps for later.
    let mut idle = TcpStream::connect(&addresses[1]).await.unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", addresses[1]);
    idle.write_all(request.as_bytes()).await.unwrap();
    idle.read_u8().await.unwrap();

    timeout(Duration::from_secs(1), running.shutdown())
        .await
        .unwrap();
    for address in addresses {
        let refused = TcpStream::connect(&address).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    }
}

#[tokio::test]
async fn an_open_request_does_not_hold_up_a_shutdown_for_long() {
    let running = start(anywhere()).await.unwrap();
    let address = format!("127.0.0.1:{}", port(&running.server_origin));
    let mut slow = TcpStream::connect(&address).await.unwrap();
    let request =
        format!("POST /test/revoke HTTP/1.1\r\nHost: {address}\r\nContent-Length: 9\r\n\r\ntoken");
    slow.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    timeout(Duration::from_secs(4), running.shutdown())
        .await
        .unwrap();
}

#[tokio::test]
async fn dropping_it_closes_the_ports() {
    let running = start(anywhere()).await.unwrap();
    let address = format!("127.0.0.1:{}", port(&running.server_origin));
    drop(running);
    let closed = async {
        while TcpStream::connect(&address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(2), closed).await.unwrap();
}

#[tokio::test]
async fn a_redirect_uri_that_cant_be_registered_is_named() {
    let mut options = anywhere();
    options.redirect_uris = vec!["https://app.example/#cb".to_owned()];
    let error = start(options).await.err().unwrap();
    assert_eq!(
        error.to_string(),
        "the redirect URI \"https://app.example/#cb\" has a fragment"
    );
}

#[test]
fn an_origin_is_written_as_browsers_write_it() {
    assert_eq!(listen::origin("localhost", 4180), "http://localhost:4180");
    assert_eq!(listen::origin("localhost", 80), "http://localhost");
}
