#![no_main]

use claviger_fuzz::{resource, seeds};

libfuzzer_sys::fuzz_target!(init: seeds::write("resource"), |text: &str| resource::judge(text));
