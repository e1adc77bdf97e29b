//! A time as a JSON number: `NumericDate` of RFC 7519, section 2.

/// The whole seconds of a number in the grammar of JSON, as many as 64 bits count; `None` of one below zero.
pub(super) fn whole_seconds(number: &[u8]) -> Option<u64> {
    let (mantissa, exponent) = match number.iter().position(|byte| byte | 0x20 == b'e') {
        Some(at) => (number.get(..at)?, exponent(number.get(at..)?)),
        None => (number, 0),
    };
    if mantissa.first() == Some(&b'-') {
        return None;
    }
    let point = mantissa.iter().position(|byte| *byte == b'.');
    let before_point = i64::try_from(point.unwrap_or(mantissa.len())).ok()?;
    // So many digits stand before the point once it is moved; behind the last one there are zeros.
    let whole = before_point.saturating_add(exponent).max(0);
    let digits = mantissa.iter().filter(|byte| **byte != b'.');
    let digits = digits.copied().chain(core::iter::repeat(b'0'));
    let mut seconds = 0_u64;
    // More zeros than 64 bits have room for change nothing any more.
    let most = mantissa.len().saturating_add(20);
    for digit in digits.take(usize::try_from(whole).unwrap_or(most).min(most)) {
        seconds = ten_times(seconds).saturating_add(u64::from(digit & 0x0F));
    }
    Some(seconds)
}

/// The number behind the letter, with its sign; one that is huge is as good as any huge one.
fn exponent(text: &[u8]) -> i64 {
    let mut exponent = 0_i64;
    for byte in text {
        if byte.is_ascii_digit() && exponent < 1_000_000 {
            exponent = exponent
                .wrapping_mul(10)
                .wrapping_add(i64::from(byte & 0x0F));
        }
    }
    if text.contains(&b'-') {
        exponent.wrapping_neg()
    } else {
        exponent
    }
}

/// A multiplication that saturates would be one of 128 bits.
fn ten_times(number: u64) -> u64 {
    if number > u64::MAX / 10 {
        u64::MAX
    } else {
        number.wrapping_mul(10)
    }
}

#[cfg(test)]
mod tests {
    use super::whole_seconds;

    #[test]
    fn fractions_and_exponents_are_read_and_huge_times_saturate() {
        for (number, seconds) in [
            ("0", Some(0)),
            ("0e99999999999999999999", Some(0)),
            ("1790000600", Some(1_790_000_600)),
            ("1790000600.75", Some(1_790_000_600)),
            (
                "1790000600.000000000000000000000000001",
                Some(1_790_000_600),
            ),
            ("1.7900006e9", Some(1_790_000_600)),
            ("1.7900006E+9", Some(1_790_000_600)),
            ("17900006000e-1", Some(1_790_000_600)),
            ("0.0000000017900006e18", Some(1_790_000_600)),
            ("9e-1", Some(0)),
            ("9e-99999999999999999999", Some(0)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", Some(u64::MAX)),
            ("1e20", Some(u64::MAX)),
            ("1e99999999999999999999", Some(u64::MAX)),
            ("-1", None),
            ("-0", None),
        ] {
            assert_eq!(whole_seconds(number.as_bytes()), seconds, "{number}");
        }
    }
}
