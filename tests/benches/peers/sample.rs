//! Memory of all processes below one together, looked at 50 times a second: what lasts less than
//! 20 ms may be missed. Pages that processes share, such as those of one program, count once.

use std::collections::HashMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const EVERY: Duration = Duration::from_millis(20);

/// Looks until it is stopped.
pub(crate) struct Sampler {
    stopped: Arc<AtomicBool>,
    thread: JoinHandle<u64>,
}

impl Sampler {
    /// Watches the processes below `root`, without itself.
    pub(crate) fn start(root: u32) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stopped);
        let thread = thread::spawn(move || {
            let mut peak_kb = 0;
            while !seen.load(Ordering::Relaxed) {
                peak_kb = sum_kb(root).max(peak_kb);
                thread::sleep(EVERY);
            }
            peak_kb
        });
        Self { stopped, thread }
    }

    /// The peak, thousands of bytes.
    pub(crate) fn stop(self) -> u64 {
        self.stopped.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

fn sum_kb(root: u32) -> u64 {
    below(root).into_iter().map(share_kb).sum()
}

/// A process's share, or all it holds where its share may not be asked for.
fn share_kb(process: u32) -> u64 {
    let read = |name| fs::read_to_string(format!("/proc/{process}/{name}"));
    match read("smaps_rollup") {
        Ok(text) if !text.is_empty() => kilobytes(&text, "Pss:"),
        _ => kilobytes(&read("status").unwrap_or_default(), "VmRSS:"),
    }
}

/// The kernel says kB and means 1024 bytes.
fn kilobytes(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let count = line.and_then(|line| line.trim().strip_suffix(" kB"));
    count
        .and_then(|count| count.parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
        / 1000
}

fn below(root: u32) -> Vec<u32> {
    let parents = parents();
    let descends = |&process: &u32| {
        let mut at = process;
        while let Some(&parent) = parents.get(&at) {
            if parent == root {
                return true;
            }
            at = parent;
        }
        false
    };
    parents.keys().copied().filter(descends).collect()
}

/// Every process of the machine with its parent.
fn parents() -> HashMap<u32, u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers
        .filter_map(|process: u32| {
            let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
            // After the name, which may hold anything: state, parent.
            let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
            Some((process, fields.nth(1)?.parse().ok()?))
        })
        .collect()
}
