//! The one key of an issuer's set that an ID token can be signed by: RFC 7517; OpenID Connect Core 1.0,
//! section 10.1.

use super::algorithm::{Algorithm, KeyType};
use crate::error::Error;
use crate::syntax::arena::Arena;
use crate::syntax::base64url::decode;
use crate::syntax::json_text::{Object, Value, Values};
use crate::syntax::text::is;

const MAX_KEY_SET_BYTES: usize = 256 * 1024;
const MAX_KEYS: usize = 64;

/// Bits of an RSA modulus: fewer can be factored (RFC 7518, section 3.3), more only take time.
const RSA_BITS: core::ops::RangeInclusive<usize> = 2048..=8192;
/// Bits of an RSA exponent, of which 1 leaves everything as it is.
const EXPONENT_BITS: core::ops::RangeInclusive<usize> = 2..=64;
const ED25519_BYTES: usize = 32;

/// A public key that was found sound.
#[derive(Clone, Copy)]
pub(crate) struct Key<'a> {
    key_type: KeyType,
    /// Its numbers as they came, in base64url: an RSA key's `n` and `e`, an elliptic curve's `x` and `y`,
    /// Ed25519's `x`.
    texts: [&'a [u8]; 2],
    /// The same as bytes.
    pub(crate) numbers: [&'a [u8]; 2],
}

impl<'a> Key<'a> {
    /// Chooses the one key of a set that fits an algorithm and a `kid`. Where several do, none is tried out.
    pub(super) fn choose(
        key_set: &[u8],
        algorithm: Algorithm,
        kid: Option<&[u8]>,
        arena: &mut Arena<'a>,
    ) -> Result<Self, Error> {
        let keys = read_set(key_set, arena)?;
        // What is no key, or one of a kind that is not known, is passed over (RFC 7517, section 5).
        let mut fitting = keys.filter_map(|key| match key {
            Value::Object(key) if fits(key, algorithm, kid) => Self::read(key, algorithm, arena),
            _ => None,
        });
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            _ => Err(Error::IdTokenKeyNotFound),
        }
    }

    /// Reads the numbers of a key; `None` where they are not sound.
    fn read(key: Object<'a>, algorithm: Algorithm, arena: &mut Arena<'a>) -> Option<Self> {
        let key_type = algorithm.key_type();
        let mut read = |name: &str| {
            let text = key.text(name).ok().flatten()?;
            Some((text, decode(text, arena)?))
        };
        let names = key_type.names();
        let first = read(names[0])?;
        let second = if names[1].is_empty() {
            (&[][..], &[][..])
        } else {
            read(names[1])?
        };
        let numbers = [first.1, second.1];
        key_type.is_sound(numbers).then_some(Self {
            key_type,
            texts: [first.0, second.0],
            numbers,
        })
    }

    /// Bytes that each of its signatures has (RFC 7518, sections 3.3 to 3.5; RFC 8032, section 5.1.6).
    pub(super) fn signature_bytes(&self) -> usize {
        match self.key_type {
            KeyType::Rsa => bits(self.numbers[0]).div_ceil(8),
            KeyType::Ec(_, bytes) => bytes.saturating_mul(2),
            KeyType::Okp => 2 * ED25519_BYTES,
        }
    }

    /// Writes the key as a JWK that has nothing but what makes it this key (RFC 7518, section 6).
    pub(crate) fn write<'b>(&self, arena: &mut Arena<'b>) -> &'b [u8] {
        let mut put = |name: &str, value: &[u8]| {
            arena.put(b"\",\"");
            arena.put(name.as_bytes());
            arena.put(b"\":\"");
            arena.put(value);
        };
        // The values are words of this package's or base64url, in which nothing has to be escaped.
        if !self.key_type.crv().is_empty() {
            put("crv", self.key_type.crv().as_bytes());
        }
        for (name, text) in self.key_type.names().into_iter().zip(self.texts) {
            if !name.is_empty() {
                put(name, text);
            }
        }
        let rest = arena.take();
        arena.put(b"{\"kty\":\"");
        arena.put(self.key_type.kty().as_bytes());
        arena.put(rest);
        arena.put(b"\"}");
        arena.take()
    }
}

/// Reads a key set (RFC 7517, section 5).
pub(super) fn read_set<'a>(key_set: &[u8], arena: &mut Arena<'a>) -> Result<Values<'a>, Error> {
    if key_set.len() > MAX_KEY_SET_BYTES {
        return Err(Error::InvalidJwks);
    }
    let set = Object::parse(key_set, arena).ok_or(Error::InvalidJwks)?;
    match set.get("keys") {
        Some(Value::List(keys)) if keys.clone().count() <= MAX_KEYS => Ok(keys),
        _ => Err(Error::InvalidJwks),
    }
}

/// Whether a key of a set is meant for such a signature, by all that it says of itself.
fn fits(key: Object<'_>, algorithm: Algorithm, kid: Option<&[u8]>) -> bool {
    let key_type = algorithm.key_type();
    let is_or_is_absent = |name, value: &str| match key.text(name) {
        Ok(None) => true,
        Ok(Some(known)) => is(known, value.as_bytes()),
        Err(_) => false,
    };
    let may_verify = match key.get("key_ops") {
        None => true,
        Some(Value::List(mut uses)) => uses.any(|it| matches!(it, Value::Text(b"verify"))),
        Some(_) => false,
    };
    key.is("kty", key_type.kty().as_bytes())
        && (key_type.crv().is_empty() || key.is("crv", key_type.crv().as_bytes()))
        && is_or_is_absent("use", "sig")
        && is_or_is_absent("alg", algorithm.name())
        && may_verify
        && kid.is_none_or(|kid| key.is("kid", kid))
        // A private key that was published proves nothing any more.
        && !key.has("d")
}

impl KeyType {
    fn kty(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Ec(..) => "EC",
            Self::Okp => "OKP",
        }
    }

    /// Empty where there is none.
    fn crv(self) -> &'static str {
        match self {
            Self::Rsa => "",
            Self::Ec(curve, _) => curve,
            Self::Okp => "Ed25519",
        }
    }

    /// What its numbers are called; an empty name is none.
    fn names(self) -> [&'static str; 2] {
        match self {
            Self::Rsa => ["n", "e"],
            Self::Ec(..) => ["x", "y"],
            Self::Okp => ["x", ""],
        }
    }

    fn is_sound(self, numbers: [&[u8]; 2]) -> bool {
        let [first, second] = numbers;
        let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
        match self {
            Self::Rsa => {
                RSA_BITS.contains(&bits(first))
                    && EXPONENT_BITS.contains(&bits(second))
                    && is_odd(first)
                    && is_odd(second)
            }
            Self::Ec(_, bytes) => first.len() == bytes && second.len() == bytes,
            Self::Okp => first.len() == ED25519_BYTES,
        }
    }
}

/// Bits of a number, without the zeros in front of it.
fn bits(number: &[u8]) -> usize {
    let mut digits = number.iter().copied().skip_while(|byte| *byte == 0);
    let highest = digits.next().unwrap_or_default();
    let below = digits.count().saturating_mul(8);
    let of_highest = u8::BITS.saturating_sub(highest.leading_zeros());
    below.saturating_add(usize::try_from(of_highest).unwrap_or_default())
}
