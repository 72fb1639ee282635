//! `Video`: how the pictures of a track are laid out and coloured. RFC 9559, 5.1.4.1.28.

use super::ebml::{DAMAGED, elements};
use super::ids;
use crate::fraction::ratio;
use crate::track::UNITY;
use crate::{ColourCodes, IndexError, PictureLayout};
use plan::{Crop, Size};

const UNSPECIFIED: u16 = 2;

/// What `Video` says.
#[derive(Debug, Default, Clone)]
pub(super) struct VideoSettings {
    width: u64,
    height: u64,
    crop: CropSettings,
    display: (Option<u64>, Option<u64>),
    display_unit: u64,
    pub(super) colour: Option<ColourCodes>,
    pub(super) bits: u8,
    pose: Pose,
    fields: FieldSettings,
    odd: Option<&'static str>,
}

const TURNED: &str = "its pictures are turned";

/// `Projection`: yaw, pitch and roll, degrees.
#[derive(Debug, Clone, Copy)]
struct Pose {
    is_flat: bool,
    angles: [f64; 3],
}

impl Default for Pose {
    fn default() -> Self {
        Self {
            is_flat: true,
            angles: [0.0; 3],
        }
    }
}

impl Pose {
    /// The display matrix that ffmpeg makes of it. Pictures that are turned by anything but quarters
    /// are shown as they are. A yaw of 180 degrees mirrors.
    fn matrix(self) -> [i32; 9] {
        const ONE: i32 = 1 << 16;
        let [yaw, pitch, roll] = self.angles;
        let mirrors = yaw != 0.0;
        let is_flipped = !mirrors || (yaw.abs() <= 180.0 && yaw % 180.0 == 0.0);
        if !self.is_flat || pitch != 0.0 || !is_flipped || roll % 90.0 != 0.0 {
            return UNITY;
        }
        // Quarters against the clock; the cast saturates.
        let quarters = (roll / 90.0) as i64;
        let quarters = if mirrors { -(quarters % 4) } else { quarters };
        let (a, b, c, d) = match quarters.rem_euclid(4) {
            1 => (0, -ONE, ONE, 0),
            2 => (-ONE, 0, 0, -ONE),
            3 => (0, ONE, -ONE, 0),
            _ => (ONE, 0, 0, ONE),
        };
        let (a, c) = if mirrors { (-a, -c) } else { (a, c) };
        [a, b, 0, c, d, 0, 0, 0, 1 << 30]
    }
}

/// `FlagInterlaced` and `FieldOrder`.
#[derive(Debug, Default, Clone, Copy)]
struct FieldSettings {
    interlaced: u64,
    order: Option<u64>,
}

/// `PixelCrop`, px.
#[derive(Debug, Default, Clone, Copy)]
struct CropSettings {
    left: u64,
    top: u64,
    right: u64,
    bottom: u64,
}

impl VideoSettings {
    pub(super) fn parse(body: &[u8]) -> Result<Self, IndexError> {
        let mut picture = Self::default();
        for element in elements(body) {
            let element = element?;
            match element.id {
                ids::PIXEL_WIDTH => picture.width = element.unsigned()?,
                ids::PIXEL_HEIGHT => picture.height = element.unsigned()?,
                ids::DISPLAY_WIDTH => picture.display.0 = Some(element.unsigned()?),
                ids::DISPLAY_HEIGHT => picture.display.1 = Some(element.unsigned()?),
                ids::DISPLAY_UNIT => picture.display_unit = element.unsigned()?,
                ids::COLOUR => picture.read_colour(element.body)?,
                ids::PROJECTION => picture.read_projection(element.body)?,
                ids::FLAG_INTERLACED => picture.fields.interlaced = element.unsigned()?,
                ids::FIELD_ORDER => picture.fields.order = Some(element.unsigned()?),
                // Versions of ffmpeg differ in what they do with these.
                ids::STEREO_MODE if element.unsigned()? != 0 => {
                    picture.odd = Some("its pictures are stereoscopic");
                }
                ids::PIXEL_CROP_LEFT => picture.crop.left = element.unsigned()?,
                ids::PIXEL_CROP_TOP => picture.crop.top = element.unsigned()?,
                ids::PIXEL_CROP_RIGHT => picture.crop.right = element.unsigned()?,
                ids::PIXEL_CROP_BOTTOM => picture.crop.bottom = element.unsigned()?,
                _ => {}
            }
        }
        Ok(picture)
    }

