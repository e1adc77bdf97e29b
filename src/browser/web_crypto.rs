//! What WebCrypto does of a verification: RFC 7518, section 3; RFC 8037, section 3.1.

use alloc::format;
use alloc::vec::Vec;

use js_sys::futures::JsFuture;
use js_sys::{Array, ArrayBuffer, JSON, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, SubtleCrypto};

use super::failure::Failure;
use super::page;
use crate::owned::{CheckOutcome, Error, IdTokenCheck};

/// Does a job.
pub(super) async fn run(check: &IdTokenCheck) -> Result<CheckOutcome, Failure> {
    let subtle = subtle().ok_or(Failure::CryptoUnavailable)?;
    let is_signed = is_signed(&subtle, check).await?;
    let hash = format!("SHA-{}", check.algorithm().hash_bytes().saturating_mul(8));
    let mut digests = [const { Vec::new() }; 3];
    for (digest, text) in digests.iter_mut().zip(check.texts_to_hash()) {
        if !text.is_empty() {
            let made = subtle.digest_with_str_and_js_u8_array(&hash, &bytes_of(text.as_bytes()))?;
            let made: ArrayBuffer = result(made).await?.unchecked_into();
            *digest = Uint8Array::new(&made).to_vec();
        }
    }
    Ok(CheckOutcome { is_signed, digests })
}

/// Browsers leave it out where everybody on the way could have changed the page.
fn subtle() -> Option<SubtleCrypto> {
    let crypto = page::window()?.crypto().ok()?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    subtle.dyn_into().ok()
}

/// Whether the signature is the key's; without a key nobody has to know.
async fn is_signed(subtle: &SubtleCrypto, check: &IdTokenCheck) -> Result<bool, Failure> {
    if check.jwk().is_empty() {
        return Ok(false);
    }
    let jwk: Object = JSON::parse(check.jwk())?.unchecked_into();
    let algorithm = algorithm_of(check, &jwk)?;
    let usages = Array::of1(&"verify".into());
    let key = subtle.import_key_with_object("jwk", &jwk, &algorithm, false, &usages)?;
    let key: CryptoKey = match result(key).await {
        Ok(key) => key.unchecked_into(),
        Err(exception) => return Err(refusal_of(&exception).into()),
    };
    let (signature, input) = (bytes_of(check.signature()), bytes_of(check.input()));
    let verified = subtle
        .verify_with_object_and_js_u8_array_and_js_u8_array(&algorithm, &key, &signature, &input)?;
    Ok(result(verified).await? == JsValue::TRUE)
}

/// What an engine has against a key: that it does not know its kind, or that it is none.
fn refusal_of(exception: &JsValue) -> Error {
    let name = Reflect::get(exception, &"name".into());
    if name.is_ok_and(|name| name == "NotSupportedError") {
        Error::IdTokenAlgRefused
    } else {
        Error::IdTokenKeyNotFound
    }
}

/// The parameters of both calls in one object, which inherits nothing that a script of the page's has put into all
/// objects.
fn algorithm_of(check: &IdTokenCheck, jwk: &Object) -> Result<Object, JsValue> {
    let algorithm = check.algorithm();
    let name = match algorithm.name().get(..2) {
        Some("RS") => "RSASSA-PKCS1-v1_5",
        Some("PS") => "RSA-PSS",
        Some("ES") => "ECDSA",
        _ => "Ed25519",
    };
    let bytes = u32::try_from(algorithm.hash_bytes()).unwrap_or_default();
    let hash = format!("SHA-{}", bytes.saturating_mul(8));
    let object: Object = Object::create(JsValue::NULL.unchecked_ref());
    Reflect::set(&object, &"name".into(), &name.into())?;
    Reflect::set(&object, &"hash".into(), &hash.into())?;
    // The salt is as long as the hash (RFC 7518, section 3.5).
    Reflect::set(&object, &"saltLength".into(), &bytes.into())?;
    let curve = Reflect::get(jwk, &"crv".into())?;
    Reflect::set(&object, &"namedCurve".into(), &curve)?;
    Ok(object)
}

fn bytes_of(bytes: &[u8]) -> Uint8Array {
    bytes.into()
}

async fn result(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}
