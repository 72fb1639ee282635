//! The use cases of the service over narrow ports.
//!
//! **Purpose.** What happens between a decoded call and an event: [`api`] turns calls into answers and
//! messages, [`worker`] turns messages into pictures, completions and events, [`pictures`] makes the
//! pictures of one job, without ports, for the command line as well. [`ports`] says what all of it
//! needs from outside.
//!
//! **Promises**, whatever the ports do: a job completes once. Its manifest is written last. Its event
//! is published until the job records that it was. The same job run twice, or in parts, gives the same
//! bytes under the same keys (of a manifest all but what the job used). Only a verdict on its file or
//! its request fails a job.
//!
//! **Not here.** HTTP, SQL, AWS. Each port has its bodies in `embedded` and `aws`. The feature
//! `test-suite` adds a twin of every port in memory and the suite that all bodies run.
//!
//! ```
//! use contract::request::RawRequest;
//! use service::api::{Api, Auth, Settings};
//! # use service::ports::Ports;
//! # async fn example(ports: Ports) {
//! // Any body of the ports will do.
//! let api = Api::new(ports, Settings::new(Auth::None));
//! let call = RawRequest {
//!     method: "GET".to_owned(),
//!     raw_query: "Action=GetJobDetail&Version=2017-03-21&JobType=snapshot&JobId=j".to_owned(),
//!     ..RawRequest::default()
//! };
//! let answer = api.handle(call).await;
//! assert_eq!(answer.status, 404);
//! # }
//! ```

pub mod api;
pub mod backoff;
pub mod cross_origin;
pub mod deadline;
mod event_urls;
pub mod key_ring;
#[cfg(any(test, feature = "test-suite"))]
pub mod memory;
pub mod model;
pub mod picture_access;
pub mod pictures;
pub mod play_path;
pub mod ports;
pub mod receiver;
pub mod templates_file;
#[cfg(any(test, feature = "test-suite"))]
pub mod test_suite;
#[cfg(test)]
mod tests;
mod text;
mod uploaded;
pub mod url_signature;
pub mod video_filter;
pub mod video_type;
pub mod worker;
