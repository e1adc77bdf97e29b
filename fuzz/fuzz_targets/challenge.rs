#![no_main]

use claviger_fuzz::{challenge, seeds};

libfuzzer_sys::fuzz_target!(init: seeds::write("challenge"), |text: &str| challenge::judge(text));
