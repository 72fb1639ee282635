//! Types of NAL units of H.264: ITU-T H.264, table 7-1.

pub(crate) const SLICE: u8 = 1;
pub(crate) const PARTITION_A: u8 = 2;
pub(crate) const IDR: u8 = 5;
pub(crate) const SEI: u8 = 6;
/// A sequence parameter set.
pub const SEQUENCE: u8 = 7;
/// A picture parameter set.
pub const PICTURE: u8 = 8;
