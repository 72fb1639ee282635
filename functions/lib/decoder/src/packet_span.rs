//! What a decoder says of one frame, given the packets from the keyframe before it to its own and no
//! others.
//!
//! A decoder holds frames back to put them in order, and since version 7 ffmpeg's decoder runs on a
//! thread of its own: where it may read on, it complains of frames that come after the wanted one, by
//! more or less each time. What it cannot read it cannot complain of. So the packets are copied
//! first, into a stream that ends with the wanted frame, and that is decoded: the verdict is the same
//! with every version and each time.

use crate::capture::{capture_bytes, capture_fed};
use crate::complaints::ComplaintCounts;
use crate::process::{Invocation, JobLimits, LineSink, Watchdog};
use crate::{CallClock, DecoderError, Ffmpeg};
use plan::TimeBase;
use std::fs::File;

/// A longer span is not kept in memory.
const MOST_BYTES: usize = 64 << 20;

/// Decoders that begin amid a stream miss what the first packets after the keyframe refer to.
const PACKETS_AT_ENTRY: u32 = 4;

/// Packets come in order of decoding: so much later none of the span is left, microseconds.
const REORDERED_US: i64 = 2_000_000;

/// Where a container leaves out when some pictures are shown, their decoding times tell it: an MPEG
/// program stream says it of one picture in a pack.
const WITH_ALL_TIMES: [&str; 2] = ["-fflags", "+genpts"];

/// What becomes of pictures that follow the keyframe and are shown before it: nothing that is shown
/// later can refer to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LeadingPictures {
    Kept,
    Dropped,
}

/// Where the packets of a span end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanEnd {
    /// With its frame.
    AtFrame,
    /// Well behind it: with those of frames that are decoded later and shown before it.
    BehindFrame,
}

/// The packets of one frame and of those before it that it may depend on.
#[derive(Debug, Clone, Copy)]
pub struct PacketSpan {
    /// The number of the stream in the file.
    pub stream: usize,
    /// Of the times here.
    pub time_base: TimeBase,
    /// When the keyframe that decoding begins with is shown.
    pub from: i64,
    /// When the frame is shown.
    pub to: i64,
    /// When the one after it is: a packet between the two is its second field.
    pub next: Option<i64>,
    /// Where to seek to so that the keyframe is found, microseconds; none is the start of the file.
    pub seek_us: Option<i64>,
    /// What is said of references that are missing is said of damage: nothing comes before.
    pub begins_whole: bool,
}

impl PacketSpan {
    /// Whether the decoder complains of the frame or of one that it may depend on. None where the
    /// frame is not found by its time, or the packets can't be copied as they are.
    ///
    /// `before` are options for the input.
    ///
    /// # Errors
    /// The job has nothing left to do it with.
    pub fn is_damaged(
        &self,
        ffmpeg: &Ffmpeg,
        input: &File,
        before: &[&str],
        limits: &JobLimits,
        clock: &CallClock,
    ) -> Result<Option<bool>, DecoderError> {
        let heard = |most_packets| {
            let watch = || Watchdog::new(limits, clock);
            let which = (LeadingPictures::Dropped, most_packets, SpanEnd::AtFrame);
            let packets = self.copy(ffmpeg, input, before, limits, &mut watch(), which)?;
            let decoded = packets.map(|packets| self.decode(ffmpeg, packets, limits, &mut watch()));
            decoded.transpose()
        };
        let Some(whole) = heard(None)? else {
            return Ok(None);
        };
        let missing = whole.complaints.missing_references;
        if whole.complaints.damage > 0 || missing > 0 && self.begins_whole {
            return Ok(Some(true));
        }
        if !whole.has_come {
            return Ok(None);
        }
        if missing == 0 {
            return Ok(Some(false));
        }
        let at_entry = heard(Some(PACKETS_AT_ENTRY))?;
        Ok(at_entry.map(|entry| missing > entry.complaints.missing_references))
    }

