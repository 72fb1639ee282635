//! Processes that wait for the system itself: for a disk, or for a network file system that does
//! not answer.

use rustix::process::Pid;
use std::fs;
use std::path::Path;

/// Whether a thread of the process sleeps uninterruptibly (state D of proc(5)).
pub(super) fn is_stuck(pid: Pid) -> bool {
    let tasks = format!("/proc/{}/task", pid.as_raw_nonzero());
    let Ok(tasks) = fs::read_dir(tasks) else {
        return false;
    };
    let mut tasks = tasks.filter_map(Result::ok);
    tasks.any(|task| state(&task.path()) == Some('D'))
}

fn state(task: &Path) -> Option<char> {
    let stat = fs::read_to_string(task.join("stat")).ok()?;
    of_stat(&stat)
}

/// What comes after the name, which may hold anything.
fn of_stat(stat: &str) -> Option<char> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.trim_start().chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_found_after_any_name() {
        assert_eq!(of_stat("7 (a) D) S 1 7"), Some('S'));
        assert_eq!(of_stat("7 (ffmpeg) D 1 7"), Some('D'));
        assert_eq!(of_stat(""), None);
    }

    /// Whatever runs may wait for a disk for a moment.
    #[test]
    fn a_process_that_sleeps_is_not_stuck_for_long() {
        let mut sleeper = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let pid = Pid::from_child(&sleeper);
        let is_well = (0..500).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            !is_stuck(pid)
        });
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
        assert!(is_well);
    }
}
