//! One picture as a JPEG.

use super::failure::Interrupted;
use artifacts::Quality;
use media::{Form, Picture};

pub(super) fn encode(picture: &Picture, quality: Quality) -> Result<Vec<u8>, Interrupted> {
    let (pixels, size) = (&picture.pixels, picture.size);
    Ok(match picture.form {
        Form::Rgb => artifacts::jpeg::encode(pixels, size, quality)?,
        Form::Planes => artifacts::jpeg::encode_planes(pixels, size, quality)?,
    })
}
