//! Jobs, and what comes of them.

use crate::hearing::Hearing;
use crate::service::Service;
use artifacts::{Manifest, key};
use image::RgbImage;
use serde_json::{Value, json};

const SPRITE: &str =
    r#"{"CellWidth":"128","CellHeight":"72","Columns":"2","Lines":"2","KeepCellPic":"delete"}"#;

type Parameters<'a> = &'a [(&'a str, &'a str)];

pub(crate) async fn each_kind_of_job_gives_its_pictures_and_events(service: &Service) {
    let hearing = Hearing::subscribe(&service.config, service.output("TopicArn")).await;
    let clip = std::fs::read(support::numbered_clip()).unwrap();
    let video = service.register("clips/a b+ü.mp4", clip).await;
    let config = json!({"SnapshotType": "NormalSnapshot",
        "SnapshotConfig": {"Count": 2, "Interval": 3, "SpecifiedOffsetTime": 1000, "Width": 320}});
    let made = [
        ("Name", "two"),
        ("TemplateType", "Snapshot"),
        ("TemplateConfig", &config.to_string()),
    ];
    let template = service.call("AddVodTemplate", &made).await;
    let template = template["VodTemplateId"].as_str().unwrap();
    // Frame 25 n is shown at n seconds.
    let kinds: [(Parameters<'_>, &[u64]); 4] = [
        (
            &[
                ("Count", "3"),
                ("Interval", "2"),
                ("UserData", r#"{"Extend":{"id":"x"}}"#),
            ],
            &[0, 50, 100],
        ),
        (&[("SpecifiedOffsetTimes", "[1500,40,9999]")], &[37, 1, 249]),
        (
            &[
                ("Count", "5"),
                ("Interval", "2"),
                ("SpriteSnapshotConfig", SPRITE),
            ],
            &[0, 50, 100, 150, 200],
        ),
        (&[("SnapshotTemplateId", template)], &[25, 100]),
    ];
    for (parameters, frames) in kinds {
        let job = service.submit(&video, parameters).await;
        let (event, attributes) = hearing.next().await;
        assert_eq!(attributes["EventId"], format!("SnapshotComplete-{job}"));
        for name in ["EventType", "SubType", "VideoId", "Status"] {
            assert_eq!(json!(attributes[name]), event[name], "{name}");
        }
        is_success(&event, &video, &job);
        let manifest = service.object(&key::manifest(&video, &job)).await;
        let manifest = Manifest::from_slice(&manifest).unwrap();
        assert_eq!(numbers(service, &manifest).await, frames);
        assert_eq!(manifest.path, "cut");
        assert!(manifest.usage.is_some());
        details(service, &video, &job, &manifest).await;
    }
    assert!(hearing.is_quiet(), "one event for each job");
    let made = [("VodTemplateId", template)];
    service.call("DeleteVodTemplate", &made).await;
}

fn is_success(event: &Value, video: &str, job: &str) {
    assert_eq!(event["EventType"], "SnapshotComplete");
    assert_eq!(
        (&event["Status"], &event["VideoId"]),
        (&json!("success"), &json!(video)),
        "{event}"
    );
    for info in event["SnapshotInfos"].as_array().unwrap() {
        assert_eq!(info["JobId"], job, "{event}");
    }
}

/// What is painted into each picture, or cell of a sheet.
async fn numbers(service: &Service, manifest: &Manifest) -> Vec<u64> {
    let mut numbers = Vec::new();
    for picture in &manifest.pictures {
        let image = match (&picture.key, picture.sheet) {
            (Some(key), _) => decoded(&service.object(key).await),
            (None, Some(sheet)) => {
                let sheet = manifest
                    .sheets
                    .iter()
                    .find(|one| one.index == sheet)
                    .unwrap();
                let whole = decoded(&service.object(&sheet.key).await);
                let cell = picture.cell.unwrap();
                let (x, y) = (cell % 2 * 128, cell / 2 * 72);
                image::imageops::crop_imm(&whole, x, y, 128, 72).to_image()
            }
            (None, None) => panic!("{picture:?} is nowhere"),
        };
        numbers.push(support::number(&image).expect("a number"));
    }
    numbers
}

fn decoded(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory(jpeg).unwrap().to_rgb8()
}

/// What the API tells of a job, down to the URLs of its pictures.
async fn details(service: &Service, video: &str, job: &str, manifest: &Manifest) {
    let asked = [("JobId", job), ("JobType", "snapshot")];
    let detail = service.call("GetJobDetail", &asked).await;
    assert_eq!(detail["SnapshotJobDetail"]["Status"], "Success");
    let kind = manifest.snapshot_type.as_str();
    let asked = [
        ("VideoId", video),
        ("SnapshotType", kind),
        ("AuthTimeout", "7200"),
    ];
    let listed = service.call("ListSnapshots", &asked).await;
    assert_eq!(listed["MediaSnapshot"]["JobId"], job);
    let first = &listed["MediaSnapshot"]["Snapshots"]["Snapshot"][0]["Url"];
    let url = first.as_str().unwrap().to_owned();
    let (_, lasts) = url.split_once("X-Amz-Expires=").expect("signed");
    let lasts_s: u32 = lasts.split('&').next().unwrap().parse().unwrap();
    assert!((7200..7205).contains(&lasts_s), "{url}");
    let get = move || {
        ureq::get(&url)
            .call()
            .unwrap()
            .body_mut()
            .read_to_vec()
            .unwrap()
    };
    let bytes = tokio::task::spawn_blocking(get).await.unwrap();
    let first = manifest.pictures[0].key.as_ref();
    let key = first.unwrap_or_else(|| &manifest.sheets[0].key);
    assert!(bytes == service.object(key).await, "{key}");
}

pub(crate) async fn a_video_that_is_none_ends_in_a_failed_event(service: &Service) {
    let hearing = Hearing::subscribe(&service.config, service.output("TopicArn")).await;
    let video = service
        .register("none.mp4", b"this is no video".to_vec())
        .await;
    let job = service.submit(&video, &[("Count", "1")]).await;
    let (event, attributes) = hearing.next().await;
    assert_eq!(
        (&event["JobId"], attributes["Status"].as_str()),
        (&json!(job), "fail"),
        "{event}"
    );
    assert_eq!(
        event["ErrorCode"], "InvalidParameter.ResourceContentBad",
        "{event}"
    );
    let detail = service
        .call("GetJobDetail", &[("JobId", &job), ("JobType", "snapshot")])
        .await;
    assert_eq!(detail["SnapshotJobDetail"]["Status"], "Fail");
}

pub(crate) async fn an_upload_registers_itself(service: &Service) {
    let hearing = Hearing::subscribe(&service.config, service.output("TopicArn")).await;
    let clip = std::fs::read(support::numbered_clip()).unwrap();
    let url = service.put_source("arrivals/new one.mp4", clip).await;
    let (event, _) = hearing.next().await;
    assert_eq!(event["EventType"], "FileUploadComplete", "{event}");
    assert_eq!(event["FileUrl"], json!(url), "{event}");
    let video = event["VideoId"].as_str().unwrap();
    let job = service
        .submit(video, &[("SpecifiedOffsetTimes", "[2000]")])
        .await;
    let (event, _) = hearing.next().await;
    is_success(&event, video, &job);
}

/// Real videos, where the folder of them is there.
pub(crate) async fn real_videos_give_what_a_plain_decoder_shows(service: &Service) {
    let Some(folder) = support::corpus() else {
        return;
    };
    let hearing = Hearing::subscribe(&service.config, service.output("TopicArn")).await;
    for name in [
        "imageio_imageio-binaries__cockatoo.mp4",
        "androidx_media__bbb_642x642_768kbps_30fps_vp9.webm",
        "WeTransfer_format_parser__video1.mpg",
    ] {
        let file = folder.join("real").join(name);
        let video = service.register(name, std::fs::read(&file).unwrap()).await;
        let job = service
            .submit(&video, &[("Count", "3"), ("Interval", "0")])
            .await;
        let (event, _) = hearing.next().await;
        is_success(&event, &video, &job);
        let manifest = service.object(&key::manifest(&video, &job)).await;
        let manifest = Manifest::from_slice(&manifest).unwrap();
        assert_eq!(manifest.pictures.len(), 3, "{name}");
        for picture in &manifest.pictures {
            let ours = decoded(&service.object(picture.key.as_ref().unwrap()).await);
            let theirs = plain(&file, picture.presentation_us, ours.dimensions());
            let apart = mean_difference(&ours, &theirs);
            assert!(
                apart < 4.0,
                "{name} at {}: {apart}",
                picture.presentation_us
            );
        }
    }
}

/// The frame of a time counted from the first, without any of our code.
fn plain(file: &std::path::Path, presentation_us: u64, (width, height): (u32, u32)) -> RgbImage {
    let within = format!(
        "setpts=PTS-STARTPTS,select='gte(t,{:.6})',scale={width}:{height}",
        (presentation_us as f64 - 1000.0) / 1e6
    );
    let output = std::process::Command::new(cloud::stack::ffmpeg().path)
        .args(["-v", "error", "-i"])
        .arg(file)
        .args(["-an", "-vf", &within, "-frames:v", "1"])
        .args(["-pix_fmt", "rgb24", "-f", "rawvideo", "-"])
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    RgbImage::from_raw(width, height, output.stdout).unwrap_or_else(|| panic!("{message}"))
}

fn mean_difference(one: &RgbImage, other: &RgbImage) -> f64 {
    let pairs = one.as_raw().iter().zip(other.as_raw());
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.as_raw().len() as f64
}
