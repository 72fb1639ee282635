//! `vod-snapshot demo`: two jobs as a client submits them, over HTTP.

mod browser_console;
mod client;
mod clip;
mod receiver;
mod result_page;
mod sprite;

use super::ffmpeg;
use crate::cli::DemoArgs;
use crate::console;
use crate::error::{CommandError, DemoError};
use crate::server::{ConnectionLimits, LocalServer, RetentionPolicy, ServerOptions, UploadOptions};
use crate::table::{clock, render};
use artifacts::{Manifest, Quality};
use client::{DemoClient, DemoKey};
use decoder::Ffmpeg;
use indicatif::{ProgressBar, ProgressStyle};
use receiver::EventReceiver;
use serde_json::{Value, json};
use service::api::Auth;
use service::key_ring::KeyRing;
use service::picture_access::PictureAccess;
use sprite::{COLUMNS, LINES};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::block_in_place;

/// How long to wait for an event. The vendor's own jobs take less.
const EVENT_WITHIN: Duration = Duration::from_secs(600);

pub(super) async fn run(arguments: DemoArgs) -> Result<(), CommandError> {
    let ffmpeg = ffmpeg::find(&arguments.decoder)?;
    let data = data_folder(arguments.data)?;
    let video = match arguments.video {
        Some(video) => video.canonicalize().map_err(CommandError::file(&video))?,
        None => generated_clip(&ffmpeg, &data)?,
    };
    if video.parent() == Some(data.as_path()) {
        return Err(DemoError::InDataFolder.into());
    }
    let mut receiver = EventReceiver::start().await?;
    let quality = Quality::new(arguments.decoder.quality).unwrap_or_default();
    let key = DemoKey::random();
    let ring = KeyRing::of_one(key.id, &key.secret);
    let auth = Auth::Keys(Arc::new(ring));
    let options = ServerOptions {
        limits: arguments.decoder.limits(),
        ..server_options(&data, &video, &receiver, ffmpeg, quality, auth)
    };
    let server = LocalServer::start(options).await?;
    console::note(&format!("serving on {}", server.public_url()));
    let console = browser_console::link(server.public_url(), &key);
    let client = DemoClient::new(server.public_url(), key);
    let result = run_jobs(&client, &video, &data, &mut receiver).await;
    if result.is_ok() && browser_console::is_wanted(arguments.console) {
        browser_console::show(&console).await;
    }
    server.stop().await;
    result
}

async fn run_jobs(
    client: &DemoClient,
    video: &Path,
    data: &Path,
    receiver: &mut EventReceiver,
) -> Result<(), CommandError> {
    let video_id = block_in_place(|| client.register(video))?;
    console::note(&format!("RegisterMedia: VideoId {video_id}"));
    let normal = block_in_place(|| client.submit(&video_id, &[("Count", "8"), ("Interval", "0")]))?;
    console::note(&format!(
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
    console::note(&format!(
        "SubmitSnapshotJob Count=60 Interval=0 and a sprite: JobId {sprite}"
    ));
    let failures = wait_for_events(receiver, 2).await?;
    if let Some(event) = failures.first() {
        let text = |name| event.get(name).and_then(Value::as_str).unwrap_or_default();
        return Err(DemoError::Job {
            code: text("ErrorCode").to_owned(),
            message: text("ErrorMessage").to_owned(),
        }
        .into());
    }
    let normal = block_in_place(|| client.manifest(&video_id, &normal))?;
    let sprite = block_in_place(|| client.manifest(&video_id, &sprite))?;
    print_table(data, &normal, &sprite);
    let page = data.join("index.html");
    let html = result_page::page(video, &normal, &sprite);
    std::fs::write(&page, html).map_err(CommandError::file(&page))?;
    console::print(&format!("\nopen {}", page.display()));
    Ok(())
}

/// Waits for `jobs` events, and returns those of failed jobs.
async fn wait_for_events(
    receiver: &mut EventReceiver,
    jobs: u64,
) -> Result<Vec<Value>, CommandError> {
    let bar = ProgressBar::new(jobs).with_style(
        ProgressStyle::with_template("{spinner} {bar:30} {pos}/{len} SnapshotComplete {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.enable_steady_tick(Duration::from_millis(100));
    let mut failed = Vec::new();
    for _ in 0..jobs {
        let event = tokio::time::timeout(EVENT_WITHIN, receiver.next()).await;
        let event = event.ok().flatten();
        let event = event.ok_or(DemoError::NoEvent {
            seconds: EVENT_WITHIN.as_secs(),
        })?;
        bar.inc(1);
        if event.get("Status").and_then(Value::as_str) != Some("success") {
            failed.push(event);
        }
    }
    bar.finish_and_clear();
    Ok(failed)
}

fn print_table(data: &Path, normal: &Manifest, sprite: &Manifest) {
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
    console::print(&render(&["requested", "shown since", "file"], &rows));
    for sheet in &sprite.sheets {
        console::print(&format!(
            "sprite of {} cells: {}",
            sheet.cells,
            objects.join(&sheet.key).display()
        ));
    }
}

/// The given folder, or a new one. It is kept, so that the pictures can be looked at.
fn data_folder(given: Option<PathBuf>) -> Result<PathBuf, CommandError> {
    let folder = match given {
        Some(folder) => {
            std::fs::create_dir_all(&folder).map_err(CommandError::file(&folder))?;
            folder
        }
        None => tempfile::Builder::new()
            .prefix("vod-snapshot-demo-")
            .tempdir()?
            .keep(),
    };
    folder.canonicalize().map_err(CommandError::file(&folder))
}

/// In a folder of its own: nothing that lies in the data folder itself may be registered.
fn generated_clip(ffmpeg: &Ffmpeg, data: &Path) -> Result<PathBuf, CommandError> {
    let folder = data.join("videos");
    std::fs::create_dir_all(&folder).map_err(CommandError::file(&folder))?;
    let clip = folder.join("clock.mp4");
    if !clip.exists() {
        console::note("generating a 60-second clip with a running clock");
        clip::make(ffmpeg, &clip)?;
    }
    Ok(clip)
}

fn server_options(
    data: &Path,
    video: &Path,
    receiver: &EventReceiver,
    ffmpeg: Ffmpeg,
    quality: Quality,
    auth: Auth,
) -> ServerOptions {
    ServerOptions {
        tls: None,
        metrics_listen: None,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        auth,
        max_qps: 30,
        data: data.to_owned(),
        workers: 2,
        part_work: Duration::from_secs(15),
        public_url: None,
        pictures: PictureAccess::Public,
        picture_keys: Vec::new(),
        media_roots: video.parent().map(Path::to_owned).into_iter().collect(),
        source_allow: Vec::new(),
        subscribers: vec![receiver.url().to_owned()],
        allowed_hosts: Vec::new(),
        connections: ConnectionLimits::default(),
        callback_allow: Vec::new(),
        uploads: UploadOptions::default(),
        covers: false,
        templates: Vec::new(),
        retention: RetentionPolicy::default(),
        max_snapshots: 20_000,
        quality,
        limits: plan::Limits::default(),
        missing_file: Duration::from_secs(300),
        ffmpeg,
    }
}
