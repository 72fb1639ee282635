//! The wire contract of ApsaraVideo VOD 2017-03-21 as this service speaks it.
//!
//! **Purpose.** One place that knows how calls, answers, errors and events are spelled. A call goes
//! [`request::RawRequest`] -> [`request::Request`] (decoded, its action known) ->
//! [`signature::verify`] -> [`command::Command`] (valid, in units). What comes back is a
//! [`response::Answer`], from [`response::success`] or [`error::ApiError::render`]; what is told
//! later is an [`event::SnapshotComplete`]. [`error::ErrorCode`] is the table of all codes.
//!
//! **Promises.** Any bytes give a command or an error of the contract, in time linear in their length
//! (sorting aside) and on a bounded stack. Ids of videos that reach a command can be part of a key.
//! The table of [`parameters`] drives reading, refusals, the OpenAPI document and the documentation.
//!
//! **Not here.** I/O, access keys, nonces, rate limits, videos. Whether a thing exists is for the
//! service to say.
//!
//! ```
//! use contract::command::{Command, Limits};
//! use contract::request::{RawRequest, Request};
//!
//! let call = |query: &str| RawRequest {
//!     method: "GET".to_owned(),
//!     raw_query: query.to_owned(),
//!     ..RawRequest::default()
//! };
//! let read = |query: &str| {
//!     let request = Request::decode(call(query))?;
//!     Command::read(&request, &Limits::default())
//! };
//!
//! let query = "Action=GetVideoInfo&Version=2017-03-21&VideoId=f592";
//! assert!(matches!(read(query), Ok(Command::GetVideoInfo(_))));
//!
//! let refused = read("Action=ListSnapshots&Version=2017-03-21").unwrap_err();
//! assert_eq!((refused.status(), refused.code()), (400, "MissingVideoId"));
//! ```

pub mod action;
pub mod animation;
pub mod callback;
pub mod command;
pub mod error;
pub mod event;
mod fields;
mod form;
mod http_url;
pub mod id;
mod image_format;
pub mod lenient;
mod number;
pub mod openapi;
pub mod parameters;
pub mod plain_text;
pub mod redacted;
pub mod request;
pub mod response;
pub mod signature;
pub mod snapshot;
pub mod sprite;
pub mod storyboard;
mod storyboard_format;
pub mod template_config;
pub mod time;
pub mod url_key;
pub mod user_data;
pub mod video_filter;
pub mod video_status;
