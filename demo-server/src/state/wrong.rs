//! What is not right with the next ID token, for a page that shows how it is refused.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Another login's nonce.
    Nonce,
    /// For another client.
    Audience,
    /// By another key than the one that is named.
    Signature,
}

impl Wrong {
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Nonce, Self::Audience, Self::Signature]
            .into_iter()
            .find(|wrong| wrong.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Nonce => "nonce",
            Self::Audience => "audience",
            Self::Signature => "signature",
        }
    }
}
