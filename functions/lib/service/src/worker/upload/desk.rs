//! What the uploads of one process share: the bytes that they are writing, and whose turn it is to
//! give a file its name.

use crate::worker::UploadSettings;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where uploads of this process are kept apart.
pub(in crate::worker) struct UploadDesk {
    pub(super) settings: UploadSettings,
    /// Held from the last look at how much is used to when a file has its name: of two files that
    /// fit only alone, one is refused.
    pub(super) finishing: tokio::sync::Mutex<()>,
    state: Mutex<DeskState>,
}

#[derive(Default)]
struct DeskState {
    runs: u64,
    /// Bytes written by each run that has not ended.
    writing: HashMap<u64, u64>,
    /// Bytes that each of them will have come to, where its server announced that.
    announced: HashMap<u64, u64>,
    /// Files that got their names.
    finished: u64,
}

/// One run's part; it ends when this is dropped.
pub(super) struct DeskSeat<'a> {
    desk: &'a UploadDesk,
    run: u64,
}

impl UploadDesk {
    pub(in crate::worker) fn new(settings: UploadSettings) -> Self {
        Self {
            settings,
            finishing: tokio::sync::Mutex::default(),
            state: Mutex::default(),
        }
    }

    pub(super) fn take_seat(&self) -> DeskSeat<'_> {
        let mut state = self.state();
        state.runs += 1;
        DeskSeat {
            desk: self,
            run: state.runs,
        }
    }

    fn state(&self) -> MutexGuard<'_, DeskState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DeskSeat<'_> {
    /// Keeps so many bytes for this run, if that leaves all of them within `most_bytes`. One step: of
    /// two runs that fit only alone, one gets them.
    pub(super) fn keep(&self, bytes: u64, most_bytes: u64) -> bool {
        let mut state = self.desk.state();
        let others = state.others_than(self.run);
        let fits = others.saturating_add(bytes) <= most_bytes;
        if fits {
            state.writing.insert(self.run, bytes);
        }
        fits
    }

    /// Announces so many bytes, if a disk has room for them beside what the others still have to
    /// write. Of two files that fit only alone, both would begin otherwise, and neither would end.
    pub(super) fn announce(&self, bytes: u64, free_bytes: u64) -> bool {
        let mut state = self.desk.state();
        let fits = state.unwritten_of_others(self.run).saturating_add(bytes) <= free_bytes;
        if fits {
            state.announced.insert(self.run, bytes);
        }
        fits
    }

    /// Its file has its name, and counts among the finished ones.
    pub(super) fn record_finished(&self) {
        self.desk.state().finished += 1;
    }

    /// What the other runs are writing.
    pub(super) fn others(&self) -> u64 {
        self.desk.state().others_than(self.run)
    }

    /// How many files got their names so far.
    pub(super) fn finished(&self) -> u64 {
        self.desk.state().finished
    }
}

impl DeskState {
    fn unwritten_of_others(&self, run: u64) -> u64 {
        let others = self.announced.iter().filter(|(other, _)| **other != run);
        let unwritten = others.map(|(other, bytes)| {
            let written = self.writing.get(other).copied().unwrap_or_default();
            bytes.saturating_sub(written)
        });
        unwritten.fold(0, u64::saturating_add)
    }

    fn others_than(&self, run: u64) -> u64 {
        let others = self.writing.iter().filter(|(other, _)| **other != run);
        others.fold(0, |sum, (_, bytes)| sum.saturating_add(*bytes))
    }
}

impl Drop for DeskSeat<'_> {
    fn drop(&mut self) {
        let mut state = self.desk.state();
        state.writing.remove(&self.run);
        state.announced.remove(&self.run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{DownloadFailure, Downloads, RemoteFile};
    use std::sync::Arc;

    struct Nothing;

    impl Downloads for Nothing {
        fn open(&self, _url: &str) -> Result<RemoteFile, DownloadFailure> {
            Err(DownloadFailure::Refused(String::new()))
        }
    }

    /// Both filled the disk by half, and failed.
    #[test]
    fn two_files_that_a_disk_holds_only_alone_both_begin() {
        let desk = UploadDesk::new(UploadSettings {
            downloads: Arc::new(Nothing),
            max_bytes: 100,
            quota_bytes: 100,
        });
        let (first, second) = (desk.take_seat(), desk.take_seat());
        assert!(first.announce(60, 100));
        assert!(!second.announce(60, 100));
        assert!(first.keep(50, 100));
        // What is written is not free any more.
        assert!(!second.announce(60, 50));
        assert!(second.announce(40, 50));
        drop(first);
        assert!(second.announce(60, 100));
    }
}
