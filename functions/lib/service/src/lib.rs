//! The use cases of the service over narrow ports.
//!
//! A request goes `Api::handle` -> queue; a message goes `Worker::run` -> objects, completion,
//! event. Promises kept here, whatever the ports do: a job completes once, its manifest is
//! written last, its event is published until the job records that it was, and the same job
//! run twice, or in parts, gives the same bytes under the same keys (of a manifest all but what
//! the job used).
//!
//! Not here: HTTP, SQL, AWS. Each port has its bodies elsewhere.

pub mod api;
pub mod deadline;
pub mod key_ring;
#[cfg(any(test, feature = "test-suite"))]
pub mod memory;
pub mod model;
pub mod pictures;
pub mod ports;
#[cfg(any(test, feature = "test-suite"))]
pub mod test_suite;
#[cfg(test)]
mod tests;
mod text;
pub mod worker;
