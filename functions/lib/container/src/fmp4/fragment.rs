//! One `moof` and its `mdat`. ISO/IEC 14496-12, 8.8.

use super::boxes::{boxed, full, words};

/// Flushed when it holds so much, so that the decoder gets to work and memory stays flat.
const ENOUGH_BYTES: usize = 256 << 10;
const ENOUGH_SAMPLES: usize = 256;

const DEFAULT_BASE_IS_MOOF: u32 = 0x02_0000;
/// With data offset, and with duration, size, flags and composition offset of each sample.
const RUN_FLAGS: u32 = 0x0f01;
const SYNC: u32 = 0x0200_0000;
const NOT_SYNC: u32 = 0x0101_0000;

/// When a sample is decoded and shown, ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleTimes {
    /// Decoding time.
    pub dts: u64,
    /// Presentation time, not before `dts`.
    pub pts: u64,
}

/// Samples gathered until they are worth writing.
#[derive(Debug, Default)]
pub struct FragmentWriter {
    number: u32,
    samples: Vec<(SampleTimes, u32, bool)>,
    data: Vec<u8>,
}

impl FragmentWriter {
    /// Adds a sample, in decoding order; it is copied.
    pub fn push(&mut self, times: SampleTimes, sync: bool, bytes: &[u8]) {
        // Samples are bounded far below 32 bits before they are fetched.
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.samples.push((times, size, sync));
        self.data.extend(bytes);
    }

    /// Whether it is large enough to be written.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.data.len() >= ENOUGH_BYTES || self.samples.len() >= ENOUGH_SAMPLES
    }

    /// What has been gathered as bytes to write; empty where there is nothing.
    pub fn take(&mut self) -> [Vec<u8>; 2] {
        let Some(&(first, ..)) = self.samples.first() else {
            return Default::default();
        };
        self.number = self.number.wrapping_add(1);
        let run = self.run();
        // The data begins 8 bytes after the end of the `moof`, whose length does not depend on
        // the offset written into it.
        let length = self.header(first.dts, &run, 0).len();
        let offset = u32::try_from(length + 8).unwrap_or(u32::MAX);
        let mut head = self.header(first.dts, &run, offset);
        let data = std::mem::take(&mut self.data);
        let size = u32::try_from(data.len() + 8).unwrap_or(u32::MAX);
        head.extend(size.to_be_bytes());
        head.extend(*b"mdat");
        self.samples.clear();
        [head, data]
    }

    /// The table of samples. Durations lead from one decoding time to the next.
    fn run(&self) -> Vec<u8> {
        let mut table = Vec::with_capacity(self.samples.len() * 16);
        for (nth, &(times, size, sync)) in self.samples.iter().enumerate() {
            let next = self.samples.get(nth + 1);
            let duration = next.map_or(1, |(next, ..)| next.dts.saturating_sub(times.dts));
            let offset = times.pts.saturating_sub(times.dts);
            table.extend(words(&[
                u32::try_from(duration).unwrap_or(u32::MAX),
                size,
                if sync { SYNC } else { NOT_SYNC },
                u32::try_from(offset).unwrap_or(u32::MAX),
            ]));
        }
        table
    }

    fn header(&self, dts: u64, run: &[u8], data_offset: u32) -> Vec<u8> {
        let count = u32::try_from(self.samples.len()).unwrap_or(u32::MAX);
        let track = boxed(
            *b"traf",
            &[
                &full(*b"tfhd", 0, DEFAULT_BASE_IS_MOOF, &[&words(&[1])]),
                &full(*b"tfdt", 1, 0, &[&dts.to_be_bytes()]),
                &full(
                    *b"trun",
                    0,
                    RUN_FLAGS,
                    &[&words(&[count, data_offset]), run],
                ),
            ],
        );
        boxed(
            *b"moof",
            &[&full(*b"mfhd", 0, 0, &[&words(&[self.number])]), &track],
        )
    }
}
