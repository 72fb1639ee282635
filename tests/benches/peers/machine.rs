//! Where it is measured, and with what.

use crate::arguments::Arguments;
use crate::python::Python;
use crate::say;
use decoder::{Ffmpeg, Search, locate};
use std::fmt;
use std::fs;
use std::path::PathBuf;

/// What every peer shares.
pub(crate) struct Machine {
    pub(crate) ffmpeg: Ffmpeg,
    /// None where its packages can't be installed.
    pub(crate) python: Option<Python>,
}

impl Machine {
    pub(crate) fn find(arguments: &Arguments) -> Self {
        let search = Search::new(arguments.ffmpeg.clone());
        let ffmpeg = locate(&search, &mut |line| say(line));
        Self {
            ffmpeg: ffmpeg.unwrap_or_else(|cause| panic!("no ffmpeg: {cause}")),
            python: Python::installed(),
        }
    }

    /// With the ffmpeg that the system's packages bring, and for covers only.
    pub(crate) fn of_system() -> Option<Self> {
        let search = Search::new(Some(PathBuf::from("/usr/bin/ffmpeg")));
        let ffmpeg = locate(&search, &mut |_| ()).ok()?;
        Some(Self {
            ffmpeg,
            python: None,
        })
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        write!(f, "{cores} cores, {}; ", processor())?;
        write!(
            f,
            "ffmpeg {} {} for all; ",
            self.ffmpeg.version, self.ffmpeg.origin
        )?;
        match &self.python {
            Some(python) => write!(f, "{}; ", python.versions())?,
            None => f.write_str("no PyAV, no OpenCV; ")?,
        }
        f.write_str(&load())
    }
}

/// How much else goes on here.
pub(crate) fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let averages: Vec<&str> = load.split(' ').take(3).collect();
    format!("load average {}", averages.join(", "))
}

fn processor() -> String {
    let all = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = all.lines().find_map(|line| line.strip_prefix("model name"));
    let name = name.unwrap_or("").trim_start_matches(['\t', ' ', ':']);
    name.trim().to_owned()
}
