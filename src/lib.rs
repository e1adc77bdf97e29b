#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(
    not(feature = "alloc"),
    allow(
        unreachable_pub,
        reason = "the package's module exports its door alone"
    )
)]

#[cfg(feature = "alloc")]
extern crate alloc;
// A module of its own needs an end for panics and an allocator, which std has.
#[cfg(all(target_arch = "wasm32", feature = "browser"))]
extern crate std;

mod authorization;
mod error;
mod login;
mod registration;
mod resource;
#[cfg(feature = "code")]
mod session;
mod syntax;
mod token;

#[cfg(feature = "alloc")]
mod owned;
#[cfg(feature = "alloc")]
pub use owned::*;

#[cfg(all(target_arch = "wasm32", feature = "browser"))]
pub mod browser;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod package;
