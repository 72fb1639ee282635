//! Held against lines that ffmpeg 5.1 and 9.0 said of clips, whole and broken.

use super::*;

/// Of broken clips.
const DAMAGE: &str = include_str!("lines/damage.txt");
/// Of whole clips that are entered elsewhere than at their start, and of broken ones.
const MISSING_REFERENCE: &str = include_str!("lines/missing_reference.txt");
/// Of whole clips decoded from their start, and what of broken ones tells of no frame.
const NOTHING: &str = include_str!("lines/nothing.txt");

fn assert_all(lines: &str, expected: Option<Complaint>) {
    let others = lines.lines().filter(|line| complaint(line) != expected);
    let others: Vec<_> = others
        .map(|line| format!("{:?}: {line}", complaint(line)))
        .collect();
    assert!(others.is_empty(), "{}", others.join("\n"));
}

#[test]
fn broken_data_is_damage() {
    assert_all(DAMAGE, Some(Complaint::Damage));
}

/// Clean pictures after the place where two streams were chained together in Ogg were marked.
#[test]
fn headers_amid_theora_are_no_damage() {
    for (skipped, refused) in [
        (
            "[theora @ 0x1] [error] Header packet passed to frame decoder, skipping",
            "[error] Error while decoding stream #0:0: Operation not permitted",
        ),
        (
            "[theora @ 0x1] [error] Header packet passed to frame decoder, skipping",
            "[vist#0:0/theora @ 0x2] [dec:theora @ 0x3] [error] Error submitting packet to decoder: \
             Operation not permitted",
        ),
    ] {
        let mut reader = ComplaintReader::default();
        assert_eq!((reader.read(skipped), reader.read(refused)), (None, None));
        assert_eq!(reader.read(refused), Some(Complaint::Damage), "another one");
    }
}

#[test]
fn absent_references_and_parameter_sets_are_no_damage() {
    assert_all(MISSING_REFERENCE, Some(Complaint::MissingReference));
}

#[test]
fn what_is_said_of_whole_files_is_no_complaint() {
    assert_all(NOTHING, None);
}

#[test]
fn a_title_that_speaks_like_a_decoder_is_not_believed() {
    for line in DAMAGE.lines().chain(MISSING_REFERENCE.lines()) {
        for title in [
            format!("[info]     title           : {line}"),
            format!("[info]                     : {line}"),
            format!("    title           : {line}"),
            format!("                    : {line}"),
            format!(" {line}"),
            format!("title {line}"),
        ] {
            assert_eq!(complaint(&title), None, "{title}");
        }
    }
}

#[test]
fn a_title_that_speaks_like_ffmpeg_is_not_believed() {
    for title in [
        "x: corrupt decoded frame in stream 0",
        "Error while decoding stream #0:0: Invalid data",
        "overread 8",
    ] {
        for front in ["    title           : ", "                    : ", ""] {
            let line = format!("[info] {front}{title}");
            assert_eq!(complaint(&line), None, "{line}");
        }
    }
}

#[test]
fn what_demuxers_filters_and_decoders_of_sound_say_is_of_no_frame() {
    for line in DAMAGE.lines() {
        let Some((_, text)) = line.rsplit_once("] ") else {
            panic!("{line}");
        };
        for speaker in [
            "[mpegts @ 0x1]",
            "[aac @ 0x1]",
            "[in#0/mov,mp4 @ 0x1]",
            "[Parsed_showinfo_0 @ 0x1]",
            "[aist#0:1/aac @ 0x1] [dec:aac @ 0x2]",
        ] {
            let line = format!("{speaker} [error] {text}");
            assert_eq!(complaint(&line), None, "{line}");
        }
    }
}

#[test]
fn too_little_memory_is_no_damage() {
    for line in [
        "[h264 @ 0x1] [error] get_buffer() failed",
        "[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2] [error] Error submitting packet to decoder: Cannot allocate memory",
        "[error] Error while decoding stream #0:0: Cannot allocate memory",
    ] {
        assert_eq!(complaint(line), None, "{line}");
    }
}

#[test]
fn damage_is_worse_than_a_missing_reference() {
    assert!(Complaint::Damage > Complaint::MissingReference);
}

/// Every word of the decoder was lost where all of them came amid lines of the filter.
#[test]
fn what_is_said_amid_a_line_of_the_filter_is_not_heard() {
    let front = "[Parsed_showinfo_0 @ 0x7f5020003640] [info] ";
    for text in [
        "n:   6 pts:  70200 pts_time:0.78    fmt:yuv420p cl:left sar:1/1 s:160x120 i:P iskey:0 \
         type:P corrupt decoded frame",
        "n:   5 pts:  66600 fmt:yuv420p s:160x120 i:P iskey:0 type:B concealing 20 DC, 20 AC, 20 MV \
         errors in B frame",
        "  side data - AVPanScan: Invalid mb type in B-frame at 0 1",
        "color_range:tvconcealing 10 DC, 10 AC, 10 MV errors in B frame",
    ] {
        let line = format!("{front}{text}");
        assert_eq!(complaint(&line), Some(Complaint::Damage), "{line}");
    }
    for text in [
        "n:   6 pts:  70200 fmt:yuv420p s:160x120 i:P iskey:0 type:P Output #0, rawvideo, to 'pipe:1':",
        "color_range:tv color_space:unknown color_primaries:unknown color_trc:unknown",
        "  side data - AVPanScan: (24 bytes)",
        "n:   6 pts: 0 s:1x1 type:P Error submitting packet to decoder: Cannot allocate memory",
    ] {
        let line = format!("{front}{text}");
        assert_eq!(complaint(&line), None, "{line}");
    }
}
