use super::folder;
use crate::{Store, StoreOptions};
use service::model::Video;
use service::ports::{Ports, Registration, SourceError, Sources, Videos};
use service::test_suite::{self as suite, Files};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

struct Place {
    /// `media/` may be read, `private/` not.
    top: TempDir,
    sources: Arc<dyn Sources>,
}

impl Place {
    fn lay_out() -> Self {
        let top = Self::files();
        let media_roots = vec![top.path().join("media")];
        Self::over(top, media_roots)
    }

    fn files() -> TempDir {
        let top = folder();
        for name in ["media/sub", "private"] {
            fs::create_dir_all(top.path().join(name)).unwrap();
        }
        for name in [
            "media/a.mp4",
            "media/sub/b c\u{e9}%.mp4",
            "private/secret.mp4",
        ] {
            fs::write(top.path().join(name), b"video").unwrap();
        }
        top
    }

    fn over(top: TempDir, media_roots: Vec<PathBuf>) -> Self {
        let options = StoreOptions {
            media_roots,
            ..StoreOptions::default()
        };
        let sources = Store::open(&top.path().join("data"), options)
            .unwrap()
            .ports()
            .sources;
        Self { top, sources }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.top.path().canonicalize().unwrap().join(name)
    }

    fn url(&self, name: &str) -> String {
        format!("file://{}/{name}", self.top.path().display())
    }

    async fn refusal(&self, name: &str) -> SourceError {
        match self.sources.open(&self.url(name)).await {
            Ok(found) => panic!("{name}: {found:?}"),
            Err(refusal) => refusal,
        }
    }

    async fn is_readable(&self, name: &str) -> bool {
        self.sources.open(&self.url(name)).await.is_ok()
    }
}

#[tokio::test]
async fn only_what_lies_in_a_media_folder_may_be_read() {
    let place = Place::lay_out();
    symlink(place.path("private"), place.path("media/way")).unwrap();
    symlink(
        place.path("private/secret.mp4"),
        place.path("media/link.mp4"),
    )
    .unwrap();
    symlink(
        place.path("private/none.mp4"),
        place.path("media/dangling.mp4"),
    )
    .unwrap();
    symlink("loop.mp4", place.path("media/loop.mp4")).unwrap();
    let urls = |names: &[&str]| names.iter().map(|name| place.url(name)).collect::<Vec<_>>();
    let files = Files {
        readable: place.url("media/a.mp4"),
        size_bytes: 5,
        missing: place.url("media/none.mp4"),
        outside: urls(&[
            "private/secret.mp4",
            "media/../private/secret.mp4",
            "media/%2e%2e/private/secret.mp4",
            "media/sub/../../private/secret.mp4",
            "media/way/secret.mp4",
            "media/link.mp4",
            "private",
            "",
        ]),
        missing_outside: urls(&[
            "private/none.mp4",
            "private/none/deep.mp4",
            "private/secret.mp4/x",
            "media/../private/none.mp4",
            "media/way/none.mp4",
            "media/dangling.mp4",
            "media/dangling.mp4/x",
            "media/loop.mp4",
            "media-not/a.mp4",
        ]),
    };
    suite::sources(&*place.sources, &files).await;
}

#[tokio::test]
async fn an_answer_does_not_tell_which_folders_there_are_elsewhere() {
    let place = Place::lay_out();
    for name in [
        "private/../media/a.mp4",
        "none/../media/a.mp4",
        "private/secret.mp4/../../media/a.mp4",
    ] {
        let found = place.sources.open(&place.url(name)).await.unwrap();
        let path = place.path("media/a.mp4");
        assert_eq!(found.path(), Some(path.as_path()), "{name}");
    }
}

