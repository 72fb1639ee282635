//! What ffmpeg says of frames that did not decode as they were coded.
//!
//! The words are those of ffmpeg 5.1 and 9.0, gathered from thousands of broken clips of each
//! codec, and held against hundreds of whole ones. At the level `error` a video decoder speaks of
//! damage unless what it says is known to be something else: decoders have more ways to fail than
//! anybody has listed. At lower levels only what is listed counts.

mod decoders;
mod prefix;
mod words;

#[cfg(test)]
mod tests;

use prefix::{Level, Message, Speaker};

/// What is wrong with a frame, or with one that it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Complaint {
    /// References or parameter sets are absent. Of whole streams decoders say so, too, where they
    /// are entered elsewhere than at their start.
    MissingReference,
    /// The coded data of a frame is broken.
    Damage,
}

/// How often a decoder complained.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ComplaintCounts {
    /// [`Complaint::Damage`]
    pub damage: u32,
    /// [`Complaint::MissingReference`]
    pub missing_references: u32,
}

impl ComplaintCounts {
    /// To be given each line.
    pub fn count(&mut self, line: &str) {
        let counter = match complaint(line) {
            Some(Complaint::Damage) => &mut self.damage,
            Some(Complaint::MissingReference) => &mut self.missing_references,
            None => return,
        };
        *counter = counter.saturating_add(1);
    }
}

/// What `line` of ffmpeg's stderr complains of, where it speaks of the decoding of frames. ffmpeg
/// must run with `-loglevel level+info`. What files bring, such as titles, stands only in
/// lines of ffmpeg itself at the level `info`, which are not believed.
///
/// Lines before ffmpeg's `Stream mapping:` are of frames that it decodes to learn what the streams
/// are, and not of those that it gives.
#[must_use]
pub fn complaint(line: &str) -> Option<Complaint> {
    let message = Message::parse(line)?;
    match message.speaker {
        Speaker::Program => of_program(&message),
        Speaker::Decoder(name) => of_decoder(name, &message),
        // It tells of frames at this level alone.
        Speaker::Showinfo if message.level == Level::Information => said_amid(message.text),
        Speaker::Showinfo | Speaker::Other => None,
    }
}

/// Whether a line that is a complaint says no more than that a picture is not there which is to be given
/// up: no frame is decoded otherwise for that.
pub(crate) fn is_of_picture_given_up(line: &str) -> bool {
    line.ends_with(words::NOT_KEPT)
}

/// Whether ffmpeg says of a frame that the decoder calls it corrupt, and not why.
pub(crate) fn calls_frame_corrupt(line: &str) -> bool {
    line.contains("corrupt decoded frame")
}

/// Reads the lines of one run in their order: what some of them mean, one before tells.
#[derive(Debug, Default)]
pub struct ComplaintReader {
    skipped_headers: u32,
}

impl ComplaintReader {
    /// See [`complaint`].
    pub fn read(&mut self, line: &str) -> Option<Complaint> {
        let heard = complaint(line);
        if heard.is_none() {
            self.skipped_headers += u32::from(line.ends_with(words::SKIPPED_HEADER));
        } else if self.skipped_headers > 0 && line.ends_with(words::REFUSED_HEADER) {
            self.skipped_headers -= 1;
            return None;
        }
        heard
    }
}

/// The filter writes its lines piece by piece. Since decoders run on threads of their own, what
/// they say may stand amid such a line, without a front that tells who says it and how loud.
fn said_amid(text: &str) -> Option<Complaint> {
    let is_damage = words::DAMAGE_AMID.iter().any(|words| text.contains(words));
    let is_damage = is_damage && !text.ends_with("Cannot allocate memory");
    is_damage.then_some(Complaint::Damage)
}

/// ffmpeg itself says what came back from a decoder.
fn of_program(message: &Message<'_>) -> Option<Complaint> {
    let text = message.text;
    // At the level of information lie the titles of files.
    if message.level == Level::Information || text.ends_with("Cannot allocate memory") {
        return None;
    }
    let is_damage = text.starts_with("Error while decoding stream #")
        || text.starts_with("Error submitting packet to decoder: ")
        || text.starts_with("Decoding error: ")
        || text.starts_with("corrupt decoded frame")
        // In front of it ffmpeg 5.1 names the input.
        || text.contains(": corrupt decoded frame in stream ")
        // Said on its own behalf by decoders of the MPEG family in ffmpeg 5.1.
        || text.starts_with("overread ");
    is_damage.then_some(Complaint::Damage)
}

fn of_decoder(name: &str, message: &Message<'_>) -> Option<Complaint> {
    let text = message.text;
    let begins_with = |words: &[&str]| words.iter().any(|words| text.starts_with(words));
    if begins_with(words::HARMLESS) || words::is_harmless_in(name, text) {
        return None;
    }
    if begins_with(words::MISSING_REFERENCE) {
        return Some(Complaint::MissingReference);
    }
    let is_damage = match message.level {
        Level::Error => !words::SHARED_WITH_DEMUXERS.contains(&name) || words::is_damage_of(text),
        Level::Warning | Level::Information => begins_with(words::DAMAGE_BELOW_ERROR),
    };
    is_damage.then_some(Complaint::Damage)
}
