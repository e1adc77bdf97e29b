//! Which authorization endpoints a client can have: rule A1.

use crate::fixtures::{accepted, check_all, refused, server};

#[test]
fn rule_a1_which_authorization_endpoints_are_accepted() {
    let rows = [
        "https://as.example/authorize",
        "https://as.example:8443/authorize",
        "https://as.example",
        "https://as.example/authorize?tenant=7&statement=1&Client_Id=x",
        "https://as.example/authorize?x=state",
        "http://localhost:3000/authorize",
        "http://as.localhost/authorize",
        "http://127.0.0.1:4181/authorize",
        "http://127.8.9.10/authorize",
        "http://0x7f.1/authorize",
        "http://[::1]:4181/authorize",
    ];
    check_all(rows, |row| {
        accepted(server(row)).map_err(|it| format!("{row}: {it}"))
    });
}

#[test]
fn rule_a1_which_authorization_endpoints_are_refused() {
    let rows = [
        "http://as.example/authorize",
        "http://127.0.0.1.evil.example/authorize",
        "http://localhost.evil.example/authorize",
        "http://notlocalhost/authorize",
        "http://127.evil.example/authorize",
        "http://128.0.0.1/authorize",
        "http://[::2]/authorize",
        "http://localhost@evil.example/authorize",
        "https://as.example/authorize#",
        "https://as.example/authorize#x",
        "https://ada@as.example/authorize",
        "https://ada:secret@as.example/authorize",
        "https://as.example/authorize?response_type=code",
        "https://as.example/authorize?client_id=x",
        "https://as.example/authorize?redirect_uri=x",
        "https://as.example/authorize?scope=x",
        "https://as.example/authorize?state=x",
        "https://as.example/authorize?state",
        "https://as.example/authorize?a=1&%73tat%65=x",
        "ftp://as.example/authorize",
        "wss://as.example/authorize",
        "javascript:alert(1)",
        "data:text/html,x",
        "com.example.as:/authorize",
    ];
    check_all(rows, |row| {
        refused(server(row), "server.authorization_endpoint").map_err(|it| format!("{row}: {it}"))
    });
}