    /// The packets in a Matroska, so that each can be looked at; those among them that are shown before the
    /// keyframe, too. None where they can't be copied as they
    /// are.
    ///
    /// `before` are options for the input.
    ///
    /// # Errors
    /// The job has nothing left to do it with.
    pub fn in_matroska(
        &self,
        ffmpeg: &Ffmpeg,
        input: &File,
        (before, end): (&[&str], SpanEnd),
        limits: &JobLimits,
        clock: &CallClock,
    ) -> Result<Option<Vec<u8>>, DecoderError> {
        let watch = || Watchdog::new(limits, clock);
        let which = (LeadingPictures::Kept, None, end);
        let packets = self.copy(ffmpeg, input, before, limits, &mut watch(), which)?;
        let Some(packets) = packets else {
            return Ok(None);
        };
        // Only now: the clock of this one is too coarse to find packets by their times.
        let invocation = Invocation::fed_packets(ffmpeg, limits)?
            .args(["-map", "0:0", "-c", "copy", "-f", "matroska", "pipe:1"]);
        let copied = capture_bytes(invocation, &mut watch(), MOST_BYTES, packets, ())?;
        Ok(copied.out.filter(|_| copied.status.success()))
    }

    /// Into a NUT, which keeps what a decoder needs to know of packets, and times to the tick.
    fn copy(
        &self,
        ffmpeg: &Ffmpeg,
        input: &File,
        before: &[&str],
        limits: &JobLimits,
        watch: &mut Watchdog,
        (leading, most_packets, end): (LeadingPictures, Option<u32>, SpanEnd),
    ) -> Result<Option<Vec<u8>>, DecoderError> {
        let seek = self.seek_us.map(seconds);
        let mut options = [before, &WITH_ALL_TIMES].concat();
        if let Some(seek) = &seek {
            options.extend(["-noaccurate_seek", "-seek_timestamp", "1", "-ss", seek]);
        }
        let end_us = self
            .time_base
            .rescaled_up(self.to, TimeBase::MICROSECONDS)
            .and_then(|to| to.checked_add(REORDERED_US));
        let Some(end_us) = end_us.filter(|&end| end > 0) else {
            return Ok(None);
        };
        // Older versions tell filters of packets their times on the clock of what is written.
        let clock = match ffmpeg.version.queues_output() {
            true => self.time_base,
            false => nut_clock(self.time_base),
        };
        let Some(drop) = self.drop_expression(clock, leading, most_packets, end) else {
            return Ok(None);
        };
        let invocation = Invocation::new(ffmpeg, input, limits, &options)?
            .args(["-map", &format!("0:{}", self.stream), "-an", "-sn", "-dn"])
            .args(["-c", "copy", "-copyinkf:v"])
            .args(["-bsf:v", &format!("noise=drop='{drop}'")])
            .args(["-t", &seconds(end_us), "-f", "nut", "pipe:1"]);
        let copied = capture_bytes(invocation, watch, MOST_BYTES, Vec::new(), ())?;
        Ok(copied.out.filter(|_| copied.status.success()))
    }

    /// Not 0 for packets that are none of the span. None where their times are no times of `clock`.
    fn drop_expression(
        &self,
        clock: TimeBase,
        leading: LeadingPictures,
        most_packets: Option<u32>,
        end: SpanEnd,
    ) -> Option<String> {
        let ticks = |ticks| self.time_base.rescaled_up(ticks, clock);
        let (from, to) = (ticks(self.from)?, ticks(self.to)?);
        let next = self.next.and_then(ticks);
        let field = next.map_or("0".to_owned(), |next| {
            format!("gt(pts,{to})*lt(pts,{next})")
        });
        let leading = match leading {
            LeadingPictures::Kept => String::new(),
            // One without a time has the least there is; the container refuses it.
            LeadingPictures::Dropped => format!("+gt(pts,-9e18)*lt(pts,{from})"),
        };
        let most = most_packets.map_or(String::new(), |most| format!("+gt(ld(3),{most})"));
        let over = match end {
            SpanEnd::AtFrame => format!("+ld(2)*not({field})"),
            SpanEnd::BehindFrame => String::new(),
        };
        // Registers: 0, begun; 1, over; 2, over before this packet; 3, how many so far.
        Some(format!(
            "st(0,ld(0)+eq(pts,{from}));st(2,ld(1));st(1,ld(1)+eq(pts,{to}));\
             st(3,ld(3)+gt(ld(0),0));\
             not(ld(0)){over}{leading}{most}"
        ))
    }

