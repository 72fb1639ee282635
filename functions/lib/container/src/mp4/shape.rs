//! How a track's pictures are laid out on the screen: `tkhd` with `mvhd`.

use super::fields::FieldReader;
use super::movie::matrix;
use crate::IndexError;
use crate::track::UNITY;

/// What a track header says of the picture.
#[derive(Debug)]
pub(super) struct TrackShape {
    /// The track's, then the movie's: 16.16 fixed point, the third column 2.30.
    stated: [i32; 9],
    /// Of the picture on the screen before the matrix, px; none where one of them is 0.
    pub(super) size: Option<(u32, u32)>,
}

impl TrackShape {
    pub(super) fn parse(tkhd: &[u8], movie: &[i32; 9]) -> Result<Self, IndexError> {
        let mut fields = FieldReader::of(tkhd);
        let (version, _) = fields.version_and_flags()?;
        fields.skip(if version == 1 { 32 } else { 20 })?;
        fields.skip(16)?;
        let own = matrix(&mut fields)?;
        let stated =
            product(&own, movie).ok_or(IndexError::Unsupported("its display matrix is absurd"))?;
        let (width, height) = (fields.u32()? >> 16, fields.u32()? >> 16);
        Ok(Self {
            stated,
            size: (width > 0 && height > 0).then_some((width, height)),
        })
    }

    /// How pictures are turned. Players show them as they are where that is by anything but
    /// quarters; ffmpeg would tilt them in a frame of the same size and cut their corners off.
    pub(super) fn matrix(&self) -> [i32; 9] {
        match self.stated {
            [a, 0, _, 0, d, ..] if a != 0 && d != 0 => self.stated,
            [0, b, _, c, 0, ..] if b != 0 && c != 0 => self.stated,
            _ => UNITY,
        }
    }

    /// An error where the matrix itself would have to tell the shape of a pixel.
    pub(super) fn check(&self, stated: Option<(u32, u32)>) -> Result<(), IndexError> {
        if stated.is_none() && self.stretches() {
            return Err(IndexError::Unsupported(
                "its display matrix changes the shape",
            ));
        }
        Ok(())
    }

    /// By more than a hundredth.
    fn stretches(&self) -> bool {
        // Not hypot: glibc got a new one that Lambda lacks, and these cannot overflow.
        let length = |x: i32, y: i32| (f64::from(x).powi(2) + f64::from(y).powi(2)).sqrt();
        let across = length(self.stated[0], self.stated[3]);
        let down = length(self.stated[1], self.stated[4]);
        across > 1.0 && down > 1.0 && (across / down - 1.0).abs() > 0.01
    }
}

/// The product of two matrices whose third columns have 30 bits of fraction, the others 16.
fn product(one: &[i32; 9], other: &[i32; 9]) -> Option<[i32; 9]> {
    let mut product = [0; 9];
    for (at, number) in product.iter_mut().enumerate() {
        let (row, column) = (at / 3, at % 3);
        let terms = [16, 16, 30].into_iter().enumerate().map(|(term, shift)| {
            (i64::from(one[row * 3 + term]) * i64::from(other[term * 3 + column])) >> shift
        });
        *number = i32::try_from(terms.sum::<i64>()).ok()?;
    }
    Some(product)
}
