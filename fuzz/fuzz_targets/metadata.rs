#![no_main]

use claviger_fuzz::{metadata, seeds};

libfuzzer_sys::fuzz_target!(init: seeds::write("metadata"), |text: &str| metadata::judge(text));
