//! Forms that grow pair by pair.

use alloc::string::String;

use crate::syntax::form::encode;

/// Puts one more pair behind a form.
pub(super) fn append(form: &mut String, name: &str, value: &str) {
    if !form.is_empty() {
        form.push('&');
    }
    encode(name.as_bytes(), |byte| form.push(char::from(byte)));
    form.push('=');
    encode(value.as_bytes(), |byte| form.push(char::from(byte)));
}
