//! Types of NAL units of H.264: ITU-T H.264, table 7-1.

pub(in crate::bitstream) const SLICE: u8 = 1;
pub(in crate::bitstream) const PARTITION_A: u8 = 2;
pub(in crate::bitstream) const IDR: u8 = 5;
pub(in crate::bitstream) const SEI: u8 = 6;
pub(crate) const SEQUENCE: u8 = 7;
pub(crate) const PICTURE: u8 = 8;
