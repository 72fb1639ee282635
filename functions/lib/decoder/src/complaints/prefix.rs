//! The fronts of ffmpeg's lines: who speaks, and how loud.

use super::decoders::VIDEO_DECODERS;

/// A line of ffmpeg's own, taken apart.
pub(super) struct Message<'a> {
    pub(super) speaker: Speaker<'a>,
    pub(super) level: Level,
    pub(super) text: &'a str,
}

pub(super) enum Speaker<'a> {
    /// ffmpeg, and from version 7 on the part of it that runs a decoder.
    Program,
    /// The video decoder of that name.
    Decoder(&'a str),
    /// The filter that tells of frames.
    Showinfo,
    /// Demuxers, other filters, sound.
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// And what is worse.
    Error,
    Warning,
    Information,
}

impl<'a> Message<'a> {
    /// `[name @ 0x55d0] [error] text`, with any number of names, also none.
    pub(super) fn parse(line: &'a str) -> Option<Self> {
        let mut rest = line;
        let mut names = (None, None);
        loop {
            let (bracket, after) = rest.strip_prefix('[')?.split_once("] ")?;
            if let Some(name) = component(bracket) {
                names = (names.1, Some(name));
                rest = after;
                continue;
            }
            return Some(Self {
                speaker: speaker(names)?,
                level: level(bracket)?,
                text: after.trim_start(),
            });
        }
    }
}

/// The name in `name @ 0xaddress`.
fn component(bracket: &str) -> Option<&str> {
    let (name, address) = bracket.rsplit_once(" @ 0x")?;
    let is_address = !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_address.then_some(name)
}

fn level(bracket: &str) -> Option<Level> {
    match bracket {
        "panic" | "fatal" | "error" => Some(Level::Error),
        "warning" => Some(Level::Warning),
        "info" => Some(Level::Information),
        _ => None,
    }
}

/// Of the last two names. None of a line that begins with a level alone is a decoder's.
fn speaker<'a>(names: (Option<&str>, Option<&'a str>)) -> Option<Speaker<'a>> {
    Some(match names {
        (None, None) => Speaker::Program,
        // `[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2]`: ffmpeg's own words of a video stream.
        (Some(stream), Some(decoder)) if decoder.starts_with("dec:") => {
            match stream.starts_with("vist#") {
                true => Speaker::Program,
                false => Speaker::Other,
            }
        }
        (_, Some(name)) if name.starts_with("Parsed_showinfo_") => Speaker::Showinfo,
        (_, Some(name)) if VIDEO_DECODERS.contains(&name) => Speaker::Decoder(name),
        _ => Speaker::Other,
    })
}
