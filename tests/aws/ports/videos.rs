use crate::stack;
use aws_sdk_dynamodb::types::AttributeValue;
use cloud::Stack;
use cloud::faults::Faults;
use service::model::{ImageType, ScrollToken, Video, VideoFilter, VideoInfo, VideoPage};
use service::ports::Registration;
use service::test_suite as suite;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

fn first_page(size: usize) -> VideoPage {
    VideoPage {
        filter: VideoFilter::All(vec![]),
        newest_first: true,
        offset: 0,
        size,
    }
}

/// Of a file of five bytes, as an earlier release kept them.
fn facts() -> VideoInfo {
    VideoInfo {
        duration_ms: 1,
        width: 2,
        height: 2,
        frame_rate: 25.0,
        codec: "h264".to_owned(),
        size_bytes: 5,
        content: None,
    }
}

/// A video as a release without the list left it: no entry, and no mark that one is there.
async fn unlisted(stack: &Stack) -> Video {
    let old = suite::video();
    let videos = stack.ports().await.videos;
    videos.register(old.clone()).await.unwrap();
    let (client, table) = (stack.dynamodb(), &stack.deployment.table);
    let entry = format!("VIDEO#{:019}#{}", old.created_ms, old.id);
    let text = |text: String| AttributeValue::S(text);
    let delete = client.delete_item().table_name(table);
    let delete = delete.key("pk", text("VIDEOS".to_owned()));
    delete.key("sk", text(entry)).send().await.unwrap();
    let update = client.update_item().table_name(table);
    let update = update.key("pk", text(format!("VIDEO#{}", old.id)));
    let update = update.key("sk", text("VIDEO".to_owned()));
    update
        .update_expression("REMOVE listed")
        .send()
        .await
        .unwrap();
    let list = videos.list(&first_page(10), None).await.unwrap();
    assert_eq!(list.total, 0);
    assert_eq!(videos.by_id(&old.id).await.unwrap(), Some(old.clone()));
    old
}

#[tokio::test]
async fn a_video_of_an_earlier_release_is_never_listed() {
    let stack = stack!();
    let videos = stack.ports().await.videos;
    let old = unlisted(&stack).await;
    let again = videos.register(old.clone()).await.unwrap();
    assert_eq!(again, Registration::Known(old.clone()));
    let list = videos.list(&first_page(10), None).await.unwrap();
    assert_eq!(list.videos, [old]);
}

/// Its jobs wrote what they found of its file, and its entry was made by changes alone.
#[tokio::test]
async fn a_video_of_an_earlier_release_is_not_listed_after_its_job() {
    let facts = facts();
    for write in 0..3 {
        let stack = stack!();
        let videos = stack.ports().await.videos;
        let old = unlisted(&stack).await;
        match write {
            0 => videos.record_facts(&old.id, &facts, 9).await,
            1 => videos.record_replaced(&old.id, 5, 9).await,
            _ => videos.record_deletion(&old.id, ImageType::All, 9).await,
        }
        .unwrap();
        let list = videos.list(&first_page(10), None).await.unwrap();
        let now = videos.by_id(&old.id).await.unwrap().unwrap();
        assert_eq!(list.videos, std::slice::from_ref(&now));
        assert!(videos.delete(&old.id).await.unwrap());
        videos.record_facts(&old.id, &facts, 9).await.unwrap();
        let list = videos.list(&first_page(10), None).await.unwrap();
        assert_eq!(list.total, 0, "a video that is gone");
    }
}

