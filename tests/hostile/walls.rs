//! Each wall by itself: what it holds back where others are missing.

use crate::attacks::{brief, ends_with};
use crate::impostor::{Impostor, Way, listed_recipe};
use decoder::{Ffmpeg, FileAccess, Sandbox};
use media::Video;
use plan::Limits;
use plan::Size;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use support::clips::{Recipe, ffmpegs};

/// Refused by the list of system calls alone: files are open, and it runs as this user.
fn refused_by_the_list(vice: &str) {
    let impostor = Impostor::with(vice);
    assert!(impostor.sandbox().calls, "{}", impostor.sandbox());
    let impostor = impostor.with_open_files().under_our_user();
    let victim = impostor.victim();
    let before = state(&victim);
    let said = impostor.list(&brief()).to_string();
    assert!(said.contains("REFUSED ALL"), "{vice}: {said}");
    impostor.try_on(Way::Fed, &brief());
    assert_eq!(state(&victim), before, "{vice}");
    let said = impostor.with_limits_alone().list(&brief()).to_string();
    assert!(said.contains("GOT AWAY"), "{vice} is no attack: {said}");
}

fn state(file: &Path) -> (u32, u32, u64, i64, String) {
    let meta = fs::metadata(file).unwrap();
    let text = fs::read_to_string(file).unwrap();
    (meta.mode(), meta.uid(), meta.size(), meta.mtime(), text)
}

#[test]
fn it_makes_no_file_setuid_and_changes_none() {
    refused_by_the_list("CHANGE_FILES");
}

#[test]
fn it_has_no_signal_sent_by_owning_a_pipe() {
    refused_by_the_list("SIGNAL");
}

#[test]
fn it_does_not_ask_to_outlive_its_parent() {
    refused_by_the_list("OUTLIVE");
}

#[test]
fn it_slows_no_other_process_down() {
    refused_by_the_list("PRIORITY");
}

#[test]
fn it_reaches_no_shared_memory() {
    refused_by_the_list("SHARED_MEMORY");
}

#[test]
fn it_executes_nothing_that_it_wrote() {
    refused_by_the_list("NEW_CODE");
}

#[test]
fn without_landlock_it_reads_no_keys_and_no_database() {
    for own_user in [true, false] {
        let mut impostor = Impostor::with("READ_FILES").without_landlock();
        if !own_user {
            impostor = impostor.under_our_user();
        }
        impostor.victim();
        let said = impostor.list(&brief()).to_string();
        assert!(said.contains("REFUSED ALL"), "{said}");
    }
    let impostor = Impostor::with("READ_FILES").with_open_files();
    impostor.victim();
    let said = impostor.list(&brief()).to_string();
    assert!(said.contains("GOT AWAY"), "the attack is none: {said}");
}

#[test]
#[cfg_attr(
    not(sandbox),
    ignore = "needs a kernel that confines decoders at the level full"
)]
fn a_user_of_its_own_gets_no_more_threads_than_a_decoder_needs() {
    let impostor = Impostor::with("THREADS");
    assert!(impostor.sandbox().user, "{}", impostor.sandbox());
    let said = impostor.list(&brief()).to_string();
    assert!(said.contains("REFUSED ALL"), "{said}");
}

#[test]
fn it_starts_no_more_threads_than_a_decoder_needs() {
    // The kernel does not refuse them; it is found out.
    let impostor = Impostor::with("THREADS").under_our_user();
    let listed = impostor.list(&brief());
    assert!(listed.is_permanent(), "{listed}");
    assert_eq!(ends_with(listed), "LimitExceeded.Threads");
    for way in [Way::Fed, Way::Opened] {
        let error = impostor.try_on(way, &brief());
        assert_eq!(ends_with(error), "LimitExceeded.Threads", "{way:?}");
    }
}

/// All pictures of a video, listed and cut.
fn pictures(ffmpeg: &Ffmpeg, clip: &Path) -> Vec<Vec<u8>> {
    let video = Video::open(ffmpeg, clip, &Limits::default()).unwrap();
    let size = Size {
        width: 160,
        height: 90,
    };
    let mut pictures = Vec::new();
    let take = &mut |picture: media::Picture| {
        pictures.push(picture.pixels);
        Ok(())
    };
    video
        .extract(ffmpeg, &[0, 100], size, &Limits::default(), take)
        .unwrap();
    pictures
}

#[test]
fn pictures_are_the_same_behind_other_walls() {
    for ffmpeg in &ffmpegs() {
        for recipe in [Recipe::h264("hostile"), listed_recipe()] {
            let clip = recipe.clip(&ffmpegs()[0].path);
            let expected = pictures(ffmpeg, &clip);
            assert_eq!(expected.len(), 2);
            for files in [FileAccess::Landlock, FileAccess::Answered, FileAccess::Open] {
                for user in [true, false] {
                    let mut other = ffmpeg.clone();
                    other.sandbox = Sandbox {
                        files,
                        calls: true,
                        user,
                    };
                    assert_eq!(pictures(&other, &clip), expected, "{files:?}, {user}");
                }
            }
        }
    }
}

#[test]
fn a_video_that_its_owner_alone_may_read_is_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let closed = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for ffmpeg in &ffmpegs() {
        let recipe = listed_recipe();
        let clip = folder.path().join("closed.flv");
        fs::copy(recipe.clip(&ffmpegs()[0].path), &clip).unwrap();
        closed(&clip, 0o400);
        closed(folder.path(), 0o700);
        assert_eq!(pictures(ffmpeg, &clip).len(), 2);
    }
}
