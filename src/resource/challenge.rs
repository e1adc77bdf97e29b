//! What a server asks for when it refuses: RFC 9110, section 11.6.1; RFC 6750, section 3.

use crate::syntax::arena::Arena;
use crate::syntax::grammar::is_token_byte;
#[cfg(feature = "package")]
use crate::syntax::text::is;
use crate::syntax::text::{from, to};

/// Parameters that one challenge may have; the rest is left out.
const MAX_PARAMETERS: u8 = 64;

/// One step of reading a `WWW-Authenticate` header, or several that were joined with commas. What
/// breaks the grammar is left out, up to the next comma. Where a server puts spaces alone between
/// parameters, each of them is read; a value that goes on behind a space is none.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// A challenge begins: its scheme, in lower case, and what stands in the place of parameters in
    /// some schemes; empty where nothing does.
    Scheme { name: &'a [u8], token68: &'a [u8] },
    /// A parameter of the challenge that began last: its name, in lower case, and its value without
    /// quotes and escapes. A name can come again; the first one counts.
    Parameter { name: &'a [u8], value: &'a [u8] },
}

/// Reads a header's parts one after the other.
pub(crate) struct Challenges<'a> {
    reader: Reader<'a>,
    /// A challenge has begun that has no token68, and may have so many parameters more.
    parameters_left: u8,
}

impl<'a> Challenges<'a> {
    pub(crate) fn of(header: &'a [u8]) -> Self {
        Self {
            reader: Reader(header),
            parameters_left: 0,
        }
    }

    /// The next part; `None` at the end.
    pub(crate) fn next(&mut self, arena: &mut Arena<'a>) -> Option<Part<'a>> {
        let reader = &mut self.reader;
        loop {
            reader.take(|byte| matches!(byte, b',' | b' ' | b'\t'));
            if reader.0.is_empty() {
                return None;
            }
            let name = reader.take(is_token_byte);
            let space = reader.space();
            if name.is_empty() {
                reader.skip();
            } else if reader.0.starts_with(b"=") {
                match reader.value(arena) {
                    Some(value) if self.parameters_left > 0 => {
                        self.parameters_left = self.parameters_left.saturating_sub(1);
                        let name = lower_case(name, arena);
                        return Some(Part::Parameter { name, value });
                    }
                    Some(_) => {}
                    None => reader.skip(),
                }
            } else if space.is_empty() && !reader.is_at_end() {
                reader.skip();
            } else {
                let token68 = reader.token68();
                self.parameters_left = if token68.is_empty() {
                    MAX_PARAMETERS
                } else {
                    0
                };
                let name = lower_case(name, arena);
                return Some(Part::Scheme { name, token68 });
            }
        }
    }
}

fn lower_case<'a>(text: &[u8], arena: &mut Arena<'a>) -> &'a [u8] {
    for byte in text {
        arena.push(byte.to_ascii_lowercase());
    }
    arena.take()
}

/// Whether a challenge says that the token is expired, revoked, malformed or otherwise invalid
/// (RFC 6750, section 3.1).
#[cfg(feature = "package")]
pub(crate) fn has_invalid_token<'a>(header: &'a [u8], arena: &mut Arena<'a>) -> bool {
    let mut challenges = Challenges::of(header);
    let mut expects_error = false;
    loop {
        match challenges.next(arena) {
            None => return false,
            Some(Part::Scheme { name, .. }) => expects_error = is(name, b"bearer"),
            Some(Part::Parameter { name, value }) if expects_error && is(name, b"error") => {
                if is(value, b"invalid_token") {
                    return true;
                }
                expects_error = false;
            }
            Some(Part::Parameter { .. }) => {}
        }
    }
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The bytes up to the first one that is another.
    fn take(&mut self, is_taken: fn(u8) -> bool) -> &'a [u8] {
        let end = self.0.iter().position(|byte| !is_taken(*byte));
        let end = end.unwrap_or(self.0.len());
        let taken = to(self.0, end);
        self.0 = from(self.0, end);
        taken
    }

    fn space(&mut self) -> &'a [u8] {
        self.take(|byte| matches!(byte, b' ' | b'\t'))
    }

    fn is_at_end(&self) -> bool {
        matches!(self.0, [] | [b',', ..])
    }

    /// What stands between `=` and the next comma or parameter; nothing where that is neither a token nor
    /// a quoted string.
    fn value(&mut self, arena: &mut Arena<'a>) -> Option<&'a [u8]> {
        self.0 = from(self.0, 1);
        self.space();
        let value = if self.0.starts_with(b"\"") {
            self.quoted(arena)
        } else {
            Some(self.take(is_token_byte)).filter(|token| !token.is_empty())
        };
        let space = self.space();
        value.filter(|_| self.is_at_end() || (!space.is_empty() && self.is_at_parameter()))
    }

    /// Whether a name and an equals sign are next.
    fn is_at_parameter(&self) -> bool {
        let mut ahead = Reader(self.0);
        let name = ahead.take(is_token_byte);
        ahead.space();
        !name.is_empty() && ahead.0.starts_with(b"=")
    }

    /// A quoted string without its quotes and escapes (RFC 9110, section 5.6.4); nothing where it has
    /// no end.
    fn quoted(&mut self, arena: &mut Arena<'a>) -> Option<&'a [u8]> {
        self.0 = from(self.0, 1);
        loop {
            arena.put(self.take(|byte| !matches!(byte, b'"' | b'\\')));
            match self.0 {
                [b'"', rest @ ..] => {
                    self.0 = rest;
                    return Some(arena.take());
                }
                // Of a character that takes several bytes the rest is no delimiter.
                [b'\\', escaped, rest @ ..] => {
                    arena.push(*escaped);
                    self.0 = rest;
                }
                _ => {
                    arena.take();
                    return None;
                }
            }
        }
    }

    /// One token68 alone (RFC 9110, section 11.2), and nothing where parameters follow.
    fn token68(&mut self) -> &'a [u8] {
        let mut ahead = Reader(self.0);
        let token = ahead.take(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
        });
        let padding = ahead.take(|byte| byte == b'=');
        ahead.space();
        if token.is_empty() || !ahead.is_at_end() {
            return b"";
        }
        let whole = to(self.0, token.len().saturating_add(padding.len()));
        self.0 = ahead.0;
        whole
    }

    /// Leaves out what stands before the next comma that is not quoted.
    fn skip(&mut self) {
        loop {
            self.take(|byte| !matches!(byte, b',' | b'"'));
            if self.is_at_end() {
                return;
            }
            self.skip_quoted();
        }
    }

    /// Leaves a quoted string out; all that is left where it has no end.
    fn skip_quoted(&mut self) {
        self.0 = from(self.0, 1);
        loop {
            self.take(|byte| !matches!(byte, b'"' | b'\\'));
            match self.0 {
                [b'"', rest @ ..] => {
                    self.0 = rest;
                    return;
                }
                [b'\\', _, rest @ ..] => self.0 = rest,
                _ => {
                    self.0 = b"";
                    return;
                }
            }
        }
    }
}
