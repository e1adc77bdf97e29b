//! A JSON object from a server (RFC 8259), as far as its members can have a meaning here. It is the
//! platform's parser that reads it.

/// The members of an object, by their names.
pub(crate) trait Document {
    fn member(&self, name: &str) -> Member<'_>;

    /// The members that have no meaning here, as JSON; empty where there are none.
    fn further(&self) -> &[u8];

    /// A text; empty where there is none.
    fn text(&self, name: &str) -> Result<&[u8], WrongType> {
        match self.member(name) {
            Member::Absent => Ok(b""),
            Member::Text(text) => Ok(text),
            _ => Err(WrongType),
        }
    }

    /// A number's digits, also where they stand in a text; empty where there is neither.
    fn number(&self, name: &str) -> &[u8] {
        match self.member(name) {
            Member::Number(text) | Member::Text(text) => text,
            _ => b"",
        }
    }

    /// A text, or the lines of an array of texts; empty where there is neither.
    fn lines(&self, name: &str) -> &[u8] {
        match self.member(name) {
            Member::List(text) | Member::Text(text) => text,
            _ => b"",
        }
    }

    /// Whether an array of texts is there that does not have this one.
    fn lacks(&self, name: &str, value: &str) -> bool {
        match self.member(name) {
            Member::List(lines) => !lines
                .split(|byte| *byte == b'\n')
                .any(|line| line == value.as_bytes()),
            _ => false,
        }
    }

    fn has_list(&self, name: &str) -> bool {
        matches!(self.member(name), Member::List(_))
    }
}

/// A member's value.
#[derive(Clone, Copy)]
pub(crate) enum Member<'a> {
    Absent,
    Text(&'a [u8]),
    /// A number, as the digits of its whole part.
    Number(&'a [u8]),
    /// An array, with a line for each text in it.
    List(&'a [u8]),
    /// `false`, by which some servers say that there is none.
    False,
    /// Anything else.
    Other,
}

/// A member that is there, and of a wrong type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WrongType;
