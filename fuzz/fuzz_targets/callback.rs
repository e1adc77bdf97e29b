#![no_main]

use claviger_fuzz::{callback, seeds};

libfuzzer_sys::fuzz_target!(init: seeds::write("callback"), |text: &str| callback::judge(text));
