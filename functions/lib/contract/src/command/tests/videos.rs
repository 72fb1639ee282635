use super::*;
use crate::video_filter::{CreatedRange, VideoFilter};

#[test]
fn a_list_of_ids_is_taken_apart_and_no_longer_than_twenty() {
    let read = |ids: &str| match read("DeleteVideo", &[("VideoIds", ids)]) {
        Ok(Command::DeleteVideo(delete)) => Ok(delete.videos.video_ids),
        Ok(other) => panic!("{other:?}"),
        Err(refused) => Err(refused.message().to_owned()),
    };
    assert_eq!(read(" a, b,,a ,").unwrap(), ["a", "b"]);
    let many = |count: usize| {
        let ids: Vec<_> = (0..count).map(|n| format!("v{n}")).collect();
        ids.join(",")
    };
    assert_eq!(read(&many(20)).unwrap().len(), 20);
    assert!(read(&many(21)).unwrap_err().contains("at most 20"));
}

fn video_list(parameters: &[(&str, &str)]) -> GetVideoList {
    match read("GetVideoList", parameters) {
        Ok(Command::GetVideoList(list)) => list,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_list_of_videos_has_ten_of_all_newest_first() {
    let page = video_list(&[]).page;
    assert_eq!(page.filter, VideoFilter::All(vec![]));
    assert_eq!((page.offset, page.size, page.newest_first), (0, 10, true));
    let page = video_list(&[
        ("PageNo", "3"),
        ("PageSize", "100"),
        ("SortBy", "CreationTime:Asc"),
        ("Status", "Normal, Checking"),
        ("CateId", "7"),
        ("StartTime", "2017-10-10T12:02:54Z"),
    ])
    .page;
    assert_eq!(
        (page.offset, page.size, page.newest_first),
        (200, 100, false)
    );
    let status = |name: &str| VideoFilter::Status(name.to_owned());
    let expected = VideoFilter::All(vec![
        VideoFilter::Any(vec![status("Normal"), status("Checking")]),
        VideoFilter::CateId(7),
        VideoFilter::Created(CreatedRange {
            from_ms: 1_507_636_974_000,
            until_ms: i64::MAX,
        }),
    ]);
    assert_eq!(page.filter, expected);
}

#[test]
fn what_a_list_cannot_do_is_said() {
    for (action, name, value, rule) in [
        ("GetVideoList", "Status", "normal", "Status is one of"),
        (
            "GetVideoList",
            "StartTime",
            "2017-10-10",
            "yyyy-MM-ddTHH:mm:ssZ",
        ),
        ("GetVideoList", "PageSize", "101", "from 1 to 100"),
        ("GetVideoList", "PageNo", "501", "must be at most 5000"),
        ("SearchMedia", "SortBy", "Title:Desc", "CreationTime:Desc"),
        (
            "SearchMedia",
            "Match",
            "Duration='1'",
            "It can search VideoId",
        ),
        (
            "SearchMedia",
            "ScrollToken",
            "short",
            "of an earlier answer",
        ),
        ("SearchMedia", "SearchType", "film", "video or audio"),
        ("UpdateVideoInfo", "CateId", "x", "integer"),
    ] {
        let (status, _, message) = refused(action, &[("VideoId", "v"), (name, value)]);
        assert_eq!(status, 400, "{message}");
        assert!(
            message.contains(name) && message.contains(rule),
            "{message}"
        );
    }
    let times = [
        ("StartTime", "2017-10-10T12:02:54Z"),
        ("EndTime", "2017-10-10T12:02:54Z"),
    ];
    assert!(refused("GetVideoList", &times).2.contains("EndTime"));
}

/// The vendor's own loop counts PageNo up to the last page, with the token of the page before.
#[test]
fn whoever_scrolls_comes_to_an_end_before_the_last_page() {
    let token = ScrollToken::after(1_700_000_000_123, "d3e680e618708fef7cefbf2cae7cc931").text();
    let search = |page_no: &str, token: &str| {
        let parameters = [
            ("PageNo", page_no),
            ("PageSize", "100"),
            ("ScrollToken", token),
        ];
        read("SearchMedia", &parameters).map_err(|refused| refused.message().to_owned())
    };
    for page_no in ["51", "5001", "9223372036854775807"] {
        assert!(search(page_no, &token).is_ok(), "{page_no}");
        let refused = search(page_no, "").unwrap_err();
        assert!(
            refused.contains("PageNo times PageSize must be"),
            "{refused}"
        );
    }
}

/// The category of what has none: it is registered and searched for.
#[test]
fn a_negative_category_is_refused() {
    let list = video_list(&[("CateId", "-1")]);
    assert_eq!(
        list.page.filter,
        VideoFilter::All(vec![VideoFilter::CateId(-1)])
    );
    match read("UpdateVideoInfo", &[("VideoId", "v"), ("CateId", "-1")]) {
        Ok(Command::UpdateVideoInfo(update)) => assert_eq!(update.cate_id, Some(-1)),
        other => panic!("{other:?}"),
    }
}

/// A presigned URL of a picture was too long for a cover.
#[test]
fn a_signed_url_is_too_long_for_a_cover() {
    let url = |bytes: usize| format!("https://{}", "u".repeat(bytes - 8));
    let update = |bytes| {
        read(
            "UpdateVideoInfo",
            &[("VideoId", "v"), ("CoverURL", &url(bytes))],
        )
    };
    assert!(update(4096).is_ok());
    assert!(update(4097).is_err());
    let entry = |bytes| {
        let entry =
            serde_json::json!([{"FileURL": "/a.mp4", "Title": "t", "CoverURL": url(bytes)}]);
        match read(
            "RegisterMedia",
            &[("RegisterMetadatas", &entry.to_string())],
        ) {
            Ok(Command::RegisterMedia(register)) => register.entries[0].clone(),
            other => panic!("{other:?}"),
        }
    };
    assert!(entry(4096).is_ok());
    assert!(entry(4097).is_err());
}

#[test]
fn a_scroll_token_comes_back_as_it_was_given() {
    let given = ScrollToken::after(1_700_000_000_123, "d3e680e618708fef7cefbf2cae7cc931");
    assert_eq!(given.text().len(), 32);
    match read("SearchMedia", &[("ScrollToken", &given.text())]) {
        Ok(Command::SearchMedia(search)) => assert_eq!(search.after, Some(given)),
        other => panic!("{other:?}"),
    }
}
