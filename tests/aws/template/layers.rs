//! What `sam build` makes of the layer, and what ends it.

use crate::builds::{check, functions};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// MB, zipped: what the layer of decoders alone may have.
const MOST_ZIPPED_MB: &str = "8";

fn fits(layer: &Path, mb: &str) -> bool {
    let mut check = Command::new("python3");
    check
        .arg("-I")
        .arg(functions().join("ffmpeg-layer/check_size.py"));
    check.arg(layer).arg(mb).output().unwrap().status.success()
}

#[test]
fn a_layer_that_is_larger_than_it_may_be_ends_the_build() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("bin")).unwrap();
    let mut state = 1_u64;
    let noise = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        state.to_be_bytes()[0]
    });
    let noise: Vec<u8> = noise.take(1_200_000).collect();
    fs::write(folder.path().join("bin/ffmpeg"), noise).unwrap();
    assert!(fits(folder.path(), "2") && !fits(folder.path(), "1"));
}

#[test]
fn an_unknown_kind_of_layer_ends_the_build() {
    let folder = tempfile::tempdir().unwrap();
    let mut build = Command::new(functions().join("ffmpeg-layer/build.sh"));
    build
        .arg("x86_64")
        .arg(folder.path())
        .env("FFMPEG_LAYER", "tiny");
    let told = String::from_utf8(build.output().unwrap().stderr).unwrap();
    assert!(told.contains("expected minimal or wheel"), "{told}");
}

/// Has `fetch.py` unpack `release` as `listed` says.
fn fetched(listed: &str, folder: &Path, own: Option<&Path>) -> Output {
    let list = folder.join("sources.txt");
    fs::write(&list, listed).unwrap();
    let mut fetch = Command::new("python3");
    fetch
        .arg("-I")
        .arg(functions().join("ffmpeg-layer/minimal/fetch.py"));
    fetch.arg(list).arg(folder.join("out")).arg("release-1");
    fetch.env_remove("FFMPEG_SOURCES");
    if let Some(own) = own {
        fetch.env("FFMPEG_SOURCES", own);
    }
    fetch.output().unwrap()
}

/// An archive of one file, and its sha256.
fn archive(folder: &Path) -> (PathBuf, String) {
    fs::create_dir_all(folder.join("release")).unwrap();
    fs::write(folder.join("release/text"), "source").unwrap();
    let archive = folder.join("any-name.tar.gz");
    let mut tar = Command::new("tar");
    tar.arg("-czf").arg(&archive).arg("-C").arg(folder);
    assert!(tar.arg("release").status().unwrap().success());
    let sum = Command::new("sha256sum").arg(&archive).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    (archive, sum[..64].to_owned())
}

#[test]
fn a_source_whose_first_site_does_not_answer_comes_from_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, sum) = archive(folder.path());
    let (there, nowhere) = (archive.display(), folder.path().join("nowhere"));
    let list = format!(
        "release-1 {sum} file://{} file://{there}\n",
        nowhere.display()
    );
    let output = fetched(&list, folder.path(), None);
    assert!(output.status.success(), "{output:?}");
    let text = folder.path().join("out/release-1/text");
    assert_eq!(fs::read_to_string(text).unwrap(), "source");
    let output = fetched(
        &list.replace("any-name", "none"),
        folder.path(),
        Some(folder.path()),
    );
    assert!(output.status.success(), "by its sha256: {output:?}");
}

#[test]
fn a_source_with_other_bytes_than_its_release_ends_the_build() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, sum) = archive(folder.path());
    let listed = format!("release-1 {} file://{}\n", sum, archive.display());
    fs::write(&archive, "other bytes").unwrap();
    for own in [None, Some(folder.path())] {
        let output = fetched(&listed, folder.path(), own);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains(&sum), "{told}");
    }
}

/// The folder that `sam build` or `functions/ffmpeg-layer/build.sh` has filled.
#[test]
#[cfg_attr(
    not(layer),
    ignore = "needs a layer that was built: VOD_SNAPSHOT_LAYER names its folder"
)]
fn the_layer_of_decoders_alone_is_small_free_and_starts_on_lambda() {
    let layer = PathBuf::from(std::env::var_os("VOD_SNAPSHOT_LAYER").unwrap());
    let program = layer.join("bin/ffmpeg");
    let processor = match fs::read(&program).unwrap()[18] {
        62 => "x86_64",
        _ => "aarch64",
    };
    let output = check(processor, &program);
    assert!(output.status.success(), "{output:?}");
    assert!(fits(&layer, MOST_ZIPPED_MB));

    let licenses = layer.join("licenses/ffmpeg");
    let text = |name: &str| fs::read_to_string(licenses.join(name)).unwrap();
    for (name, phrase) in [
        ("COPYING.LGPLv2.1", "GNU LESSER GENERAL PUBLIC LICENSE"),
        ("COPYING.dav1d", "VideoLAN and dav1d authors"),
        ("LICENSE.zlib", "Jean-loup Gailly"),
        ("COPYRIGHT.musl", "Rich Felker"),
    ] {
        assert!(text(name).contains(phrase), "{name}");
    }
    for name in ["SOURCE.md", "sources.txt"] {
        let own = functions().join("ffmpeg-layer/minimal").join(name);
        assert_eq!(text(name), fs::read_to_string(own).unwrap(), "{name}");
    }

    let bytes = fs::read(&program).unwrap();
    let has = |text: &str| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(
        has("--disable-everything"),
        "the configuration was not read"
    );
    for refused in ["--enable-gpl", "--enable-nonfree", "--enable-version3"] {
        assert!(!has(refused), "{refused}");
    }
    assert!(!has("/tmp/tmp."), "a folder of the build is in the program");
}
