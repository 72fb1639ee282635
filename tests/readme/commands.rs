//! Commands that run suites and benchmarks.

use crate::documents::{self, cells};
use crate::workspace::{Package, Target, packages};
use std::fs;
use std::path::Path;

/// The package of commands that name none, as `docs/promises.md` says.
const PACKAGE: &str = "promises";

/// What a command runs.
#[derive(Debug, Default)]
struct Run<'a> {
    package: Option<&'a str>,
    /// Kind and name of a target.
    target: Option<(&'a str, &'a str)>,
    /// Which tests of it.
    filter: Option<&'a str>,
}

impl<'a> Run<'a> {
    fn parse(words: impl Iterator<Item = &'a str>) -> Self {
        let mut run = Self::default();
        let mut words = words.take_while(|word| *word != "--" && !word.starts_with('#'));
        while let Some(word) = words.next() {
            match word {
                "-p" => run.package = words.next(),
                "--test" | "--bench" => {
                    run.target = words.next().map(|name| (&word[2..], name));
                }
                "--lib" => run.target = Some(("lib", "")),
                option if option.starts_with('-') => {}
                filter => run.filter = Some(filter),
            }
        }
        run
    }

    /// What of it does not exist.
    fn fault(&self, packages: &[Package]) -> Option<String> {
        let name = self.package.unwrap_or(PACKAGE);
        let Some(package) = packages.iter().find(|package| package.name == name) else {
            return Some(format!("no package {name}"));
        };
        let (kind, name) = self.target?;
        let is_it = |t: &&Target| t.kind == kind && (t.name == name || kind == "lib");
        let Some(target) = package.targets.iter().find(is_it) else {
            return Some(format!("no {kind} {name} of {}", package.name));
        };
        let filter = self.filter?;
        let known = names(&target.folder);
        let has = |part: &str| known.iter().any(|name| name.contains(part));
        let is_known = filter.split("::").all(has);
        (!is_known).then(|| format!("no test {filter} in {kind} {name} of {}", package.name))
    }
}

/// What of such a run does not exist: a suite of the package of these tests, and a test or module.
pub(crate) fn fault(run: &str, packages: &[Package]) -> Option<String> {
    let words = std::iter::once("--test").chain(run.split(' '));
    Run::parse(words).fault(packages)
}

/// Names of modules and functions in a folder of sources.
fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        names.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
        if path.is_dir() {
            names.extend(self::names(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let functions = text.split("fn ").skip(1);
            names.extend(functions.filter_map(|rest| Some(rest.split_once('(')?.0.to_owned())));
        }
    }
    names
}

#[test]
fn every_suite_that_a_document_runs_exists() {
    let packages = packages();
    let mut runs = 0;
    for document in documents::all() {
        let blocks = document.code_blocks().into_iter().map(str::to_owned);
        let code = document.inline_code().into_iter().chain(blocks);
        for text in code {
            let words: Vec<_> = text.split_whitespace().collect();
            let is_run = |pair: &[&str]| pair[0] == "cargo" && ["test", "bench"].contains(&pair[1]);
            let Some(at) = words.windows(2).position(is_run) else {
                continue;
            };
            runs += 1;
            let run = Run::parse(words[at + 2..].iter().copied());
            let fault = run.fault(&packages);
            assert_eq!(fault, None, "{}: {text}", document.path);
        }
    }
    assert!(runs > 10, "only {runs} commands were found");
}

#[test]
fn every_promise_names_a_test_that_exists() {
    let (packages, promises) = (packages(), documents::read("docs/promises.md"));
    let rows = promises
        .prose()
        .into_iter()
        .filter(|line| line.starts_with("| "));
    let rows: Vec<_> = rows.map(cells).filter(|row| row[1] != "shown by").collect();
    assert!(rows.len() > 30, "only {} promises were found", rows.len());
    for row in rows {
        let mut package = None;
        for span in row[1].split('`').skip(1).step_by(2) {
            let short = !span.starts_with('-');
            let words = short.then_some("--test").into_iter().chain(span.split(' '));
            let mut run = Run::parse(words);
            // The last one named in the row holds for what follows.
            package = run.package.or(package);
            run.package = if short { None } else { package };
            assert_eq!(run.fault(&packages), None, "{span}: {}", row[0]);
        }
    }
}
