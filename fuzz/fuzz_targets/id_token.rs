#![no_main]

use claviger_fuzz::{id_token, seeds};

libfuzzer_sys::fuzz_target!(init: seeds::write("id_token"), |text: &str| id_token::judge(text));
