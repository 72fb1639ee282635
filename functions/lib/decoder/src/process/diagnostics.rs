//! What ffmpeg says on stderr: facts about frames, and diagnostics.

use super::lines::for_each_line;
use super::watchdog::Activity;
use std::collections::VecDeque;
use std::io::Read;
use std::thread::JoinHandle;

/// In each line of ffmpeg's filter that tells of frames.
const FACTS: &str = "showinfo";
/// The C library's words for it, and those of decoders that have a frame's buffer refused.
const NO_MEMORY: [&str; 2] = ["Cannot allocate memory", "get_buffer() failed"];
const MOST_BYTES: usize = 64 * 1024;
/// An error's text goes into an API answer.
const LONGEST_DETAIL: usize = 200;

/// What ffmpeg says where a signal asked it to end. What a file brings never begins a line.
const TOLD_TO_END: &str = "[info] Exiting normally, received signal";

/// Lines of the levels error and fatal, the last 64 KB of them.
#[derive(Debug)]
pub struct StderrLog {
    lines: VecDeque<String>,
    bytes: usize,
}

/// Takes lines and keeps what matters of them.
pub trait LineSink: Send + 'static {
    /// Each line in turn.
    fn line(&mut self, line: &str);

    /// There are no more.
    fn end(&mut self) {}

    /// Whether more than may be was found: the rest is not worth waiting for.
    fn is_full(&self) -> bool {
        false
    }
}

impl LineSink for () {
    fn line(&mut self, _: &str) {}
}

/// Reads `pipe` to its end on a thread of its own, so that ffmpeg never waits for us; `gather`
/// sees every line.
pub fn spawn_stderr_reader<G: LineSink>(
    pipe: Option<impl Read + Send + 'static>,
    activity: Activity,
    mut gather: G,
) -> JoinHandle<(StderrLog, G)> {
    let mut diagnostics = StderrLog {
        lines: VecDeque::new(),
        bytes: 0,
    };
    std::thread::spawn(move || {
        if let Some(pipe) = pipe {
            // A pipe that breaks has said all it will say.
            let _ = for_each_line(pipe, |line| {
                activity.made();
                if !line.contains(FACTS) {
                    activity.said(line.len());
                }
                diagnostics.note(line);
                if line.starts_with(TOLD_TO_END) {
                    activity.told_to_end();
                }
                if NO_MEMORY.iter().any(|words| line.contains(words)) && diagnostics.lacked_memory()
                {
                    activity.lacks_memory();
                }
                gather.line(line);
                if gather.is_full() {
                    activity.has_enough();
                }
            });
        }
        gather.end();
        activity.heard_all();
        (diagnostics, gather)
    })
}

impl StderrLog {
    fn note(&mut self, line: &str) {
        if !(line.contains("[error]") || line.contains("[fatal]")) {
            return;
        }
        self.bytes += line.len();
        self.lines.push_back(line.to_owned());
        while self.bytes > MOST_BYTES {
            self.bytes -= self.lines.pop_front().map_or(self.bytes, |old| old.len());
        }
    }

    /// Whether any complaint contains `text`.
    pub fn mention(&self, text: &str) -> bool {
        self.lines.iter().any(|line| line.contains(text))
    }

    /// Whether it got less memory than it asked for.
    pub fn lacked_memory(&self) -> bool {
        // A frame of an impossible size gets no buffer either.
        let is_absurd = self.mention("image parameters invalid");
        !is_absurd && NO_MEMORY.iter().any(|words| self.mention(words))
    }

    /// Whether ffmpeg refused the container because it is none that it may open.
    pub fn is_foreign(&self) -> bool {
        // The second is of a playlist by its content, not by its name.
        self.mention("not on whitelist") || self.mention("Not detecting m3u8")
    }

