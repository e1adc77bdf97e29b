//! Form-urlencoded text, in and out: RFC 6749, section 3.1 and appendix B.

use super::arena::Arena;
use super::text::{Split, cut, from, split};
use super::url::Url;
use super::utf8::is_utf8;

/// What makes a form unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// A `%` that begins no escape, or bytes that are no UTF-8.
    Malformed,
    /// A name that is known occurs twice (RFC 6749, section 3.1).
    Repeated,
}

/// The bytes of a name or a value, decoded as they are asked for. A `%` that begins no escape stays
/// as it is.
#[derive(Clone)]
pub(crate) struct Decoded<'a>(&'a [u8]);

/// Decodes once. What is received is decoded twice nowhere.
pub(crate) fn decoded(raw: &[u8]) -> Decoded<'_> {
    Decoded(raw)
}

impl Iterator for Decoded<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        match self.advance() {
            NONE => None,
            byte => Some(byte.to_le_bytes()[0]),
        }
    }
}

impl<'a> Decoded<'a> {
    /// The same decoded once more, as two servers behind each other do it.
    pub(crate) fn again(mut self) -> impl Iterator<Item = u8> + use<'a> {
        core::iter::from_fn(move || {
            let byte = self.next()?;
            let mut ahead = self.clone();
            if byte == b'%'
                && let (Some(high), Some(low)) = (ahead.next(), ahead.next())
                && let Ok(escaped) = u8::try_from(escaped(&[high, low]))
            {
                self = ahead;
                return Some(escaped);
            }
            Some(byte)
        })
    }
}

/// No byte: what stands behind the last one, and what a digit that is none is worth. A `%` that begins
/// no escape is a byte above it.
const NONE: u32 = 256;

impl Decoded<'_> {
    /// The next byte, as a number because an `Option` of one would be returned through memory.
    #[inline(never)]
    fn advance(&mut self) -> u32 {
        let Some((byte, behind)) = self.0.split_first() else {
            return NONE;
        };
        self.0 = behind;
        match byte {
            b'+' => u32::from(b' '),
            b'%' => {
                let escaped = escaped(behind);
                if escaped < NONE {
                    self.0 = from(behind, 2);
                    escaped
                } else {
                    NONE | u32::from(b'%')
                }
            }
            byte => u32::from(*byte),
        }
    }
}

/// The byte that the first two digits write in hexadecimal; [`NONE`] or more where they do not.
#[inline(never)]
fn escaped(digits: &[u8]) -> u32 {
    match digits {
        [high, low, ..] => (hex(*high) << 4) | hex(*low),
        _ => NONE,
    }
}

fn hex(digit: u8) -> u32 {
    match digit {
        b'0'..=b'9' => u32::from(digit & 0x0F),
        b'A'..=b'F' | b'a'..=b'f' => u32::from(digit & 0x0F).wrapping_add(9),
        _ => NONE,
    }
}

/// The pairs of a form that have a name or a value: split on `&`, then on the first `=`. Nothing is
/// decoded yet.
#[derive(Clone)]
pub(crate) struct Pairs<'a>(Split<'a>);

pub(crate) fn pairs(form: &[u8]) -> Pairs<'_> {
    Pairs(split(form, b'&'))
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a [u8], &'a [u8]);

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let pair = self.0.next()?;
            if !pair.is_empty() {
                return Some(halves(pair));
            }
        }
    }
}

/// A pair's name, and its value, which may be left out.
pub(crate) fn halves(pair: &[u8]) -> (&[u8], &[u8]) {
    let (name, value) = cut(pair, b'=');
    (name, value.unwrap_or_default())
}

/// The place of the name, once decoded, among these words.
#[inline(never)]
fn place_of_name(name: &[u8], names: &str) -> Option<usize> {
    split(names.as_bytes(), b' ').position(|word| !word.is_empty() && is_same(decoded(name), word))
}

/// Whether the name, once decoded, is one of these words.
pub(crate) fn is_named(name: &[u8], names: &str) -> bool {
    place_of_name(name, names).is_some()
}

/// Whether a name or a value, once decoded, is this text.
#[inline(never)]
pub(crate) fn is_same(mut raw: Decoded<'_>, text: &[u8]) -> bool {
    text.iter().all(|byte| raw.next() == Some(*byte)) && raw.next().is_none()
}

