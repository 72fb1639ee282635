//! Planes of 4:2:0 as an image to encode.

use super::error::{JpegError, sides};
use crate::pixels;
use jpeg_encoder::{ImageBuffer, JpegColorType};
use plan::Size;

pub(super) struct Planes<'a> {
    luma: &'a [u8],
    chroma: [&'a [u8]; 2],
    width: u16,
    height: u16,
}

impl<'a> Planes<'a> {
    pub(super) fn new(planes: &'a [u8], size: Size) -> Result<Self, JpegError> {
        let (width, height) = sides(size)?;
        pixels::check_planes(planes, size)?;
        let (luma, chroma) = planes.split_at(usize::from(width) * usize::from(height));
        let (cb, cr) = chroma.split_at(chroma.len() / 2);
        Ok(Self {
            luma,
            chroma: [cb, cr],
            width,
            height,
        })
    }
}

impl ImageBuffer for Planes<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let (width, y) = (usize::from(self.width), usize::from(y));
        let [luma, cb, cr, _] = buffers;
        luma.extend_from_slice(&self.luma[y * width..(y + 1) * width]);
        let across = width.div_ceil(2);
        for (plane, buffer) in self.chroma.iter().zip([cb, cr]) {
            let row = &plane[y / 2 * across..(y / 2 + 1) * across];
            buffer.extend(row.iter().flat_map(|&sample| [sample; 2]).take(width));
        }
    }
}