#[tokio::test]
async fn a_file_is_named_in_several_ways() {
    let place = Place::lay_out();
    let plain = place.path("media/a.mp4");
    let spaced = place.path("media/sub/b c\u{e9}%.mp4");
    symlink("../a.mp4", place.path("media/sub/inner.mp4")).unwrap();
    for (url, path) in [
        (plain.display().to_string(), &plain),
        (format!("file://localhost{}", plain.display()), &plain),
        (format!("FILE://{}", plain.display()), &plain),
        (place.url("media/./sub/../a.mp4"), &plain),
        (place.url("media/sub/inner.mp4"), &plain),
        (place.url("media/sub/b%20c%C3%A9%25.mp4"), &spaced),
        (spaced.display().to_string(), &spaced),
    ] {
        let found = place.sources.open(&url).await.unwrap();
        assert_eq!(
            (found.path(), found.bytes()),
            (Some(path.as_path()), 5),
            "{url}"
        );
    }
}

/// A name with signs that mean something in a URL was found in one form and not in another.
#[tokio::test]
async fn every_name_is_found_as_it_stands_and_encoded_in_every_form() {
    let place = Place::lay_out();
    for name in [
        "a#b.mp4",
        "a?b.mp4",
        "50%.mp4",
        "a%20b.mp4",
        "a b.mp4",
        "\u{4e2d}\u{6587} 1.mp4",
        "a%.mp4",
        "x+y&z=1;.mp4",
        "%61.mp4",
    ] {
        let path = place.path(&format!("media/sub/{name}"));
        fs::write(&path, b"video").unwrap();
        let plain = path.display().to_string();
        let strict =
            percent_encoding::utf8_percent_encode(&plain, percent_encoding::NON_ALPHANUMERIC);
        let strict = strict.to_string().replace("%2F", "/");
        let standard = url::Url::from_file_path(&path).unwrap();
        for url in [
            plain.clone(),
            strict.clone(),
            format!("file://{plain}"),
            format!("file://{strict}"),
            format!("FILE://LOCALHOST{strict}"),
            format!("file:{strict}"),
            format!("file:{plain}"),
            standard.to_string(),
        ] {
            let found = place.sources.open(&url).await.unwrap();
            assert_eq!(found.path(), Some(path.as_path()), "{url}");
        }
        fs::remove_file(path).unwrap();
    }
}

/// Each spelling made a video of its own.
#[tokio::test]
async fn one_file_has_one_place_however_its_url_is_spelt() {
    let place = Place::lay_out();
    symlink("../a.mp4", place.path("media/sub/inner.mp4")).unwrap();
    let plain = place.path("media/a.mp4").display().to_string();
    for url in [
        plain.clone(),
        plain.replace("/a.mp4", "//a.mp4"),
        format!("file://localhost{plain}"),
        format!("FILE://{plain}"),
        // Java's File.toURI, and Go of a URL that it parsed like that.
        format!("file:{plain}"),
        format!("File:{}", plain.replace("a.mp4", "%61.mp4")),
        // Java's Path.toUri, Python, Node, Go, Ruby, Rust.
        format!("file:///{}", plain.trim_start_matches('/')),
        // PHP and Perl put the scheme before whatever path there is.
        format!("file:////{}", plain.trim_start_matches('/')),
        format!("file://127.0.0.1{plain}"),
        place.url("media/sub/../a.mp4"),
        place.url("media/./a.mp4"),
        place.url("media/%61.mp4"),
        place.url("media/sub/inner.mp4"),
        plain.replace("a.mp4", "%61.mp4"),
    ] {
        let found = place.sources.open(&url).await.unwrap();
        assert_eq!(found.place(), Some(plain.clone()), "{url}");
    }
}

#[tokio::test]
async fn what_is_no_file_here_is_refused() {
    let place = Place::lay_out();
    let path = place.path("media/a.mp4");
    let path = path.display();
    for url in [
        String::new(),
        "media/a.mp4".to_owned(),
        "http://example.com/a.mp4".to_owned(),
        format!("http://{path}"),
        "file:media/a.mp4".to_owned(),
        format!("file:concat:{path}"),
        format!("file+http:{path}"),
        format!("file//{path}"),
        format!("file://example.com{path}"),
        format!("file://localhost.example.com{path}"),
        format!("concat:{path}"),
        format!("{path}\0"),
        format!("file://{path}%00"),
        "/".to_owned(),
        "/proc/self/environ".to_owned(),
    ] {
        let refused = place.sources.open(&url).await;
        assert!(
            matches!(refused, Err(SourceError::NotAllowed)),
            "{url:?}: {refused:?}"
        );
    }
    for name in ["media", "media/sub", "media/a.mp4/b"] {
        let no_file = place.sources.open(&place.url(name)).await;
        assert!(
            matches!(no_file, Err(SourceError::NotFound | SourceError::Missing)),
            "{name}: {no_file:?}"
        );
    }
}

