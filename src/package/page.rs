//! The platform: the storage that a call is for, and random bytes.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Error;
#[cfg(feature = "implicit")]
use crate::login::storage::Storage;
use crate::syntax::arena::{Arena, Complete};

#[wasm_bindgen(module = "/pkg/facade/platform.js")]
extern "C" {
    /// Writes the text under a name, and gives its length: 0 where there is none.
    #[wasm_bindgen(js_name = getItem)]
    fn get_item(name: &[u8], into: &mut [u8]) -> i32;
    /// An empty text removes what is there. Whether it worked.
    #[wasm_bindgen(js_name = setItem)]
    fn set_item(name: &[u8], text: &[u8]) -> bool;
    /// Fills the bytes from the platform's CSPRNG. Whether it has one.
    #[wasm_bindgen(js_name = fillRandom)]
    fn fill_random(bytes: &mut [u8]) -> bool;
}

/// What `get_item` says of a storage that can't be read.
const UNREADABLE: i32 = -1;

/// The text under this name in the storage of this call; empty where there is none.
pub(super) fn get<'a>(name: &[u8], arena: &mut Arena<'a>) -> Result<&'a [u8], Error> {
    let mut length = 0;
    let text = arena.write_with(|room| {
        length = get_item(name, room);
        // A negative number says that there is none, or that it does not fit.
        match length {
            UNREADABLE => 0,
            length => usize::try_from(length).unwrap_or(usize::MAX),
        }
    });
    if length == UNREADABLE {
        return Err(Error::StorageUnavailable);
    }
    Ok(text)
}

/// Puts a text under this name; says whether it is there now.
pub(super) fn set(name: &[u8], text: &[u8], _: Complete) -> bool {
    set_item(name, text)
}

/// Removes what is under this name; says whether nothing is left.
pub(super) fn remove(name: &[u8], _: Complete) -> bool {
    set_item(name, b"")
}

/// The storage for logins, which the facade has chosen for this call.
#[cfg(feature = "implicit")]
pub(super) struct Logins;

#[cfg(feature = "implicit")]
impl Storage for Logins {
    fn get<'a>(&self, name: &[u8], arena: &mut Arena<'a>) -> Result<&'a [u8], Error> {
        get(name, arena)
    }

    fn set(&self, name: &[u8], text: &[u8], complete: Complete) -> bool {
        set(name, text, complete)
    }

    fn remove(&self, name: &[u8], complete: Complete) -> bool {
        remove(name, complete)
    }
}

/// Bytes from the platform's CSPRNG, for one login.
pub(super) fn random<const SECRETS: usize>() -> Result<[[u8; 32]; SECRETS], Error> {
    let mut bytes = [[0; 32]; SECRETS];
    if fill_random(bytes.as_flattened_mut()) {
        Ok(bytes)
    } else {
        Err(Error::RandomUnavailable)
    }
}
