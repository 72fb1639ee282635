//! URLs of pictures: they show them for as long as was promised, whichever environment answers.

use crate::asking::{ask, ask_from, location, parts, picture};
use crate::stack;
use crate::system::{SUBMIT, System, batch, clip, delivery, none_failed};
use artifacts::key;
use bytes::Bytes;
use cloud::faults::Faults;
use cloud::http_api::HOST;
use cloud::{Function, Stack};
use serde_json::{Value, json};
use service::model::{Completion, Job, JobResult, SnapshotType};
use service::picture_access::PictureAccess;
use service::test_suite as suite;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const JPEG: &[u8] = b"\xff\xd8\xff a picture";

/// Some day that is not over.
const LATER: i64 = 4_000_000_000_000;

pub(crate) fn signed(mut stack: Stack) -> Stack {
    stack.deployment.pictures = PictureAccess::Signed;
    stack
}

/// Another environment of the function.
async fn another(system: &System) -> Function {
    Function::start(SUBMIT, &system.stack.environment()).await
}

/// A job that ended, with its objects.
pub(crate) async fn ended(system: &System, video: &str, kind: SnapshotType) -> Job {
    let ports = system.stack.ports().await;
    let mut job = suite::job(&video.into(), kind, 1_700_000_000_000);
    job.callback_url = None;
    ports.jobs.create(&job).await.unwrap();
    let completion = Completion {
        result: JobResult::Success {
            pictures: 2,
            sheets: 1,
            keeps_pictures: true,
            content: None,
            animation: None,
            grid: None,
        },
        ..suite::completion(true)
    };
    ports.jobs.complete(&job.id, &completion).await.unwrap();
    let vtt = format!(
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n{0}-00001.jpg#xywh=0,0,8,8\n\n\
         00:00:01.000 --> 00:00:02.000\n{0}-00001.jpg#xywh=8,0,8,8\n",
        job.id
    );
    for (key, kind, body) in [
        (
            key::picture(video, &job.id, 1),
            "image/jpeg",
            Bytes::from(JPEG),
        ),
        (
            key::picture(video, &job.id, 2),
            "image/jpeg",
            Bytes::from(JPEG),
        ),
        (
            key::web_vtt_picture(video, &job.id, 1),
            "image/jpeg",
            Bytes::from(JPEG),
        ),
        (key::web_vtt(video, &job.id), "text/vtt", Bytes::from(vtt)),
        (
            key::manifest(video, &job.id),
            "application/json",
            Bytes::from("{}\n"),
        ),
        (
            key::progress(video, &job.id),
            "application/json",
            Bytes::from("{}\n"),
        ),
    ] {
        ports.objects.put(&key, kind, body).await.unwrap();
    }
    job
}

pub(crate) async fn first_listed(system: &System, video: &str, kind: &str) -> String {
    let parameters = [
        ("VideoId", video),
        ("SnapshotType", kind),
        ("AuthTimeout", "2592000"),
    ];
    let listed = system.call("ListSnapshots", &parameters).await;
    let url = listed.pointer("/MediaSnapshot/Snapshots/Snapshot/0/Url");
    url.unwrap().as_str().unwrap().to_owned()
}

/// A job that a worker has run; its event.
async fn run(system: &System, video: &str) -> Value {
    system
        .job(video, &[("Count", "2"), ("Interval", "1")])
        .await;
    let worker = system.worker().await;
    let message = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&message)).await));
    system.heard().await.unwrap()
}

/// The bucket is private: plain URLs of it were answered with 403.
#[tokio::test]
async fn urls_of_events_and_lists_are_refused_by_a_private_bucket() {
    for access in [PictureAccess::Public, PictureAccess::Signed] {
        let mut stack = stack!();
        stack.deployment.pictures = access;
        let system = System::start(stack).await;
        let video = system.register("clip.mp4", clip(4, "320x180")).await;
        let event = run(&system, &video).await;
        let cover = event["CoverUrl"].as_str().unwrap();
        let regular = event["SnapshotInfos"][0]["SnapshotRegular"]
            .as_str()
            .unwrap();
        let info = system.call("GetVideoInfo", &[("VideoId", &video)]).await;
        let other = another(&system).await;
        for url in [
            cover,
            &regular.replace("{SnapshotCount}", "00002"),
            info["Video"]["CoverURL"].as_str().unwrap(),
            info["Video"]["Snapshots"]["Snapshot"][1].as_str().unwrap(),
            &first_listed(&system, &video, "NormalSnapshot").await,
        ] {
            assert_eq!(picture(&other, url).await[..3], [0xff, 0xd8, 0xff], "{url}");
        }
        let is_signed = cover.contains("Signature=");
        assert_eq!(is_signed, access == PictureAccess::Signed, "{cover}");
    }
}

