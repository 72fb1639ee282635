//! From a URL into a file, within what one file and all files may have.

use crate::model::Upload;
use crate::pictures::{Deadline, Interrupted};
use crate::ports::{DownloadFailure, Downloads, UploadWriter};
use crate::text::sentence;
use crate::worker::upload_settings::UploadSettings;
use crate::worker::{RunContext, Worker};
use bytes::Bytes;
use contract::error::ErrorCode;
use std::io::Read;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Bytes read at a time; two such pieces wait between reading and writing.
const PIECE_BYTES: usize = 1 << 20;

/// Deliveries of a message after which a URL that does not answer is one that gives no file.
const MOST_TRIES: u32 = 5;

/// Between looks at the time of the run.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What comes of a URL, in this order.
enum Piece {
    Length(Option<u64>),
    Bytes(Bytes),
}

impl Worker {
    /// Downloads the file of `upload`. What was written of one that is not finished is removed.
    pub(super) async fn copy(
        &self,
        upload: &Upload,
        settings: &UploadSettings,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let files = &self.ports.upload_files;
        let room = Room {
            settings,
            used_bytes: files.used_bytes().await?,
        };
        let mut writer = files.begin(&upload.file_name()).await?;
        let (sender, mut pieces) = channel(2);
        let (downloads, url) = (settings.downloads.clone(), upload.source_url.clone());
        let reading = tokio::task::spawn_blocking(move || read(&*downloads, &url, &sender));
        let taken = take(&mut pieces, &mut *writer, &room, &run.until).await;
        let taken = taken.map_err(|stop| counted(stop, run));
        // Whoever reads learns that nobody takes what it reads.
        drop(pieces);
        let ended = match taken {
            Ok(bytes) => match reading.await.map_err(Interrupted::of_task) {
                Ok(Ok(())) if bytes == 0 => Err(invalid("the file is empty")),
                Ok(Ok(())) => Ok(bytes),
                Ok(Err(failure)) => Err(weighed(failure, run.attempt.number)),
                Err(stop) => Err(stop),
            },
            Err(stop) => Err(stop),
        };
        let room = match ended {
            // Other uploads may have ended meanwhile.
            Ok(bytes) => files
                .used_bytes()
                .await
                .map_err(Interrupted::from)
                .and_then(|used| {
                    let now = Room {
                        used_bytes: used,
                        ..room
                    };
                    now.check(bytes)
                }),
            Err(stop) => Err(stop),
        };
        match room {
            Ok(()) => Ok(writer.finish().await?),
            Err(stop) => {
                writer.discard().await;
                Err(stop)
            }
        }
    }
}

/// How much may be written.
struct Room<'a> {
    settings: &'a UploadSettings,
    /// By other files.
    used_bytes: u64,
}

impl Room<'_> {
    fn check(&self, bytes: u64) -> Result<(), Interrupted> {
        let (max, quota) = (self.settings.max_bytes, self.settings.quota_bytes);
        if bytes > max {
            let message = format!("The file is larger than one upload may be, {max} bytes.");
            return Err(Interrupted::failed(ErrorCode::UploadBytes, message));
        }
        if self.used_bytes.saturating_add(bytes) > quota {
            let message = format!("All uploaded files together may have {quota} bytes.");
            return Err(Interrupted::failed(ErrorCode::UploadQuota, message));
        }
        Ok(())
    }
}

/// Writes what comes; how many bytes that were.
async fn take(
    pieces: &mut Receiver<Piece>,
    writer: &mut dyn UploadWriter,
    room: &Room<'_>,
    until: &Deadline,
) -> Result<u64, Interrupted> {
    let mut written = 0;
    while let Some(piece) = next(pieces, until).await? {
        match piece {
            Piece::Length(announced) => room.check(announced.unwrap_or_default())?,
            Piece::Bytes(bytes) => {
                written += bytes.len() as u64;
                room.check(written)?;
                writer.write(bytes).await?;
            }
        }
    }
    Ok(written)
}

/// The next piece, for as long as there is time.
async fn next(
    pieces: &mut Receiver<Piece>,
    until: &Deadline,
) -> Result<Option<Piece>, Interrupted> {
    loop {
        if until.is_over() {
            return Err(Interrupted::Paused(Box::default()));
        }
        if let Ok(piece) = tokio::time::timeout(LOOK_EVERY, pieces.recv()).await {
            return Ok(piece);
        }
    }
}

fn read(
    downloads: &dyn Downloads,
    url: &str,
    pieces: &Sender<Piece>,
) -> Result<(), DownloadFailure> {
    let mut file = downloads.open(url)?;
    let mut is_wanted = pieces
        .blocking_send(Piece::Length(file.length_bytes))
        .is_ok();
    while is_wanted {
        let mut piece = Vec::new();
        let mut part = (&mut file.body).take(PIECE_BYTES as u64);
        let read = part.read_to_end(&mut piece);
        read.map_err(|cause| DownloadFailure::NoAnswer(cause.to_string()))?;
        if piece.is_empty() {
            return Ok(());
        }
        is_wanted = pieces.blocking_send(Piece::Bytes(piece.into())).is_ok();
    }
    Ok(())
}

/// A run that was not told to end, but had no more time: the next one begins anew, so that not even
/// a few would do.
fn counted(stop: Interrupted, run: &RunContext) -> Interrupted {
    let cause = "it does not come within the time of a run";
    match stop {
        Interrupted::Paused(_) if !run.until.was_ended() => weighed(
            DownloadFailure::NoAnswer(cause.to_owned()),
            run.attempt.number,
        ),
        stop => stop,
    }
}

/// A server that does not answer is asked again, and not for ever.
fn weighed(failure: DownloadFailure, number: u32) -> Interrupted {
    match failure {
        DownloadFailure::NoAnswer(cause) if number < MOST_TRIES => Interrupted::Retry(cause),
        DownloadFailure::Refused(cause) | DownloadFailure::NoAnswer(cause) => invalid(&cause),
    }
}

fn invalid(cause: &str) -> Interrupted {
    let message = format!("No file could be downloaded: {}", sentence(cause));
    Interrupted::failed(ErrorCode::UrlInvalid, message)
}
