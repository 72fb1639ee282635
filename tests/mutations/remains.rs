//! What jobs left behind.

use std::fs;
use std::path::Path;

/// Processes that this one started, and what lies in the folder of temporary files.
pub(crate) fn of_jobs(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let files = entries.map(|entry| format!("left behind: {}", entry.path().display()));
    files.chain(children()).collect()
}

/// Empties `folder`.
pub(crate) fn clear(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
    }
}

fn children() -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let ours = processes.filter(|process| {
        let stat = fs::read_to_string(process.path().join("stat")).unwrap_or_default();
        let fields = stat.rsplit_once(')').map(|(_, fields)| fields.to_owned());
        let parent = fields.and_then(|fields| fields.split_whitespace().nth(1)?.parse().ok());
        parent == Some(std::process::id())
    });
    let running = ours.map(|process| format!("still running: {}", process.path().display()));
    running.collect()
}

/// Said when this process ever held more than so many bytes.
pub(crate) fn memory_over(most: u64) -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kb: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    eprintln!("{} MB of memory at most", kb >> 10);
    (kb << 10 > most).then(|| format!("{} MB of memory", kb >> 10))
}
