//! What the functions tell of themselves: lines of JSON on standard output, some of them metrics.
//!
//! All metrics are in the namespace `vod-snapshot`, by `FunctionName`:
//!
//! | function | metrics |
//! |---|---|
//! | submit | `Requests`, `ServerErrors`, `ColdStart` |
//! | worker | `Pictures`, `Continuations`, `QueueDelay` (ms), `BytesRead`, `BytesWritten`, `DecodeCpu` (ms), `ColdStart`; `Failures` also by `Code` |

mod line;
mod metrics;

pub use line::start_logging;
pub use metrics::{Metrics, Unit};
