//! Types of NAL units of HEVC: ITU-T H.265, table 7-1.

pub(in crate::bitstream) const FIRST_RADL: u8 = 6;
pub(in crate::bitstream) const FIRST_RASL: u8 = 8;
pub(in crate::bitstream) const LAST_RASL: u8 = 9;
pub(in crate::bitstream) const FIRST_BROKEN_LINK: u8 = 16;
pub(in crate::bitstream) const LAST_BROKEN_LINK: u8 = 18;
pub(in crate::bitstream) const FIRST_IDR: u8 = 19;
pub(in crate::bitstream) const LAST_IDR: u8 = 20;
pub(in crate::bitstream) const LAST_IRAP: u8 = 23;
pub(in crate::bitstream) const LAST_PICTURE: u8 = 31;
pub(crate) const FIRST_PARAMETERS: u8 = 32;
pub(crate) const SEQUENCE: u8 = 33;
pub(crate) const PICTURE: u8 = 34;
pub(in crate::bitstream) const END_OF_SEQUENCE: u8 = 36;
pub(in crate::bitstream) const END_OF_BITSTREAM: u8 = 37;
