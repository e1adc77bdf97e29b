//! The numbers and the words that the module and the facade share, as scripts for the facade. The crate has the only
//! tables of them.

use serde_json::{Value, json};

#[path = "../../src/error/table.rs"]
mod errors;
#[path = "../../src/syntax/lengths.rs"]
mod lengths;
#[path = "../../src/package/numbers.rs"]
mod numbers;
#[path = "../../src/error/options.rs"]
mod options;
#[path = "../../src/authorization/telltale.rs"]
mod telltale;

/// The two scripts, by the names that the facade imports them by. The small entry knows the first rows alone.
pub fn scripts(is_small: bool) -> Value {
    json!({ "numbers": numbers_script(), "words": words_script(is_small) })
}

macro_rules! names {
    ($($(#[$about:meta])* $NAME:ident,)+) => {
        &[$(stringify!($NAME)),+]
    };
}

macro_rules! named_numbers {
    ($($(#[$about:meta])* $NAME:ident = $number:literal,)+) => {
        &[$((stringify!($NAME), $number)),+]
    };
}

macro_rules! named_letters {
    ($($NAME:ident = $letter:literal,)+) => {
        [$((stringify!($NAME), char::from($letter))),+]
    };
}

fn numbers_script() -> String {
    let methods: &[&str] = numbers::methods!(names);
    let client: &[&str] = numbers::client_texts!(names);
    let statuses: &[(&str, usize)] = numbers::statuses!(named_numbers);
    let replies: &[(&str, usize)] = numbers::reply_texts!(named_numbers);
    let given: &[(&str, usize)] = numbers::session_texts!(named_numbers);
    let effects = numbers::effects!(named_letters);
    let sizes = [
        ("ARGUMENTS", numbers::ARGUMENTS),
        ("REPLIES", numbers::REPLIES),
        ("STATE_LENGTH", lengths::STATE_LENGTH),
    ];
    let counted = [methods, client]
        .into_iter()
        .flat_map(|names| names.iter().copied().zip(0..));
    counted
        .chain([statuses, replies, given].into_iter().flatten().copied())
        .chain(sizes)
        .map(|(name, number)| format!("export const {name} = {number};\n"))
        .chain(effects.map(|(name, letter)| format!("export const {name} = '{letter}';\n")))
        .chain([format!(
            "export const TELLTALE = {};\n",
            json!(telltale::TELLTALE.split(' ').collect::<Vec<_>>())
        )])
        .collect()
}

macro_rules! error_rows {
    ($($(#[$about:meta])+ $Variant:ident $($said:ident)?: $code:literal, $message:literal;)+
     ;; $($(#[$further_about:meta])+ $Further:ident $($further_said:ident)?: $further_code:literal, $further_message:literal;)+) => {
        (&[$(concat!($code, " ", $message)),+], &[$(concat!($further_code, " ", $further_message)),+])
    };
}

macro_rules! option_rows {
    ($($Variant:ident: $option:literal, $must:literal;)+ ;; $($Further:ident: $further_option:literal, $further_must:literal;)+) => {
        (&[$(concat!($option, " must ", $must, ".")),+], &[$(concat!($further_option, " must ", $further_must, ".")),+])
    };
}

fn words_script(is_small: bool) -> String {
    let errors: (&[&str], &[&str]) = errors::errors!(error_rows);
    let options: (&[&str], &[&str]) = options::options!(option_rows);
    let list = |name: &str, (first, further): (&[&str], &[&str])| {
        let rows = if is_small {
            first.to_vec()
        } else {
            [first, further].concat()
        };
        let text = json!(rows.join("\n"));
        format!("export const {name} = /* @__PURE__ */ {text}.split('\\n');\n")
    };
    list("ERROR_WORDS", errors) + &list("OPTION_WORDS", options)
}
