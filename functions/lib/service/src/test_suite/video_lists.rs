//! What lists, changes and deletions of videos promise. Lists are of a time that no other run used.

use super::sample::video;
use crate::model::{
    Deletions, ImageType, SnapshotType, UnixMs, Video, VideoChange, VideoId, VideoStatus,
};
use crate::ports::{Registration, Videos};
use contract::command::{ScrollToken, VideoPage};
use contract::video_filter::{CreatedRange, VideoFilter, parse};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The promises of [`Videos`] on what is registered.
pub async fn video_lists(port: &dyn Videos) {
    a_change_keeps_what_it_does_not_name(port).await;
    of_changes_at_once_both_hold(port).await;
    a_deleted_video_is_found_in_no_way(port).await;
    a_file_is_registered_anew_after_its_video_was_deleted(port).await;
    what_a_video_was_given_later_goes_with_it(port).await;
    deletions_of_pictures_are_remembered(port).await;
    videos_are_listed_by_time(port).await;
    a_list_holds_what_matches_and_nothing_else(port).await;
    a_list_shows_what_was_changed(port).await;
    a_long_search_is_answered(port).await;
}

/// A database takes an end of terms, one within the other.
async fn a_long_search_is_answered(port: &dyn Videos) {
    let at_ms = unused_ms();
    let (first, second) = (registered(port, at_ms).await, registered(port, at_ms).await);
    let chain = |term: &str, count: usize| vec![term; count].join(" or ");
    let reference = second.reference_id.as_deref().unwrap();
    for search in [
        format!("CateId in ({}-1)", "7,".repeat(499)),
        format!("{} or CateId = -1", chain("Title = x", 499)),
        format!("{} or Tags = one", chain("Tags = x", 499)),
        format!("Status in ({}UploadSucc)", "Normal,".repeat(499)),
    ] {
        let found = ids(port, &page(at_ms, &search)).await;
        assert_eq!(found.len(), 2, "{search}");
    }
    let search = format!(
        "ReferenceId in (x,'{reference}') or VideoId in (y,'{}')",
        first.id
    );
    assert_eq!(ids(port, &page(at_ms, &search)).await.len(), 2);
    let search = format!(
        "ReferenceId in (x,'{reference}') and VideoId in (y,'{}')",
        first.id
    );
    assert_eq!(ids(port, &page(at_ms, &search)).await.len(), 0);
}

/// The start of a second in which no video was registered before: as many as tests ask for.
fn unused_ms() -> UnixMs {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now_s = i64::try_from(now.as_micros()).unwrap();
    // A second for each microsecond of the clock, for it never stands still between runs.
    let place = now_s % 1_000_000_000 + NEXT.fetch_add(1, Ordering::Relaxed);
    place * 1000
}

async fn registered(port: &dyn Videos, created_ms: UnixMs) -> Video {
    let video = Video {
        created_ms,
        ..video()
    };
    port.register(video.clone()).await.unwrap();
    video
}

async fn a_change_keeps_what_it_does_not_name(port: &dyn Videos) {
    let given = registered(port, 1).await;
    let change = VideoChange {
        title: Some("\u{1F3AC} new".to_owned()),
        cover_url: Some("https://h/cover.jpg".to_owned()),
        ..VideoChange::default()
    };
    let changed = port.change(&given.id, &change, 42).await.unwrap().unwrap();
    let expected = given.clone().changed(&change, 42);
    assert_eq!(changed, expected);
    assert_eq!(changed.tags, given.tags);
    assert_eq!(port.by_id(&given.id).await.unwrap(), Some(expected));
    let nobody = VideoId::random();
    assert_eq!(port.change(&nobody, &change, 42).await.unwrap(), None);
    assert_eq!(port.by_id(&nobody).await.unwrap(), None);
}

async fn of_changes_at_once_both_hold(port: &dyn Videos) {
    let id = registered(port, 1).await.id;
    let title = VideoChange {
        title: Some("t".to_owned()),
        ..VideoChange::default()
    };
    let tags = VideoChange {
        tags: Some("x,y".to_owned()),
        ..VideoChange::default()
    };
    let (a, b) = tokio::join!(port.change(&id, &title, 2), port.change(&id, &tags, 3));
    assert!(a.unwrap().is_some() && b.unwrap().is_some());
    let now = port.by_id(&id).await.unwrap().unwrap();
    assert_eq!(
        (now.title.as_str(), now.tags.as_deref()),
        ("t", Some("x,y"))
    );
}

