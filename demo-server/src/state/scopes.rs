//! Scopes: RFC 6749, section 3.3, and OpenID Connect Core 1.0, section 5.4.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Asks for an ID token, and is the one scope that UserInfo wants.
    OpenId,
    Profile,
    Issues,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::OpenId, Self::Profile, Self::Issues];
    /// What a request gets that names none: an ID token is for those who ask (Core, 3.1.2.1).
    const DEFAULT: [Self; 2] = [Self::Profile, Self::Issues];

    pub fn name(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Issues => "issues",
        }
    }

    /// What the consent page says.
    pub fn words(self) -> &'static str {
        match self {
            Self::OpenId => "Know that it is you whenever you sign in",
            Self::Profile => "See your name and e-mail address",
            Self::Issues => "See the issues you have reported, and report new ones in your name",
        }
    }
}

/// The default, where the request names nothing; nothing, where it names what does not exist.
pub fn parse(text: Option<&str>) -> Option<Vec<Scope>> {
    let Some(text) = text else {
        return Some(Scope::DEFAULT.to_vec());
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
