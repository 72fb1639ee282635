//! How much an upload may write.

use super::desk::{DeskSeat, UploadDesk};
use super::stop::CopyStop;
use crate::pictures::Interrupted;
use crate::ports::{PortResult, UploadFiles};
use contract::error::ErrorCode;

/// What there is room for, beside finished files and those that others write.
pub(super) struct Room<'a> {
    desk: &'a UploadDesk,
    files: &'a dyn UploadFiles,
    seat: DeskSeat<'a>,
    /// Of finished files, when so many had got their names.
    used_bytes: u64,
    finished: u64,
}

impl<'a> Room<'a> {
    pub(super) async fn beside_others(
        desk: &'a UploadDesk,
        files: &'a dyn UploadFiles,
    ) -> PortResult<Self> {
        let mut room = Self {
            desk,
            files,
            seat: desk.take_seat(),
            used_bytes: 0,
            finished: 0,
        };
        room.look_again().await?;
        Ok(room)
    }

    /// That a file may have so many bytes, none of which is written yet.
    pub(super) async fn check(&mut self, bytes: u64) -> Result<(), CopyStop> {
        self.check_disk(bytes, |room, free| room.seat.announce(bytes, free))
            .await?;
        self.within_quota(|room| {
            let all = room.seat.others().saturating_add(bytes);
            all <= room.left_bytes()
        })
        .await
    }

    /// Keeps room for so many bytes, of which so many are not written yet.
    pub(super) async fn keep(&mut self, bytes: u64, unwritten: u64) -> Result<(), CopyStop> {
        self.check_disk(bytes, |_, free| unwritten <= free).await?;
        self.within_quota(|room| room.seat.keep(bytes, room.left_bytes()))
            .await
    }

    pub(super) fn record_finished(&self) {
        self.seat.record_finished();
    }

    async fn check_disk(
        &self,
        bytes: u64,
        fits: impl FnOnce(&Self, u64) -> bool,
    ) -> Result<(), CopyStop> {
        let max = self.desk.settings.max_bytes;
        if bytes > max {
            let message = format!("The file is larger than one upload may be, {max} bytes.");
            return Err(Interrupted::failed(ErrorCode::UploadBytes, message).into());
        }
        let free = self.files.free_bytes().await;
        let free = free.map_err(CopyStop::NotStored)?;
        if free.is_some_and(|free| !fits(self, free)) {
            let message = "The disk of the service has too little room for this file.";
            return Err(Interrupted::failed(ErrorCode::UploadQuota, message).into());
        }
        Ok(())
    }

    async fn within_quota(&mut self, fits: impl Fn(&Self) -> bool) -> Result<(), CopyStop> {
        // A file may have got its name, or have been deleted, since the last look.
        let is_old = self.seat.finished() != self.finished;
        if is_old || !fits(self) {
            self.look_again().await.map_err(CopyStop::NotStored)?;
            if !fits(self) {
                let quota = self.desk.settings.quota_bytes;
                let message = format!("All uploaded files together may have {quota} bytes.");
                return Err(Interrupted::failed(ErrorCode::UploadQuota, message).into());
            }
        }
        Ok(())
    }

    fn left_bytes(&self) -> u64 {
        let quota = self.desk.settings.quota_bytes;
        quota.saturating_sub(self.used_bytes)
    }

    async fn look_again(&mut self) -> PortResult<()> {
        // Before the look: what gets its name meanwhile counts twice rather than not at all.
        self.finished = self.seat.finished();
        self.used_bytes = self.files.used_bytes().await?;
        Ok(())
    }
}