/// Whether a pair has one of the names.
pub(crate) fn has_name(form: &[u8], names: &str) -> bool {
    pairs(form).any(|(name, _)| is_named(name, names))
}

/// A name or a value as text; a slice of `raw` itself where nothing in it is escaped.
pub(crate) fn decode<'a>(raw: &'a [u8], arena: &mut Arena<'a>) -> Result<&'a [u8], Unreadable> {
    match decode_any(raw, arena) {
        (text, true) => Ok(text),
        _ => Err(Unreadable::Malformed),
    }
}

/// The bytes of a name or a value, and whether they are text that was escaped as it has to be.
fn decode_any<'a>(raw: &'a [u8], arena: &mut Arena<'a>) -> (&'a [u8], bool) {
    if !raw.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return (raw, true);
    }
    let mut is_well_escaped = true;
    let mut rest = decoded(raw);
    loop {
        match rest.advance() {
            NONE => break,
            byte => {
                is_well_escaped &= byte < NONE;
                arena.push(byte.to_le_bytes()[0]);
            }
        }
    }
    let text = arena.take();
    (text, is_well_escaped && is_utf8(text))
}

/// Where the values of a form stand, each in the place of its name. They are read where they stand,
/// because a struct of so many texts would be moved text by text.
pub(crate) struct Slots<'a>(pub(crate) [&'a [u8]; MOST_NAMES]);

impl Default for Slots<'_> {
    #[inline(never)]
    fn default() -> Self {
        Self([b""; MOST_NAMES])
    }
}

/// Names that a form of ours has at most.
pub(crate) const MOST_NAMES: usize = 19;

/// Reads the pairs whose names are among `names`, each into its slot. The first so many of these decide:
/// their values have to be text. The other ones are advice, and may be any bytes.
#[inline(never)]
pub(crate) fn read<'a>(
    form: &'a [u8],
    names: &str,
    deciding: usize,
    slots: &mut Slots<'a>,
    arena: &mut Arena<'a>,
) -> Result<(), Unreadable> {
    slots.0.fill(b"");
    let mut is_repeated = false;
    // A bit for each name that has occurred: an empty value is one, too.
    let mut seen = 0_usize;
    for (name, value) in pairs(form) {
        let place = place_of_name(name, names);
        if let Some((at, slot)) = place.and_then(|at| Some((at, slots.0.get_mut(at)?))) {
            is_repeated |= (seen >> at) & 1 != 0;
            seen |= 1 << at;
            let (value, is_text) = decode_any(value, arena);
            if at < deciding && !is_text {
                return Err(Unreadable::Malformed);
            }
            *slot = value;
        }
    }
    // What can't be decoded is worse than what occurs twice, wherever it stands.
    if is_repeated {
        Err(Unreadable::Repeated)
    } else {
        Ok(())
    }
}

