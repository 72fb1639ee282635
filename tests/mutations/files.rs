//! Everything that is fed to jobs.

use crate::job::Picture;
use crate::{clips, mutate, plain};
use decoder::Ffmpeg;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many files are made of the clips.
const MUTATIONS: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Corpus,
    Mutation,
}

pub(crate) struct File {
    pub(crate) name: String,
    /// Of the table.
    pub(crate) row: String,
    pub(crate) kind: Kind,
    content: Content,
}

enum Content {
    At(PathBuf),
    /// Of these bytes the mutation with that number.
    Mutated(Arc<Vec<u8>>, usize),
}

impl File {
    /// Where it lies; made in `folder` unless it is there anyway.
    pub(crate) fn write(&self, folder: &Path) -> PathBuf {
        match &self.content {
            Content::At(path) => path.clone(),
            Content::Mutated(bytes, number) => {
                std::fs::create_dir_all(folder).unwrap();
                let path = folder.join(&self.name);
                std::fs::write(&path, mutate::mutated(bytes, *number)).unwrap();
                path
            }
        }
    }
}

impl File {
    /// Whether decoding it gives the same pixels each time.
    pub(crate) fn is_comparable(&self) -> bool {
        self.kind == Kind::Mutation && self.row != "vp8"
    }

    /// Each of `pictures`, taken of this file at `path`, that is none.
    pub(crate) fn compare(
        &self,
        ffmpeg: &Ffmpeg,
        path: &Path,
        pictures: &[Picture],
    ) -> Vec<String> {
        let Content::Mutated(bytes, _) = &self.content else {
            return Vec::new();
        };
        let whole = path.with_file_name(format!("whole-{}", self.name));
        std::fs::write(&whole, &**bytes).unwrap();
        let missed = plain::missed(ffmpeg, path, &whole, pictures);
        std::fs::remove_file(&whole).unwrap();
        missed
    }
}

pub(crate) fn corpus() -> Vec<File> {
    let corpus = support::corpus();
    let both = ["malformed", "synthetic"].map(|name| folder(&corpus, name));
    both.into_iter().flatten().collect()
}

pub(crate) fn mutations(ffmpeg: &Ffmpeg) -> Vec<File> {
    let clips = clips::all(ffmpeg);
    let mutation = |number: usize| {
        let clip = &clips[number % clips.len()];
        File {
            name: format!("{number:04}-{}{}", clip.name, clip.extension),
            row: clip.name.to_owned(),
            kind: Kind::Mutation,
            content: Content::Mutated(Arc::clone(&clip.bytes), number / clips.len()),
        }
    };
    (0..MUTATIONS).map(mutation).collect()
}

fn folder(corpus: &Path, name: &str) -> Vec<File> {
    let entries = std::fs::read_dir(corpus.join(name)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let file = |path: PathBuf| File {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        row: format!("({name})"),
        kind: Kind::Corpus,
        content: Content::At(path),
    };
    paths.into_iter().map(file).collect()
}
