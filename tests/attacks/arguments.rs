//! Numbers on the command line that would take all memory.

use std::process::Command;

fn refusal(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
        .args(["snapshot", "no-video.mp4", "--out", "no-folder"])
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "a panic is 101");
    String::from_utf8(output.stderr).unwrap()
}

/// `--count 4294967295` panicked, and 20,000,000 took 1.8 GB.
#[test]
fn a_run_asks_for_no_more_pictures_than_a_call_may() {
    for count in ["0", "20001", "20000000", "4294967295"] {
        for interval in [&[][..], &["--interval", "0"], &["--interval", "1"]] {
            let said = refusal(&[&["--count", count], interval].concat());
            let rule =
                format!("--count: it must be from 1 to 20000 (see --max-snapshots), not {count}");
            assert!(said.contains(&rule), "{said}");
        }
    }
    let said = refusal(&["--count", "11", "--max-snapshots", "10"]);
    assert!(said.contains("from 1 to 10 "), "{said}");
    let times: Vec<_> = (0..31).map(|time| time.to_string()).collect();
    let said = refusal(&["--at", &times.join(",")]);
    assert!(
        said.contains("--at: it takes 1 to 30 times, not 31"),
        "{said}"
    );
    let sheet = r#"{"Columns":10001,"Lines":1}"#;
    let said = refusal(&["--count", "1", "--sprite", sheet]);
    assert!(
        said.contains("--sprite") && said.contains("10000"),
        "{said}"
    );
}
