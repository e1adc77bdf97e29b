#![no_main]

use claviger_fuzz::{seeds, token_response};

libfuzzer_sys::fuzz_target!(init: seeds::write("token_response"), |text: &str| token_response::judge(text));
