//! An emulator of AWS on this machine, with the resources of a deployment of its own for each
//! test that asks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

pub mod clips;
mod emulator;
pub mod faults;
mod front;
pub mod http_api;
pub mod install;
mod moto;
pub mod rie;
pub mod runtime;
pub mod stack;

pub use emulator::Emulator;
pub use front::Front;
pub use moto::Moto;
pub use rie::Emulated;
pub use runtime::Function;
pub use stack::Stack;
