//! The limits that a file can go over, each with its name.

use crate::Limits;
use crate::process::sandbox::MOST_THREADS;
use std::str::FromStr;
use std::time::Duration;
use thiserror::Error;

/// What a file went over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "`meaning` says it, and the README shows it")]
pub enum Budget {
    InputBytes,
    CopiedBytes,
    IndexBytes,
    IndexMemory,
    Samples,
    Streams,
    FramePixels,
    DecodedPixels,
    Cpu,
    PictureCpu,
    Wall,
    Idle,
    Memory,
    Stderr,
    WrittenBytes,
    Threads,
    SheetPixels,
    OutputBytes,
}

impl Budget {
    /// Each, in the order in which a file meets them.
    pub const ALL: [Self; 18] = [
        Self::InputBytes,
        Self::CopiedBytes,
        Self::IndexBytes,
        Self::IndexMemory,
        Self::Samples,
        Self::Streams,
        Self::FramePixels,
        Self::DecodedPixels,
        Self::Cpu,
        Self::PictureCpu,
        Self::Wall,
        Self::Idle,
        Self::Memory,
        Self::Stderr,
        Self::WrittenBytes,
        Self::Threads,
        Self::SheetPixels,
        Self::OutputBytes,
    ];

    /// Its name as a setting; none where it can't be set.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::InputBytes => "input-bytes",
            Self::CopiedBytes => "copied-bytes",
            Self::IndexBytes => "index-bytes",
            Self::IndexMemory => "index-memory-bytes",
            Self::Samples => "samples",
            Self::Streams => "streams",
            Self::FramePixels => "frame-pixels",
            Self::DecodedPixels => "decoded-pixels",
            Self::Cpu => "cpu-seconds",
            Self::PictureCpu => "picture-cpu-seconds",
            Self::Wall => "wall-seconds",
            Self::Idle => "idle-seconds",
            Self::Memory => "memory-bytes",
            Self::Stderr => "stderr-bytes",
            Self::WrittenBytes | Self::Threads => return None,
            Self::SheetPixels => "sheet-pixels",
            Self::OutputBytes => "output-bytes",
        })
    }

    /// What it bounds.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::InputBytes => "size of the file",
            Self::CopiedBytes => {
                "size of a file that is not on this machine and has to be copied here, since it \
                 can't be cut"
            }
            Self::IndexBytes => "bytes read for the index",
            Self::IndexMemory => "memory of our own for the list of the video's pictures",
            Self::Samples => "coded pictures of the video",
            Self::Streams => "streams of any kind in the file",
            Self::FramePixels => "pixels of a frame",
            Self::DecodedPixels => "pixels decoded in one pass over the video",
            Self::Cpu => "processor time of all decoders of a job",
            Self::PictureCpu => "processor time for each picture",
            Self::Wall => "time of one step of a job, such as listing frames or taking pictures",
            Self::Idle => "time in which a decoder shows no progress",
            Self::Memory => "address space of one decoder",
            Self::Stderr => "what one decoder says beside facts about frames; 64 KB of it are kept",
            Self::WrittenBytes => "files that a decoder writes",
            Self::Threads => "threads of one decoder",
            Self::SheetPixels => "pixels of one sprite sheet",
            Self::OutputBytes => "all files of a job together",
        }
    }

    /// As `limits` has it: bytes, pixels, seconds or a number of things.
    #[must_use]
    pub fn of(self, limits: &Limits) -> u64 {
        match self {
            Self::InputBytes => limits.input_bytes,
            Self::CopiedBytes => limits.copied_bytes,
            Self::IndexBytes => limits.index_bytes,
            Self::IndexMemory => limits.index_memory_bytes,
            Self::Samples => limits.samples as u64,
            Self::Streams => limits.streams as u64,
            Self::FramePixels => limits.max_pixels_per_frame,
            Self::DecodedPixels => limits.decoded_pixels,
            Self::Cpu => limits.cpu.as_secs(),
            Self::PictureCpu => limits.picture_cpu.as_secs(),
            Self::Wall => limits.wall.as_secs(),
            Self::Idle => limits.idle.as_secs(),
            Self::Memory => limits.memory_bytes,
            Self::Stderr => limits.stderr_bytes,
            Self::WrittenBytes => 0,
            Self::Threads => MOST_THREADS,
            Self::SheetPixels => limits.sheet_pixels,
            Self::OutputBytes => limits.output_bytes,
        }
    }

    fn set(self, limits: &mut Limits, value: u64) {
        let count = usize::try_from(value).unwrap_or(usize::MAX);
        match self {
            Self::InputBytes => limits.input_bytes = value,
            Self::CopiedBytes => limits.copied_bytes = value,
            Self::IndexBytes => limits.index_bytes = value,
            Self::IndexMemory => limits.index_memory_bytes = value,
            Self::Samples => limits.samples = count,
            Self::Streams => limits.streams = count,
            Self::FramePixels => limits.max_pixels_per_frame = value,
            Self::DecodedPixels => limits.decoded_pixels = value,
            Self::Cpu => limits.cpu = Duration::from_secs(value),
            Self::PictureCpu => limits.picture_cpu = Duration::from_secs(value),
            Self::Wall => limits.wall = Duration::from_secs(value),
            Self::Idle => limits.idle = Duration::from_secs(value),
            Self::Memory => limits.memory_bytes = value,
            Self::Stderr => limits.stderr_bytes = value,
            Self::WrittenBytes | Self::Threads => {}
            Self::SheetPixels => limits.sheet_pixels = value,
            Self::OutputBytes => limits.output_bytes = value,
        }
    }

    /// For the owner of the video: what was found, and what is allowed.
    pub(crate) fn sentence(self, found: u64, limit: u64) -> String {
        let what = match self {
            Self::InputBytes => format!("the file has {found} bytes"),
            Self::CopiedBytes => {
                format!("the file has {found} bytes and cannot be read by ranges")
            }
            Self::IndexBytes => format!("the index of the video has {found} bytes or more"),
            Self::IndexMemory => {
                format!("the list of the video's pictures takes {found} bytes of memory or more")
            }
            Self::Samples => format!("the video has {found} coded pictures or more"),
            Self::Streams => format!("the file has {found} streams or more"),
            Self::FramePixels => format!("the video has {found} pixels a frame"),
            Self::DecodedPixels => format!("the pictures need {found} pixels decoded"),
            Self::Cpu => format!("the video takes {found} s of processor time or more"),
            Self::PictureCpu => {
                format!("a picture of the video takes {found} s of processor time or more")
            }
            Self::Wall => format!("the video took {found} s or more"),
            Self::Idle => format!("decoding made no progress for {found} s"),
            Self::Memory => "a decoder asked for more memory than it may have".to_owned(),
            Self::Stderr => format!("a decoder complained for {found} bytes or more"),
            Self::WrittenBytes => "a decoder tried to write a file".to_owned(),
            Self::Threads => format!("a decoder started {found} threads or more"),
            Self::SheetPixels => format!("a sprite sheet would have {found} pixels"),
            Self::OutputBytes => format!("the files have {found} bytes or more"),
        };
        let unit = match self {
            Self::Cpu | Self::PictureCpu | Self::Wall | Self::Idle => " s",
            Self::Memory | Self::WrittenBytes => " bytes",
            _ => "",
        };
        format!("{what}; the limit is {limit}{unit}")
    }
}

