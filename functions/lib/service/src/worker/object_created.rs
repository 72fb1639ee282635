//! A file that came into its place without a call: it becomes a video, and an event tells its id.

use super::Worker;
use crate::model::{Event, Message, Video};
use crate::pictures::Interrupted;
use crate::ports::{Registration, SourceError};
use contract::event::FileUploadComplete;
use media::MediaError;
use plan::{Budget, Limits};
use source::{HeadSource, RangeSource};
use std::sync::Arc;
use tracing::{info, warn};

/// So much of a file that can't be read by ranges is copied to judge it: each new object of a
/// bucket comes here, whatever it is.
const JUDGED_BYTES: u64 = 16 << 20;

impl Worker {
    /// However often it is told of, a file is one video, as with RegisterMedia; what was put in
    /// its place since is the same video, with an event of its own.
    pub(super) async fn register(
        &self,
        file_url: &str,
        title: &str,
        tag: &str,
    ) -> Result<(), Interrupted> {
        let file = match self.ports.sources.open(file_url).await {
            Ok(file) => file,
            Err(cause) if cause.is_passing() || matches!(cause, SourceError::Missing) => {
                return Err(cause.into());
            }
            Err(cause) => {
                warn!(%cause, "not registered: the object can't be read");
                return Ok(());
            }
        };
        if let Some(reason) = self.no_video(&file).await? {
            info!(reason, "not registered: the object is not a video");
            return Ok(());
        }
        let size_bytes = file.bytes();
        let new = Video {
            place: file.place(),
            ..Video::new(file_url, title, size_bytes, self.ports.clock.now_ms())
        };
        let video = match self.ports.videos.register(new).await? {
            Registration::New(video) => video,
            Registration::Known(video) => {
                self.forget_replaced(&video, &*file).await?;
                video
            }
            // It has no ReferenceId.
            Registration::ReferenceTaken => return Ok(()),
        };
        info!(video_id = %video.id, "registered");
        let mut event = self.arrived(&video, size_bytes, tag);
        event.callback_url = self.callback_url(event.event_type, None).await?;
        self.ports.events.publish(&event).await?;
        let message = Message::Probe { video_id: video.id };
        Ok(self.ports.queue.send(&message).await?)
    }

    /// Why a file is no video, by its bytes: whoever put it there may have declared anything. None
    /// where it is one, or may be: a job will tell.
    async fn no_video(&self, file: &Arc<dyn RangeSource>) -> Result<Option<String>, Interrupted> {
        let (engine, file) = (self.engine.clone(), Arc::clone(file));
        let judge = move || {
            let limits = Limits {
                copied_bytes: engine.limits.copied_bytes.min(JUDGED_BYTES),
                ..engine.limits.clone()
            };
            let open = |file| media::Video::open_sparse(&engine.ffmpeg, file, &limits).map(drop);
            match open(Arc::clone(&file)) {
                Err(error) if error.budget() == Some(Budget::CopiedBytes) => judge_head(file, open),
                judged => judged,
            }
        };
        let judged = tokio::task::spawn_blocking(judge).await;
        match judged.map_err(Interrupted::of_task)? {
            Err(error) if error.is_no_video() => Ok(Some(error.to_string())),
            // As jobs find it.
            Err(error) if error.is_permanent() => Ok(None),
            Err(MediaError::DecoderCrashed { .. }) | Ok(()) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn arrived(&self, video: &Video, size_bytes: u64, tag: &str) -> Event {
        let now_ms = self.ports.clock.now_ms();
        let fact = FileUploadComplete {
            event_ms: now_ms,
            video_id: video.id.clone(),
            size_bytes,
            file_url: video.file_url.clone(),
        };
        Event {
            id: format!("{}-{tag}", video.id),
            event_type: FileUploadComplete::TYPE,
            status: FileUploadComplete::STATUS,
            video_id: video.id.clone(),
            job_id: None,
            snapshot_type: None,
            at_ms: now_ms,
            callback_url: None,
            body: fact.to_bytes(),
        }
    }
}

/// By what it begins with. Containers whose index may lie behind that are videos as far as anybody
/// can tell.
fn judge_head(
    file: Arc<dyn RangeSource>,
    open: impl Fn(Arc<dyn RangeSource>) -> Result<(), MediaError>,
) -> Result<(), MediaError> {
    let mut begin = [0; 8];
    file.read_at(0, &mut begin)?;
    if is_indexed(begin) {
        return Ok(());
    }
    open(Arc::new(HeadSource::new(file, JUDGED_BYTES)))
}

/// Boxes of ISO/IEC 14496-12 and QuickTime, and the first element of Matroska.
fn is_indexed(begin: [u8; 8]) -> bool {
    const BOXES: [&[u8]; 8] = [
        b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"styp", b"pnot",
    ];
    begin.starts_with(&[0x1A, 0x45, 0xDF, 0xA3]) || BOXES.contains(&&begin[4..])
}

#[cfg(test)]
mod tests {
    use super::is_indexed;

    #[test]
    fn only_containers_with_an_index_are_believed_by_their_first_bytes() {
        assert!(is_indexed(*b"\0\0\0\x20ftyp"));
        assert!(is_indexed(*b"\x1A\x45\xDF\xA3\0\0\0\0"));
        for other in [
            *b"PK\x03\x04\0\0\0\0",
            *b"RIFF\0\0\0\0",
            *b"G@\0\x10\0\0\xb0\x0d",
        ] {
            assert!(!is_indexed(other));
        }
    }
}
