//! A JSON object, read from its text: RFC 8259, and none of what it leaves open.
//!
//! Each name stands once in its object, compared after its escapes (RFC 7515, section 4; RFC 7519, section
//! 4), every text is one of whole characters, and nesting, members and items have limits.
//!
//! What is read stands in the arena as values with their lengths in front, so that one of them is passed
//! over in a step, and every text is there as it was meant.

use super::arena::Arena;
use super::text::is;
use super::utf8::is_utf8;

const MAX_DEPTH: u8 = 32;
const MAX_MEMBERS: usize = 256;
const MAX_ITEMS: usize = 2048;

/// Bytes in front of a value: its kind, and the length of what follows.
const HEAD_BYTES: usize = 5;

/// The kinds, as they begin in the text where they have one beginning.
const NULL: u8 = b'n';
const TRUE: u8 = b't';
const FALSE: u8 = b'f';
const NUMBER: u8 = b'0';
const TEXT: u8 = b'"';
const LIST: u8 = b'[';
const OBJECT: u8 = b'{';

/// A value of any kind.
#[derive(Clone)]
pub(crate) enum Value<'a> {
    Null,
    #[cfg_attr(
        not(feature = "alloc"),
        allow(dead_code, reason = "no rule needs its value")
    )]
    Flag(bool),
    /// As it was written.
    Number(&'a [u8]),
    Text(&'a [u8]),
    List(Values<'a>),
    Object(Object<'a>),
}

/// A member that is there, and of another type than it has to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WrongType;

/// The members of an object.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a>(&'a [u8]);

impl<'a> Object<'a> {
    /// Reads a text that is one object and nothing else; `None` where it is not.
    pub(crate) fn parse(text: &[u8], arena: &mut Arena<'a>) -> Option<Self> {
        let mut parser = Parser { rest: text, arena };
        parser.pass_space();
        let parsed = parser.value(MAX_DEPTH);
        parser.pass_space();
        let is_whole = parsed.is_some() && parser.rest.is_empty() && is_utf8(text);
        match Values(arena.take()).next() {
            Some(Value::Object(object)) if is_whole => Some(object),
            _ => None,
        }
    }

    /// The members, each with its name.
    pub(crate) fn members(self) -> Members<'a> {
        Members(self.0)
    }

    /// Whether there is a member of this name, whatever it is.
    pub(crate) fn has(self, name: &str) -> bool {
        self.members().any(|(known, _)| is(known, name.as_bytes()))
    }

    /// A member's value; `null` counts as no value.
    pub(crate) fn get(self, name: &str) -> Option<Value<'a>> {
        let mut members = self.members();
        let (_, value) = members.find(|(known, _)| is(known, name.as_bytes()))?;
        match value {
            Value::Null => None,
            value => Some(value),
        }
    }

    /// A member that has to be a text where it is there.
    pub(crate) fn text(self, name: &str) -> Result<Option<&'a [u8]>, WrongType> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(WrongType),
        }
    }

    /// Whether a member is this text.
    pub(crate) fn is(self, name: &str, text: &[u8]) -> bool {
        matches!(self.text(name), Ok(Some(known)) if is(known, text))
    }
}

/// Values behind each other.
#[derive(Clone)]
pub(crate) struct Values<'a>(&'a [u8]);

impl<'a> Iterator for Values<'a> {
    type Item = Value<'a>;

    #[inline(never)]
    fn next(&mut self) -> Option<Value<'a>> {
        let ([kind, length @ ..], rest) = self.0.split_first_chunk::<HEAD_BYTES>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(match *kind {
            TRUE => Value::Flag(true),
            FALSE => Value::Flag(false),
            NUMBER => Value::Number(content),
            TEXT => Value::Text(content),
            LIST => Value::List(Values(content)),
            OBJECT => Value::Object(Object(content)),
            _ => Value::Null,
        })
    }
}

/// The members of an object, in their order: a name, which is a text, and its value.
pub(crate) struct Members<'a>(&'a [u8]);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a [u8], Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut values = Values(self.0);
        let Some(Value::Text(name)) = values.next() else {
            return None;
        };
        let value = values.next()?;
        self.0 = values.0;
        Some((name, value))
    }
}

