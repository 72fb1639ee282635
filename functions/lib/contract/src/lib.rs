//! The wire contract of ApsaraVideo VOD 2017-03-21 as this service speaks it. No I/O.
//!
//! A call goes [`request::RawRequest`] -> [`request::Request`] (decoded, its action known) ->
//! [`signature::verify`] -> [`command::Command`] (valid, in units). What comes back is a
//! [`response::Answer`], from [`response::success`] or [`error::ApiError::render`]; what is told
//! later is an [`event::SnapshotComplete`].
//!
//! Promises: any bytes give a command or an error of the contract, in time linear in their
//! length (sorting aside) and on a bounded stack; ids that reach a command can be keys.
//!
//! Not here: keys, nonces, throttling, videos. Whether a thing exists is for the service to say.

pub mod action;
pub mod callback;
pub mod command;
pub mod error;
pub mod event;
mod form;
pub mod id;
pub mod lenient;
pub mod openapi;
pub mod parameters;
pub mod redacted;
pub mod request;
pub mod response;
pub mod signature;
pub mod snapshot;
pub mod sprite;
pub mod template_config;
pub mod time;
pub mod user_data;
