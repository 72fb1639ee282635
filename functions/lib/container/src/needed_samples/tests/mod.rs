//! What is chosen, decoded: each picture is that of the whole video, to the bit.

mod av1;
mod clips;
mod decoded;
mod h264;
mod hevc;
mod mpeg4;
mod vpx;

use clips::Clip;
use decoded::assert_exact;
