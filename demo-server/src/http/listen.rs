//! Ports on loopback: the one asked for, or a free one where it is taken.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};

use tokio::net::TcpListener;

/// How often a port is looked for that is free in both address families.
const ATTEMPTS: usize = 16;

/// The listeners of `localhost`, a name that means 127.0.0.1, ::1, or both.
pub struct Localhost {
    pub port: u16,
    pub listeners: Vec<TcpListener>,
}

pub async fn loopback(port: u16) -> io::Result<TcpListener> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
        }
        outcome => outcome,
    }
}

/// Both families, where the machine has both: a browser may try either first, and must not meet
/// another program's page there.
pub async fn localhost(port: u16) -> io::Result<Localhost> {
    let mut port = port;
    for _ in 0..ATTEMPTS {
        let v4 = loopback(port).await?;
        let bound = v4.local_addr()?.port();
        match TcpListener::bind((Ipv6Addr::LOCALHOST, bound)).await {
            Ok(v6) => {
                return Ok(Localhost {
                    port: bound,
                    listeners: vec![v4, v6],
                });
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => port = 0,
            Err(_) => {
                return Ok(Localhost {
                    port: bound,
                    listeners: vec![v4],
                });
            }
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AddrInUse,
        "no port is free on both 127.0.0.1 and ::1",
    ))
}

/// An origin as a browser writes it: without the scheme's own port.
pub fn origin(host: &str, port: u16) -> String {
    match port {
        80 => format!("http://{host}"),
        port => format!("http://{host}:{port}"),
    }
}
