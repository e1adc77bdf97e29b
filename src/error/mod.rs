//! What can go wrong: a login, a response or a call that was refused ([`Error`]), and a wrong argument
//! ([`Invalid`]). Both are numbers with a row in a table; what a server said beside is a [`Refusal`].

mod options;
mod table;

pub(crate) use table::errors;

use options::options;

use crate::syntax::arena::{Arena, OutOfRoom};
use crate::syntax::form::Unreadable;
use crate::syntax::grammar::{is_unquoted, is_uri};
use crate::syntax::prose::put_prose;
use crate::syntax::text::{before, is_caseless};

macro_rules! codes {
    ($($(#[$about:meta])+ $Variant:ident $($said:ident)?: $code:literal, $message:literal;)+
     ;; $($(#[$further_about:meta])+ $Further:ident $($further_said:ident)?: $further_code:literal, $further_message:literal;)+
     ;; $($(#[$openid_about:meta])+ $OpenId:ident: $openid_code:literal, $openid_message:literal;)+) => {
        /// A login, a response or a call that was refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(clippy::enum_variant_names, reason = "they are the codes")]
        #[cfg_attr(feature = "package", allow(dead_code, reason = "an entry may have no use for a part"))]
        pub(crate) enum Error {
            $($(#[$about])+ $Variant,)+
            $($(#[$further_about])+ $Further,)+
            $($(#[$openid_about])+ $OpenId,)+
        }
    };
}
errors!(codes);

macro_rules! numbers {
    ($($Variant:ident: $option:literal, $must:literal;)+
     ;; $($Further:ident: $further_option:literal, $further_must:literal;)+
     ;; $($OpenId:ident: $openid_option:literal, $openid_must:literal;)+) => {
        /// Which argument is wrong, and how.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(dead_code, reason = "the package and the crate's API each have options of their own")]
        pub(crate) enum Invalid { $($Variant,)+ $($Further,)+ $($OpenId,)+ }

        impl Invalid {
            /// The option's name, and what it must be.
            #[cfg(feature = "alloc")]
            pub(crate) fn words(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$Variant => ($option, $must),)+
                    $(Self::$Further => ($further_option, $further_must),)+
                    $(Self::$OpenId => ($openid_option, $openid_must),)+
                }
            }
        }
    };
}
options!(numbers);

impl From<OutOfRoom> for Error {
    fn from(OutOfRoom: OutOfRoom) -> Self {
        Self::OutOfMemory
    }
}

impl From<Unreadable> for Error {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Malformed => Self::MalformedResponse,
            Unreadable::Repeated => Self::DuplicateParameter,
        }
    }
}

/// Characters that are kept of a server's description of an error.
const MAX_DESCRIPTION_CHARACTERS: usize = 1024;

/// A server's own words: RFC 6749, sections 4.2.2.1 and 5.2. They are inert text.
#[derive(Clone, Copy, Default)]
pub(crate) struct Refusal<'a> {
    pub(crate) error: &'a [u8],
    /// Empty where there is none; at most 1,024 characters of UTF-8, none of which is a control character.
    pub(crate) description: &'a [u8],
    /// Empty where there is none; else always `http:` or `https:`.
    pub(crate) uri: &'a [u8],
}

impl<'a> Refusal<'a> {
    /// What is kept of the three: `None` where the error breaks its character set. It alone decides, and the
    /// others are advice: a description is cleaned, and a URI that is none of a page is dropped.
    pub(crate) fn of<'r: 'a>(
        error: &'a [u8],
        description: &[u8],
        uri: &'a [u8],
        arena: &mut Arena<'r>,
    ) -> Option<Self> {
        let scheme = before(uri, b':');
        let is_page = scheme.len() < uri.len()
            && (is_caseless(scheme, b"https") || is_caseless(scheme, b"http"))
            && is_uri(uri);
        is_unquoted(error).then(|| Self {
            error,
            description: {
                put_prose(arena, description, MAX_DESCRIPTION_CHARACTERS);
                arena.take()
            },
            uri: if is_page { uri } else { b"" },
        })
    }
}
