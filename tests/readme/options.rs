//! Options of the program that documents name.

use crate::documents;
use std::process::Command;

const DOCUMENTS: [&str; 3] = ["docs/api.md", "docs/cli.md", "docs/operations.md"];

fn help(arguments: &[&str]) -> String {
    let program = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_option_that_a_document_names_exists() {
    let commands = [
        "demo",
        "serve",
        "snapshot",
        "events",
        "sign",
        "completions",
        "man",
    ];
    let help = commands.map(|command| help(&[command, "--help"])).concat();
    let known = |option: &str| {
        let words = help.split(|c: char| !c.is_alphanumeric() && c != '-');
        words.into_iter().any(|word| word == option)
    };
    for path in DOCUMENTS {
        for span in documents::read(path).inline_code() {
            let option = span.split([' ', '=']).next().unwrap();
            if option.starts_with("--") {
                assert!(known(option), "{path}: {option} is no option");
            }
        }
    }
}
