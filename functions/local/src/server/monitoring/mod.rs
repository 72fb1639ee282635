//! What those who run a server ask it: whether it lives, whether it can work, and how much it does.
//!
//! `/healthz` and `/readyz` are for supervisors and load balancers, and tell nothing but a status.
//! `/metrics` tells how much is done here: it is for programs on this machine, or for whoever
//! reaches the address that the operator chose for it. A web page is neither.

mod metrics;
mod readiness;
mod service;

pub(super) use metrics::ServerMetrics;
pub(super) use readiness::Readiness;
pub(super) use service::{MetricsAccess, Monitoring, serve};
