//! The latest build from the places that ffmpeg's own site names, by way of `ffmpeg-sidecar`.

use super::cache::{self, FfmpegCache};
use super::{Ffmpeg, Origin};
use ffmpeg_sidecar::download::{
    FfmpegDownloadProgressEvent as Event, download_ffmpeg_package_with_progress,
    ffmpeg_download_url, unpack_ffmpeg_without_extras,
};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Without a network a connection may neither open nor fail for minutes.
const FIRST_ANSWER: Duration = Duration::from_secs(15);
const NEXT_BYTES: Duration = Duration::from_secs(30);

enum DownloadNews {
    Megabytes(u64),
    Done(Result<PathBuf, String>),
}

/// Downloads and keeps an ffmpeg, or says why not.
pub(super) fn download(cache: &FfmpegCache, say: &mut dyn FnMut(&str)) -> Result<Ffmpeg, String> {
    let url = ffmpeg_download_url().map_err(|error| error.to_string())?;
    let scratch = cache.scratch()?;
    say(&format!(
        "downloading the latest ffmpeg build (unpinned) from {url}"
    ));
    let archive = fetch(url, scratch.path(), say)?;
    say("unpacking it");
    unpack_ffmpeg_without_extras(&archive, scratch.path()).map_err(|error| error.to_string())?;
    let program = scratch.path().join("ffmpeg");
    cache.keep(&program, Origin::Download, cache::latest)
}

/// On a thread of its own, because the client knows no time limits.
fn fetch(url: &'static str, folder: &Path, say: &mut dyn FnMut(&str)) -> Result<PathBuf, String> {
    let (news, arriving) = channel();
    let folder = folder.to_owned();
    std::thread::spawn(move || fetch_unbounded(url, &folder, &news));
    let (mut patience, mut said) = (FIRST_ANSWER, 0);
    loop {
        match arriving.recv_timeout(patience) {
            Ok(DownloadNews::Done(archive)) => return archive,
            Ok(DownloadNews::Megabytes(now)) => {
                patience = NEXT_BYTES;
                if now >= said + 20 {
                    said = now;
                    say(&format!("{now} MB so far"));
                }
            }
            Err(RecvTimeoutError::Timeout) => return Err("no answer from the network".to_owned()),
            Err(RecvTimeoutError::Disconnected) => return Err("the download broke off".to_owned()),
        }
    }
}

fn fetch_unbounded(url: &str, folder: &Path, news: &Sender<DownloadNews>) {
    let progress = |event| {
        if let Event::Downloading {
            downloaded_bytes, ..
        } = event
        {
            // Nobody listens any more after a time-out; the download then ends in vain.
            let _ = news.send(DownloadNews::Megabytes(downloaded_bytes / 1_000_000));
        }
    };
    let archive = download_ffmpeg_package_with_progress(url, folder, progress);
    let _ = news.send(DownloadNews::Done(
        archive.map_err(|error| format!("{error:#}")),
    ));
}