async fn a_deleted_video_is_found_in_no_way(port: &dyn Videos) {
    let at_ms = unused_ms();
    let (gone, stays) = (registered(port, at_ms).await, registered(port, at_ms).await);
    assert!(port.delete(&gone.id).await.unwrap());
    assert!(!port.delete(&gone.id).await.unwrap());
    assert_eq!(port.by_id(&gone.id).await.unwrap(), None);
    let reference = gone.reference_id.unwrap();
    assert_eq!(port.by_reference(&reference).await.unwrap(), None);
    let left = ids(port, &page(at_ms, "")).await;
    assert_eq!(left, std::slice::from_ref(&stays.id));
    assert_eq!(port.by_id(&stays.id).await.unwrap(), Some(stays));
    let change = VideoChange::default();
    assert_eq!(port.change(&gone.id, &change, 1).await.unwrap(), None);
}

async fn a_file_is_registered_anew_after_its_video_was_deleted(port: &dyn Videos) {
    let first = registered(port, 1).await;
    port.delete(&first.id).await.unwrap();
    let second = Video {
        id: VideoId::random(),
        ..first.clone()
    };
    let registered = port.register(second.clone()).await.unwrap();
    assert_eq!(registered, Registration::New(second.clone()));
    // A message that comes once more is of the first one.
    assert!(!port.delete(&first.id).await.unwrap());
    let reference = second.reference_id.clone().unwrap();
    assert_eq!(port.by_reference(&reference).await.unwrap(), Some(second));
}

/// A place and a ReferenceId that a later registration brought lead to nothing after the deletion, and
/// are free for others.
async fn what_a_video_was_given_later_goes_with_it(port: &dyn Videos) {
    let named = video();
    let bare = Video {
        place: None,
        reference_id: None,
        ..named.clone()
    };
    port.register(bare.clone()).await.unwrap();
    let completed = port.register(named.clone()).await.unwrap();
    assert_eq!(completed, Registration::Known(named.clone()));
    assert!(port.delete(&named.id).await.unwrap());
    let reference = named.reference_id.clone().unwrap();
    assert_eq!(port.by_reference(&reference).await.unwrap(), None);
    let other = Video {
        reference_id: named.reference_id.clone(),
        ..video()
    };
    let registered = port.register(other.clone()).await.unwrap();
    assert_eq!(registered, Registration::New(other));
    let anew = Video {
        id: VideoId::random(),
        reference_id: None,
        ..named
    };
    let registered = port.register(anew.clone()).await.unwrap();
    assert_eq!(registered, Registration::New(anew));
}

async fn deletions_of_pictures_are_remembered(port: &dyn Videos) {
    let given = registered(port, 1).await;
    let normal = ImageType::Only(SnapshotType::NormalSnapshot);
    let mut expected = Deletions::default();
    for (image_type, until_ms) in [
        (normal, 10),
        (normal, 5),
        (ImageType::Only(SnapshotType::WebVttSnapshot), 7),
        (ImageType::All, 3),
        (ImageType::All, 8),
        (ImageType::All, 6),
    ] {
        port.record_deletion(&given.id, image_type, until_ms)
            .await
            .unwrap();
        expected.record(image_type, until_ms);
        let now = port.by_id(&given.id).await.unwrap().unwrap();
        assert_eq!(now.deletions, expected, "{image_type:?} {until_ms}");
    }
    let change = VideoChange::default();
    let changed = port.change(&given.id, &change, 9).await.unwrap().unwrap();
    assert_eq!(changed.deletions, expected, "a change is none of them");
    let nobody = VideoId::random();
    port.record_deletion(&nobody, normal, 1).await.unwrap();
    assert_eq!(port.by_id(&nobody).await.unwrap(), None);
}

/// The first hundred of a second, with what else is asked for, newest first.
fn page(at_ms: UnixMs, search: &str) -> VideoPage {
    let second = VideoFilter::Created(CreatedRange {
        from_ms: at_ms,
        until_ms: at_ms + 1000,
    });
    VideoPage {
        filter: VideoFilter::All(vec![second, parse(search).unwrap()]),
        newest_first: true,
        offset: 0,
        size: 100,
    }
}

async fn ids(port: &dyn Videos, page: &VideoPage) -> Vec<VideoId> {
    let list = port.list(page, None).await.unwrap();
    assert!(!list.is_cut_short);
    list.videos.into_iter().map(|video| video.id).collect()
}