    fn read_colour(&mut self, body: &[u8]) -> Result<(), IndexError> {
        let mut colour = ColourCodes {
            primaries: UNSPECIFIED,
            transfer: UNSPECIFIED,
            matrix: UNSPECIFIED,
            full_range: None,
        };
        for element in elements(body) {
            let element = element?;
            let code = || {
                let code = element.unsigned()?;
                u16::try_from(code).map_err(|_| DAMAGED)
            };
            match element.id {
                ids::PRIMARIES => colour.primaries = code()?,
                ids::TRANSFER_CHARACTERISTICS => colour.transfer = code()?,
                ids::MATRIX_COEFFICIENTS => colour.matrix = code()?,
                ids::BITS_PER_CHANNEL => self.bits = u8::try_from(code()?).unwrap_or(0),
                ids::RANGE => {
                    let range = code()?;
                    colour.full_range = matches!(range, 1 | 2).then_some(range == 2);
                }
                _ => {}
            }
        }
        self.colour = Some(colour);
        Ok(())
    }

    fn read_projection(&mut self, body: &[u8]) -> Result<(), IndexError> {
        for element in elements(body) {
            let element = element?;
            if element.id == ids::PROJECTION_TYPE {
                self.pose.is_flat = element.unsigned()? == 0;
            }
            let angle = ids::PROJECTION_POSE.iter().position(|&id| id == element.id);
            if let Some(angle) = angle {
                self.pose.angles[angle] = element.float()?;
                if self.pose.angles[angle] != 0.0 {
                    self.odd = Some(TURNED);
                }
            }
        }
        Ok(())
    }

    /// The number of the order of fields, 0 for none of them; none where it is not said.
    pub(super) fn field_order(&self) -> Option<u8> {
        const INTERLACED: u64 = 1;
        const PROGRESSIVE: u64 = 2;
        match (self.fields.interlaced, self.fields.order) {
            (PROGRESSIVE, _) => Some(0),
            (INTERLACED, Some(order @ (0 | 1 | 6 | 9 | 14))) => u8::try_from(order).ok(),
            _ => None,
        }
    }

    /// How pictures are laid out, turned or not.
    pub(super) fn layout(&self) -> Result<PictureLayout, IndexError> {
        let upright = Self {
            odd: self.odd.filter(|&odd| odd != TURNED),
            ..self.clone()
        };
        Ok(PictureLayout {
            coded: upright.coded()?,
            crop: upright.crop(),
            sample_aspect_ratio: upright.sample_aspect_ratio()?,
            track_header_size: None,
            matrix: self.pose.matrix(),
        })
    }

    /// As coded, px.
    pub(super) fn coded(&self) -> Result<Size, IndexError> {
        if let Some(odd) = self.odd {
            return Err(IndexError::Unsupported(odd));
        }
        let side = |side: u64| {
            let side = u16::try_from(side).ok().filter(|&side| side > 0);
            side.map(u32::from)
                .ok_or(IndexError::Unsupported("its pictures have no size"))
        };
        Ok(Size {
            width: side(self.width)?,
            height: side(self.height)?,
        })
    }

    /// None where all is shown, or where nothing would be.
    pub(super) fn crop(&self) -> Option<Crop> {
        let px = |px: u64| u32::try_from(px).ok();
        let crop = Crop {
            left: px(self.crop.left)?,
            top: px(self.crop.top)?,
            right: px(self.crop.right)?,
            bottom: px(self.crop.bottom)?,
        };
        crop.within(self.coded().ok()?)
    }

