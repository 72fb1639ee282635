//! From a URL into a file, within what one file and all files may have.

use super::desk::UploadDesk;
use super::room::Room;
use super::stop::{CopyStop, no_file};
use crate::model::{Upload, UploadState};
use crate::pictures::{Deadline, Interrupted};
use crate::ports::{DownloadFailure, Downloads, UploadFiles, UploadWriter};
use crate::worker::{RunContext, Worker};
use bytes::Bytes;
use contract::error::ErrorCode;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Bytes read at a time; two such pieces wait between reading and writing.
const PIECE_BYTES: usize = 1 << 20;

/// Between looks at the time of the run.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What comes of a URL, in this order.
enum Piece {
    Length(Option<u64>),
    Bytes(Bytes),
}

impl Worker {
    /// Downloads the file of `upload`: its FileURL and its bytes. What was written of one that is
    /// not finished is removed.
    pub(super) async fn copy(
        &self,
        upload: &Upload,
        desk: &UploadDesk,
        run: &RunContext,
    ) -> Result<(String, u64), CopyStop> {
        let (files, name) = (&self.ports.upload_files, upload.file_name());
        let room = Room::beside_others(desk, &**files).await;
        let mut room = room.map_err(Interrupted::from)?;
        // Where there is room for nothing, nobody is asked for it.
        room.check(1).await.map_err(CopyStop::before_download)?;
        let begun = files.begin(&name).await;
        let mut writer = begun.map_err(Interrupted::from)?;
        let (downloads, url) = (desk.settings.downloads.clone(), upload.source_url.clone());
        let bytes = match receive(downloads, url, &mut *writer, &mut room, &run.until).await {
            Ok(bytes) => bytes,
            Err(stop) => {
                writer.discard().await;
                return Err(stop);
            }
        };
        let is_open = self.check_is_open(upload);
        finish_file((desk, &**files), &mut room, (writer, &name), bytes, is_open).await
    }

    /// Another run may have ended it, or come to its file, while this one downloaded.
    async fn check_is_open(&self, upload: &Upload) -> Result<(), CopyStop> {
        let now = self.ports.uploads.get(&upload.id).await;
        let now = now.map_err(CopyStop::NotStored)?;
        let is_open = now
            .is_some_and(|now| !matches!(now.state, UploadState::Ended(_)) && !now.trials.has_file);
        match is_open {
            true => Ok(()),
            false => Err(Interrupted::Retry("another run was faster".to_owned()).into()),
        }
    }
}

/// Gives a file of so many bytes its name, if there is room for it and `is_wanted` says so: its
/// FileURL and its bytes. It is removed otherwise.
pub(super) async fn finish_file(
    (desk, files): (&UploadDesk, &dyn UploadFiles),
    room: &mut Room<'_>,
    (writer, name): (Box<dyn UploadWriter>, &str),
    bytes: u64,
    is_wanted: impl Future<Output = Result<(), CopyStop>>,
) -> Result<(String, u64), CopyStop> {
    let _finishing = desk.finishing.lock().await;
    let mut fits = room.keep(bytes, 0).await;
    if fits.is_ok() {
        fits = is_wanted.await;
    }
    if let Err(stop) = fits {
        writer.discard().await;
        return Err(stop);
    }
    writer.finish().await.map_err(CopyStop::NotStored)?;
    room.record_finished();
    let found = files.find(name).await.map_err(Interrupted::from)?;
    let gone = || Interrupted::Retry("the uploaded file has gone".to_owned());
    Ok(found.ok_or_else(gone)?)
}

/// Downloads into `writer`; how many bytes that were.
async fn receive(
    downloads: Arc<dyn Downloads>,
    url: String,
    writer: &mut dyn UploadWriter,
    room: &mut Room<'_>,
    until: &Deadline,
) -> Result<u64, CopyStop> {
    let (sender, mut pieces) = channel(2);
    let reading = tokio::task::spawn_blocking(move || read(&*downloads, &url, &sender));
    let taken = take(&mut pieces, writer, room, until).await;
    // Whoever reads learns that nobody takes what it reads.
    drop(pieces);
    let bytes = taken.map_err(|stop| counted(stop, until))?;
    match reading.await.map_err(Interrupted::of_task)? {
        Ok(()) if bytes == 0 => Err(no_file(ErrorCode::UrlInvalid, "the file is empty").into()),
        Ok(()) => Ok(bytes),
        Err(DownloadFailure::Refused(cause)) => Err(no_file(ErrorCode::UrlInvalid, &cause).into()),
        Err(DownloadFailure::NoAnswer(cause)) => Err(CopyStop::NoFile(cause)),
    }
}

/// Writes what comes; how many bytes that were.
async fn take(
    pieces: &mut Receiver<Piece>,
    writer: &mut dyn UploadWriter,
    room: &mut Room<'_>,
    until: &Deadline,
) -> Result<u64, CopyStop> {
    let mut written = 0;
    while let Some(piece) = next(pieces, until).await? {
        match piece {
            Piece::Length(announced) => {
                room.check(announced.unwrap_or_default()).await?;
            }
            Piece::Bytes(bytes) => {
                let more = bytes.len() as u64;
                room.keep(written + more, more).await?;
                writer.write(bytes).await.map_err(CopyStop::NotStored)?;
                written += more;
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
fn counted(stop: CopyStop, until: &Deadline) -> CopyStop {
    match stop {
        CopyStop::Run(Interrupted::Paused(_)) if !until.was_ended() => {
            CopyStop::NoFile("the file does not arrive within the time of one run".to_owned())
        }
        stop => stop,
    }
}
