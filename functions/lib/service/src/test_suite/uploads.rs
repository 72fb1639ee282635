use crate::model::{JobId, Upload, UploadEnd, UploadResult, UploadState, UploadTrials, VideoId};
use crate::ports::{UploadFiles, Uploads};
use bytes::Bytes;

/// An upload of `url`.
#[must_use]
pub fn upload(url: &str) -> Upload {
    Upload {
        id: JobId::random(),
        video_id: VideoId::random(),
        source_url: url.to_owned(),
        extension: "mp4".to_owned(),
        title: "a title".to_owned(),
        description: Some("d".to_owned()),
        tags: None,
        cover_url: None,
        cate_id: Some(-1),
        reference_id: None,
        is_playable: true,
        user_data: None,
        created_ms: 1_700_000_000_123,
        state: UploadState::Pending,
        events_published: false,
        trials: UploadTrials::default(),
    }
}

/// [`Uploads`].
pub async fn uploads(port: &dyn Uploads) {
    let url = format!("http://a.example/{}.mp4?x=,", JobId::random());
    assert_eq!(port.by_url(&url).await.unwrap(), None);
    let (older, mut upload) = (upload(&url), upload(&url));
    upload.created_ms = older.created_ms + 1;
    port.create(&upload).await.unwrap();
    port.create(&older).await.unwrap();
    assert_eq!(port.by_url(&url).await.unwrap(), Some(upload.clone()));
    let other_spelling = url
        .replace("http://a", "HTTP://A")
        .replace(".mp4", "%2Emp4");
    let found = port.by_url(&other_spelling).await.unwrap();
    assert_eq!(found, Some(upload.clone()), "{other_spelling}");
    let mut newest = self::upload(&other_spelling);
    newest.created_ms = upload.created_ms + 1;
    port.create(&newest).await.unwrap();
    for spelling in [&url, &other_spelling] {
        let found = port.by_url(spelling).await.unwrap();
        assert_eq!(found, Some(newest.clone()), "{spelling}");
    }
    let url = format!("{url}&last");
    upload = self::upload(&url);
    port.create(&upload).await.unwrap();
    assert_eq!(port.get(&older.id).await.unwrap(), Some(older));
    assert_eq!(port.get(&"no such".into()).await.unwrap(), None);

    let twin = Upload {
        title: "another title".to_owned(),
        ..upload.clone()
    };
    // Refused, or as good as not there.
    let _ = port.create(&twin).await;
    assert_eq!(port.get(&upload.id).await.unwrap(), Some(upload.clone()));

    port.start(&"no such".into()).await.unwrap();
    port.start(&upload.id).await.unwrap();
    upload.state = UploadState::Processing;
    assert_eq!(port.get(&upload.id).await.unwrap(), Some(upload.clone()));

    upload.trials = UploadTrials {
        waiting_since_ms: Some(1_700_000_000_125),
        failed_downloads: 2,
        has_file: true,
    };
    port.record_trials(&"no such".into(), upload.trials)
        .await
        .unwrap();
    port.record_trials(&upload.id, upload.trials).await.unwrap();
    assert_eq!(port.get(&upload.id).await.unwrap(), Some(upload.clone()));

    let end = UploadEnd {
        at_ms: 5,
        result: UploadResult::Success {
            size_bytes: u64::from(u32::MAX) + 1,
            file_url: "s3://b/k".to_owned(),
            known_video_id: None,
        },
    };
    let other = UploadEnd {
        at_ms: 6,
        ..end.clone()
    };
    assert_eq!(port.end(&upload.id, &end).await.unwrap(), end);
    assert_eq!(port.end(&upload.id, &other).await.unwrap(), end);
    port.start(&upload.id).await.unwrap();
    port.record_trials(&upload.id, UploadTrials::default())
        .await
        .unwrap();
    port.record_published(&upload.id).await.unwrap();
    upload.state = UploadState::Ended(end);
    upload.events_published = true;
    assert_eq!(port.get(&upload.id).await.unwrap(), Some(upload.clone()));
    assert_eq!(port.by_url(&url).await.unwrap(), Some(upload));
    assert!(port.end(&"no such".into(), &other).await.is_err());
}

/// [`UploadFiles`], with nobody else at work on it.
pub async fn upload_files(port: &dyn UploadFiles) {
    let name = format!("{}.mp4", JobId::random());
    let before = port.used_bytes().await.unwrap();
    assert_eq!(port.find(&name).await.unwrap(), None);
    let mut first = port.begin(&name).await.unwrap();
    first.write(Bytes::from_static(b"some")).await.unwrap();
    assert_eq!(port.find(&name).await.unwrap(), None, "not before its end");
    first.discard().await;
    drop(port.begin(&name).await.unwrap());
    assert_eq!(port.used_bytes().await.unwrap(), before);

    let mut second = port.begin(&name).await.unwrap();
    for part in [&b"so"[..], b"me", b" bytes"] {
        second.write(Bytes::copy_from_slice(part)).await.unwrap();
    }
    second.finish().await.unwrap();
    let (url, bytes) = port.find(&name).await.unwrap().unwrap();
    assert!(url.ends_with(&name), "{url}");
    assert_eq!((bytes, port.used_bytes().await.unwrap()), (10, before + 10));
    port.remove(&name).await.unwrap();
    port.remove(&name).await.unwrap();
    assert_eq!(port.find(&name).await.unwrap(), None);
    assert_eq!(port.used_bytes().await.unwrap(), before);
}
