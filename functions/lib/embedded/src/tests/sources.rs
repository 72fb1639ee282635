use super::folder;
use crate::suite::{self, Files};
use crate::{Store, StoreOptions};
use service::ports::{SourceError, Sources};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

struct Place {
    /// `media/` may be read, `private/` not.
    top: TempDir,
    sources: Arc<dyn Sources>,
}

impl Place {
    fn lay_out() -> Self {
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
        let media_roots = vec![top.path().join("media")];
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
        format!("file:{path}"),
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
