//! Asks a program whether it is an ffmpeg that will do.

use super::inspection_memory::InspectionMemory;
use super::trial::{self, PATIENCE};
use super::version::Version;
use super::{Ffmpeg, Origin};
use crate::pool::DecoderPool;
use crate::process::query::{self, QueryOutput};
use crate::process::sandbox::Sandbox;
use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

/// One decoder of each row must be there.
const DECODERS: [&[&str]; 7] = [
    &["h264"],
    &["hevc"],
    &["vp9", "libvpx-vp9"],
    &["vp8", "libvpx"],
    &["libdav1d", "libaom-av1", "av1"],
    &["mpeg4"],
    &["mpeg2video"],
];

/// The ffmpeg at `path`, or why it will not do; as `memory` has it where that holds.
pub(super) fn inspect(
    path: &Path,
    origin: Origin,
    memory: &InspectionMemory,
) -> Result<Ffmpeg, String> {
    if let Some(found) = recall(path, origin, memory, None) {
        return Ok(found);
    }
    let found = inspect_anew(path, origin)?;
    memory.keep(path, None, (&found.version, found.sandbox));
    Ok(found)
}

/// What `memory` has of the program at `path`, whose bytes had the checksum `sha256` if one is
/// asked for.
pub(super) fn recall(
    path: &Path,
    origin: Origin,
    memory: &InspectionMemory,
    sha256: Option<&str>,
) -> Option<Ffmpeg> {
    let (version, sandbox) = memory.recall(path, sha256)?;
    Some(usable(path, origin, version, sandbox))
}

/// The same by asking it.
pub(super) fn inspect_anew(path: &Path, origin: Origin) -> Result<Ffmpeg, String> {
    let (sandbox, output) = confined(path)?;
    let version = Version::from_banner(&output.stderr).ok_or("not an ffmpeg binary")?;
    if !version.is_recent() {
        return Err(format!(
            "it is ffmpeg {version}; version 5.1 or newer is required"
        ));
    }
    let have = names(&output.stdout);
    let missing = DECODERS
        .iter()
        .find(|row| !row.iter().any(|name| have.contains(*name)));
    if let Some([name, ..]) = missing {
        return Err(format!("ffmpeg {version} there has no decoder {name}"));
    }
    Ok(usable(path, origin, version, sandbox))
}

fn usable(path: &Path, origin: Origin, version: Version, sandbox: Sandbox) -> Ffmpeg {
    Ffmpeg {
        path: path.to_owned(),
        version,
        origin,
        sandbox,
        pool: DecoderPool::default(),
    }
}

/// The best sandbox it works in here, and what it says there of itself and of its decoders.
fn confined(path: &Path) -> Result<(Sandbox, QueryOutput), String> {
    let mut reasons: Vec<String> = Vec::new();
    for sandbox in Sandbox::LEVELS {
        match works(path, sandbox) {
            Ok(output) => {
                // What is missing is said by whoever starts with it.
                if !reasons.is_empty() {
                    let (path, tried) = (path.display(), reasons.join("; "));
                    tracing::info!(%path, tried, "ffmpeg runs {sandbox}");
                }
                return Ok((sandbox, output));
            }
            Err(reason) if reasons.last() == Some(&reason) => {}
            Err(reason) => reasons.push(reason),
        }
    }
    Err(reasons.pop().unwrap_or_default())
}

/// Both questions at once, each to a process: what it is, and whether it decodes.
fn works(path: &Path, sandbox: Sandbox) -> Result<QueryOutput, String> {
    std::thread::scope(|scope| {
        let trial = scope.spawn(|| trial::decodes(path, sandbox));
        let output = ask(path, sandbox);
        let decodes = trial.join().map_err(|_| "the trial failed".to_owned())?;
        // What it is comes first: what is no ffmpeg decodes nothing either.
        let output = output?;
        if !is_recent_ffmpeg(&output) {
            return Ok(output);
        }
        decodes.map(|()| output)
    })
}

/// What is none is refused by its version.
fn is_recent_ffmpeg(output: &QueryOutput) -> bool {
    Version::from_banner(&output.stderr).is_some_and(|version| version.is_recent())
}

fn ask(path: &Path, sandbox: Sandbox) -> Result<QueryOutput, String> {
    let mut command = Command::new(path);
    command.arg("-decoders").env_clear();
    let output = query::confined_output(&mut command, sandbox, &[], PATIENCE)
        .map_err(|error| error.to_string())?;
    if !output.success {
        return Err("`ffmpeg -decoders` failed".to_owned());
    }
    Ok(output)
}

/// The second column of ffmpeg's lists is the name.
fn names(list: &str) -> HashSet<String> {
    list.lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .map(str::to_owned)
        .collect()
}
