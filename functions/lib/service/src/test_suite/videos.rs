use super::hostile::HOSTILE;
use super::sample::video;
use crate::model::{Video, VideoId, VideoInfo};
use crate::ports::{Registration, Videos};

/// The promises of [`Videos`].
pub async fn videos(port: &dyn Videos) {
    a_registered_video_comes_back_as_given(port).await;
    a_known_place_gives_the_first_video(port).await;
    a_known_url_gives_the_first_video(port).await;
    a_video_of_before_places_were_kept_is_known_by_its_url(port).await;
    two_files_of_one_url_are_two_videos(port).await;
    a_reference_that_is_given_later_is_kept_once(port).await;
    a_reference_belongs_to_one_video(port).await;
    of_registrations_at_once_one_is_new(port).await;
    facts_are_kept(port).await;
    any_text_may_be_asked_for(port).await;
}

async fn a_registered_video_comes_back_as_given(port: &dyn Videos) {
    let given = video();
    assert_eq!(
        port.register(given.clone()).await.unwrap(),
        Registration::New(given.clone())
    );
    assert_eq!(port.by_id(&given.id).await.unwrap(), Some(given.clone()));
    let reference = given.reference_id.clone().unwrap();
    assert_eq!(port.by_reference(&reference).await.unwrap(), Some(given));
}

async fn a_known_place_gives_the_first_video(port: &dyn Videos) {
    let first = video();
    port.register(first.clone()).await.unwrap();
    let other_spelling = Video {
        place: first.place.clone(),
        reference_id: None,
        ..video()
    };
    assert_eq!(
        port.register(other_spelling.clone()).await.unwrap(),
        Registration::Known(first.clone())
    );
    assert_eq!(port.by_id(&other_spelling.id).await.unwrap(), None);
    let other_place = Video {
        file_url: format!("{}.mkv", first.file_url),
        ..video()
    };
    let registered = port.register(other_place.clone()).await.unwrap();
    assert_eq!(registered, Registration::New(other_place));
}

async fn a_video_of_before_places_were_kept_is_known_by_its_url(port: &dyn Videos) {
    let first = Video {
        place: None,
        ..video()
    };
    port.register(first.clone()).await.unwrap();
    let place = video().place;
    for _ in 0..2 {
        let again = Video {
            file_url: first.file_url.clone(),
            place: place.clone(),
            reference_id: None,
            ..video()
        };
        let registered = port.register(again).await.unwrap();
        let Registration::Known(known) = registered else {
            panic!("{registered:?}");
        };
        assert_eq!((&known.id, &known.place), (&first.id, &place));
    }
}

/// As of a symlink that was given another target.
async fn two_files_of_one_url_are_two_videos(port: &dyn Videos) {
    let first = video();
    port.register(first.clone()).await.unwrap();
    let second = Video {
        file_url: first.file_url.clone(),
        ..video()
    };
    let registered = port.register(second.clone()).await.unwrap();
    assert_eq!(registered, Registration::New(second.clone()));
    for known in [first, second] {
        assert_eq!(port.by_id(&known.id).await.unwrap(), Some(known.clone()));
        let again = Video {
            id: VideoId::random(),
            ..known.clone()
        };
        let registered = port.register(again).await.unwrap();
        assert_eq!(registered, Registration::Known(known));
    }
}

async fn a_reference_that_is_given_later_is_kept_once(port: &dyn Videos) {
    let bare = Video {
        reference_id: None,
        ..video()
    };
    port.register(bare.clone()).await.unwrap();
    let again = |reference_id: Option<String>| Video {
        place: bare.place.clone(),
        reference_id,
        ..video()
    };
    let (holder, later) = (video(), again(video().reference_id));
    port.register(holder.clone()).await.unwrap();
    let taken = port.register(again(holder.reference_id)).await.unwrap();
    assert_eq!(taken, Registration::ReferenceTaken);
    let named = Video {
        reference_id: later.reference_id.clone(),
        ..bare.clone()
    };
    // Neither another one later nor none takes its place.
    for given in [later, again(video().reference_id), again(None)] {
        let registered = port.register(given).await.unwrap();
        assert_eq!(registered, Registration::Known(named.clone()));
    }
    let reference = named.reference_id.clone().unwrap();
    let found = port.by_reference(&reference).await.unwrap();
    assert_eq!(found, Some(named.clone()));
    assert_eq!(port.by_id(&named.id).await.unwrap(), Some(named));
}

