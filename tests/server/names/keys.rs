use crate::names::foreign::{cases, text};
use proptest::prelude::*;
use service::ports::is_object_key;
use std::path::{Component, Path};

/// All keys there are of a job.
fn keys(video: &str, job: &str, number: u32) -> Vec<String> {
    use artifacts::key;
    vec![
        key::picture(video, job, number),
        key::sheet(video, job, number),
        key::sprite_origin(video, job, number),
        key::web_vtt(video, job),
        key::web_vtt_picture(video, job, number),
        key::manifest(video, job),
        key::progress(video, job),
    ]
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn a_key_is_refused_or_stays_below_its_video(video in text(), job in text(), number in 1u32..200_000) {
        for key in keys(&video, &job, number) {
            if !is_object_key(&key) {
                continue;
            }
            let parts: Vec<_> = Path::new(&key).components().collect();
            prop_assert!(parts.iter().all(|part| matches!(part, Component::Normal(_))), "{key}");
            prop_assert!(key.is_ascii() && key.len() <= 512 && !key.contains(['\\', '%', '\0', ':']));
            let prefix = format!("{video}/snapshots/");
            prop_assert!(key.starts_with(&prefix), "{}", key);
        }
    }

    #[test]
    fn keys_of_our_own_ids_are_taken_and_differ(number in 1u32..200_000, other in 1u32..200_000) {
        let (video, job) = (contract::id::new(), contract::id::new());
        let named = keys(&video, &job, number);
        prop_assert!(named.iter().all(|key| is_object_key(key)), "{named:?}");
        let picture = artifacts::key::picture(&video, &job, other);
        prop_assert_eq!(number == other, named[0] == picture);
    }
}

#[test]
fn nothing_lies_outside_of_the_data_folder_whatever_was_asked() {
    let bench = crate::names::bench();
    let folder = bench.data().parent().unwrap().to_owned();
    let before = names(&folder);
    let server = &bench.server;
    for id in ["../../x", "..", "/tmp/x", "a/../../b", "%2e%2e%2fx", "a\0b"] {
        let _ = server.call("SubmitSnapshotJob", &[("VideoId", id), ("Count", "1")]);
        let _ = server.call(
            "DeleteImage",
            &[
                ("DeleteImageType", "VideoId"),
                ("VideoId", id),
                ("ImageType", "All"),
            ],
        );
        let _ = server.call(
            "ListSnapshots",
            &[("VideoId", id), ("SnapshotType", "NormalSnapshot")],
        );
    }
    let video = server.register(support::bench::clip());
    let job = server.submit(&video, &[("Count", "2"), ("Width", "64")]);
    assert_eq!(server.wait(&job), "Success");
    assert_eq!(names(&folder), before, "beside the data folder");
    let objects = names(&bench.data().join("objects"));
    assert!(
        objects
            .iter()
            .all(|name| name == &video || name.starts_with('.')),
        "{objects:?}"
    );
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}