    fn decode(
        &self,
        ffmpeg: &Ffmpeg,
        packets: Vec<u8>,
        limits: &JobLimits,
        watch: &mut Watchdog,
    ) -> Result<HeardOfSpan, DecoderError> {
        let TimeBase { num, den } = self.time_base;
        // The container has a finer clock.
        let filters = format!("settb={num}/{den},showinfo=checksum=0");
        let invocation = Invocation::fed_packets(ffmpeg, limits)?
            .decoding(0, &filters)
            .args(["-f", "null", "-"]);
        let heard = HeardOfSpan {
            to: self.to,
            is_decoding: false,
            complaints: ComplaintCounts::default(),
            has_come: false,
        };
        Ok(capture_fed(invocation, watch, (), heard, packets)?.err)
    }
}

/// The clock that ffmpeg gives a NUT of video on `clock`: the same, or one that counts each tick of it,
/// where it is too coarse.
fn nut_clock(clock: TimeBase) -> TimeBase {
    const LEAST_TICKS: u32 = 48_000;
    const MOST: u32 = 1 << 24;
    let TimeBase { mut num, mut den } = clock;
    for factor in [2, 3, 5, 7, 9, 11, 13] {
        while den / num < LEAST_TICKS && num % factor == 0 {
            num /= factor;
        }
    }
    while den / num < LEAST_TICKS && den < MOST {
        den *= 2;
    }
    TimeBase { num, den }
}

/// What is said while a span is decoded.
#[derive(Debug)]
struct HeardOfSpan {
    to: i64,
    /// What was said before is about frames that were decoded to learn what the stream is.
    is_decoding: bool,
    complaints: ComplaintCounts,
    /// The frame of the span came out.
    has_come: bool,
}

impl LineSink for HeardOfSpan {
    fn line(&mut self, line: &str) {
        self.is_decoding |= line.contains("Stream mapping:");
        if self.is_decoding {
            self.complaints.count(line);
        }
        self.has_come |= shown_at(line) == Some(self.to);
    }
}

/// The time of the frame that a line of `showinfo` is about.
fn shown_at(line: &str) -> Option<i64> {
    let line = line.strip_prefix("[Parsed_showinfo")?;
    let (_, after) = line.split_once(" pts:")?;
    after.split_whitespace().next()?.parse().ok()
}

/// Microseconds for ffmpeg, which takes them as seconds.
#[must_use]
pub fn seconds(us: i64) -> String {
    let sign = if us < 0 { "-" } else { "" };
    let us = us.unsigned_abs();
    format!("{sign}{}.{:06}", us / 1_000_000, us % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_exact_to_the_microsecond_below_zero_too() {
        assert_eq!(seconds(12_345_678), "12.345678");
        assert_eq!(seconds(-40_000), "-0.040000");
    }

    #[test]
    fn the_clock_of_a_nut_counts_each_tick_of_a_coarser_one() {
        let clock = |num, den| {
            let TimeBase { num, den } = nut_clock(TimeBase { num, den });
            (num, den)
        };
        assert_eq!(clock(1, 90_000), (1, 90_000));
        assert_eq!(clock(1, 1000), (1, 64_000));
        assert_eq!(clock(1, 25), (1, 51_200));
        assert_eq!(clock(1001, 30_000), (1, 60_000));
    }

    #[test]
    fn the_frame_of_the_span_is_known_by_its_time() {
        let heard = |lines: &[&str]| {
            let mut heard = HeardOfSpan {
                to: 7200,
                is_decoding: false,
                complaints: ComplaintCounts::default(),
                has_come: false,
            };
            lines.iter().for_each(|line| heard.line(line));
            (heard.complaints.damage, heard.has_come)
        };
        let before = "[h264 @ 0x1] [error] error while decoding MB 3 4, bytestream -5";
        let frame =
            |pts| format!("[Parsed_showinfo_1 @ 0x2] [info] n:   0 pts:   {pts} pts_time:0.08");
        assert_eq!(heard(&[before, &frame(720)]), (0, false));
        assert_eq!(
            heard(&["[info] Stream mapping:", before, &frame(7200)]),
            (1, true)
        );
    }
}
