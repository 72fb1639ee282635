//! Types of NAL units of HEVC: ITU-T H.265, table 7-1.

pub(crate) const FIRST_RADL: u8 = 6;
pub(crate) const FIRST_RASL: u8 = 8;
pub(crate) const LAST_RASL: u8 = 9;
pub(crate) const FIRST_BROKEN_LINK: u8 = 16;
pub(crate) const LAST_BROKEN_LINK: u8 = 18;
pub(crate) const FIRST_IDR: u8 = 19;
pub(crate) const LAST_IDR: u8 = 20;
pub(crate) const LAST_IRAP: u8 = 23;
pub(crate) const LAST_PICTURE: u8 = 31;
/// A video parameter set, the first type of parameter sets.
pub const FIRST_PARAMETERS: u8 = 32;
/// A sequence parameter set.
pub const SEQUENCE: u8 = 33;
/// A picture parameter set.
pub const PICTURE: u8 = 34;
pub(crate) const END_OF_SEQUENCE: u8 = 36;
pub(crate) const END_OF_BITSTREAM: u8 = 37;
