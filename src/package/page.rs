//! The page: its storage, its clock and its random source.

use alloc::string::String;

use wasm_bindgen::prelude::*;

use crate::error::Error;

#[wasm_bindgen(module = "/src/package/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = getItem)]
    pub(crate) fn get_item(is_local: bool, key: &str) -> Option<String>;
    #[wasm_bindgen(js_name = setItem)]
    pub(crate) fn set_item(is_local: bool, key: &str, text: &str) -> bool;
}

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since 1970.
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn date_now() -> f64;
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    // Never negative, and far below 2^53: the cast loses the fraction only.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let seconds = (date_now() / 1000.0) as u64;
    seconds
}

/// Bytes from the platform's CSPRNG, for one login.
pub(crate) fn random() -> Result<[[u8; 32]; 2], Error> {
    let mut bytes = [[0; 32]; 2];
    match getrandom::fill(bytes.as_flattened_mut()) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(Error::RandomUnavailable),
    }
}
