#![no_main]

use claviger_fuzz::{record, seeds};

libfuzzer_sys::fuzz_target!(init: seeds::write("record"), |text: &str| record::judge(text));