#[tokio::test]
async fn a_media_folder_that_is_away_is_no_verdict_on_its_files() {
    let place = Place::lay_out();
    let (media, aside) = (place.path("media"), place.path("aside"));
    let inside = [
        "media/a.mp4",
        "media/none.mp4",
        "media/sub/none/none.mp4",
        "media",
    ];
    let outside = [
        "private/secret.mp4",
        "private/none.mp4",
        "aside/a.mp4",
        "media-not/a.mp4",
    ];
    let is_away = async |case: &str| {
        for name in inside {
            let refusal = place.refusal(name).await;
            assert!(
                matches!(&refusal, SourceError::Unreadable(cause) if !cause.contains('/')),
                "{case}, {name}: {refusal:?}"
            );
        }
        for name in outside {
            let refusal = place.refusal(name).await;
            assert!(
                matches!(refusal, SourceError::NotAllowed),
                "{case}, {name}: {refusal:?}"
            );
        }
    };
    fs::rename(&media, &aside).unwrap();
    is_away("gone").await;
    fs::write(&media, b"").unwrap();
    is_away("a file in its place").await;
    fs::remove_file(&media).unwrap();
    symlink("private", &media).unwrap();
    is_away("a symlink to a foreign folder in its place").await;
    fs::remove_file(&media).unwrap();
    symlink("aside", &media).unwrap();
    is_away("a symlink to itself in its place").await;
    fs::remove_file(&media).unwrap();
    fs::rename(&aside, &media).unwrap();
    assert!(place.is_readable("media/a.mp4").await);
}

#[tokio::test]
async fn what_is_missing_in_a_media_folder_that_is_there_is_missing() {
    let place = Place::lay_out();
    for (target, link) in [
        ("none.mp4", "media/dangling.mp4"),
        ("../none/none.mp4", "media/sub/up.mp4"),
        ("sub/up.mp4", "media/twice.mp4"),
    ] {
        symlink(target, place.path(link)).unwrap();
    }
    symlink(place.path("media/none"), place.path("media/folder")).unwrap();
    for name in [
        "media/none.mp4",
        "media/none/none.mp4",
        "media/dangling.mp4",
        "media/sub/up.mp4",
        "media/twice.mp4",
        "media/folder/a.mp4",
    ] {
        let refusal = place.refusal(name).await;
        assert!(
            matches!(refusal, SourceError::Missing),
            "{name}: {refusal:?}"
        );
    }
}

#[tokio::test]
async fn a_symlink_out_of_a_media_folder_tells_nothing_of_what_is_there() {
    let place = Place::lay_out();
    fs::create_dir(place.path("private/deep")).unwrap();
    symlink(place.path("private/deep"), place.path("media/way")).unwrap();
    for target in [
        "way/../secret.mp4",
        "way/../none.mp4",
        "way/none.mp4",
        "../private/none.mp4",
    ] {
        let link = place.path("media/link.mp4");
        symlink(target, &link).unwrap();
        let refusal = place.refusal("media/link.mp4").await;
        assert!(
            matches!(refusal, SourceError::NotAllowed),
            "{target}: {refusal:?}"
        );
        fs::remove_file(link).unwrap();
    }
}

#[tokio::test]
async fn a_media_folder_named_by_a_symlink_is_what_that_led_to_at_the_start() {
    let top = Place::files();
    symlink("media", top.path().join("link")).unwrap();
    let media_roots = vec![top.path().join("link")];
    let place = Place::over(top, media_roots);
    for name in ["link/a.mp4", "media/a.mp4"] {
        assert!(place.is_readable(name).await, "{name}");
    }
    fs::remove_file(place.top.path().join("link")).unwrap();
    symlink("private", place.top.path().join("link")).unwrap();
    for name in ["link/secret.mp4", "link/none.mp4", "media/a.mp4"] {
        let refusal = place.refusal(name).await;
        assert!(
            matches!(refusal, SourceError::Unreadable(_)),
            "{name}: {refusal:?}"
        );
    }
    let refusal = place.refusal("private/secret.mp4").await;
    assert!(matches!(refusal, SourceError::NotAllowed), "{refusal:?}");
}