struct Parser<'t, 'p, 'a> {
    rest: &'t [u8],
    arena: &'p mut Arena<'a>,
}

impl Parser<'_, '_, '_> {
    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    /// Passes a byte, where it comes next.
    fn pass(&mut self, byte: u8) -> bool {
        let rest = self.rest.strip_prefix(&[byte]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.pass(byte).then_some(())
    }

    fn pass_space(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// Begins a value, and gives its place.
    fn begin(&mut self, kind: u8) -> usize {
        let place = self.arena.draft().len();
        self.arena.put(&[kind, 0, 0, 0, 0]);
        place
    }

    /// Ends the value at this place: its length is known now.
    fn end(&mut self, place: usize) {
        let draft = self.arena.draft();
        let value = draft.get_mut(place..).unwrap_or_default();
        let length = value.len().saturating_sub(HEAD_BYTES);
        if let Some([_, head @ ..]) = value.first_chunk_mut::<HEAD_BYTES>() {
            // The text of a response has no more bytes than 32 bits count.
            *head = u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        }
    }

    fn value(&mut self, depth: u8) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match *self.rest.first()? {
            TEXT => self.text(),
            LIST => self.list(depth),
            OBJECT => self.object(depth),
            kind @ NULL => self.word(kind, b"null"),
            kind @ TRUE => self.word(kind, b"true"),
            kind @ FALSE => self.word(kind, b"false"),
            _ => self.number(),
        }
    }

    fn word(&mut self, kind: u8, word: &[u8]) -> Option<()> {
        for byte in word {
            self.expect(*byte)?;
        }
        let place = self.begin(kind);
        self.end(place);
        Some(())
    }

    fn list(&mut self, depth: u8) -> Option<()> {
        self.expect(b'[')?;
        let place = self.begin(LIST);
        self.pass_space();
        let mut is_over = self.pass(b']');
        let mut items = 0;
        while !is_over && items < MAX_ITEMS {
            items = items.wrapping_add(1);
            self.pass_space();
            self.value(depth)?;
            self.pass_space();
            is_over = self.pass(b']');
            if !is_over {
                self.expect(b',')?;
            }
        }
        self.end(place);
        is_over.then_some(())
    }

    fn object(&mut self, depth: u8) -> Option<()> {
        self.expect(b'{')?;
        let place = self.begin(OBJECT);
        self.pass_space();
        let mut is_over = self.pass(b'}');
        let mut members = 0;
        while !is_over && members < MAX_MEMBERS {
            members = members.wrapping_add(1);
            self.pass_space();
            let name = self.arena.draft().len();
            self.text()?;
            if self.is_known(place, name) {
                return None;
            }
            self.pass_space();
            self.expect(b':')?;
            self.pass_space();
            self.value(depth)?;
            self.pass_space();
            is_over = self.pass(b'}');
            if !is_over {
                self.expect(b',')?;
            }
        }
        self.end(place);
        is_over.then_some(())
    }

    /// Whether the object at a place has a member of the name that was written last.
    fn is_known(&mut self, object: usize, name: usize) -> bool {
        let Some((written, name)) = self.arena.draft().split_at_checked(name) else {
            return false;
        };
        let members = written.get(object.saturating_add(HEAD_BYTES)..);
        let Some(Value::Text(name)) = Values(name).next() else {
            return false;
        };
        Members(members.unwrap_or_default()).any(|(known, _)| is(known, name))
    }

    /// RFC 8259, section 6.
    fn number(&mut self) -> Option<()> {
        let place = self.begin(NUMBER);
        self.copy_if(b"-");
        if !self.copy_if(b"0") {
            self.digits()?;
        }
        if self.copy_if(b".") {
            self.digits()?;
        }
        if self.copy_if(b"eE") {
            self.copy_if(b"+-");
            self.digits()?;
        }
        self.end(place);
        Some(())
    }

    /// Takes one of some characters over, where one comes next.
    fn copy_if(&mut self, characters: &[u8]) -> bool {
        match self.rest {
            [byte, rest @ ..] if characters.contains(byte) => {
                self.arena.push(*byte);
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn digits(&mut self) -> Option<()> {
        const DIGITS: &[u8] = b"0123456789";
        self.copy_if(DIGITS).then_some(())?;
        while self.copy_if(DIGITS) {}
        Some(())
    }

    /// RFC 8259, section 7.
    fn text(&mut self) -> Option<()> {
        self.expect(b'"')?;
        let place = self.begin(TEXT);
        loop {
            match self.next()? {
                b'"' => break,
                b'\\' => self.escape()?,
                0..=0x1F => return None,
                byte => self.arena.push(byte),
            }
        }
        self.end(place);
        Some(())
    }

    /// What stands behind a backslash. A half of a surrogate pair is no character (section 8.2).
    fn escape(&mut self) -> Option<()> {
        let code = match self.next()? {
            byte @ (b'"' | b'\\' | b'/') => u32::from(byte),
            b'b' => 0x08,
            b'f' => 0x0C,
            b'n' => 0x0A,
            b'r' => 0x0D,
            b't' => 0x09,
            b'u' => match self.four_digits()? {
                high @ 0xD800..=0xDBFF => {
                    self.expect(b'\\')?;
                    self.expect(b'u')?;
                    match self.four_digits()? {
                        low @ 0xDC00..=0xDFFF => {
                            (((high & 0x3FF) << 10) | (low & 0x3FF)).wrapping_add(0x1_0000)
                        }
                        _ => return None,
                    }
                }
                0xDC00..=0xDFFF => return None,
                code => code,
            },
            _ => return None,
        };
        self.push_character(code);
        Some(())
    }

    fn four_digits(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = (code << 4) | char::from(self.next()?).to_digit(16)?;
        }
        Some(code)
    }

    /// RFC 3629, section 3.
    fn push_character(&mut self, code: u32) {
        // The last bits of a character, in a byte that goes on.
        #[allow(clippy::cast_possible_truncation)]
        let bits = |shift: u32| ((code >> shift) as u8 & 0x3F) | 0x80;
        #[allow(clippy::cast_possible_truncation)]
        let first = |shift: u32| (code >> shift) as u8;
        match code {
            0..=0x7F => self.arena.push(first(0)),
            0x80..=0x7FF => self.arena.put(&[first(6) | 0xC0, bits(0)]),
            0x800..=0xFFFF => self.arena.put(&[first(12) | 0xE0, bits(6), bits(0)]),
            _ => self
                .arena
                .put(&[first(18) | 0xF0, bits(12), bits(6), bits(0)]),
        }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests {
    use alloc::format;
    use alloc::string::String;
    use alloc::vec;

    use proptest::prelude::*;

    use super::{MAX_DEPTH, MAX_ITEMS, MAX_MEMBERS, Object, Value};
    use crate::syntax::arena::Arena;

    /// What was read, written again; `None` where it was refused.
    fn read(text: &[u8]) -> Option<serde_json::Value> {
        let mut room = vec![0; 8 * text.len() + 64];
        let mut arena = Arena::new(&mut room);
        let object = Object::parse(text, &mut arena);
        assert!(arena.complete().is_ok(), "there was too little room");
        object.map(|object| as_value(Value::Object(object)))
    }

    fn as_value(value: Value<'_>) -> serde_json::Value {
        let text = |text: &[u8]| String::from(core::str::from_utf8(text).unwrap_or("no UTF-8"));
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Flag(flag) => flag.into(),
            Value::Number(digits) => serde_json::from_slice(digits).unwrap_or("no number".into()),
            Value::Text(it) => text(it).into(),
            Value::List(items) => items.map(as_value).collect(),
            Value::Object(object) => {
                let members = object.members();
                serde_json::Value::Object(
                    members
                        .map(|(name, it)| (text(name), as_value(it)))
                        .collect(),
                )
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Texts of pieces of JSON, whole ones and broken ones.
        #[test]
        fn it_reads_what_serde_json_reads_and_nothing_else(
            pieces in proptest::collection::vec(prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"", "\\", "\\u00e4", "\\ud83e", "\\udd8a", "\\n",
                "0", "1", "-", ".5", "e9", "E+1", "01", "null", "true", "false", "nul", " ", "\t", "\u{FEFF}", "\u{1}",
                "ä", "🦊", "{\"a\":", "\"x\":1", ",\"y\":[]", "\"c\":{}",
            ]), 0..14),
            is_closed in any::<bool>(),
        ) {
            let mut text = pieces.concat();
            if is_closed {
                text = format!("{{\"s\":{text}}}");
            }
            let known: Option<serde_json::Value> = serde_json::from_str(&text).ok();
            let known = known.filter(serde_json::Value::is_object);
            // serde_json takes the last of two members of one name.
            match read(text.as_bytes()) {
                Some(value) => prop_assert_eq!(Some(value), known, "{}", text),
                None => prop_assert!(known.is_none() || may_have_a_name_twice(&text), "{}", text),
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64), room in 0..64_usize) {
            let mut room = vec![0; room];
            let _ = Object::parse(&bytes, &mut Arena::new(&mut room));
        }
    }

    /// As far as the pieces tell.
    fn may_have_a_name_twice(text: &str) -> bool {
        ["a", "b", "x", "y", "c", "s"]
            .iter()
            .any(|name| text.matches(&format!("\"{name}\":")).count() > 1)
            || text.contains("\\")
    }

    #[test]
    fn every_value_comes_back() {
        let texts = [
            "{}",
            r#" { "a" : [ ] , "b" : { "c" : [ { } , null , true , false ] } } "#,
            r#"{"\u0000\ud83e\udd8a\"\\\/\b\f\n\r\t\uFFFF\u00e9\u0800":"é🦊"}"#,
            r#"{"n":[0,-0,1,-1,0.5,1e9,1E+9,1.25e-3,18446744073709551615]}"#,
            r#"{"__proto__":{"__proto__":1},"":2}"#,
        ];
        for text in texts {
            assert_eq!(
                read(text.as_bytes()),
                serde_json::from_str(text).ok(),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_left_open_elsewhere_is_refused() {
        let texts: [&[u8]; 16] = [
            br#"{"a":1,"a":1}"#,
            br#"{"a":1,"\u0061":1}"#,
            br#"{"x":{"a":1,"a":1}}"#,
            br#"{"x":[{"a":1,"a":1}]}"#,
            b"\xEF\xBB\xBF{}",
            b"{\"a\":\"\xEB\"}",
            b"{\"a\":\"\xC0\xAF\"}",
            br#"{"a":"\ud800"}"#,
            br#"{"a":"\udc00"}"#,
            br#"{"a":"\ud800\u0041"}"#,
            br#"{"a":1,}"#,
            br#"{"a":01}"#,
            br#"{"a":+1}"#,
            br#"{"a":1}x"#,
            b"[]",
            b"",
        ];
        for text in texts {
            assert_eq!(read(text), None, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn nesting_members_and_items_have_limits() {
        let nested = |levels: usize| {
            format!(
                "{{\"a\":{}{}}}",
                "[".repeat(levels - 1),
                "]".repeat(levels - 1)
            )
        };
        let items = |count: usize| format!("{{\"a\":[{}1]}}", "1,".repeat(count - 1));
        let members = |count: usize| {
            let members: vec::Vec<String> = (0..count).map(|at| format!("\"{at}\":1")).collect();
            format!("{{{}}}", members.join(","))
        };
        for (most, one_more) in [
            (nested(MAX_DEPTH.into()), nested(usize::from(MAX_DEPTH) + 1)),
            (items(MAX_ITEMS), items(MAX_ITEMS + 1)),
            (members(MAX_MEMBERS), members(MAX_MEMBERS + 1)),
        ] {
            assert!(read(most.as_bytes()).is_some(), "{most}");
            assert!(read(one_more.as_bytes()).is_none(), "{one_more}");
        }
    }
}