/// A presigned URL ends with what signed it, some hours later.
#[tokio::test]
async fn a_url_of_30_days_holds_for_some_hours() {
    let system = System::start(stack!()).await;
    let video = system.register("a.mp4", vec![7; 9]).await;
    ended(&system, &video, SnapshotType::NormalSnapshot).await;
    let url = first_listed(&system, &video, "NormalSnapshot").await;
    let (path, query) = parts(&url);
    let expires = query.split('&').next().unwrap().strip_prefix("Expires=");
    let now_s = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let left = expires.unwrap().parse::<u64>().unwrap() - now_s;
    assert!((2_591_000..=2_592_001).contains(&left), "{left}");
    let other = another(&system).await;
    assert_eq!(picture(&other, &url).await, JPEG);
    let answer = ask(&other, "GET", &path, &query).await;
    let location = location(&answer);
    let caching = answer["headers"]["cache-control"].as_str().unwrap();
    let max_age: i64 = caching
        .strip_prefix("private, max-age=")
        .unwrap()
        .parse()
        .unwrap();
    let held = location.split("X-Amz-Expires=").nth(1).unwrap();
    let held: i64 = held.split('&').next().unwrap().parse().unwrap();
    assert!(
        max_age > 0 && max_age + 10 <= held && held <= 45,
        "{caching} of {held}"
    );
    let plain = ask(&other, "GET", &path, "").await;
    let caching = plain["headers"]["cache-control"].as_str().unwrap();
    assert!(caching.starts_with("public, max-age="), "{caching}");
}

#[tokio::test]
async fn head_and_ranges_end_at_the_object_too() {
    let system = System::start(stack!()).await;
    let video = system.register("a.mp4", vec![7; 9]).await;
    let job = ended(&system, &video, SnapshotType::NormalSnapshot).await;
    let path = format!("/stage/{}", key::picture(&video, &job.id, 1));
    let head = location(&ask(&system.submit, "HEAD", &path, "").await);
    let get = location(&ask(&system.submit, "GET", &path, "").await);
    assert_ne!(head, get, "S3 takes each for its own method alone");
    let asked = tokio::task::spawn_blocking(move || {
        let head = ureq::head(&head).call().unwrap();
        let part = ureq::get(&get).header("range", "bytes=0-1").call().unwrap();
        (head.status(), part)
    });
    let (head, mut part) = asked.await.unwrap();
    assert_eq!((head.as_u16(), part.status().as_u16()), (200, 206));
    assert_eq!(part.body_mut().read_to_vec().unwrap(), JPEG[..2]);
}

/// Its own URL was presigned, those in it are relative.
#[tokio::test]
async fn a_web_vtt_file_names_sheets_that_nobody_can_get() {
    for access in [PictureAccess::Public, PictureAccess::Signed] {
        let mut stack = stack!();
        stack.deployment.pictures = access;
        let system = System::start(stack).await;
        let video = system.register("a.mp4", vec![7; 9]).await;
        ended(&system, &video, SnapshotType::WebVttSnapshot).await;
        let url = first_listed(&system, &video, "WebVttSnapshot").await;
        let (path, query) = parts(&url);
        let answer = ask(&system.submit, "GET", &path, &query).await;
        assert_eq!(answer["statusCode"], 200, "{answer}");
        assert_eq!(answer["headers"]["content-type"], "text/vtt");
        let text = answer["body"].as_str().unwrap();
        let named: Vec<_> = text.lines().filter(|l| l.contains(".jpg")).collect();
        assert_eq!(named.len(), 2, "{text}");
        let base = url::Url::parse(&url).unwrap();
        for line in named {
            let sheet = base.join(line).unwrap();
            assert!(sheet.fragment().unwrap().starts_with("xywh="), "{sheet}");
            assert_eq!(sheet.query().is_some(), access == PictureAccess::Signed);
            assert_eq!(
                picture(&system.submit, sheet.as_str().split('#').next().unwrap()).await,
                JPEG
            );
        }
        let head = ask(&system.submit, "HEAD", &path, &query).await;
        assert_eq!(
            (&head["statusCode"], &head["body"]),
            (&json!(200), &json!(""))
        );
    }
}