    /// The last complaint that says something about the file, fit for its owner.
    pub fn detail(&self) -> String {
        if self.is_foreign() {
            return "unsupported container format".to_owned();
        }
        if NO_DECODER.iter().any(|words| self.mention(words)) {
            return "no decoder for its codec".to_owned();
        }
        let telling = self.lines.iter().rev().map(|line| Self::presentable(line));
        let telling = telling.filter(|line| is_telling(line));
        let mut specific = telling
            .clone()
            .filter(|line| !VAGUE.contains(&line.as_str()));
        if let Some(cause) = specific.clone().find(|line| !line.starts_with(TRUNCATED)) {
            return cause;
        }
        let detail = match specific.next() {
            // Matroska's demuxer takes the end of the file for a device that failed.
            Some(_) if self.mention("Input/output error") => ENDED.to_owned(),
            Some(truncated) => truncated,
            None => telling
                .max_by_key(|line| vagueness(line))
                .unwrap_or_else(|| self.general().to_owned()),
        };
        match detail == ENDED {
            true => "the file ends within its header".to_owned(),
            false => detail,
        }
    }

    /// Where nothing was said but that a step failed.
    fn general(&self) -> &'static str {
        match VAGUE.into_iter().find(|vague| self.mention(vague)) {
            Some(vague) => vague,
            None => "the decoder gave no reason",
        }
    }

    /// Without `[component @ 0xaddress] [level]` in front and without ffmpeg's name of its input.
    fn presentable(line: &str) -> String {
        let mut rest = line.trim();
        while let Some((_, after)) = rest
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
            .filter(|(_, after)| after.is_empty() || after.starts_with(' '))
        {
            rest = after.trim_start();
        }
        let text = without_input(rest);
        let text = text.strip_prefix("the file: ").unwrap_or(&text);
        let kept: String = text
            .chars()
            .filter(|c| !c.is_control())
            .take(LONGEST_DETAIL)
            .collect();
        kept.trim_end_matches(['.', ' ']).to_owned()
    }
}

/// What [`super::Invocation`] calls inputs. A number may follow.
const INPUTS: [&str; 4] = ["file:/proc/self/fd/", "/proc/self/fd/", "pipe:", "fd:"];

