//! Scopes: RFC 6749, section 3.3.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Profile,
    Issues,
}

impl Scope {
    pub const ALL: [Self; 2] = [Self::Profile, Self::Issues];

    pub fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Issues => "issues",
        }
    }

    /// What the consent page says.
    pub fn words(self) -> &'static str {
        match self {
            Self::Profile => "See your name and e-mail address",
            Self::Issues => "See the issues you have reported, and report new ones in your name",
        }
    }
}

/// Everything, where the request names nothing; nothing, where it names what does not exist.
pub fn parse(text: Option<&str>) -> Option<Vec<Scope>> {
    let Some(text) = text else {
        return Some(Scope::ALL.to_vec());
    };
    let mut scopes = Vec::new();
    for name in text.split(' ') {
        let scope = Scope::ALL.into_iter().find(|scope| scope.name() == name)?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Some(scopes)
}

pub fn join(scopes: &[Scope]) -> String {
    scopes
        .iter()
        .map(|scope| scope.name())
        .collect::<Vec<_>>()
        .join(" ")
}
