use super::bench;
use serde_json::{Value, json};
use support::bench::clip;
use support::server::Server;

/// Registers copies of the clip under these titles; their ids.
fn register(server: &Server, titles: &[&str]) -> Vec<String> {
    let one = |title: &&str| {
        let file = clip().with_file_name(format!("{title}-listed.mp4"));
        std::fs::copy(clip(), &file).unwrap();
        let entry = json!([{
            "FileURL": url::Url::from_file_path(&file).unwrap().as_str(),
            "Title": title,
            "CateId": titles.len(),
            "ReferenceId": format!("reference-{title}"),
        }]);
        let parameters = [("RegisterMetadatas", entry.to_string())];
        let parameters = parameters
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let answer = server.ok("RegisterMedia", &parameters);
        let id = answer["RegisteredMediaList"][0]["MediaId"].as_str();
        // Each at a time of its own.
        std::thread::sleep(std::time::Duration::from_millis(3));
        id.unwrap().to_owned()
    };
    titles.iter().map(one).collect()
}

fn texts(list: &Value, name: &str) -> Vec<String> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| item[name].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn videos_are_listed_newest_first_by_pages() {
    let bench = bench();
    let server = &bench.server;
    let mut ids = register(server, &["one", "two", "three", "four", "five"]);
    ids.reverse();
    let mut listed = Vec::new();
    for page in ["1", "2", "3", "4"] {
        let answer = server.ok("GetVideoList", &[("PageNo", page), ("PageSize", "2")]);
        assert_eq!(answer["Total"], 5);
        listed.extend(texts(&answer["VideoList"]["Video"], "VideoId"));
    }
    assert_eq!(listed, ids);
    let (mut token, mut found) = (String::new(), Vec::new());
    loop {
        let parameters = [("ScrollToken", token.as_str()), ("PageSize", "2")];
        let answer = server.ok("SearchMedia", &parameters);
        assert_eq!(answer["Total"], 5);
        found.extend(texts(&answer["MediaList"], "MediaId"));
        match answer["ScrollToken"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(found, ids);
    ids.reverse();
    let answer = server.ok("GetVideoList", &[("SortBy", "CreationTime:Asc")]);
    assert_eq!(texts(&answer["VideoList"]["Video"], "VideoId"), ids);
    for (parameters, titles) in [
        (vec![("Status", "Normal")], vec![]),
        (
            vec![("Status", "Normal,UploadSucc"), ("PageSize", "1")],
            vec!["five"],
        ),
        (vec![("CateId", "5"), ("PageSize", "1")], vec!["five"]),
        (vec![("CateId", "4")], vec![]),
        (vec![("EndTime", "2017-01-01T00:00:00Z")], vec![]),
        (
            vec![
                ("StartTime", "2017-01-01T00:00:00Z"),
                ("ReferenceIds", "reference-two,x"),
            ],
            vec!["two"],
        ),
    ] {
        let answer = server.ok("GetVideoList", &parameters);
        let listed = texts(&answer["VideoList"]["Video"], "Title");
        assert_eq!(listed, titles, "{parameters:?}");
    }
    let answer = server.ok(
        "SearchMedia",
        &[("Match", "Title in ('WO','f') and CateId = 5")],
    );
    let media = answer["MediaList"].as_array().unwrap().iter();
    let titles = media.map(|media| media["Video"]["Title"].as_str().unwrap());
    let titles: Vec<_> = titles.collect();
    assert_eq!(titles, ["five", "four", "two"]);
    let audio = server.ok("SearchMedia", &[("SearchType", "audio")]);
    assert_eq!(
        (&audio["Total"], &audio["MediaList"]),
        (&json!(0), &json!([]))
    );
}

#[test]
fn several_videos_are_told_of_and_those_that_are_not_there() {
    let bench = bench();
    let server = &bench.server;
    let ids = register(server, &["here", "there"]);
    let wanted = format!("{},nobody,../x,{}", ids[1], ids[0]);
    let parameters = [
        ("VideoIds", wanted.as_str()),
        ("ReferenceIds", "reference-here,absent"),
    ];
    let answer = server.ok("GetVideoInfos", &parameters);
    let titles = texts(&answer["VideoList"], "Title");
    assert_eq!(
        titles,
        ["there", "here"],
        "each once, in the order asked for"
    );
    assert_eq!(answer["NonExistVideoIds"], json!(["nobody", "../x"]));
    assert_eq!(answer["NonExistReferenceIds"], json!(["absent"]));
}

#[test]
fn what_is_changed_is_shown_and_the_rest_stays() {
    let bench = bench();
    let server = &bench.server;
    let video = register(server, &["before"]).remove(0);
    let job = server.submit(&video, &[("Count", "3"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    let listed = server.ok(
        "ListSnapshots",
        &[
            ("VideoId", video.as_str()),
            ("SnapshotType", "NormalSnapshot"),
        ],
    );
    let chosen = &listed["MediaSnapshot"]["Snapshots"]["Snapshot"][2]["Url"];
    let chosen = chosen.as_str().unwrap();
    let _ = server.ok(
        "UpdateVideoInfo",
        &[
            ("VideoId", video.as_str()),
            ("CoverURL", chosen),
            ("Tags", "a,b"),
            ("Description", "数字"),
            ("Title", ""),
        ],
    );
    let _ = server.ok("UpdateVideoInfo", &[("VideoId", &video), ("CateId", "42")]);
    let later = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&later), "Success");
    let info = server.ok("GetVideoInfo", &[("VideoId", &video)])["Video"].take();
    for (name, value) in [
        ("Tags", json!("a,b")),
        ("Description", json!("数字")),
        ("Title", json!("before")),
        ("CateId", json!(42)),
        ("ReferenceId", json!("reference-before")),
    ] {
        assert_eq!(info[name], value, "{name}: {info}");
    }
    let play = server.ok("GetPlayInfo", &[("VideoId", &video)]);
    let list = server.ok("GetVideoList", &[("CateId", "42")]);
    let (picture, _) = chosen.split_once('?').unwrap();
    for shown in [
        &info["CoverURL"],
        &play["VideoBase"]["CoverURL"],
        &list["VideoList"]["Video"][0]["CoverURL"],
    ] {
        // Signed anew, since what the caller gave expires.
        let shown = shown.as_str().unwrap();
        assert!(shown.starts_with(&format!("{picture}?Expires=")), "{shown}");
        assert_eq!(server.get(shown).content_type, "image/jpeg");
    }
}
