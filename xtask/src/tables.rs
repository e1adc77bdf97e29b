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
#[path = "../../src/registration/state_lifetime.rs"]
mod state_lifetime;
#[path = "../../src/authorization/telltale.rs"]
mod telltale;

/// The two scripts, by the names that the facade imports them by. An entry has the words of so many groups of rows, and
/// of a wrong option a production entry has the name alone.
pub fn scripts(groups: usize, is_production: bool) -> Value {
    json!({ "numbers": numbers_script(), "words": words_script(groups, is_production) })
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
        ("CLIENT_TEXTS", client.len()),
        ("STATE_LENGTH", lengths::STATE_LENGTH),
        ("KEY_LENGTH", lengths::KEY_LENGTH),
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
            "export const STATE_LIFETIME_SECONDS = {};\n",
            state_lifetime::STATE_LIFETIME_SECONDS
        )])
        .chain([format!(
            "export const TELLTALE = {};\n",
            json!(telltale::TELLTALE.split(' ').collect::<Vec<_>>())
        )])
        .collect()
}

/// The rows of each group, as lines of words.
type Groups = [&'static [&'static str]; 3];

macro_rules! error_rows {
    ($($(#[$about:meta])+ $Variant:ident $($said:ident)?: $code:literal, $message:literal;)+
     ;; $($(#[$further_about:meta])+ $Further:ident $($further_said:ident)?: $further_code:literal, $further_message:literal;)+
     ;; $($(#[$openid_about:meta])+ $OpenId:ident: $openid_code:literal, $openid_message:literal;)+) => {
        [
            &[$(concat!($code, " ", $message)),+],
            &[$(concat!($further_code, " ", $further_message)),+],
            &[$(concat!($openid_code, " ", $openid_message)),+],
        ]
    };
}

macro_rules! option_rows {
    ($($Variant:ident: $option:literal, $must:literal;)+
     ;; $($Further:ident: $further_option:literal, $further_must:literal;)+
     ;; $($OpenId:ident: $openid_option:literal, $openid_must:literal;)+) => {
        [
            &[$(concat!($option, " ", $must)),+],
            &[$(concat!($further_option, " ", $further_must)),+],
            &[$(concat!($openid_option, " ", $openid_must)),+],
        ]
    };
}

fn words_script(groups: usize, is_production: bool) -> String {
    let errors: Groups = errors::errors!(error_rows);
    let options: Groups = options::options!(option_rows);
    let name_alone = |row: &'static str| row.split_once(' ').map_or(row, |(name, _)| name);
    let list = |name: &str, rows: Groups, is_short: bool| {
        let rows = rows.into_iter().take(groups).flatten().copied();
        let rows: Vec<&str> = rows
            .map(|row| if is_short { name_alone(row) } else { row })
            .collect();
        let text = json!(rows.join("\n"));
        format!("export const {name} = /* @__PURE__ */ {text}.split('\\n');\n")
    };
    list("ERROR_WORDS", errors, false) + &list("OPTION_WORDS", options, is_production)
}