/// A type with a text for each parameter of a form, by its name. An empty value counts as an absent one
/// (RFC 6749, section 3.1), so none of them is an `Option`.
/// Those behind a semicolon decide nothing, and may be any bytes.
macro_rules! parameters {
    ($(#[$about:meta])* $visible:vis struct $Name:ident {
        $($(#[$meaning:meta])* $name:ident,)+
        $(; $($(#[$advised:meta])* $advice:ident,)+)?
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy)]
        $visible struct $Name<'s, 'a>(pub(crate) &'s $crate::syntax::form::Slots<'a>);

        #[allow(dead_code, reason = "some parameters only leave the URL")]
        impl<'s, 'a> $Name<'s, 'a> {
            /// The names, with single spaces between them.
            pub(crate) const NAMES: &'static str =
                $crate::syntax::form::without_first(
                    concat!($(" ", stringify!($name)),+ $($(, " ", stringify!($advice))+)?)
                );
            /// How many of them decide: the first ones.
            const DECIDING: usize = [$(stringify!($name)),+].len();

            /// Reads a form into slots.
            pub(crate) fn parse(
                form: &'a [u8],
                slots: &'s mut $crate::syntax::form::Slots<'a>,
                arena: &mut $crate::syntax::arena::Arena<'a>,
            ) -> Result<Self, $crate::syntax::form::Unreadable> {
                $crate::syntax::form::read(form, Self::NAMES, Self::DECIDING, slots, arena)?;
                Ok(Self(slots))
            }

            $crate::syntax::form::accessors! {
                0; $($(#[$meaning])* $name,)+ $($($(#[$advised])* $advice,)+)?
            }
        }
    };
}
pub(crate) use parameters;

/// A method for each parameter, which gives its value.
macro_rules! accessors {
    ($at:expr; $(#[$meaning:meta])* $name:ident, $($rest:tt)*) => {
        $(#[$meaning])*
        pub(crate) fn $name(&self) -> &'a [u8] {
            self.0.0[$at]
        }
        $crate::syntax::form::accessors! { $at + 1; $($rest)* }
    };
    ($at:expr;) => {};
}
pub(crate) use accessors;

/// Words without the space before the first one.
pub(crate) const fn without_first(words: &str) -> &str {
    match words.split_at_checked(1) {
        Some((_, words)) => words,
        None => "",
    }
}

/// Writes a name and its encoded value behind a delimiter. The names are the standards' own, in which
/// nothing has to be encoded.
#[inline(never)]
pub(crate) fn put_pair(arena: &mut Arena<'_>, delimiter: u8, name: &str, value: &[u8]) {
    arena.push(delimiter);
    arena.put(name.as_bytes());
    arena.push(b'=');
    encode(value, |byte| arena.push(byte));
}

/// The same; nothing where there is no value.
pub(crate) fn put_if_any(arena: &mut Arena<'_>, delimiter: u8, name: &str, value: &[u8]) {
    if !value.is_empty() {
        put_pair(arena, delimiter, name, value);
    }
}

/// Whether one of the pairs has this name, however either of them is encoded.
#[inline(never)]
fn have(mut pairs: Pairs<'_>, name: &[u8]) -> bool {
    pairs.any(|(other, _)| decoded(other).eq(decoded(name)))
}

/// Whether the names of further parameters are there and none of `ours`, and each stands once, but for those
/// that a standard lets repeat.
pub(crate) fn are_free(form: &[u8], ours: &str, repeatable: &str) -> bool {
    let mut rest = pairs(form);
    while let Some((name, _)) = rest.next() {
        let is_repeated = have(rest.clone(), name);
        if name.is_empty() || is_named(name, ours) || (is_repeated && !is_named(name, repeatable)) {
            return false;
        }
    }
    true
}

/// Writes a URL for a request with these parameters, up to the delimiter that goes in front of them: the
/// query that the URL has already stays to the letter, but for what the request sets itself, because no
/// parameter is sent twice (RFC 6749, section 3.1).
pub(crate) fn put_url_without(arena: &mut Arena<'_>, url: &Url<'_>, parameters: &[u8]) -> u8 {
    arena.put(url.base());
    let query = url.query().unwrap_or_default();
    put_pairs(arena, b'?', query, parameters, false)
}

/// Writes those pairs of a form whose names are among those of another one, or are not, the first of them
/// behind this delimiter; gives the one that goes in front of the next.
pub(crate) fn put_pairs(
    arena: &mut Arena<'_>,
    mut delimiter: u8,
    form: &[u8],
    others: &[u8],
    are_among: bool,
) -> u8 {
    for pair in split(form, b'&') {
        if !pair.is_empty() && have(pairs(others), halves(pair).0) == are_among {
            arena.push(delimiter);
            arena.put(pair);
            delimiter = b'&';
        }
    }
    delimiter
}

/// The bytes of a text as `application/x-www-form-urlencoded` has them.
pub(crate) fn encode(text: &[u8], mut push: impl FnMut(u8)) {
    for byte in text {
        match byte {
            b' ' => push(b'+'),
            b'*' | b'-' | b'.' | b'_' => push(*byte),
            byte if byte.is_ascii_alphanumeric() => push(*byte),
            byte => {
                push(b'%');
                for digit in [byte >> 4, byte & 0x0F] {
                    push(digit.wrapping_add(if digit < 10 { b'0' } else { b'A' - 10 }));
                }
            }
        }
    }
}