#[tokio::test]
async fn a_signed_address_holds_for_another_object_or_time() {
    let system = System::start(signed(stack!())).await;
    let video = system.register("a.mp4", vec![7; 9]).await;
    let foreign = system.register("b.mp4", vec![7; 9]).await;
    let job = ended(&system, &video, SnapshotType::NormalSnapshot).await;
    let theirs = ended(&system, &foreign, SnapshotType::NormalSnapshot).await;
    let url = first_listed(&system, &video, "NormalSnapshot").await;
    let (path, query) = parts(&url);
    assert_eq!(picture(&system.submit, &url).await, JPEG);
    let (expires, signature) = query.split_once('&').unwrap();
    let last = if query.ends_with('0') { "1" } else { "0" };
    let changed = format!("{}{last}", &query[..query.len() - 1]);
    let at = |key: String| format!("/{key}");
    for (path, query) in [
        (path.clone(), String::new()),
        (path.clone(), changed),
        (path.clone(), expires.to_owned()),
        (path.clone(), signature.to_owned()),
        (path.clone(), format!("{expires}0&{signature}")),
        (path.clone(), format!("Expires=1&{signature}")),
        (path.clone(), format!("{query}&{expires}")),
        (path.clone(), format!("{query}&KeyId=1")),
        (
            path.clone(),
            query
                .to_uppercase()
                .replace("EXPIRES", "Expires")
                .replace("SIGNATURE", "Signature"),
        ),
        (at(key::picture(&video, &job.id, 2)), query.clone()),
        (at(key::manifest(&video, &job.id)), query.clone()),
        (at(key::picture(&foreign, &theirs.id, 1)), query.clone()),
        (at(key::manifest(&foreign, &theirs.id)), query.clone()),
        (at(key::picture(&foreign, &job.id, 1)), query.clone()),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = ask(&system.submit, method, &path, &query).await;
            assert_eq!(answer["statusCode"], 403, "{path}?{query}: {answer}");
            assert!(answer["headers"].get("location").is_none());
        }
    }
    let slashes = path.replacen("/snapshots/", "%2Fsnapshots%2F", 1);
    let up = path.replacen("/snapshots/", "/snapshots/../snapshots/", 1);
    for path in [
        slashes,
        up,
        path.replacen("/snapshots", "//snapshots", 1),
        format!("{path}/"),
    ] {
        let answer = ask(&system.submit, "GET", &path, &query).await;
        assert!(
            answer["statusCode"].as_i64().unwrap() >= 400,
            "{path}: {answer}"
        );
    }
    // What an event says of all pictures of a job is for all of that job.
    let listed = system
        .call(
            "ListSnapshots",
            &[("VideoId", &video), ("SnapshotType", "NormalSnapshot")],
        )
        .await;
    let regular = listed["MediaSnapshot"]["Regular"].as_str().unwrap();
    let (_, whole) = parts(regular);
    for key in [
        key::picture(&video, &job.id, 2),
        key::web_vtt_picture(&video, &job.id, 1),
    ] {
        location(&ask(&system.submit, "GET", &at(key), &whole).await);
    }
    let manifest = ask(
        &system.submit,
        "GET",
        &at(key::manifest(&video, &job.id)),
        &whole,
    )
    .await;
    assert_eq!(
        (&manifest["statusCode"], &manifest["body"]),
        (&json!(200), &json!("{}\n"))
    );
    let other = ask(
        &system.submit,
        "GET",
        &at(key::picture(&foreign, &theirs.id, 1)),
        &whole,
    )
    .await;
    assert_eq!(other["statusCode"], 403);
}

