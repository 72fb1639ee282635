//! An index beside what ffmpeg's own demuxer lists.

use super::ffmpegs;
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

/// How far ffmpeg's list of a container is to be believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trust {
    /// It says which packets are hidden. Of Matroska it lists VP8's hidden frames like others.
    pub(crate) hidden: bool,
    /// A last packet of a single tick has that duration. Of Matroska, where no duration is stated,
    /// that may be a guess.
    pub(crate) last_tick: bool,
    /// No edit ends within the last packet. ffmpeg lists it whole all the same.
    pub(crate) last_is_whole: bool,
}

/// The sample that an edit list's start cuts: ours shows it from then on, ffmpeg hides it. Both give
/// it the same place.
fn cut_by_start(ours: &Rows, theirs: &Rows) -> Option<usize> {
    let is_cut = |at: &usize| ours[*at].2 && !theirs[*at].2;
    let cut = (0..ours.len().min(theirs.len())).find(is_cut)?;
    let before = |rows: &Rows| {
        (0..rows.len())
            .filter(|&at| rows[at].0 < rows[cut].0)
            .count()
    };
    let begins = |&at: &usize| ours[at].2 && at != cut;
    let is_first = (0..ours.len())
        .filter(begins)
        .all(|at| ours[at].0 > ours[cut].0);
    (before(ours) == before(theirs) && is_first).then_some(cut)
}

/// What differs; times may differ by one shift of all. Older ffmpegs guess the durations of last
/// packets.
fn differences(
    track: &VideoTrack,
    listing: &PacketList,
    guesses: bool,
    trust: Trust,
) -> Result<(), String> {
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
    let near_us = if guesses { 30_000 } else { 2_000 };
    if track.edits.is_some() {
        // What is shown of its samples is not ffmpeg's choice.
        return sounds(track, listing, 0, near_us);
    }
    if ours.len() != theirs.len() {
        return Err(format!("{} samples for {}", ours.len(), theirs.len()));
    }
    let cut = cut_by_start(&ours, &theirs).filter(|_| trust.hidden);
    let of = (0..ours.len()).find(|&at| cut != Some(at)).unwrap_or(0);
    let shift = ours[of].0 - theirs[of].0;
    for (at, (our, their)) in ours.iter().zip(&theirs).enumerate() {
        if cut == Some(at) {
            continue;
        }
        let is_shown = !trust.hidden || our.2 == their.2;
        if (our.0 - shift, our.1) != (their.0, their.1) || !is_shown {
            return Err(format!("sample {at}: {our:?} for {their:?}, shift {shift}"));
        }
    }
    let shown = listing.packets.iter().filter(|p| !p.is_discarded);
    let last = shown.max_by_key(|packet| packet.pts).ok_or("all hidden")?;
    let end = last.pts.map(|pts| pts + last.duration);
    let cut_off = end.map_or(0, |end| end - (track.end_pts - shift));
    let is_cut = !trust.last_is_whole && (0..last.duration).contains(&cut_off);
    let is_stated = trust.last_tick || last.duration > 1;
    if !guesses && is_stated && !is_cut && end != Some(track.end_pts - shift) {
        return Err(format!("ends at {} for {end:?}", track.end_pts - shift));
    }
    // Where a frame is cut, our clock is that of the presentation; else it begins with the first.
    sounds(track, listing, cut.map_or(shift, |_| 0), near_us)
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
pub(crate) fn compare(
    path: &Path,
    track: &Result<VideoTrack, IndexError>,
    trust: Trust,
) -> Vec<String> {
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
                differences(track, &listing, guesses, trust)
            }
            // Versions differ in whether they list packets that only a key makes sense of.
            None if track.has_encryption => Ok(()),
            None => Err("ffmpeg lists nothing".to_owned()),
        };
        if let Err(difference) = outcome {
            found.push(format!("{name}, ffmpeg {}: {difference}", ffmpeg.version));
        }
    }
    found
}
