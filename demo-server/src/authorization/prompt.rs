//! What a request says of the person's sign-in: OpenID Connect Core 1.0, section 3.1.2.1.

use crate::http::parameters::{Parameters, Repeated};
use crate::state::clock;
use crate::state::sessions::Session;

#[derive(Debug, Default)]
pub struct Prompt {
    /// `prompt=none`: no page may be shown.
    pub none: bool,
    /// `prompt=login` or `select_account`: whoever is signed in has to do so again.
    again: bool,
    /// How long ago the sign-in may be, in seconds.
    max_age: Option<u64>,
}

impl Prompt {
    /// Or what is wrong with it. Consent is always asked for, so `prompt=consent` changes nothing.
    pub fn read(parameters: &Parameters) -> Result<Self, &'static str> {
        let get = |name| {
            parameters
                .get(name)
                .map_err(|Repeated| "The request repeats one of its parameters.")
        };
        let mut prompt = Self::default();
        let words = get("prompt")?.map(|text| text.split(' ').collect::<Vec<_>>());
        for word in words.iter().flatten() {
            match *word {
                "none" => prompt.none = true,
                "login" | "select_account" => prompt.again = true,
                "consent" => {}
                _ => return Err("The prompt is unknown."),
            }
        }
        if prompt.none && words.is_some_and(|words| words.len() > 1) {
            return Err("The prompt none stands alone.");
        }
        if let Some(seconds) = get("max_age")? {
            let seconds = seconds.parse();
            prompt.max_age = Some(seconds.map_err(|_| "The max_age is no number of seconds.")?);
        }
        Ok(prompt)
    }

    /// Whether the person of this session has to sign in again before anything else.
    pub fn wants_sign_in(&self, session: &Session) -> bool {
        let is_old = |seconds| session.since.saturating_add(seconds) < clock::unix_seconds();
        self.again || self.max_age.is_some_and(is_old)
    }
}
