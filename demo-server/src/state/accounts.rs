//! The people who can sign in. The passwords are printed on the sign-in page, so they are kept plain.

#[derive(Debug, PartialEq)]
pub struct Account {
    pub id: u32,
    pub name: &'static str,
    pub email: &'static str,
    password: &'static str,
    pub witty_title: &'static str,
    pub civic_points: u32,
}

/// The first is the one that the sign-in page tells of.
static ACCOUNTS: [Account; 2] = [
    Account {
        id: 1,
        name: "Ada Lovelace",
        email: "ada@example.com",
        password: "demo",
        witty_title: "Street Smart",
        civic_points: 340,
    },
    Account {
        id: 2,
        name: "Grace Lindqvist",
        email: "grace@example.com",
        password: "demo",
        witty_title: "Pothole Patrol",
        civic_points: 85,
    },
];

impl Account {
    /// What ID tokens and UserInfo name the person by: never given to another one, and never the
    /// e-mail address, which may be (OpenID Connect Core 1.0, section 5.7).
    pub fn subject(&self) -> String {
        format!("citizen-{}", self.id)
    }
}

pub fn sign_in(email: &str, password: &str) -> Option<&'static Account> {
    ACCOUNTS
        .iter()
        .find(|account| account.email.eq_ignore_ascii_case(email) && account.password == password)
}