fn without_input(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_word = text.ends_with(|before: char| before.is_ascii_alphanumeric());
        let named = INPUTS.iter().find_map(|name| rest.strip_prefix(name));
        match named.filter(|_| !is_word) {
            Some(after) => {
                text.push_str("the file");
                rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
            }
            None => {
                text.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    text
}

/// Where in [`VAGUE`]; the further, the more it tells.
fn vagueness(line: &str) -> Option<usize> {
    VAGUE.iter().position(|vague| *vague == line)
}

/// What demuxers end with after they said what is wrong, and all that some say of a file that ends
/// too early.
const ENDED: &str = "End of file";
/// Said of the packet in which a file ends.
const TRUNCATED: &str = "Truncating packet of size ";

/// Better than nothing.
const VAGUE: [&str; 7] = [
    "Invalid data found when processing input",
    "Invalid argument",
    "Input/output error",
    ENDED,
    "error reading header",
    "could not find codec parameters",
    "no frame!",
];

/// How the versions say that they know no decoder for a stream.
const NO_DECODER: [&str; 2] = [
    "[error] Decoder (codec ",
    "[error] Decoding requested, but no decoder found for: ",
];

/// ffmpeg ends with lines about its own steps, whatever the trouble was.
fn is_telling(line: &str) -> bool {
    const STEPS: [&str; 20] = [
        "Error opening input",
        "Error opening output",
        "Error parsing options",
        "Error while",
        "Error submitting",
        "Error processing",
        "Error during",
        "Error marking filters",
        "Could not open encoder",
        "Cannot determine format",
        "Conversion failed",
        "Nothing was written",
        "Terminating thread",
        "Task finished",
        "To ignore this",
        "Decode error rate ",
        "Decoding error",
        "Could not write header",
        "Error initializing output stream",
        "Cannot use next picture",
    ];
    !line.is_empty() && !STEPS.iter().any(|step| line.starts_with(step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &'static str) -> StderrLog {
        spawn_stderr_reader(Some(text.as_bytes()), Activity::default(), ())
            .join()
            .unwrap()
            .0
    }

    #[test]
    fn the_detail_is_the_last_specific_line_without_paths() {
        let diagnostics = said(
            "[info] Input #0\n[mov,mp4 @ 0x55] [error] moov atom not found\n\
             [error] file:/proc/self/fd/12: Invalid data found when processing input\n\
             [fatal] Error opening input files: Invalid data\n",
        );
        assert_eq!(diagnostics.detail(), "moov atom not found");
        for name in ["file:/proc/self/fd/12", "fd:", "pipe:0"] {
            let line = format!("[error] {name}: Invalid data found when processing input\n");
            assert_eq!(
                said(line.leak()).detail(),
                "Invalid data found when processing input"
            );
        }
    }

    #[test]
    fn a_failed_step_says_at_least_what_failed() {
        let step =
            "[in#0 @ 0x1] [error] Error opening input: Invalid data found when processing input\n";
        assert_eq!(
            said(step).detail(),
            "Invalid data found when processing input"
        );
        assert_eq!(said("").detail(), "the decoder gave no reason");
    }

    #[test]
    fn the_cause_is_named_and_not_the_steps_that_failed_for_it() {
        for (lines, cause) in [
            (
                "[vp9 @ 0x1] [error] Invalid frame marker\n\
                 [error] Error while decoding stream #0:0: Invalid data found\n[error] \n[error]\n",
                "Invalid frame marker",
            ),
            (
                "[vp9 @ 0x1] [error] Invalid frame marker\n\
                 [vist#0:0/vp9 @ 0x1] [dec:vp9 @ 0x2] [fatal] Decode error rate 1 exceeds maximum 0.666667\n",
                "Invalid frame marker",
            ),
            (
                "[mov,mp4 @ 0x1] [error] stream 0, contradictionary STSC and STCO\n\
                 [mov,mp4 @ 0x1] [error] error reading header\n\
                 [error] file:/proc/self/fd/5: Invalid data found when processing input\n",
                "stream 0, contradictionary STSC and STCO",
            ),
            (
                "[matroska,webm @ 0x1] [error] File ended prematurely at pos. 4419 (0x1143)\n\
                 [error] file:/proc/self/fd/5: End of file\n",
                "File ended prematurely at pos. 4419 (0x1143)",
            ),
            (
                "[error] Decoder (codec none) not found for input stream #0:0\n",
                "no decoder for its codec",
            ),
            (
                "[vist#0:0/none @ 0x1] [error] Decoding requested, but no decoder found for: none\n",
                "no decoder for its codec",
            ),
        ] {
            assert_eq!(said(lines).detail(), cause);
        }
    }

    /// It was "Input/output error", "Truncating packet of size 4 to 1" or "End of file".
    #[test]
    fn a_file_that_ends_within_its_header_is_said_to() {
        for lines in [
            "[error] Truncating packet of size 4 to 1\n\
             [error] file:/proc/self/fd/5: Input/output error\n",
            "[error] Truncating packet of size 4 to 1\n\
             [in#0 @ 0x1] [error] Error opening input: Input/output error\n\
             [error] Error opening input file file:/proc/self/fd/5.\n\
             [fatal] Error opening input files: Input/output error\n",
            "[error] file:/proc/self/fd/5: End of file\n",
            "[in#0 @ 0x1] [error] Error opening input: End of file\n\
             [fatal] Error opening input files: End of file\n",
        ] {
            assert_eq!(said(lines).detail(), "the file ends within its header");
        }
        // A device that fails, and a packet that is cut off in a file that is read to its end.
        for (lines, cause) in [
            (
                "[error] file:/proc/self/fd/5: Input/output error\n",
                "Input/output error",
            ),
            (
                "[error] Truncating packet of size 90 to 7\n[error] Conversion failed!\n",
                "Truncating packet of size 90 to 7",
            ),
        ] {
            assert_eq!(said(lines).detail(), cause);
        }
    }

    #[test]
    fn no_name_of_a_descriptor_is_shown() {
        for (line, shown) in [
            (
                "cannot read /proc/self/fd/12 here",
                "cannot read the file here",
            ),
            ("'file:/proc/self/fd/3' is short", "'the file' is short"),
            ("fd: is short", "the file is short"),
            ("a bad pipe:3", "a bad the file"),
            ("the psfd: box", "the psfd: box"),
        ] {
            let diagnostics = said(format!("[x @ 0x1] [error] {line}\n").leak());
            assert_eq!(diagnostics.detail(), shown);
        }
    }

    #[test]
    fn a_flood_is_forgotten_but_for_its_end() {
        let mut diagnostics = said("");
        for n in 0..100_000 {
            diagnostics.note(&format!("[x @ 0x1] [error] complaint {n}"));
        }
        assert!(diagnostics.bytes <= MOST_BYTES);
        assert_eq!(diagnostics.detail(), "complaint 99999");
    }
}
