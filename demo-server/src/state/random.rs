//! Values that nobody can guess (RFC 6749, 10.10), and their comparison.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// 32 bytes of the system's CSPRNG.
pub fn bytes() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// The same as 43 characters.
pub fn secret() -> Result<String, getrandom::Error> {
    Ok(URL_SAFE_NO_PAD.encode(bytes()?))
}

/// Takes as long for a near miss as for a far one.
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes()
            .zip(b.bytes())
            .fold(0, |seen, (a, b)| seen | (a ^ b))
            == 0
}
