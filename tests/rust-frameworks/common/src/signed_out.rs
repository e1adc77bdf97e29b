//! Nobody is ever signed in: what the program weighs without claviger.

use crate::{Registered, Shown};

#[derive(Clone, PartialEq)]
pub struct Session {
    api: String,
}

impl Session {
    pub fn new(registered: &Registered) -> Self {
        let api = registered.api.clone();
        Self { api }
    }

    pub fn state(&self) -> &'static str {
        "signed-out"
    }

    pub fn follow(&self, _: impl Fn(&str) + 'static) {}

    pub async fn start(&self) -> Shown {
        Shown::text("Signed out")
    }

    pub async fn act(&self, id: &str) -> Shown {
        Shown::text(&format!("{id} {}", self.api))
    }
}