/// A key with `%20` in it may be written as it stands, and so may one with a space, encoded.
#[tokio::test]
async fn the_letters_of_a_url_are_the_place_of_another_file() {
    let videos = stack!().ports().await.videos;
    let with = |file_url: &str, place: &str| Video {
        file_url: file_url.to_owned(),
        place: Some(place.to_owned()),
        reference_id: None,
        ..suite::video()
    };
    let encoded = with("s3://b/a%20b.mp4", "s3://b/a b.mp4");
    let literal = with("s3://b/a%20b.mp4", "s3://b/a%20b.mp4");
    for video in [&literal, &encoded] {
        let registered = videos.register(video.clone()).await.unwrap();
        assert_eq!(registered, Registration::New(video.clone()));
    }
    assert!(videos.delete(&encoded.id).await.unwrap());
    let again = with("s3://b/a%20b.mp4", "s3://b/a%20b.mp4");
    let known = videos.register(again).await.unwrap();
    assert_eq!(known, Registration::Known(literal));
}

/// Whatever its URL leads to by now, it is the video of the file at its place.
#[tokio::test]
async fn a_video_with_a_place_is_found_by_its_url_for_another_file() {
    let videos = stack!().ports().await.videos;
    let at = |place: Option<&str>| Video {
        file_url: "s3://b/a%20b.mp4".to_owned(),
        place: place.map(str::to_owned),
        reference_id: None,
        ..suite::video()
    };
    let old = at(None);
    let registered = videos.register(old.clone()).await.unwrap();
    assert_eq!(registered, Registration::New(old.clone()));
    let known = Video {
        place: Some("s3://b/a b.mp4".to_owned()),
        ..old
    };
    let completed = videos.register(at(Some("s3://b/a b.mp4"))).await.unwrap();
    assert_eq!(completed, Registration::Known(known.clone()));
    for place in ["s3://b/c.mp4", "s3://b/a%20b.mp4"] {
        let other = at(Some(place));
        let registered = videos.register(other.clone()).await.unwrap();
        assert_eq!(registered, Registration::New(other), "{place}");
    }
    assert_eq!(videos.by_id(&known.id).await.unwrap(), Some(known));
}

/// More than one answer of DynamoDB holds, and more than one read of a batch.
#[tokio::test]
async fn a_list_of_several_answers_ends_after_the_first() {
    let videos = stack!().ports().await.videos;
    let mut ids = Vec::new();
    for created_ms in 0..1200 {
        let video = Video {
            created_ms,
            description: Some("x".repeat(1024)),
            ..suite::video()
        };
        ids.push(video.id.clone());
        videos.register(video).await.unwrap();
    }
    let page = VideoPage {
        offset: 1099,
        ..first_page(100)
    };
    let list = videos.list(&page, None).await.unwrap();
    assert_eq!((list.total, list.is_cut_short), (1200, false));
    let listed: Vec<_> = list.videos.into_iter().map(|video| video.id).collect();
    let expected: Vec<_> = ids.into_iter().rev().skip(1099).take(100).collect();
    assert_eq!(listed, expected);
}

/// What it was registered by may hold somebody's signature.
#[tokio::test]
async fn a_play_url_holds_what_the_file_was_registered_by() {
    let stack = stack!();
    let sources = stack.ports().await.sources;
    let bucket = &stack.deployment.source_buckets[0];
    let secret = "X-Amz-Signature=0123secret&X-Amz-Credential=somebody";
    let video = Video {
        file_url: format!("https://{bucket}.s3.us-east-1.amazonaws.com/a%20b.html?{secret}"),
        place: None,
        facts: Some(facts()),
        ..suite::video()
    };
    stack.put_source("a b.html", vec![7; 5]).await;
    let at_ms = i64::MAX;
    let url = sources.play_url(&video, at_ms).await.unwrap();
    assert!(url.contains("/a%20b.html?"), "{url}");
    assert!(url.contains("response-content-type=video%2Fmp4"), "{url}");
    assert!(
        url.contains("X-Amz-Expires=604800"),
        "a week at most: {url}"
    );
    assert!(
        !url.contains("secret") && !url.contains("somebody"),
        "{url}"
    );
    let elsewhere = Video {
        file_url: "s3://somebody-elses/a.mp4".to_owned(),
        ..suite::video()
    };
    assert!(sources.play_url(&elsewhere, at_ms).await.is_err());
}

