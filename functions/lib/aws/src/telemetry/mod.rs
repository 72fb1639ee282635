//! What the functions tell of themselves: lines of JSON on standard output, some of them metrics.

mod line;
mod metrics;

pub use line::start_logging;
pub use metrics::{Metrics, Unit};