/// One limit set otherwise, said as `name=value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    budget: Budget,
    value: u64,
}

/// What is no [`Setting`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{said:?} is none of NAME=VALUE with an integer from 1 and a name of {}", names().join(", "))]
pub struct NoSetting {
    said: String,
}

impl FromStr for Setting {
    type Err = NoSetting;

    fn from_str(said: &str) -> Result<Self, NoSetting> {
        let read = || {
            let (name, value) = said.split_once('=')?;
            let mut all = Budget::ALL.into_iter();
            let budget = all.find(|budget| budget.name() == Some(name.trim()))?;
            let value = value.trim().parse().ok().filter(|&value| value > 0)?;
            Some(Self { budget, value })
        };
        read().ok_or_else(|| NoSetting {
            said: said.to_owned(),
        })
    }
}

impl Limits {
    /// The same, but for these.
    #[must_use]
    pub fn with(mut self, settings: impl IntoIterator<Item = Setting>) -> Self {
        for Setting { budget, value } in settings {
            budget.set(&mut self, value);
        }
        self
    }
}

fn names() -> Vec<&'static str> {
    Budget::ALL.into_iter().filter_map(Budget::name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_budget_is_set_by_its_own_name_and_no_other() {
        for budget in Budget::ALL {
            let Some(name) = budget.name() else { continue };
            let limits = Limits::default().with([format!("{name}=7").parse().unwrap()]);
            let changed = Budget::ALL
                .into_iter()
                .filter(|other| other.of(&limits) != other.of(&Limits::default()));
            assert_eq!(changed.collect::<Vec<_>>(), [budget]);
            assert_eq!(budget.of(&limits), 7);
        }
    }

    #[test]
    fn nonsense_is_no_setting() {
        for said in [
            "",
            "samples",
            "samples=",
            "samples=0",
            "samples=-1",
            "sample=9",
        ] {
            let error = said.parse::<Setting>().unwrap_err().to_string();
            assert!(error.contains("frame-pixels"), "{error}");
        }
    }
}
