//! A job in parts is the same as in one run.

use crate::runner::{RunReport, Runner};
use crate::schedule::Schedule;

fn run(runner: &Runner) -> RunReport {
    let report = runner.run(&Schedule::parse("divided"), None);
    assert_eq!(report.wrongs, Vec::<String>::new());
    report
}

fn sent(report: &RunReport) -> usize {
    let calls = report.calls.iter();
    calls.filter(|(call, ..)| *call == "queue.send").count()
}

#[test]
fn a_job_in_parts_leaves_the_bytes_of_one_run() {
    let mut runner = Runner::new();
    let divided = run(&runner);
    // Three parts, and the job once they are done.
    assert_eq!(sent(&divided), 4);
    runner.parts = None;
    let whole = run(&runner);
    assert_eq!(sent(&whole), 0);
    assert_eq!(divided.files[0].len(), 6);
    assert!(divided.files == whole.files);
    // Each part would read the tables of all samples.
    let (read, of_whole) = (divided.bytes_read, whole.bytes_read);
    assert!(
        read < of_whole * 2,
        "{read} bytes in parts, {of_whole} by one run"
    );
}
