//! A JSON object from a server (RFC 8259), as far as its members can have a meaning here. It is the
//! platform's parser that reads it.

/// The members of an object, by their names.
pub(crate) trait Document {
    fn member(&self, name: &str) -> Member<'_>;

    /// A text; empty where there is none.
    fn text(&self, name: &str) -> Result<&[u8], WrongType> {
        match self.member(name) {
            Member::Absent => Ok(b""),
            Member::Text(text) => Ok(text),
            _ => Err(WrongType),
        }
    }

    /// A number's digits, also where they stand in a text; empty where there is none.
    fn number(&self, name: &str) -> Result<&[u8], WrongType> {
        match self.member(name) {
            Member::Number(digits) => Ok(digits),
            _ => self.text(name),
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
    /// A number, as digits where it is a whole one.
    Number(&'a [u8]),
    /// An array, with a line for each text in it.
    List(&'a [u8]),
    /// Anything else.
    Other,
}

/// A member that is there, and of a wrong type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WrongType;