#[tokio::test]
async fn a_folder_on_the_way_that_may_not_be_entered_is_waited_for() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::lay_out();
    let sub = place.path("media/sub");
    fs::write(sub.join("b.mp4"), b"video").unwrap();
    let set = |mode| fs::set_permissions(&sub, fs::Permissions::from_mode(mode)).unwrap();
    set(0);
    // Root enters every folder.
    if fs::read_dir(&sub).is_err() {
        for name in ["media/sub/b.mp4", "media/sub/none.mp4"] {
            let refusal = place.refusal(name).await;
            assert!(
                matches!(refusal, SourceError::Unreadable(_)),
                "{name}: {refusal:?}"
            );
        }
    }
    set(0o755);
    assert!(place.is_readable("media/sub/b.mp4").await);
}

/// All of them were refused for one that the server may not read.
#[tokio::test]
async fn a_file_that_may_not_be_read_says_nothing_of_others() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::lay_out();
    let path = place.path("media/a.mp4");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // Root reads every file.
    if fs::read(&path).is_err() {
        let refusal = place.refusal("media/a.mp4").await;
        assert!(matches!(refusal, SourceError::Unreadable(_)), "{refusal:?}");
    }
}

#[tokio::test]
async fn a_pipe_is_refused_and_not_waited_for() {
    let place = Place::lay_out();
    let made = std::process::Command::new("mkfifo")
        .arg(place.path("media/pipe.mp4"))
        .status();
    assert!(made.unwrap().success());
    let refusal = place.refusal("media/pipe.mp4").await;
    assert!(matches!(refusal, SourceError::NotFound), "{refusal:?}");
}

