//! ffmpeg's list of packets is the truth: times, sync samples, what an edit list hides.

use super::clips::{Clip, ffmpegs};
use super::{index_file, media};
use crate::{IndexError, VideoTrack};
use ::media::packet_list::{self, PacketList};
use decoder::Ffmpeg;
use plan::TimeBase;
use std::fs::File;
use std::path::Path;

fn list(ffmpeg: &Ffmpeg, path: &Path) -> Option<PacketList> {
    packet_list::list(ffmpeg, &File::open(path).ok()?).ok()
}

/// Presentation time, sync and shown, of all packets.
type Rows = Vec<(i64, bool, bool)>;

fn ours(track: &VideoTrack) -> Rows {
    let samples = track.samples.iter();
    samples
        .map(|sample| (sample.pts, sample.sync, sample.shown))
        .collect()
}

fn theirs(listing: &PacketList) -> Option<Rows> {
    let packets = listing.packets.iter();
    packets
        .map(|packet| Some((packet.pts?, packet.is_key, !packet.is_discarded)))
        .collect()
}

fn micros(ticks: i64, base: TimeBase) -> i128 {
    i128::from(ticks) * i128::from(base.num) * 1_000_000 / i128::from(base.den)
}

/// What differs; times may differ by one shift of all. Older ffmpegs guess the durations of last
/// packets.
fn differences(track: &VideoTrack, listing: &PacketList, guesses: bool) -> Result<(), String> {
    let theirs = theirs(listing).ok_or("ffmpeg has packets without times")?;
    let ours = ours(track);
    if track.stream != listing.stream {
        return Err(format!("stream {} for {}", track.stream, listing.stream));
    }
    if Some(track.time_base) != listing.time_base {
        return Err(format!("clock {:?}", track.time_base));
    }
    if listing.codec != track.codec.name() {
        return Err(format!("codec {:?} for {}", track.codec, listing.codec));
    }
    if ours.len() != theirs.len() {
        return Err(format!("{} samples for {}", ours.len(), theirs.len()));
    }
    let shift = ours[0].0 - theirs[0].0;
    for (at, (our, their)) in ours.iter().zip(&theirs).enumerate() {
        if (our.0 - shift, our.1, our.2) != *their {
            return Err(format!("sample {at}: {our:?} for {their:?}, shift {shift}"));
        }
    }
    let shown = listing.packets.iter().filter(|p| !p.is_discarded);
    let last = shown.max_by_key(|packet| packet.pts).ok_or("all hidden")?;
    let end = last.pts.map(|pts| pts + last.duration);
    if !guesses && end != Some(track.end_pts - shift) {
        return Err(format!("ends at {} for {end:?}", track.end_pts - shift));
    }
    let near_us = if guesses { 30_000 } else { 2_000 };
    sounds(track, listing, shift, near_us)
}

/// Ends of the sounds.
fn sounds(
    track: &VideoTrack,
    listing: &PacketList,
    shift: i64,
    near_us: i128,
) -> Result<(), String> {
    let ours: Vec<i128> = track
        .sounds
        .iter()
        .map(|sound| micros(sound.end_pts, sound.time_base) - micros(shift, track.time_base))
        .collect();
    let theirs: Vec<i128> = listing
        .sound_ends
        .iter()
        .map(|&(end, time_base)| micros(end, time_base))
        .collect();
    let near = |(one, other): (&i128, &i128)| (one - other).abs() <= near_us;
    if ours.len() == theirs.len() && ours.iter().zip(&theirs).all(near) {
        return Ok(());
    }
    Err(format!("sounds end at {ours:?} for {theirs:?}"))
}

/// Compares one file with all ffmpegs; gives what differs.
pub(super) fn compare(path: &Path, track: &Result<VideoTrack, IndexError>) -> Vec<String> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let track = match track {
        Ok(track) => track,
        Err(error) => {
            eprintln!("{name}: no index: {error}");
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for ffmpeg in ffmpegs() {
        let outcome = match list(&ffmpeg, path) {
            Some(listing) => {
                let guesses = ffmpeg.version.short().starts_with(['5', '6']);
                differences(track, &listing, guesses)
            }
            None => Err("ffmpeg lists nothing".to_owned()),
        };
        if let Err(difference) = outcome {
            found.push(format!("{name}, ffmpeg {}: {difference}", ffmpeg.version));
        }
    }
    found
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn real_files_are_listed_as_ffmpeg_lists_them() {
    let mut differences = Vec::new();
    let mut indexed = 0;
    let files = media("real");
    for path in &files {
        let track = index_file(path);
        indexed += usize::from(track.is_ok());
        differences.extend(compare(path, &track));
    }
    assert!(differences.is_empty(), "{differences:#?}");
    assert_eq!(indexed, files.len(), "each has an index");
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn quirky_and_broken_files_are_listed_alike_or_not_at_all() {
    let mut differences = Vec::new();
    for path in media("malformed").iter().chain(&media("synthetic")) {
        differences.extend(compare(path, &index_file(path)));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn made_clips_are_listed_as_ffmpeg_lists_them() {
    let mut differences = Vec::new();
    for clip in Clip::all() {
        let Some(made) = clip.make() else {
            eprintln!("SKIPPED: this ffmpeg cannot make {}", clip.name);
            continue;
        };
        let track = index_file(&made.path);
        if clip.has_index {
            assert!(track.is_ok(), "{}: {:?}", clip.name, track.err());
        }
        differences.extend(compare(&made.path, &track));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}
