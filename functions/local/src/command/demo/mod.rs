//! `vod-snapshot demo`: the main job as any client would ask for it, over HTTP.

mod client;
mod receiver;
mod result;

use crate::cli::Demo;
use crate::error::Error;
use crate::{ConnectionLimits, Options, Server};
use artifacts::{Manifest, Quality};
use client::{Client, Key};
use decoder::Ffmpeg;
use indicatif::{ProgressBar, ProgressStyle};
use receiver::Receiver;
use serde_json::{Value, json};
use service::api::Auth;
use service::key_ring::KeyRing;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::block_in_place;

/// Longer than any of the vendor's own jobs; a demo that hangs is a failed one.
const PATIENCE: Duration = Duration::from_secs(600);

/// The demo's sprite: cells per row, and rows.
const COLUMNS: u32 = 10;
const LINES: u32 = 6;

pub(super) async fn run(arguments: Demo) -> Result<(), Error> {
    let ffmpeg = super::decoder(&arguments.decoder)?;
    let data = data_folder(arguments.data)?;
    let video = match arguments.video {
        Some(video) => video.canonicalize().map_err(Error::file(&video))?,
        None => own_clip(&ffmpeg, &data)?,
    };
    let mut receiver = Receiver::start().await?;
    let quality = Quality::new(arguments.decoder.quality).unwrap_or_default();
    let key = Key::random();
    let ring = KeyRing::of_one(key.id, &key.secret);
    let auth = Auth::Keys(Arc::new(ring));
    let options = Options {
        limits: arguments.decoder.limits(),
        ..options(&data, &video, &receiver, ffmpeg, quality, auth)
    };
    let server = Server::start(options).await?;
    super::say(&format!("serving on {}", server.public_url()));
    let shown = show(
        &Client::new(server.public_url(), key),
        &video,
        &data,
        &mut receiver,
    )
    .await;
    server.stop().await;
    shown
}

async fn show(
    client: &Client,
    video: &Path,
    data: &Path,
    receiver: &mut Receiver,
) -> Result<(), Error> {
    let video_id = block_in_place(|| client.register(video))?;
    super::say(&format!("RegisterMedia: VideoId {video_id}"));
    let normal = block_in_place(|| client.submit(&video_id, &[("Count", "8"), ("Interval", "0")]))?;
    super::say(&format!(
        "SubmitSnapshotJob Count=8 Interval=0: JobId {normal}"
    ));
    let config =
        json!({"CellWidth": 160, "Columns": COLUMNS, "Lines": LINES, "KeepCellPic": "delete"});
    let config = config.to_string();
    let cells = [
        ("Count", "60"),
        ("Interval", "0"),
        ("SpriteSnapshotConfig", config.as_str()),
    ];
    let sprite = block_in_place(|| client.submit(&video_id, &cells))?;
    super::say(&format!(
        "SubmitSnapshotJob Count=60 Interval=0 and a sprite: JobId {sprite}"
    ));
    let failures = wait(receiver, 2).await?;
    if let Some(event) = failures.first() {
        let text = |key| event.get(key).and_then(Value::as_str).unwrap_or_default();
        return Err(Error::Said(format!(
            "{}: {}",
            text("ErrorCode"),
            text("ErrorMessage")
        )));
    }
    let normal = block_in_place(|| client.manifest(&video_id, &normal))?;
    let sprite = block_in_place(|| client.manifest(&video_id, &sprite))?;
    print_table(data, &normal, &sprite);
    let page = data.join("index.html");
    let html = result::page(video, &normal, &sprite);
    std::fs::write(&page, html).map_err(Error::file(&page))?;
    super::print(&format!("\nopen {}", page.display()));
    Ok(())
}

/// Waits for `jobs` events; gives those that failed.
async fn wait(receiver: &mut Receiver, jobs: u64) -> Result<Vec<Value>, Error> {
    let bar = ProgressBar::new(jobs).with_style(
        ProgressStyle::with_template("{spinner} {bar:30} {pos}/{len} SnapshotComplete {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.enable_steady_tick(Duration::from_millis(100));
    let mut failed = Vec::new();
    for _ in 0..jobs {
        let event = tokio::time::timeout(PATIENCE, receiver.next()).await;
        let event = event.ok().flatten();
        let event = event.ok_or_else(|| Error::Said("no event came".to_owned()))?;
        bar.inc(1);
        if event.get("Status").and_then(Value::as_str) != Some("success") {
            failed.push(event);
        }
    }
    bar.finish_and_clear();
    Ok(failed)
}

fn print_table(data: &Path, normal: &Manifest, sprite: &Manifest) {
    use super::table::{clock, render};
    let objects = data.join("objects");
    let rows: Vec<_> = normal
        .pictures
        .iter()
        .map(|picture| {
            let file = picture
                .key
                .as_ref()
                .map(|key| objects.join(key).display().to_string());
            vec![
                clock(picture.requested_ms as f64),
                clock(picture.presentation_us as f64 / 1000.0),
                file.unwrap_or_default(),
            ]
        })
        .collect();
    super::print(&render(&["requested", "shown since", "file"], &rows));
    for sheet in &sprite.sheets {
        super::print(&format!(
            "sprite of {} cells: {}",
            sheet.cells,
            objects.join(&sheet.key).display()
        ));
    }
}

/// The folder named, or a new one that stays so that the pictures can be looked at.
fn data_folder(named: Option<PathBuf>) -> Result<PathBuf, Error> {
    let folder = match named {
        Some(folder) => {
            std::fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
            folder
        }
        None => tempfile::Builder::new()
            .prefix("vod-snapshot-demo-")
            .tempdir()?
            .keep(),
    };
    folder.canonicalize().map_err(Error::file(&folder))
}

fn own_clip(ffmpeg: &Ffmpeg, data: &Path) -> Result<PathBuf, Error> {
    let clip = data.join("clock.mp4");
    if !clip.exists() {
        super::say("making a 60-second clip with a running clock");
        super::clip::make(ffmpeg, &clip)?;
    }
    Ok(clip)
}

fn options(
    data: &Path,
    video: &Path,
    receiver: &Receiver,
    ffmpeg: Ffmpeg,
    quality: Quality,
    auth: Auth,
) -> Options {
    Options {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        auth,
        max_qps: 30,
        data: data.to_owned(),
        workers: 2,
        public_url: None,
        media_roots: video.parent().map(Path::to_owned).into_iter().collect(),
        subscribers: vec![receiver.url().to_owned()],
        allowed_hosts: Vec::new(),
        connections: ConnectionLimits::default(),
        callback_allow: Vec::new(),
        retention: crate::Retention::default(),
        max_snapshots: 20_000,
        quality,
        limits: plan::Limits::default(),
        missing_file: Duration::from_secs(300),
        ffmpeg,
    }
}
