//! A framework renders on the stack that Rust's target has, of 1 MiB, and not on the 16 KiB of claviger's own modules.

fn main() {
    println!("cargo::rerun-if-changed=../stack.rs");
    println!("cargo::rustc-link-arg-cdylib=-zstack-size=1048576");
}
