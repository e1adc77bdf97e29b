#![doc = include_str!("README.md")]
#![no_std]
#![cfg_attr(
    not(feature = "alloc"),
    allow(
        unreachable_pub,
        reason = "the package's module exports its door alone"
    )
)]
#![cfg_attr(
    all(feature = "openid", not(feature = "implicit")),
    allow(
        dead_code,
        reason = "the module for OpenID Connect has a use for a part of the grammar"
    )
)]

#[cfg(feature = "alloc")]
extern crate alloc;
// A module of its own needs an end for panics and an allocator, which std has.
#[cfg(any(
    all(
        target_arch = "wasm32",
        any(feature = "browser", all(feature = "alloc", feature = "package"))
    ),
    // What a page remembers for all of its clients.
    all(feature = "browser", feature = "sign-in")
))]
extern crate std;

#[cfg(feature = "implicit")]
mod authorization;
mod error;
#[cfg(feature = "implicit")]
mod login;
#[cfg(feature = "openid")]
mod openid;
#[cfg(any(feature = "implicit", feature = "openid"))]
mod registration;
#[cfg(feature = "implicit")]
mod resource;
#[cfg(feature = "code")]
mod session;
mod syntax;
#[cfg(feature = "implicit")]
mod token;

#[cfg(feature = "alloc")]
mod owned;
#[cfg(feature = "alloc")]
pub use owned::*;

#[cfg(feature = "browser")]
pub mod browser;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod package;