/// The name was checked, and then used again.
#[tokio::test]
async fn a_name_that_is_swapped_for_a_symlink_never_gives_the_foreign_file() {
    let place = Place::lay_out();
    fs::write(place.path("private/secret.mp4"), b"theft").unwrap();
    fs::write(place.path("media/plain"), b"video").unwrap();
    let over = Arc::<AtomicBool>::default();
    let (media, secret) = (place.path("media"), place.path("private/secret.mp4"));
    let (name, is_over) = (media.join("a.mp4"), Arc::clone(&over));
    let swapping = std::thread::spawn(move || {
        let (link, file) = (media.join("link"), media.join("file"));
        while !is_over.load(Ordering::Relaxed) {
            symlink(&secret, &link).unwrap();
            fs::rename(&link, &name).unwrap();
            fs::copy(media.join("plain"), &file).unwrap();
            fs::rename(&file, &name).unwrap();
        }
    });
    let (mut read, mut refused) = (0, 0);
    let until = Instant::now() + Duration::from_secs(30);
    while read < 500 || refused < 500 {
        assert!(Instant::now() < until, "{read} read, {refused} refused");
        match place.sources.open(&place.url("media/a.mp4")).await {
            Ok(found) => {
                let mut bytes = [0; 5];
                found.read_at(0, &mut bytes).unwrap();
                assert_eq!(&bytes, b"video");
                read += 1;
            }
            Err(SourceError::NotAllowed) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    over.store(true, Ordering::Relaxed);
    swapping.join().unwrap();
}

/// A folder of videos may hold the data folder, and with it keys and the database.
#[tokio::test]
async fn the_data_folder_is_read_as_a_part_of_a_media_folder() {
    let top = Place::files();
    let data = top.path().join("data");
    fs::create_dir_all(data.join("media")).unwrap();
    let roots = vec![top.path().to_owned(), data.join("media")];
    let place = Place::over(top, roots);
    for name in ["objects/a.mp4", "uploads/a.mp4", "media/a.mp4", "keys.json"] {
        fs::write(place.path("data").join(name), b"video").unwrap();
    }
    symlink(place.path("data/keys.json"), place.path("media/keys.mp4")).unwrap();
    for refused in [
        "data/vod-snapshot.db",
        "data/keys.json",
        "data/objects/a.mp4",
        "data/none.mp4",
        "media/keys.mp4",
    ] {
        let refusal = place.refusal(refused).await;
        assert!(
            matches!(refusal, SourceError::NotAllowed),
            "{refused}: {refusal}"
        );
    }
    for allowed in ["media/a.mp4", "data/uploads/a.mp4", "data/media/a.mp4"] {
        assert!(place.is_readable(allowed).await, "{allowed}");
    }
}

fn video(file_url: &str, found: &dyn source::RangeSource) -> Video {
    Video {
        file_url: file_url.to_owned(),
        place: found.place(),
        reference_id: None,
        ..suite::video()
    }
}

impl Place {
    async fn register(&self, videos: &dyn Videos, name: &str) -> Registration {
        let url = self.url(name);
        let found = self.sources.open(&url).await.unwrap();
        videos.register(video(&url, &*found)).await.unwrap()
    }
}

fn ports(top: &TempDir) -> Ports {
    let options = StoreOptions {
        media_roots: vec![top.path().join("media")],
        ..StoreOptions::default()
    };
    Store::open(&top.path().join("data"), options)
        .unwrap()
        .ports()
}

/// Its URL led to another file by then, whose pictures were given for its own.
#[tokio::test]
async fn a_video_is_whatever_a_symlink_leads_to_by_now() {
    let top = Place::files();
    let ports = ports(&top);
    let place = Place {
        top,
        sources: ports.sources.clone(),
    };
    fs::write(place.path("media/b.mp4"), b"other").unwrap();
    let point_to = |name: &str| {
        let _ = fs::remove_file(place.path("media/link.mp4"));
        symlink(place.path(name), place.path("media/link.mp4")).unwrap();
    };
    point_to("media/a.mp4");
    let Registration::New(first) = place.register(&*ports.videos, "media/link.mp4").await else {
        panic!("it is new");
    };
    point_to("media/b.mp4");
    let known = place.register(&*ports.videos, "media/a.mp4").await;
    assert_eq!(known, Registration::Known(first.clone()));
    let opened = ports.sources.open_video(&first).await.unwrap();
    assert_eq!(opened.path(), Some(place.path("media/a.mp4").as_path()));
    let Registration::New(second) = place.register(&*ports.videos, "media/link.mp4").await else {
        panic!("it is another file");
    };
    let opened = ports.sources.open_video(&second).await.unwrap();
    assert_eq!(opened.path(), Some(place.path("media/b.mp4").as_path()));
    fs::remove_file(place.path("media/a.mp4")).unwrap();
    let gone = ports.sources.open_video(&first).await;
    assert!(matches!(gone, Err(SourceError::Missing)), "{gone:?}");
}

/// The name of one was the URL of the other.
#[tokio::test]
async fn two_files_are_one_video() {
    let top = Place::files();
    let ports = ports(&top);
    let place = Place {
        top,
        sources: ports.sources.clone(),
    };
    for name in ["a b.mp4", "a%20b.mp4"] {
        fs::write(place.path("media").join(name), b"video").unwrap();
    }
    let path = |name: &str| format!("{}/{name}", place.path("media").display());
    let mut ids = std::collections::BTreeSet::new();
    for url in [
        format!("file://{}", path("a%20b.mp4")),
        path("a%20b.mp4"),
        path("a b.mp4"),
        format!("file://{}", path("a%2520b.mp4")),
    ] {
        let found = place.sources.open(&url).await.unwrap();
        match ports.videos.register(video(&url, &*found)).await.unwrap() {
            Registration::New(video) | Registration::Known(video) => {
                assert_eq!(video.place, found.place(), "{url}");
                ids.insert(video.id);
            }
            Registration::ReferenceTaken => panic!("{url}"),
        }
    }
    assert_eq!(ids.len(), 2);
}
