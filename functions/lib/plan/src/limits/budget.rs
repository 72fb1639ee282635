//! The limits that a file can reach, as one table.

use super::Limits;
use std::fmt;
use std::time::Duration;
use thiserror::Error;

/// The most threads of one decoder. ffmpeg 9 has ten at `-threads 1`, one for each part of its
/// work.
pub const MOST_DECODER_THREADS: u64 = 64;

/// What a file went over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "`meaning` says it, and the documentation shows it"
)]
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
    HeldBytes,
}

/// One row of the table.
struct BudgetRow {
    budget: Budget,
    /// Under which it is set; none where it is fixed.
    name: Option<&'static str>,
    meaning: &'static str,
    /// For the owner of the video; `{found}` stands for how much was found.
    found: &'static str,
    /// Of the limit in that sentence, where the sentence has not said it.
    unit: &'static str,
    get: fn(&Limits) -> u64,
    set: fn(&mut Limits, u64),
}

/// In the order in which a file meets them, which is that of [`Budget`].
const TABLE: [BudgetRow; 19] = [
    BudgetRow {
        budget: Budget::InputBytes,
        name: Some("input-bytes"),
        meaning: "size of the file",
        found: "the file has {found} bytes",
        unit: "",
        get: |limits| limits.input_bytes,
        set: |limits, value| limits.input_bytes = value,
    },
    BudgetRow {
        budget: Budget::CopiedBytes,
        name: Some("copied-bytes"),
        meaning: "size of a file that is not on this machine and has to be copied here, because it cannot be read by ranges",
        found: "the file has {found} bytes and cannot be read by ranges",
        unit: "",
        get: |limits| limits.copied_bytes,
        set: |limits, value| limits.copied_bytes = value,
    },
    BudgetRow {
        budget: Budget::IndexBytes,
        name: Some("index-bytes"),
        meaning: "bytes read for the index",
        found: "the index of the video has {found} bytes or more",
        unit: "",
        get: |limits| limits.index_bytes,
        set: |limits, value| limits.index_bytes = value,
    },
    BudgetRow {
        budget: Budget::IndexMemory,
        name: Some("index-memory-bytes"),
        meaning: "memory for the list of the video's frames, outside the decoders",
        found: "the list of the video's pictures takes {found} bytes of memory or more",
        unit: "",
        get: |limits| limits.index_memory_bytes,
        set: |limits, value| limits.index_memory_bytes = value,
    },
    BudgetRow {
        budget: Budget::Samples,
        name: Some("samples"),
        meaning: "coded pictures of the video",
        found: "the video has {found} coded pictures or more",
        unit: "",
        get: |limits| limits.samples as u64,
        set: |limits, value| limits.samples = count(value),
    },
    BudgetRow {
        budget: Budget::Streams,
        name: Some("streams"),
        meaning: "streams of any kind in the file",
        found: "the file has {found} streams or more",
        unit: "",
        get: |limits| limits.streams as u64,
        set: |limits, value| limits.streams = count(value),
    },
    BudgetRow {
        budget: Budget::FramePixels,
        name: Some("frame-pixels"),
        meaning: "pixels of a frame",
        found: "the video has {found} pixels a frame",
        unit: "",
        get: |limits| limits.max_pixels_per_frame,
        set: |limits, value| limits.max_pixels_per_frame = value,
    },
    BudgetRow {
        budget: Budget::DecodedPixels,
        name: Some("decoded-pixels"),
        meaning: "pixels decoded in one pass over the video",
        found: "the pictures need {found} pixels decoded",
        unit: "",
        get: |limits| limits.decoded_pixels,
        set: |limits, value| limits.decoded_pixels = value,
    },
    BudgetRow {
        budget: Budget::Cpu,
        name: Some("cpu-seconds"),
        meaning: "processor time of all decoders of a job",
        found: "the video takes {found} s of processor time or more",
        unit: " s",
        get: |limits| limits.cpu.as_secs(),
        set: |limits, value| limits.cpu = Duration::from_secs(value),
    },
    BudgetRow {
        budget: Budget::PictureCpu,
        name: Some("picture-cpu-seconds"),
        meaning: "processor time for each picture",
        found: "a picture of the video takes {found} s of processor time or more",
        unit: " s",
        get: |limits| limits.picture_cpu.as_secs(),
        set: |limits, value| limits.picture_cpu = Duration::from_secs(value),
    },
    BudgetRow {
        budget: Budget::Wall,
        name: Some("wall-seconds"),
        meaning: "time of one step of a job, such as listing frames or taking pictures",
        found: "the video took {found} s or more",
        unit: " s",
        get: |limits| limits.wall.as_secs(),
        set: |limits, value| limits.wall = Duration::from_secs(value),
    },
    BudgetRow {
        budget: Budget::Idle,
        name: Some("idle-seconds"),
        meaning: "time in which a decoder shows no progress",
        found: "decoding made no progress for {found} s",
        unit: " s",
        get: |limits| limits.idle.as_secs(),
        set: |limits, value| limits.idle = Duration::from_secs(value),
    },
    BudgetRow {
        budget: Budget::Memory,
        name: Some("memory-bytes"),
        meaning: "address space of one decoder",
        found: "the decoder needs more memory than it may use",
        unit: " bytes",
        get: |limits| limits.memory_bytes,
        set: |limits, value| limits.memory_bytes = value,
    },
    BudgetRow {
        budget: Budget::Stderr,
        name: Some("stderr-bytes"),
        meaning: "messages of one decoder beside facts about frames; 64 KB of them are kept",
        found: "the decoder printed {found} bytes of messages or more",
        unit: "",
        get: |limits| limits.stderr_bytes,
        set: |limits, value| limits.stderr_bytes = value,
    },
    BudgetRow {
        budget: Budget::WrittenBytes,
        name: None,
        meaning: "files that a decoder writes",
        found: "the decoder tried to write a file",
        unit: " bytes",
        get: |_| 0,
        set: |_, _| {},
    },
    BudgetRow {
        budget: Budget::Threads,
        name: None,
        meaning: "threads of one decoder",
        found: "the decoder started {found} threads or more",
        unit: "",
        get: |_| MOST_DECODER_THREADS,
        set: |_, _| {},
    },
    BudgetRow {
        budget: Budget::SheetPixels,
        name: Some("sheet-pixels"),
        meaning: "pixels of one sprite sheet",
        found: "a sprite sheet would have {found} pixels",
        unit: "",
        get: |limits| limits.sheet_pixels,
        set: |limits, value| limits.sheet_pixels = value,
    },
    BudgetRow {
        budget: Budget::OutputBytes,
        name: Some("output-bytes"),
        meaning: "all files of a job together",
        found: "the files have {found} bytes or more",
        unit: "",
        get: |limits| limits.output_bytes,
        set: |limits, value| limits.output_bytes = value,
    },
    BudgetRow {
        budget: Budget::HeldBytes,
        name: Some("held-bytes"),
        meaning: "coded frames that one decoder's feeder holds back until it is known whether a picture needs them; above it the oldest are decoded",
        found: "{found} bytes of coded frames are held back",
        unit: "",
        get: |limits| limits.held_bytes,
        set: |limits, value| limits.held_bytes = value,
    },
];

