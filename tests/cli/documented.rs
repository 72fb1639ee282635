//! `docs/cli.md`, the help and the manual: each example runs as it stands.

use crate::program;
use std::path::Path;
use std::process::{Command, Output};
use support::web_server::{Manners, WebServer};
use tempfile::TempDir;

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cli.md");
    std::fs::read_to_string(path).unwrap()
}

/// Blocks of shell.
fn blocks(text: &str) -> Vec<&str> {
    let blocks = text.split("```sh\n").skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

/// Runs a script in a folder with clip.mp4, a.mp4 and b.mkv, where `vod-snapshot` is the program.
fn sh(script: &str) -> Output {
    let folder = TempDir::new().unwrap();
    drop(program(folder.path()));
    for copy in ["a.mp4", "b.mkv"] {
        std::fs::copy(folder.path().join("clip.mp4"), folder.path().join(copy)).unwrap();
    }
    let bin = folder.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    let program = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
    std::os::unix::fs::symlink(program, bin.join("vod-snapshot")).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .env("PATH", path)
        .current_dir(&folder)
        .output()
        .unwrap()
}

#[track_caller]
fn succeeds(script: &str) -> String {
    let output = sh(script);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_example_of_the_document_runs() {
    let document = document();
    let blocks = blocks(&document);
    assert!(blocks.len() >= 5);
    for block in blocks {
        // A server of somebody's else is not there.
        let server = WebServer::start(Manners::Ranges);
        succeeds(&block.replace("https://example.com/clip.mp4", &server.url));
    }
}

#[test]
fn every_example_of_the_help_runs() {
    let help = succeeds("vod-snapshot snapshot --help");
    let server = WebServer::start(Manners::Ranges);
    let examples = help.lines().map(str::trim);
    let examples: Vec<_> = examples
        .filter(|line| line.starts_with("vod-snapshot snapshot ") || line.starts_with("cat "))
        .collect();
    assert!(examples.len() >= 6, "{help}");
    for example in examples {
        succeeds(&example.replace("https://example.com/clip.mp4", &server.url));
    }
    for said in ["number alone is seconds", "00:01:30.5", "130"] {
        assert!(help.contains(said), "{said}");
    }
}

#[test]
fn every_option_of_the_command_is_in_the_document() {
    let help = succeeds("vod-snapshot snapshot --help");
    let document = document();
    let words = help.split(|c: char| !c.is_alphanumeric() && c != '-');
    for option in words.filter(|word| word.starts_with("--") && word.len() > 3) {
        assert!(document.contains(option), "{option}");
    }
}

#[test]
fn completions_and_manual_pages_are_printed_and_work() {
    let script = "source <(vod-snapshot completions bash); complete -p vod-snapshot";
    assert!(succeeds(script).contains("-F _vod"));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(succeeds(&format!("vod-snapshot completions {shell}")).contains("snapshot"));
    }
    assert!(succeeds("vod-snapshot man").starts_with(".ie"));
    assert!(succeeds("vod-snapshot man snapshot").contains("Exit status"));
    let output = sh("vod-snapshot man nothing");
    assert_eq!(output.status.code(), Some(2));
    let full = sh("vod-snapshot man > /dev/full");
    assert_eq!(full.status.code(), Some(1));
}

#[test]
fn nothing_is_coloured_without_a_terminal_or_with_no_color() {
    let output = sh("vod-snapshot snapshot --nonsense");
    assert!(!output.stderr.contains(&0x1b));
    let output = sh("vod-snapshot snapshot clip.mp4 --count 3 --out out");
    assert!(!output.stderr.contains(&0x1b) && !output.stderr.contains(&b'\r'));
    // A terminal of 30 columns: script(1) is one.
    let narrow = "stty cols 30; NO_COLOR=1 vod-snapshot snapshot --nonsense";
    let output = sh(&format!("script -qec '{narrow}' /dev/null || true"));
    assert!(
        !output.stdout.contains(&0x1b),
        "{:?}",
        String::from_utf8_lossy(&output.stdout)
    );
}
