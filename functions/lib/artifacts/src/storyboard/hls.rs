//! HLS: an image media playlist (RFC 8216 with the tags of the Image Media Playlist specification 0.4 of
//! Roku, Disney and WarnerMedia).
//!
//! `RESOLUTION` is that of one cell, in the playlist and in the tag of the multivariant playlist;
//! `LAYOUT` is columns by lines. `EXTINF` is how long the cells of a sheet are shown.

use super::{Storyboard, US_PER_S, seconds};
use std::fmt::Write;

/// The playlist of the sheets.
#[must_use]
pub fn media_playlist(storyboard: &Storyboard) -> String {
    let cell = storyboard.grid.cell();
    let (columns, lines) = storyboard.grid.layout();
    let target_s = storyboard.full_sheet_us().div_ceil(US_PER_S);
    let mut text = format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{target_s}\n#EXT-X-MEDIA-SEQUENCE:0\n\
         #EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-IMAGES-ONLY\n"
    );
    for index in 0..storyboard.sheet_bytes.len() {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "#EXTINF:{},\n#EXT-X-TILES:RESOLUTION={}x{},LAYOUT={columns}x{lines},DURATION={}\n{}\n",
            seconds(storyboard.shown_us(index)),
            cell.width,
            cell.height,
            seconds(storyboard.step_us),
            storyboard.names.of(index)
        );
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

/// A multivariant playlist of nothing but the tag that names `playlist`: the line to copy into that
/// of the video.
#[must_use]
pub fn multivariant_playlist(storyboard: &Storyboard, playlist: &str) -> String {
    let cell = storyboard.grid.cell();
    let codec = match storyboard.names.extension {
        "png" => "png",
        _ => "jpeg",
    };
    format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-IMAGE-STREAM-INF:BANDWIDTH={},RESOLUTION={}x{},\
         CODECS=\"{codec}\",URI=\"{playlist}\"\n",
        storyboard.bits_per_second(),
        cell.width,
        cell.height
    )
}