fn count(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

impl Budget {
    /// Each, in the order in which a file meets them.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.budget)
    }

    fn row(self) -> &'static BudgetRow {
        // The table has one for each, in this order: a test says so.
        &TABLE[self as usize]
    }

    /// Its name as a setting; none where it can't be set.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        self.row().name
    }

    /// Whether a file that needs more is refused. Else it only takes longer.
    #[must_use]
    pub fn is_refusal(self) -> bool {
        self != Self::HeldBytes
    }

    /// What it bounds.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        self.row().meaning
    }

    /// As `limits` has it: bytes, pixels, seconds or a number of things.
    #[must_use]
    pub fn of(self, limits: &Limits) -> u64 {
        (self.row().get)(limits)
    }

    pub(super) fn set(self, limits: &mut Limits, value: u64) {
        (self.row().set)(limits, value);
    }
}

/// More was found than is allowed. The text is for the owner of the video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub struct LimitExceeded {
    /// Of what.
    pub budget: Budget,
    /// How much was found, or at least that.
    pub found: u64,
    /// What is allowed.
    pub limit: u64,
}

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = self.budget.row();
        let found = row.found.replace("{found}", &self.found.to_string());
        write!(f, "{found}; the limit is {}{}", self.limit, row.unit)
    }
}

impl Limits {
    /// That no more than allowed was found of what `budget` bounds.
    ///
    /// # Errors
    /// More was found.
    pub fn check(&self, budget: Budget, found: u64) -> Result<(), LimitExceeded> {
        let limit = budget.of(self);
        if found > limit {
            return Err(LimitExceeded {
                budget,
                found,
                limit,
            });
        }
        Ok(())
    }

    /// More than allowed was found, by at least one; nobody counted further.
    #[must_use]
    pub fn exceeded(&self, budget: Budget) -> LimitExceeded {
        let limit = budget.of(self);
        LimitExceeded {
            budget,
            found: limit.saturating_add(1),
            limit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_stands_where_its_budget_looks_for_it() {
        for (nth, row) in TABLE.iter().enumerate() {
            assert_eq!(row.budget as usize, nth, "{:?}", row.budget);
        }
    }

    #[test]
    fn what_was_found_and_what_is_allowed_are_said() {
        let over = Limits::default().exceeded(Budget::Wall).to_string();
        assert_eq!(over, "the video took 3601 s or more; the limit is 3600 s");
        let over = Limits::default().exceeded(Budget::Streams).to_string();
        assert_eq!(over, "the file has 257 streams or more; the limit is 256");
    }
}
