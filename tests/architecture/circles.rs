//! No circles between the modules of a crate: each can be read, and tested, without those that
//! use it.

use crate::arrows::crates;
use crate::components::circles;
use crate::module_graph::ModuleGraph;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The circles of the crate with this root file, in words.
fn circles_in_words(root: &Path) -> Vec<String> {
    let graph = ModuleGraph::of(root);
    let said = |files: BTreeSet<String>| {
        let names: Vec<_> = files.iter().map(String::as_str).collect();
        let edges = files
            .iter()
            .flat_map(|from| graph.said(from, |to| files.contains(to)));
        let edges: Vec<_> = edges.collect();
        format!("{}\n    {}", names.join(", "), edges.join("\n    "))
    };
    circles(&graph.edges).into_iter().map(said).collect()
}

/// `src/lib.rs` and `src/main.rs`, where they are.
pub(crate) fn roots(folder: &Path) -> Vec<PathBuf> {
    let files = ["src/lib.rs", "src/main.rs"].map(|file| folder.join(file));
    files.into_iter().filter(|file| file.is_file()).collect()
}

#[test]
fn no_modules_use_each_other_in_a_circle() {
    let mut found = Vec::new();
    for (name, folder) in crates() {
        for root in roots(&folder) {
            let circles = circles_in_words(&root);
            found.extend(
                circles
                    .into_iter()
                    .map(|circle| format!("{name}: {circle}")),
            );
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The circles of a crate of these files.
fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::TempDir::new().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    circles_in_words(&folder.path().join("lib.rs"))
}

#[test]
fn a_circle_is_found_and_named() {
    let found = circles_of(&[
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::B; pub struct A(B);"),
        (
            "b.rs",
            "pub struct B; fn f() { println!(\"{}\", super::c::C) }",
        ),
        ("c.rs", "pub const C: u8 = 1; fn f(_: crate::a::A) {}"),
    ]);
    let circle =
        "a.rs, b.rs, c.rs\n    a.rs -> b.rs (B)\n    b.rs -> c.rs (C)\n    c.rs -> a.rs (A)";
    assert_eq!(found, [circle]);
}

#[test]
fn a_child_that_uses_what_uses_it_is_a_circle() {
    let found = circles_of(&[
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod b; pub struct A; pub fn f() { b::g(&A) }"),
        ("a/b.rs", "use super::A; pub fn g(_: &A) {}"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn what_is_only_re_exported_is_used_where_it_is_defined() {
    let found = circles_of(&[
        ("lib.rs", "mod a; pub use a::{B, C};"),
        ("a/mod.rs", "mod b; mod c; pub use b::B; pub use c::*;"),
        (
            "a/b.rs",
            "use crate::C; use super::c; pub struct B(C, c::C);",
        ),
        (
            "a/c.rs",
            "pub struct C; #[cfg(test)] mod tests { use crate::B; }",
        ),
    ]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn what_is_re_exported_and_used_is_used() {
    let found = circles_of(&[
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod b; pub use b::B; pub struct A(B);"),
        ("a/b.rs", "use super::*; pub struct B; fn f(_: A) {}"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
}
