//! What an index may take.

use plan::SampleLimit;

/// Bounds on the memory and the time that an index may take. Whoever crafts a file decides none.
#[derive(Debug, Clone, Copy)]
pub struct IndexLimits {
    /// Most bytes read for the index.
    pub bytes: u64,
    /// Most samples of a track.
    pub samples: SampleLimit,
    /// Most tracks of any kind.
    pub streams: usize,
}
