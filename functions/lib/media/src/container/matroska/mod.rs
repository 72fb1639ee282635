//! Matroska and WebM: RFC 9559.
//!
//! The headers of all blocks are read, and nothing of their frames: with `Cues` or without, each
//! frame's place and time are known exactly. What breaks off is listed up to there; any other
//! damage gives no index, since readers differ in where they go on.
//!
//! The elements are read here because the crates that do (matroska-demuxer, mkv-element,
//! webm-iterable) read the frames as well, and give no place of a frame in the file.

mod block;
mod ebml;
mod entry;
mod header;
mod ids;
mod picture;
mod reader;
mod samples;
mod scan;
mod sound;

use super::{IndexLimits, NoIndex, Sound, Track};
use crate::source::RangeSource;
use ebml::{DAMAGED, elements};
use header::Entry;
use plan::TimeBase;
use reader::Reader;
use samples::Samples;
use scan::{Found, Scan};
use sound::Ending;

/// Nanoseconds in a tick, where nothing else is said.
const USUAL_SCALE_NS: u64 = 1_000_000;
const NS_PER_SECOND: u64 = 1_000_000_000;
/// Header elements are far smaller.
const MOST_EBML_BYTES: u64 = 4096;

const UNITY: [i32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// Reads the index of the video track.
pub(super) fn index(source: &dyn RangeSource, limits: IndexLimits) -> Result<Track, NoIndex> {
    let mut scan = begin(source, limits)?;
    let (scale_ns, entries) = head(&mut scan)?;
    let (stream, video) = choose(&entries)?;
    let codec = entry::codec(video)?;
    let coded = video.picture.coded()?;
    let entry = entry::sample_entry(video, codec, coded)?;
    scan.wanted = video.number;
    let mut samples = Samples::new(scale_ns, video, codec, limits.samples);
    let sounding = entries.iter().filter(|entry| entry.is_sound());
    let mut endings: Vec<Ending> = sounding.map(Ending::new).collect();
    while let Some(found) = scan.step()? {
        let Found::Frames(frames) = found else {
            return Err(NoIndex::Odd("it has several headers"));
        };
        if frames.track == video.number {
            samples.add(&frames)?;
        } else if let Some(ending) = endings.iter_mut().find(|end| end.track == frames.track) {
            ending.extend(&frames, scale_ns);
        }
    }
    let time_base = ticks(scale_ns)?;
    let (samples, end_pts) = samples.finish()?;
    Ok(Track {
        stream,
        time_base,
        samples,
        end_pts,
        codec,
        entry,
        coded,
        sample_aspect_ratio: video.picture.sample_aspect_ratio()?,
        matrix: UNITY,
        colour: video.picture.colour,
        sounds: sounds(&endings, scale_ns, time_base),
    })
}

fn sounds(endings: &[Ending], scale_ns: u64, time_base: TimeBase) -> Vec<Sound> {
    let ends = endings.iter().filter_map(|ending| ending.end(scale_ns));
    ends.map(|end_pts| Sound { end_pts, time_base }).collect()
}

fn choose(entries: &[Entry]) -> Result<(usize, &Entry), NoIndex> {
    let stream = header::video(entries)?;
    let video = &entries[stream];
    video.check()?;
    Ok((stream, video))
}

/// Reads the EBML header: RFC 8794, 11.2.
fn begin(source: &dyn RangeSource, limits: IndexLimits) -> Result<Scan<'_>, NoIndex> {
    let mut reader = Reader::new(source, limits.bytes);
    let place = reader.element(0, source.bytes())?.ok_or(DAMAGED)?;
    if place.id != ids::EBML || place.bytes.is_none_or(|bytes| bytes > MOST_EBML_BYTES) {
        return Err(DAMAGED);
    }
    let mut is_matroska = false;
    for element in elements(&reader.body(place)?) {
        let element = element?;
        let most = match element.id {
            ids::EBML_READ_VERSION => 1,
            ids::EBML_MAX_ID_LENGTH => 4,
            ids::EBML_MAX_SIZE_LENGTH => 8,
            ids::DOC_TYPE => {
                is_matroska = matches!(element.text(), b"matroska" | b"webm");
                continue;
            }
            _ => continue,
        };
        if element.unsigned()? > most {
            return Err(NoIndex::Odd("its EBML is of another version"));
        }
    }
    if !is_matroska {
        return Err(NoIndex::Odd("its EBML is not Matroska"));
    }
    Scan::new(reader, place.end()?)
}

/// Everything that comes before the first frame.
fn head(scan: &mut Scan<'_>) -> Result<(u64, Vec<Entry>), NoIndex> {
    let (mut scale_ns, mut entries) = (None, None);
    while scale_ns.is_none() || entries.is_none() {
        match scan.step()? {
            Some(Found::Info(info)) if scale_ns.is_none() => scale_ns = Some(scale(&info)?),
            Some(Found::Tracks(tracks)) if entries.is_none() => {
                entries = Some(header::parse(&tracks)?);
            }
            _ => return Err(NoIndex::Odd("its header is not whole")),
        }
    }
    scale_ns.zip(entries).ok_or(DAMAGED)
}

/// `TimestampScale`, ns.
fn scale(info: &[u8]) -> Result<u64, NoIndex> {
    let mut scale_ns = USUAL_SCALE_NS;
    for element in elements(info) {
        let element = element?;
        if element.id == ids::TIMESTAMP_SCALE {
            scale_ns = element.unsigned()?;
        }
    }
    ticks(scale_ns)?;
    Ok(scale_ns)
}

fn ticks(scale_ns: u64) -> Result<TimeBase, NoIndex> {
    let shared = picture::greatest_divisor(scale_ns, NS_PER_SECOND);
    let part = |part: u64| u32::try_from(part / shared).ok();
    let ticks = part(scale_ns).zip(part(NS_PER_SECOND));
    ticks
        .and_then(|(num, den)| TimeBase::new(num, den))
        .ok_or(NoIndex::Odd("its clock is out of range"))
}

#[cfg(test)]
mod tests;
