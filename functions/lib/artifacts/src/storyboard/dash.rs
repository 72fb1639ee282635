//! DASH: tiles of thumbnails (DASH-IF Interoperability Points 4.3, 6.2.6; ISO/IEC 23009-1).
//!
//! A sheet is a segment, whose cells share its time evenly. The size of a representation is that of
//! a whole sheet.

use super::{Storyboard, US_PER_S, seconds};

/// Stands for the number of a sheet in the name of all.
pub const NUMBER: &str = "$Number%05d$";

/// The adaptation set, to copy into the period of a video's MPD. Names of sheets are relative to it.
#[must_use]
pub fn adaptation_set(storyboard: &Storyboard) -> String {
    indented(storyboard, "")
}

/// An MPD of nothing but that adaptation set.
#[must_use]
pub fn mpd(storyboard: &Storyboard) -> String {
    let duration = seconds(storyboard.duration_us());
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-live:2011\" \
         type=\"static\" minBufferTime=\"PT2S\" mediaPresentationDuration=\"PT{duration}S\">\n  \
         <Period id=\"1\" start=\"PT0S\" duration=\"PT{duration}S\">\n{}  </Period>\n</MPD>\n",
        indented(storyboard, "    ")
    )
}

fn indented(storyboard: &Storyboard, indent: &str) -> String {
    let sheet = storyboard.grid.sheet();
    let (columns, lines) = storyboard.grid.layout();
    let (stem, extension) = (&storyboard.names.stem, storyboard.names.extension);
    let kind = match extension {
        "png" => "image/png",
        _ => "image/jpeg",
    };
    format!(
        "{indent}<AdaptationSet id=\"thumbnails\" contentType=\"image\" mimeType=\"{kind}\">\n\
         {indent}  <SegmentTemplate media=\"{stem}-{NUMBER}.{extension}\" startNumber=\"1\" \
         timescale=\"{US_PER_S}\" duration=\"{}\"/>\n\
         {indent}  <Representation id=\"thumbnails-{}x{}\" width=\"{}\" height=\"{}\" bandwidth=\"{}\">\n\
         {indent}    <EssentialProperty schemeIdUri=\"http://dashif.org/guidelines/thumbnail_tile\" \
         value=\"{columns}x{lines}\"/>\n\
         {indent}  </Representation>\n\
         {indent}</AdaptationSet>\n",
        storyboard.full_sheet_us(),
        storyboard.grid.cell().width,
        storyboard.grid.cell().height,
        sheet.width,
        sheet.height,
        storyboard.bits_per_second()
    )
}