/// The file could not be registered any more.
#[tokio::test]
async fn what_leads_to_a_video_that_is_gone_stays_in_the_way() {
    let stack = stack!();
    let videos = stack.ports().await.videos;
    let first = suite::video();
    videos.register(first.clone()).await.unwrap();
    let (client, table) = (stack.dynamodb(), &stack.deployment.table);
    let delete = client.delete_item().table_name(table);
    let delete = delete.key("pk", AttributeValue::S(format!("VIDEO#{}", first.id)));
    let delete = delete.key("sk", AttributeValue::S("VIDEO".to_owned()));
    delete.send().await.unwrap();
    let second = Video {
        id: service::model::VideoId::random(),
        ..first
    };
    let registered = videos.register(second.clone()).await.unwrap();
    assert_eq!(registered, Registration::New(second));
}

/// Who counted all videos for Total, or looked for rare ones, had no time left to answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_for_longer_than_its_caller_waits() {
    let stack = stack!();
    let videos = stack.ports().await.videos;
    for created_ms in 0..80 {
        let video = Video {
            created_ms,
            // Some ten fill an answer.
            description: Some("x".repeat(100_000)),
            ..suite::video()
        };
        videos.register(video).await.unwrap();
    }
    let faults = Faults {
        late_every: 1,
        ..Faults::NONE
    };
    let (url, _) = faults.way_to(stack.config.endpoint_url().unwrap()).await;
    let config = stack.config.to_builder().endpoint_url(url).build();
    let slow = aws::ports(&aws::Clients::new(&config), &stack.deployment).await;
    let slow = slow.unwrap().videos;
    let begun = Instant::now();
    let list = slow.list(&first_page(1), None).await.unwrap();
    let took = begun.elapsed();
    assert!(took < Duration::from_millis(2500), "{took:?}");
    assert_eq!((list.videos.len(), list.is_cut_short), (1, false));
    assert!(
        (2..80).contains(&list.total),
        "there are more: {}",
        list.total
    );
    let rare = VideoPage {
        filter: VideoFilter::CateId(7),
        ..first_page(1)
    };
    let begun = Instant::now();
    let list = slow.list(&rare, None).await.unwrap();
    let took = begun.elapsed();
    assert!(took < Duration::from_millis(2500), "{took:?}");
    assert!(list.is_cut_short && list.videos.is_empty());
    // Without haste.
    let list = videos.list(&first_page(1), None).await.unwrap();
    assert_eq!((list.total, list.is_cut_short), (80, false));
    let list = videos.list(&rare, None).await.unwrap();
    assert_eq!((list.total, list.is_cut_short), (0, false));
}

/// The rest of the list was read to its end for each page.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_after_a_token_is_read_as_if_it_were_counted() {
    let stack = stack!();
    let videos = stack.ports().await.videos;
    for created_ms in 0..60 {
        let video = Video {
            created_ms,
            description: Some("x".repeat(100_000)),
            ..suite::video()
        };
        videos.register(video).await.unwrap();
    }
    let (url, calls) = Faults::NONE
        .way_to(stack.config.endpoint_url().unwrap())
        .await;
    let config = stack.config.to_builder().endpoint_url(url).build();
    let counted = aws::ports(&aws::Clients::new(&config), &stack.deployment).await;
    let counted = counted.unwrap().videos;
    let calls_of = async |after: Option<&ScrollToken>| {
        let before = calls.load(Ordering::Relaxed);
        let list = counted.list(&first_page(5), after).await.unwrap();
        assert_eq!((list.videos.len(), list.total), (5, 60));
        (
            calls.load(Ordering::Relaxed) - before,
            list.videos[4].clone(),
        )
    };
    let (first, last) = calls_of(None).await;
    let token = ScrollToken::after(last.created_ms, &last.id);
    let (second, _) = calls_of(Some(&token)).await;
    assert_eq!(second, first + 1, "one answer for the page, and the count");
}
