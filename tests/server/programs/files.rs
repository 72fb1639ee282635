//! One file is one video, and a bad entry is nobody else's trouble.

use super::{Place, make, register, video_of};
use serde_json::json;
use std::collections::BTreeSet;
use std::os::unix::fs::symlink;

#[test]
fn a_file_is_one_video_however_its_url_is_spelt() {
    let place = Place::start();
    let path = place.path("a b#1?.mp4");
    make(&path, 1, "160x90");
    symlink(&path, place.path("link.mp4")).unwrap();
    let (plain, encoded) = (
        path.display().to_string(),
        url::Url::from_file_path(&path).unwrap(),
    );
    let encoded = encoded.path();
    let folder = path.parent().unwrap().display();
    let spellings = [
        plain.clone(),
        encoded.to_owned(),
        format!("file://{plain}"),
        format!("file://{encoded}"),
        format!("file://localhost{encoded}"),
        format!("FILE://{encoded}"),
        format!("file:{encoded}"),
        format!("file://{}", encoded.replace("/media/", "//media/./x/..//")),
        format!("file://{}", encoded.replace("/a%20", "/%61%20")),
        format!("{folder}/link.mp4"),
    ];
    let ids = spellings.map(|url| video_of(&place.server, &url));
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 1, "{ids:?}");
    let job = place.server.submit(&ids[0], &[("Count", "1")]);
    assert_eq!(place.server.wait(&job), "Success");
    let mezzanine = place.server.ok("GetMezzanineInfo", &[("VideoId", &ids[0])]);
    assert_eq!(mezzanine["Mezzanine"]["FileName"], "a b#1?.mp4");
}

/// One bad entry had the whole call refused.
#[test]
fn a_bad_entry_is_listed_with_its_reason_and_the_others_are_registered() {
    let place = Place::start();
    make(&place.path("a.mp4"), 1, "160x90");
    make(&place.path("b.mp4"), 1, "160x90");
    let (first, second) = (place.path("a.mp4"), place.path("b.mp4"));
    let entries = json!([
        {"FileURL": first, "Title": "t", "ReferenceId": "my-own-id"},
        {"FileURL": second, "Title": "t".repeat(129)},
        {"FileURL": place.path("none.mp4"), "Title": "t"},
        {"FileURL": second, "Title": "t", "ReferenceId": "my-own-id"},
        {"FileURL": second, "Title": "t", "ReferenceId": null, "Tags": []},
    ]);
    let parameters = [("RegisterMetadatas", entries.to_string())];
    let parameters = parameters
        .each_ref()
        .map(|(name, text)| (*name, text.as_str()));
    let answer = place.server.ok("RegisterMedia", &parameters);
    let registered = answer["RegisteredMediaList"].as_array().unwrap();
    assert_eq!(registered.len(), 2, "{answer}");
    let failed = json!([second, place.path("none.mp4"), second]);
    assert_eq!(answer["FailedFileURLs"], failed);
    let reasons = json!([
        "Title must have at most 128 bytes.",
        "The file does not exist or may not be read.",
        "ReferenceId is in use by another video.",
    ]);
    assert_eq!(answer["Reasons"], reasons);
}

/// 503 was the answer to the whole call.
#[test]
fn a_media_folder_that_is_away_fails_its_own_entries_alone() {
    let other = tempfile::TempDir::new().unwrap();
    let away = other.path().canonicalize().unwrap().join("nas");
    std::fs::create_dir(&away).unwrap();
    let place = Place::start_with(&["--media-root", away.to_str().unwrap()]);
    make(&place.path("a.mp4"), 1, "160x90");
    std::fs::copy(place.path("a.mp4"), away.join("b.mp4")).unwrap();
    let entries = json!([
        {"FileURL": away.join("b.mp4"), "Title": "t"},
        {"FileURL": place.path("a.mp4"), "Title": "t"},
    ]);
    let entries = entries.to_string();
    let register = || {
        place
            .server
            .ok("RegisterMedia", &[("RegisterMetadatas", &entries)])
    };
    std::fs::rename(&away, other.path().join("unmounted")).unwrap();
    let answer = register();
    assert_eq!(
        answer["RegisteredMediaList"].as_array().unwrap().len(),
        1,
        "{answer}"
    );
    assert_eq!(answer["FailedFileURLs"], json!([away.join("b.mp4")]));
    let reason = answer["Reasons"][0].as_str().unwrap();
    assert!(reason.contains("at the moment"), "{reason}");
    std::fs::rename(other.path().join("unmounted"), &away).unwrap();
    assert_eq!(
        register()["RegisteredMediaList"].as_array().unwrap().len(),
        2
    );
}

#[test]
fn a_reference_that_is_given_later_names_the_video() {
    let place = Place::start();
    make(&place.path("a.mp4"), 1, "160x90");
    let url = place.path("a.mp4").display().to_string();
    let id = video_of(&place.server, &url);
    for reference in ["my-own-id", "another-id"] {
        let entry = json!({"FileURL": url, "Title": "t", "ReferenceId": reference});
        let answer = register(&place.server, &entry);
        assert_eq!(answer["RegisteredMediaList"][0]["MediaId"], id, "{answer}");
    }
    let info = place
        .server
        .ok("GetVideoInfo", &[("ReferenceId", "my-own-id")]);
    assert_eq!(
        (&info["Video"]["VideoId"], &info["Video"]["ReferenceId"]),
        (&json!(id), &json!("my-own-id"))
    );
    let unknown = place
        .server
        .call("GetVideoInfo", &[("ReferenceId", "another-id")]);
    assert_eq!(unknown.status, 404);
}
