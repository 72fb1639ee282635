//! Limits of a host that is known to be small: what it lacks is said with the code of a limit, in
//! place of a process that the kernel kills or a disk that is full.

use super::{Budget, LimitExceeded, Limits};

const MIB: u64 = 1 << 20;

/// Of memory for the program itself, its runtime, its connections, and the coded pictures and rows
/// of pictures in its hands.
const OWN_BYTES: u64 = 320 * MIB;

/// One part in so many of all memory is for the list of a video's frames, and another for a sheet.
const SHARE: u64 = 8;

/// Of a sheet's pixel.
const BYTES_A_PIXEL: u64 = 3;

/// A decoder with less than this fails on what people film, so that fewer of them run at once.
const DECODER_BYTES: u64 = 768 * MIB;

/// Address space that takes no memory: the code of ffmpeg is mapped from its file.
const MAPPED_BYTES: u64 = 128 * MIB;

/// Of the scratch disk for the file system's own tables: 1 in so many.
const DISK_TABLES: u64 = 16;

impl Limits {
    /// The same on a host with so much memory for all processes together: even if each takes all
    /// that it may, the kernel has none to kill.
    #[must_use]
    pub fn within_memory(self, bytes: u64) -> Self {
        let share = bytes / SHARE;
        let decoders = bytes.saturating_sub(OWN_BYTES + 2 * share).max(MIB);
        let most = usize::try_from(decoders / DECODER_BYTES).unwrap_or(usize::MAX);
        let processes = self.processes.min(most).max(1);
        let each = decoders / processes as u64 + MAPPED_BYTES;
        Self {
            processes,
            memory_bytes: self.memory_bytes.min(each),
            index_memory_bytes: self.index_memory_bytes.min(share),
            sheet_pixels: self.sheet_pixels.min(share / BYTES_A_PIXEL),
            ..self
        }
    }

    /// The same on a host whose disk for copies has this size and is for one job at a time. Where it
    /// is full nonetheless, waiting makes no room.
    #[must_use]
    pub fn within_scratch(self, bytes: u64) -> Self {
        Self {
            copied_bytes: self.copied_bytes.min(bytes - bytes / DISK_TABLES),
            owns_scratch: true,
            ..self
        }
    }

    /// That a copy of a file with `bytes` found room for `written` of them only; none where
    /// others use the disk too, who may make room.
    #[must_use]
    pub fn scratch_full(&self, bytes: u64, written: u64) -> Option<LimitExceeded> {
        self.owns_scratch.then_some(LimitExceeded {
            budget: Budget::CopiedBytes,
            found: bytes,
            limit: written,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(memory_mib: u64, processes: usize) -> Limits {
        let limits = Limits {
            processes,
            ..Limits::default()
        };
        limits.within_memory(memory_mib * MIB)
    }

    /// Each limit was that of a large machine, and the kernel killed whoever came first.
    #[test]
    fn all_that_a_small_host_may_use_is_more_than_it_has() {
        for (memory_mib, cores) in [(1024, 2), (1769, 2), (3008, 2), (3538, 2), (10_240, 6)] {
            let limits = of(memory_mib, cores);
            let resident = limits.memory_bytes - MAPPED_BYTES;
            let all = OWN_BYTES
                + limits.index_memory_bytes
                + limits.sheet_pixels * BYTES_A_PIXEL
                + resident * limits.processes as u64;
            assert!(all <= memory_mib * MIB, "{memory_mib} MiB: {limits:?}");
        }
    }

    #[test]
    fn what_a_host_has_is_used() {
        let each = |memory_mib, cores| {
            let limits = of(memory_mib, cores);
            (limits.processes, limits.memory_bytes / MIB)
        };
        assert_eq!(each(1024, 2), (1, 576));
        assert_eq!(each(1769, 2), (1, 1134));
        assert_eq!(each(3008, 2), (2, 1096));
        assert_eq!(each(10_240, 6), (6, 1354));
        assert_eq!(of(1 << 20, 2).memory_bytes, Limits::default().memory_bytes);
    }

    #[test]
    fn a_full_disk_is_a_verdict_only_where_nobody_else_uses_it() {
        let shared = Limits::default();
        assert_eq!(shared.scratch_full(9, 4), None);
        let own = shared.within_scratch(2048 * MIB);
        assert_eq!(own.copied_bytes, 1920 * MIB);
        let said = own.scratch_full(9, 4).map(|over| over.to_string());
        let expected = "the file has 9 bytes and cannot be read by ranges; the limit is 4";
        assert_eq!(said.as_deref(), Some(expected));
    }
}