async fn videos_are_listed_by_time(port: &dyn Videos) {
    let at_ms = unused_ms();
    let mut given = Vec::new();
    for offset_ms in [30, 10, 20, 20, 999, 0] {
        given.push(registered(port, at_ms + offset_ms).await);
    }
    registered(port, at_ms + 1000).await;
    given.sort_by(|a, b| (b.created_ms, &b.id).cmp(&(a.created_ms, &a.id)));
    let all = page(at_ms, "");
    let list = port.list(&all, None).await.unwrap();
    assert_eq!((list.total, &list.videos), (6, &given));
    for newest_first in [true, false] {
        for (offset, size) in [(0, 1), (1, 2), (4, 100), (6, 1), (500, 10)] {
            let some = VideoPage {
                newest_first,
                offset,
                size,
                ..all.clone()
            };
            let expected: Vec<_> = given.iter().skip(offset).take(size).cloned().collect();
            let list = port.list(&some, None).await.unwrap();
            assert_eq!((list.total, list.videos), (6, expected), "{offset} {size}");
        }
        let one = VideoPage {
            newest_first,
            size: 1,
            ..all.clone()
        };
        let (mut after, mut scrolled) = (None, Vec::new());
        loop {
            let list = port.list(&one, after.as_ref()).await.unwrap();
            let Some(video) = list.videos.into_iter().next() else {
                break;
            };
            after = Some(ScrollToken::after(video.created_ms, &video.id));
            scrolled.push(video);
        }
        assert_eq!(scrolled, given, "newest first: {newest_first}");
        given.reverse();
    }
}

async fn a_list_holds_what_matches_and_nothing_else(port: &dyn Videos) {
    let at_ms = unused_ms();
    let film = Video {
        title: "It's 100% A\u{c4} film_\u{1F3AC}".to_owned(),
        description: Some("Of the \"sea\"".to_owned()),
        tags: Some("sea, blue ,50%".to_owned()),
        cate_id: Some(7),
        status: VideoStatus::Normal,
        created_ms: at_ms + 1,
        ..video()
    };
    let other = Video {
        title: "other".to_owned(),
        description: None,
        tags: None,
        cate_id: None,
        reference_id: None,
        created_ms: at_ms,
        ..video()
    };
    for video in [&film, &other] {
        port.register(video.clone()).await.unwrap();
    }
    let reference = film.reference_id.clone().unwrap();
    let (film, other) = (&film.id, &other.id);
    for (search, expected) in [
        (String::new(), vec![film, other]),
        (r"Title = 'it\'S 100%'".to_owned(), vec![film]),
        ("Title = 'A\u{c4} FILM_'".to_owned(), vec![film]),
        ("Title = 'a\u{e4}'".to_owned(), vec![]),
        ("Title = 'f%m'".to_owned(), vec![]),
        ("Title in ('OTHER','nothing')".to_owned(), vec![other]),
        ("Description = '\"SEA\"'".to_owned(), vec![film]),
        ("Tags = 'blue'".to_owned(), vec![film]),
        ("Tags = '50%'".to_owned(), vec![film]),
        ("Tags in ('Blue','blu','%')".to_owned(), vec![]),
        ("CateId = 7".to_owned(), vec![film]),
        ("Status = 'UploadSucc'".to_owned(), vec![other]),
        (
            "Status in ('Normal','UploadSucc')".to_owned(),
            vec![film, other],
        ),
        (
            "CateId = 7 or Title = 'other'".to_owned(),
            vec![film, other],
        ),
        ("CateId = 7 and Title = 'other'".to_owned(), vec![]),
        (format!("VideoId = '{other}'"), vec![other]),
        (format!("ReferenceId = '{reference}'"), vec![film]),
        ("CreationTime = '1969-01-01T00:00:00Z'".to_owned(), vec![]),
    ] {
        let found = ids(port, &page(at_ms, &search)).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{search}");
    }
    let nothing = VideoPage {
        filter: VideoFilter::Any(vec![]),
        ..page(at_ms, "")
    };
    assert_eq!(port.list(&nothing, None).await.unwrap().total, 0);
}

async fn a_list_shows_what_was_changed(port: &dyn Videos) {
    let at_ms = unused_ms();
    let id = registered(port, at_ms).await.id;
    let change = VideoChange {
        title: Some("changed".to_owned()),
        cate_id: Some(12),
        ..VideoChange::default()
    };
    port.change(&id, &change, 5).await.unwrap();
    let search = "Title = 'changed' and CateId = 12";
    let list = port.list(&page(at_ms, search), None).await.unwrap();
    assert_eq!(list.total, 1);
    assert_eq!(list.videos, [port.by_id(&id).await.unwrap().unwrap()]);
    let before = "CateId = -1";
    assert!(ids(port, &page(at_ms, before)).await.is_empty());
}
