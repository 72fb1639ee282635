//! What the functions tell of themselves: lines of JSON on standard output, some of them metrics.
//!
//! All metrics are in the namespace `vod-snapshot`, by `FunctionName`:
//!
//! | function | metrics |
//! |---|---|
//! | submit | `Requests`, `ServerErrors`, `ColdStart` |
//! | worker | `Pictures`, `Continuations`, `QueueDelay` (ms), `BytesRead`, `BytesWritten`, `DecodeCpu` (ms), `ColdStart`; `Failures` also by `Code` |

mod metrics;

pub use metrics::{Metrics, Unit};

/// Starts logging as JSON on standard output, where Lambda collects it.
pub fn start_logging() {
    logging::start(logging::LogFormat::Json, std::io::stdout);
}