    /// The shape of a pixel: what makes the coded picture, as far as it is not cropped, fill the
    /// one shown.
    pub(super) fn sample_aspect_ratio(&self) -> Result<Option<(u32, u32)>, IndexError> {
        const UNKNOWN_UNIT: u64 = 4;
        let absurd = || IndexError::Unsupported("its pictures have an absurd shape");
        if self.display_unit >= UNKNOWN_UNIT {
            return Ok(None);
        }
        let coded = self.coded()?;
        let left = self.crop().map_or(coded, |crop| crop.size(coded));
        let (width, height) = (u64::from(left.width), u64::from(left.height));
        // As ffmpeg: what is not said is the size in pixels, whatever the unit.
        let shown = (
            self.display.0.unwrap_or(width),
            self.display.1.unwrap_or(height),
        );
        if shown.0 == 0 || shown.1 == 0 {
            return Ok(None);
        }
        let across = height.checked_mul(shown.0).ok_or_else(absurd)?;
        let down = width.checked_mul(shown.1).ok_or_else(absurd)?;
        ratio(across, down).map(Some).ok_or_else(absurd)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matroska::ebml::elements;

    #[test]
    fn a_pose_of_quarters_is_a_matrix() {
        const ONE: i32 = 1 << 16;
        let turned = |angles| {
            let pose = Pose {
                angles,
                ..Pose::default()
            };
            let [a, b, _, c, d, ..] = pose.matrix();
            [a, b, c, d]
        };
        let as_it_is = [ONE, 0, 0, ONE];
        assert_eq!(turned([0.0, 0.0, 0.0]), as_it_is);
        assert_eq!(turned([0.0, 0.0, 90.0]), [0, -ONE, ONE, 0]);
        assert_eq!(turned([0.0, 0.0, -90.0]), [0, ONE, -ONE, 0]);
        assert_eq!(turned([0.0, 0.0, 180.0]), [-ONE, 0, 0, -ONE]);
        assert_eq!(turned([180.0, 0.0, 0.0]), [-ONE, 0, 0, ONE]);
        for other in [
            [0.0, 0.0, 30.0],
            [0.0, 90.0, 0.0],
            [90.0, 0.0, 0.0],
            [f64::NAN; 3],
        ] {
            assert_eq!(turned(other), as_it_is, "{other:?}");
        }
    }

    #[test]
    fn an_order_of_fields_is_told_where_pictures_have_fields() {
        let order = |body: &[u8]| VideoSettings::parse(body).unwrap().field_order();
        assert_eq!(order(&[]), None);
        assert_eq!(order(&[0x9a, 0x81, 2, 0x9d, 0x81, 6]), Some(0));
        assert_eq!(order(&[0x9a, 0x81, 1, 0x9d, 0x81, 6]), Some(6));
        assert_eq!(order(&[0x9a, 0x81, 1, 0x9d, 0x81, 2]), None, "undetermined");
        assert_eq!(order(&[0x9d, 0x81, 6]), None);
    }

    #[test]
    fn a_crop_is_told_of_pictures_that_are_turned() {
        let roll = 90.0_f64.to_be_bytes();
        let body = [
            &[
                0xb0, 0x81, 160, 0xba, 0x81, 90, 0x54, 0xcc, 0x81, 10, 0x76, 0x70, 0x8b,
            ][..],
            &[0x76, 0x75, 0x88],
            &roll,
        ];
        let body = body.concat();
        assert!(elements(&body).all(|element| element.is_ok()));
        let picture = VideoSettings::parse(&body).unwrap();
        assert!(picture.coded().is_err(), "no index");
        let layout = picture.layout().unwrap();
        assert_eq!(layout.crop.unwrap().left, 10);
        assert_eq!(layout.matrix[1], -(1 << 16));
    }
}
