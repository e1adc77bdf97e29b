#![no_main]

use claviger_fuzz::{seeds, session};

libfuzzer_sys::fuzz_target!(init: seeds::write("session"), |text: &str| session::judge(text));
