//! Shapes of pixels that change on the way, where ffmpeg keeps them to itself: since version 7 it
//! shows all frames of a stream in the shape that it found when it opened the file.

use crate::track_traits::turned_aspect;
use container::parameter_sets::ParameterSets;
use container::{DescribedAspect, PictureLayout, dv_aspects};
use decoder::{
    CapturedRun, DecoderError, Ffmpeg, Invocation, JobLimits, PacketListing, TracedAspects,
    Watchdog, capture,
};
use std::fs::File;
use std::io;

/// From which time on, in ticks, pixels have which shape; none where ffmpeg tells it itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PixelAspects {
    changes: Vec<(i64, Option<(u32, u32)>)>,
}

impl PixelAspects {
    /// The shape of a pixel of the frame that is shown at `pts`, where it is known better than
    /// ffmpeg tells it.
    pub(crate) fn at(&self, pts: Option<i64>) -> Option<(u32, u32)> {
        let pts = pts?;
        let after = self.changes.partition_point(|&(from, _)| from <= pts);
        self.changes[after.checked_sub(1)?].1
    }

    /// The same from beginning to end.
    pub(super) fn constant(aspect: Option<(u32, u32)>) -> Self {
        let changes = aspect.into_iter().map(|aspect| (i64::MIN, Some(aspect)));
        Self {
            changes: changes.collect(),
        }
    }

    /// As the sample descriptions say: ffmpeg shows all frames in the shape that one of them says.
    pub(super) fn described(
        changes: &[DescribedAspect],
        listing: &PacketListing,
        layout: Option<&PictureLayout>,
    ) -> Self {
        let first = listing.packets.first().and_then(|packet| packet.pts);
        let turned = |aspect| layout.map_or(aspect, |layout| turned_aspect(aspect, layout));
        let change = |change: &DescribedAspect| {
            let from = first?.checked_add(change.after)?;
            Some((from, change.aspect.map(turned)))
        };
        Self {
            changes: changes.iter().filter_map(change).collect(),
        }
    }

    /// As the frames of DV without a container say.
    pub(super) fn of_dv(file: &File, listing: &PacketListing) -> io::Result<Self> {
        let packets = &listing.packets;
        let changes = dv_aspects(file, packets.len())?.into_iter();
        let changes = changes.filter_map(|(nth, aspect)| Some((packets[nth].pts?, Some(aspect))));
        Ok(Self {
            changes: changes.collect(),
        })
    }

    /// What is to be looked for in a file whose container does not tell the shapes; none where they
    /// cannot change, or where ffmpeg tells them.
    pub(super) fn sets<'a>(
        ffmpeg: &Ffmpeg,
        listing: &'a PacketListing,
    ) -> Option<ParameterSets<'a>> {
        let is_kept = ffmpeg.version.keeps_first_aspect() && !listing.header.tells_aspect();
        (is_kept && filter(&listing.codec).is_some()).then(|| ParameterSets::of(&listing.codec))
    }

    /// Reads the parameter sets of the stream, which may tell several shapes.
    ///
    /// # Errors
    /// Those of which another run would be no better.
    pub(super) fn read(
        ffmpeg: &Ffmpeg,
        input: &File,
        (stream, codec): (usize, &str),
        limits: &JobLimits,
        watch: &mut Watchdog,
    ) -> Result<Self, DecoderError> {
        let Some(filter) = filter(codec) else {
            return Ok(Self::default());
        };
        let map = format!("0:{stream}");
        let invocation = Invocation::new(ffmpeg, input, limits, &[])?;
        let invocation = invocation.args([
            "-map", &map, "-c", "copy", "-bsf:v", filter, "-f", "null", "-",
        ]);
        let traced = capture(invocation, watch, (), TracedAspects::default());
        match traced {
            Ok(CapturedRun { err, .. }) => {
                let changes = err.changes().into_iter();
                Ok(Self {
                    changes: changes.map(|(from, aspect)| (from, Some(aspect))).collect(),
                })
            }
            Err(error @ DecoderError::Stopped) => Err(error),
            Err(error) => {
                tracing::debug!(%error, "the shapes of pixels stay unknown");
                Ok(Self::default())
            }
        }
    }
}

/// Lets the parameter sets through that tell the shape of a pixel, and spells them out.
fn filter(codec: &str) -> Option<&'static str> {
    match codec {
        "h264" => Some("h264_mp4toannexb,filter_units=pass_types=7,trace_headers"),
        "hevc" => Some("hevc_mp4toannexb,filter_units=pass_types=33,trace_headers"),
        "mpeg2video" => Some("filter_units=pass_types=179,trace_headers"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_holds_from_its_change_on() {
        let aspects = PixelAspects {
            changes: vec![(100, Some((16, 15))), (300, Some((64, 45)))],
        };
        let at = |pts| aspects.at(Some(pts));
        assert_eq!((at(99), at(100), at(299)), (None, Some((16, 15)), at(100)));
        assert_eq!(at(300), Some((64, 45)));
    }
}
