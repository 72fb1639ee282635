//! What the kernel bounds for each process.

use std::time::Duration;

/// What one process may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResourceLimits {
    /// Whole seconds.
    pub(crate) cpu: Duration,
    /// Of address space.
    pub(crate) memory_bytes: u64,
}

impl ResourceLimits {
    /// For a program that is asked about itself.
    pub(crate) const FOR_QUESTIONS: Self = Self {
        cpu: Duration::from_secs(60),
        memory_bytes: 8 << 30,
    };
}