/// Whatever lies in the bucket.
#[tokio::test]
async fn what_is_no_picture_is_given_out() {
    let system = System::start(stack!()).await;
    let video = system.register("a.mp4", vec![7; 9]).await;
    let job = ended(&system, &video, SnapshotType::NormalSnapshot).await;
    let objects = system.stack.ports().await.objects;
    for key in ["keys.json", "x/snapshots/keys.json"] {
        let put = objects.put(key, "application/json", Bytes::from("{}"));
        put.await.unwrap();
    }
    for path in [
        format!("/{}", key::progress(&video, &job.id)),
        "/keys.json".to_owned(),
        "/x/snapshots/keys.json".to_owned(),
        format!("/{video}/snapshots/"),
        format!("/{video}/snapshots/nobody-00001.jpg"),
        format!("/{}", key::picture("nobody", &job.id, 1)),
        "/snapshots/".to_owned(),
    ] {
        let answer = ask(&system.submit, "GET", &path, "").await;
        let status = answer["statusCode"].as_i64().unwrap();
        assert!(status == 404 || status == 400, "{path}: {answer}");
        assert!(
            !answer["body"]
                .as_str()
                .unwrap()
                .contains("ListBucketResult")
        );
    }
}

/// Its object goes in a run of a worker, which may come any time.
#[tokio::test]
async fn a_deleted_picture_is_shown_until_a_worker_comes() {
    let system = System::start(stack!()).await;
    let video = system.register("a.mp4", vec![7; 9]).await;
    let job = ended(&system, &video, SnapshotType::NormalSnapshot).await;
    let path = format!("/{}", key::picture(&video, &job.id, 1));
    let before = location(&ask(&system.submit, "GET", &path, "").await);
    let held = before.split("X-Amz-Expires=").nth(1).unwrap();
    assert!(held.starts_with("45&"), "{held}");
    let parameters = [
        ("DeleteImageType", "VideoId"),
        ("VideoId", video.as_str()),
        ("ImageType", "NormalSnapshot"),
    ];
    let _ = system.call("DeleteImage", &parameters).await;
    let other = another(&system).await;
    assert_eq!(ask(&other, "GET", &path, "").await["statusCode"], 404);
    // 10 s that an environment remembers, and 45 s that the bucket's own URL holds.
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert_eq!(
        ask(&system.submit, "GET", &path, "").await["statusCode"],
        404
    );
    let second = system.register("b.mp4", vec![7; 9]).await;
    let job = ended(&system, &second, SnapshotType::NormalSnapshot).await;
    let path = format!("/{}", key::picture(&second, &job.id, 1));
    let _ = system.call("DeleteVideo", &[("VideoIds", &second)]).await;
    assert_eq!(ask(&other, "GET", &path, "").await["statusCode"], 404);
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_read_an_answer() {
    let system = System::start(signed(stack!())).await;
    let video = system.register("a.mp4", vec![7; 9]).await;
    ended(&system, &video, SnapshotType::NormalSnapshot).await;
    let url = first_listed(&system, &video, "NormalSnapshot").await;
    let (path, query) = parts(&url);
    let page = Some("https://player.example");
    let mut answers = Vec::new();
    for (method, path, query, status) in [
        ("GET", path.as_str(), query.as_str(), 302),
        ("HEAD", &path, &query, 302),
        ("GET", &path, "", 403),
        ("GET", "/nobody/snapshots/x-00001.jpg", "", 403),
        ("GET", "/nobody/snapshots/x.txt", "", 404),
        ("OPTIONS", &path, "", 204),
        ("DELETE", &path, &query, 403),
    ] {
        let answer = ask_from(&system.submit, method, path, query, page).await;
        assert_eq!(answer["statusCode"], status, "{answer}");
        let headers = &answer["headers"];
        assert_eq!(headers["access-control-allow-origin"], "*", "{answer}");
        assert_eq!(headers["x-robots-tag"], "noindex", "{answer}");
        answers.push(answer);
    }
    assert_eq!(
        answers[5]["headers"]["access-control-allow-methods"],
        "GET, HEAD"
    );
    assert_eq!(answers[5]["headers"]["access-control-allow-headers"], "*");
    // A browser that has shown it in an <img> must not give that answer to fetch.
    let shown = ask(&system.submit, "GET", &path, &query).await;
    assert_eq!(shown["headers"]["vary"], "Origin");
    let of = |answer: &Value| {
        location(answer)
            .split("response-cache-control")
            .nth(1)
            .unwrap()
            .to_owned()
    };
    assert_ne!(
        of(&shown).split('&').next(),
        of(&answers[0]).split('&').next()
    );
}

/// Each picture of a page was a run of the function that waited for the table: an account of ten has
/// no function left then for calls.
#[tokio::test]
async fn a_page_of_pictures_reads_the_table_for_each() {
    let system = System::start(stack!()).await;
    let video = system.register("a.mp4", vec![7; 9]).await;
    let job = ended(&system, &video, SnapshotType::NormalSnapshot).await;
    let endpoint = system.stack.config.endpoint_url().unwrap();
    let (url, calls) = Faults::NONE.way_to(endpoint).await;
    let mut environment = system.stack.environment();
    environment.push(("AWS_ENDPOINT_URL".to_owned(), url));
    let submit = Function::start(SUBMIT, &environment).await;
    let begun = Instant::now();
    for number in 1..=100 {
        let path = format!("/{}", key::picture(&video, &job.id, number));
        location(&ask(&submit, "GET", &path, "").await);
    }
    let took = begun.elapsed();
    eprintln!("{took:?} for a page of 100 pictures, one after another");
    let (reads, rounds) = (calls.load(Ordering::Relaxed), took.as_secs() / 10 + 1);
    assert!(reads <= 2 * rounds, "{reads} calls of AWS in {took:?}");
}

/// Calls of actions on that path are calls.
#[tokio::test]
async fn a_call_is_redirected() {
    let system = System::start(stack!()).await;
    let path = "/v/snapshots/j-00001.jpg";
    let answer = ask(
        &system.submit,
        "GET",
        path,
        "Action=GetVideoList&Version=2017-03-21",
    )
    .await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    assert!(
        answer["headers"]
            .get("access-control-allow-origin")
            .is_none()
    );
}

/// A job that the last release accepted does not say where the API is.
#[tokio::test]
async fn an_event_of_a_job_of_the_last_release_names_the_bucket() {
    for access in [PictureAccess::Public, PictureAccess::Signed] {
        let mut stack = stack!();
        stack.deployment.pictures = access;
        let system = System::start(stack).await;
        let video = system.register("clip.mp4", clip(4, "320x180")).await;
        run(&system, &video).await;
        let ports = system.stack.ports().await;
        let spec = json!({
            "points": {"Every": {"interval_s": 1, "count": 1, "offset_ms": 0}},
            "width": 160, "height": null, "frame_type": "Normal", "sprite": null
        });
        let job = Job {
            spec: serde_json::from_value(spec).unwrap(),
            callback_url: None,
            ..suite::job(
                &video.as_str().into(),
                SnapshotType::NormalSnapshot,
                LATER / 4,
            )
        };
        ports.submissions.accept(&job, None).await.unwrap();
        let worker = system.worker().await;
        let message = system.next_message().await.unwrap();
        let delivery = batch(&[message.body().unwrap()], 1);
        assert!(none_failed(&worker.answer(delivery).await));
        let event = system.heard().await.unwrap();
        let cover = event["CoverUrl"].as_str().unwrap();
        assert_eq!(
            parts(cover).0,
            format!("/{}", key::picture(&video, &job.id, 1))
        );
        let is_signed = cover.contains("Signature=");
        assert_eq!(is_signed, access == PictureAccess::Signed, "{cover}");
    }
}

/// A cover that was set to a URL of the bucket, as an earlier release gave them.
#[tokio::test]
async fn a_cover_of_an_earlier_release_is_told_as_it_was_set() {
    let system = System::start(stack!()).await;
    let video = system.register("a.mp4", vec![7; 9]).await;
    let job = ended(&system, &video, SnapshotType::NormalSnapshot).await;
    // No call is in hand: presigned, as it was.
    let ports = system.stack.ports().await;
    let key = key::picture(&video, &job.id, 2);
    let old = ports.objects.signed_url(&key, LATER).await.unwrap();
    assert!(old.contains("X-Amz-Signature"), "{old}");
    for given in [old.as_str(), old.split('?').next().unwrap()] {
        let parameters = [("VideoId", video.as_str()), ("CoverURL", given)];
        let _ = system.call("UpdateVideoInfo", &parameters).await;
        let info = system.call("GetVideoInfo", &[("VideoId", &video)]).await;
        let told = info["Video"]["CoverURL"].as_str().unwrap();
        assert!(
            told.starts_with(&format!("https://{HOST}/{key}?Expires=")),
            "{told}"
        );
        assert_eq!(picture(&system.submit, told).await, JPEG);
    }
}
