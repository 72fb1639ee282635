//! Parts of an ffmpeg that decoding a clip does not show. A build of one's own may lack any: its first
//! video would fail otherwise, and nothing would tell why.

use super::Ffmpeg;
use super::locate::LocateError;
use super::trial::PATIENCE;
use super::version::Version;
use crate::process::query;
use crate::process::sandbox::Sandbox;
use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

/// Containers that most videos come in, by the first of the names that they have there.
const DEMUXERS: [&str; 9] = [
    "mov", "matroska", "mpegts", "mpeg", "flv", "avi", "asf", "ogg", "mxf",
];

/// What a decoder writes, and the packets that a suspect is judged by.
const MUXERS: [&str; 5] = ["rawvideo", "framecrc", "null", "nut", "matroska"];

impl Ffmpeg {
    /// Asks for lists of its parts, which starts it twice: for a program that runs for long.
    ///
    /// # Errors
    /// [`LocateError::Incomplete`].
    pub fn check_parts(&self) -> Result<(), LocateError> {
        match self.missing_part() {
            None => Ok(()),
            Some(part) => Err(LocateError::Incomplete {
                path: self.path.clone(),
                version: self.version.clone(),
                part,
            }),
        }
    }

    fn missing_part(&self) -> Option<String> {
        let protocols = list(&self.path, self.sandbox, "-protocols");
        let protocol = protocols.and_then(|list| missing_protocol(&list, &self.version));
        protocol.or_else(|| missing_format(&list(&self.path, self.sandbox, "-formats")?))
    }
}

/// None where it has no such list: it is no ffmpeg of ours, then, and what it is shows elsewhere.
fn list(path: &Path, sandbox: Sandbox, name: &str) -> Option<String> {
    let mut command = Command::new(path);
    command.args(["-hide_banner", name]).env_clear();
    let output = query::confined_output(&mut command, sandbox, &[], PATIENCE).ok()?;
    output.success.then_some(output.stdout)
}

fn missing_protocol(list: &str, version: &Version) -> Option<String> {
    let (_, list) = list.split_once("Input:")?;
    let inputs = list.split("Output:").next().unwrap_or_default();
    let inputs: HashSet<&str> = inputs.split_whitespace().collect();
    let file = match version.reads_descriptors() {
        true => "fd",
        false => "file",
    };
    let missing = [file, "pipe"]
        .into_iter()
        .find(|name| !inputs.contains(name));
    missing.map(|name| format!("protocol {name} for inputs"))
}

/// Each line is ` DE mov,mp4  QuickTime`: whether it reads and writes, and all its names.
fn missing_format(list: &str) -> Option<String> {
    let (mut read, mut written) = (HashSet::new(), HashSet::new());
    let (_, lines) = list
        .split_once("\n ---\n")
        .or_else(|| list.split_once("\n --\n"))?;
    for line in lines.lines() {
        let Some((flags, rest)) = line.split_at_checked(4) else {
            continue;
        };
        let names = rest.split_whitespace().next().unwrap_or_default();
        if flags.contains('D') {
            read.extend(names.split(','));
        }
        if flags.contains('E') {
            written.extend(names.split(','));
        }
    }
    let demuxer = DEMUXERS.iter().find(|name| !read.contains(*name));
    let muxer = MUXERS.iter().find(|name| !written.contains(*name));
    let demuxer = demuxer.map(|name| format!("demuxer {name}"));
    demuxer.or_else(|| muxer.map(|name| format!("muxer {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(number: &str) -> Version {
        Version::from_banner(&format!("ffmpeg version {number} Copyright")).unwrap()
    }

    #[test]
    fn a_build_without_the_protocol_that_inputs_come_by_is_refused() {
        let list = |inputs| format!("Supported file protocols:\nInput:\n{inputs}Output:\n  fd\n");
        let missing = |inputs, number| missing_protocol(&list(inputs), &version(number));
        let all = "  fd\n  file\n  pipe\n";
        assert_eq!(missing(all, "9.0.2"), None);
        assert_eq!(missing("  file\n  pipe\n", "5.1"), None);
        let told = "protocol fd for inputs".to_owned();
        assert_eq!(missing("  file\n  pipe\n", "9.0.2"), Some(told));
        let told = "protocol pipe for inputs".to_owned();
        assert_eq!(missing("  fd\n  file\n", "9.0.2"), Some(told));
    }

    #[test]
    fn a_build_without_a_container_of_most_videos_or_a_writer_of_frames_is_refused() {
        let all = "Formats:\n D.. = Demuxing supported\n ---\n D   mov,mp4,m4a QuickTime\n\
            \x20DE  matroska,webm Matroska\n DE  nut NUT\n DE  mpegts TS\n DE  mpeg PS\n DE  flv FLV\n DE  avi AVI\n\
            \x20DE  asf ASF\n DE  ogg Ogg\n DE  mxf MXF\n DE  rawvideo raw\n  E  framecrc crc\n\
            \x20 E  null null\n";
        assert_eq!(missing_format(all), None);
        for (line, told) in [
            (" D   mov,mp4,m4a QuickTime\n", "demuxer mov"),
            ("  E  framecrc crc\n", "muxer framecrc"),
            (" DE  nut NUT\n", "muxer nut"),
        ] {
            let missing = missing_format(&all.replace(line, ""));
            assert_eq!(missing.as_deref(), Some(told));
        }
        let no_writer = all.replace(" DE  rawvideo", " D   rawvideo");
        assert_eq!(
            missing_format(&no_writer).as_deref(),
            Some("muxer rawvideo")
        );
    }

    #[test]
    fn ffmpegs_of_all_versions_say_so() {
        let path = Path::new("/usr/bin/ffmpeg");
        if path.exists() {
            let [.., worst] = Sandbox::LEVELS;
            let formats = list(path, worst, "-formats").unwrap();
            assert_eq!(missing_format(&formats), None);
            assert!(formats.contains("\n --"), "{formats}");
        }
    }
}
