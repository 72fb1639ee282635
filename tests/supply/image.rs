//! The image of the server is built from what its build is given, and from nothing else.

use crate::pins::tracked;
use crate::{root, text};
use std::path::{Component, Path, PathBuf};

/// Files that a source compiles in, as paths below the root.
fn compiled_in(source: &Path) -> Vec<PathBuf> {
    let text = text(source);
    let calls = ["include_str!(", "include_bytes!("].map(|call| text.split(call).skip(1));
    let names = calls.into_iter().flatten().filter_map(|rest| {
        let name = rest.trim_start().strip_prefix('"')?;
        name.split_once('"').map(|(name, _)| name)
    });
    let beside = source.parent().unwrap().strip_prefix(root()).unwrap();
    names.map(|name| plain(&beside.join(name))).collect()
}

/// Without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// The schemas of `docs/` were not: the image could not be built.
#[test]
fn whatever_is_compiled_in_is_given_to_the_build_of_the_image() {
    let given = text(&root().join("functions/local/deploy/Dockerfile.dockerignore"));
    let mut given = given.lines();
    assert_eq!(given.next(), Some("**"), "only what is named is given");
    let given = given.filter_map(|line| line.strip_prefix('!'));
    let given: Vec<_> = given.map(|line| line.trim_end_matches("/**")).collect();
    let functions = root().join("functions");
    let sources = tracked(".rs").into_iter();
    let sources = sources.filter(|source| source.starts_with(&functions) && source.exists());
    let files: Vec<_> = sources.flat_map(|source| compiled_in(&source)).collect();
    let schemas = Path::new("docs/schemas");
    assert!(files.iter().any(|file| file.starts_with(schemas)));
    for file in files {
        let is_given = given.iter().any(|folder| file.starts_with(folder));
        assert!(is_given, "{} is not given", file.display());
    }
}
