//! What decoders say, and what it means. All are the beginnings of messages.

/// Said of whole streams that are entered elsewhere than at their start, and of those whose
/// references are lost.
pub(super) const MISSING_REFERENCE: &[&str] = &[
    // H.264.
    "Missing reference picture, default is ",
    "reference picture missing during reorder",
    "Frame num gap",
    NOT_KEPT,
    "number of reference frames (",
    "co located POCs unavailable",
    "non-existing PPS ",
    "non-existing SPS ",
    "no frame!",
    // Of ffmpeg 5.1 for want of a parameter set, too. What else is wrong with a header is told in
    // a line of its own before it.
    "decode_slice_header error",
    // HEVC and VVC. A leading picture whose references lie before the entry is skipped by its
    // first slice; the further ones lack it then.
    "Could not find ref with POC ",
    "Error constructing the frame RPS",
    "First slice in a frame missing",
    "Skipping invalid undecodable NALU",
    "PPS id out of range: ",
    "VPS id out of range: ",
    "SPS id out of range: ",
    "PPS 0 does not exist",
    "SPS 0 does not exist",
    "VPS 0 does not exist",
    // VP8, VP9.
    "Discarding interframe without a prior keyframe",
    "Not all references are available",
    "Requested reference ",
    // MPEG-1 and MPEG-2, before the first sequence header.
    "Invalid frame dimensions 0x0",
    // H.263, MPEG-4 part 2 and their kin.
    "warning: first frame is no keyframe",
    // FFV1, SVQ1, SVQ3.
    "Cannot decode non-keyframe without valid keyframe",
    "Missing reference frame",
];

/// H.264: a picture is to be given up that the decoder has no more, as where one before was lost.
pub(super) const NOT_KEPT: &str = "mmco: unref short failure";

/// What a decoder says of headers amid frames.
pub(super) const SKIPPED_HEADER: &str = "Header packet passed to frame decoder, skipping";
/// What ffmpeg says then of the decoder.
pub(super) const REFUSED_HEADER: &str = ": Operation not permitted";

/// Errors that are none of a frame.
pub(super) const HARMLESS: &[&str] = &[
    // Supplemental data of H.264 and HEVC, and hints for players.
    "SEI type ",
    "Overread VUI",
    // Of parsers, which read ahead of the decoder and speak in its name. It says so itself where
    // that matters to it.
    "missing picture in access unit",
    "illegal reordering_of_pic_nums_idc ",
    "Failed to parse temporal unit",
    "Failed to read unit ",
    "Invalid OBU length: ",
    "Invalid repeated frame header OBU",
    "Invalid le value at ",
    // dav1d says everything as an error. These are skipped, as the specification wants it.
    "Unknown OBU type ",
    "Unknown Metadata OBU type ",
    "Malformed ITU-T T.35 ",
    // Of VP9 references that a frame names. One that it uses is named once more, as unsupported.
    "Invalid ref frame dimensions ",
    // Of the writer of raw pictures, which has the name of a decoder: frames of one time.
    "Application provided invalid, non monotonically increasing dts to muxer",
    // Of Theora, where one stream is chained to another in Ogg.
    SKIPPED_HEADER,
    // Descriptions in JPEG.
    "unable to decode APP fields",
    "app: invalid len ",
    // The machine's trouble, not the file's.
    "get_buffer() failed",
    "Cannot allocate memory",
    "thread_get_buffer() failed",
];

/// Whoever says it, and in the words of no filter.
pub(super) const DAMAGE_AMID: &[&str] = &[
    "corrupt decoded frame",
    "Error submitting packet to decoder: ",
    "Decoding error: ",
    "concealing ",
    "error while decoding ",
    "Invalid mb type",
    "damaged",
];

/// Below the level of errors.
pub(super) const DAMAGE_BELOW_ERROR: &[&str] = &[
    "concealing ",
    // HEVC in ffmpeg 5.1: a slice is left out.
    "Error parsing NAL unit #",
    "mjpeg_decode_dc: bad vlc",
    // What the decoders of VP8, AV1 and Theora warn of when they go on without.
    "Corrupted reference frame",
];

/// In ffmpeg 5.1 demuxers speak under these names, too.
pub(super) const SHARED_WITH_DEMUXERS: &[&str] = &["flv", "gif", "apng"];

/// Whether a decoder with such a name says it, and no demuxer.
pub(super) fn is_damage_of(text: &str) -> bool {
    const OF_DECODERS: [&str; 12] = [
        // Sorenson's H.263.
        "damaged",
        "Error at MB: ",
        "illegal ",
        "run overflow ",
        "slice end not reached ",
        "Bad picture start code",
        "slice mismatch",
        // GIF.
        "LZW ",
        "image is out",
        // APNG.
        "inflate ",
        "Invalid PNG",
        "CRC",
    ];
    OF_DECODERS.iter().any(|words| text.contains(words))
}

/// What says nothing of frames of one codec alone.
pub(super) fn is_harmless_in(decoder: &str, text: &str) -> bool {
    let is_range = text.contains(" out of range: ") && text.contains(", but must be in [");
    match decoder {
        // H.261 has no flag for keyframes.
        "h261" => text.starts_with("warning: first frame is no keyframe"),
        // The reader of headers that parsers share: they are ahead of the decoder.
        "libdav1d" | "libaom-av1" | "av1" | "vp9" | "vp8" => is_range,
        _ => false,
    }
}