async fn a_known_url_gives_the_first_video(port: &dyn Videos) {
    let first = video();
    port.register(first.clone()).await.unwrap();
    let second = Video {
        file_url: first.file_url.clone(),
        place: first.place.clone(),
        ..video()
    };
    assert_eq!(
        port.register(second.clone()).await.unwrap(),
        Registration::Known(first.clone())
    );
    assert_eq!(port.by_id(&second.id).await.unwrap(), None);
    let same_reference = Video {
        id: VideoId::random(),
        ..first.clone()
    };
    assert_eq!(
        port.register(same_reference).await.unwrap(),
        Registration::Known(first)
    );
}

async fn a_reference_belongs_to_one_video(port: &dyn Videos) {
    let first = video();
    port.register(first.clone()).await.unwrap();
    let second = Video {
        reference_id: first.reference_id.clone(),
        ..video()
    };
    assert_eq!(
        port.register(second.clone()).await.unwrap(),
        Registration::ReferenceTaken
    );
    assert_eq!(port.by_id(&second.id).await.unwrap(), None);
    let free = Video {
        reference_id: None,
        ..second
    };
    assert_eq!(
        port.register(free.clone()).await.unwrap(),
        Registration::New(free)
    );
    let also_none = Video {
        reference_id: None,
        ..video()
    };
    assert_eq!(
        port.register(also_none.clone()).await.unwrap(),
        Registration::New(also_none)
    );
}

async fn of_registrations_at_once_one_is_new(port: &dyn Videos) {
    let (one, two) = (video(), video());
    let two = Video {
        file_url: one.file_url.clone(),
        place: one.place.clone(),
        ..two
    };
    let three = Video {
        place: one.place.clone(),
        ..video()
    };
    let (a, b, c) = tokio::join!(port.register(one), port.register(two), port.register(three));
    let mut new = Vec::new();
    let mut known = Vec::new();
    for registered in [a, b, c] {
        match registered.unwrap() {
            Registration::New(video) => new.push(video),
            Registration::Known(video) => known.push(video),
            Registration::ReferenceTaken => panic!("each has a reference of its own"),
        }
    }
    assert_eq!(new.len(), 1);
    assert!(
        known.iter().all(|video| *video == new[0]),
        "{known:?} {new:?}"
    );
}

async fn facts_are_kept(port: &dyn Videos) {
    let given = video();
    port.register(given.clone()).await.unwrap();
    let facts = VideoInfo {
        duration_ms: 600_040,
        width: 1920,
        height: 1080,
        frame_rate: 30_000.0 / 1001.0,
        codec: "h264".to_owned(),
        size_bytes: 7_000_000_000,
        content: Some("etag".to_owned()),
    };
    port.record_facts(&given.id, &facts, 42).await.unwrap();
    let expected = Video {
        facts: Some(facts.clone()),
        size_bytes: 7_000_000_000,
        modified_ms: 42,
        ..given.clone()
    };
    assert_eq!(port.by_id(&given.id).await.unwrap(), Some(expected));
    port.record_replaced(&given.id, 8_000_000_000, 43)
        .await
        .unwrap();
    let expected = Video {
        facts: None,
        size_bytes: 8_000_000_000,
        modified_ms: 43,
        ..given.clone()
    };
    assert_eq!(port.by_id(&given.id).await.unwrap(), Some(expected));
    port.record_replaced(&VideoId::random(), 1, 43)
        .await
        .unwrap();
    port.record_facts(&VideoId::random(), &facts, 42)
        .await
        .unwrap();
}

async fn any_text_may_be_asked_for(port: &dyn Videos) {
    for text in HOSTILE {
        assert_eq!(port.by_id(&(*text).into()).await.unwrap(), None, "{text:?}");
        assert_eq!(port.by_reference(text).await.unwrap(), None, "{text:?}");
    }
}
