//! What Lambda, S3, SQS and DynamoDB are taken to be.

use std::time::Duration;

/// As the template has it.
pub(crate) const PART_SECONDS: u64 = 15;
pub(crate) const PARTS_AT_ONCE: u32 = 50;
pub(crate) const WORKERS: usize = 60;
/// WorkerMemory.
pub(crate) const WORKER_GB: f64 = 3008.0 / 1024.0;
/// Lambda allots one processor for each 1,769 MB.
pub(crate) const WORKER_PROCESSORS: f64 = 3008.0 / 1769.0;

/// A new environment: its start, and the program's until it takes the first message. Billed.
pub(crate) const COLD_START: Duration = Duration::from_millis(600);
/// From a message on the queue to its worker.
pub(crate) const TO_THE_WORKER: Duration = Duration::from_millis(60);
/// The poller of a queue begins with so many workers, and adds so many in a second.
pub(crate) const RAMP_BEGINS_WITH: f64 = 5.0;
pub(crate) const RAMP_PER_SECOND: f64 = 300.0 / 60.0;

/// Each call to a store.
pub(crate) const S3: Duration = Duration::from_millis(35);
pub(crate) const TABLE: Duration = Duration::from_millis(8);
pub(crate) const QUEUE: Duration = Duration::from_millis(15);
/// Calls that a worker has on their way at once, where it does not wait for each.
pub(crate) const AT_ONCE: u32 = 16;

/// $ in us-east-1, x86.
pub(crate) const GB_SECOND: f64 = 0.000_016_666_7;
pub(crate) const INVOCATION: f64 = 0.20 / 1e6;
pub(crate) const S3_WRITE: f64 = 5.0 / 1e6;
pub(crate) const S3_READ: f64 = 0.4 / 1e6;
pub(crate) const TABLE_CALL: f64 = 0.625 / 1e6;
/// Sent, received and deleted.
pub(crate) const MESSAGE: f64 = 3.0 * 0.40 / 1e6;
