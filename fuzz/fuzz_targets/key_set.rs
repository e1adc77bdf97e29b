#![no_main]

use claviger_fuzz::{key_set, seeds};

libfuzzer_sys::fuzz_target!(init: seeds::write("key_set"), |text: &str| key_set::judge(text));
