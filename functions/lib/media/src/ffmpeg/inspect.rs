//! Asks a program whether it is an ffmpeg that will do.

use super::version::Version;
use super::{Ffmpeg, Origin, trial};
use crate::Confinement;
use crate::process::brief::{self, Output};
use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

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

/// A first start from a slow disk takes a while; a program that hangs is none of ours.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// The ffmpeg at `path`, or why it will not do.
pub(super) fn inspect(path: &Path, origin: Origin) -> Result<Ffmpeg, String> {
    let (confinement, said) = confined(path)?;
    let version = Version::from_banner(&said.stderr).ok_or("it is no ffmpeg")?;
    if !version.is_recent() {
        return Err(format!("it is ffmpeg {version}; 5.1 or newer is needed"));
    }
    let have = names(&said.stdout);
    let missing = DECODERS
        .iter()
        .find(|row| !row.iter().any(|name| have.contains(*name)));
    if let Some([name, ..]) = missing {
        return Err(format!("ffmpeg {version} there has no decoder {name}"));
    }
    Ok(Ffmpeg {
        path: path.to_owned(),
        version,
        origin,
        confinement,
    })
}

/// The best sandbox it works in here, and what it says there of itself and of its decoders.
fn confined(path: &Path) -> Result<(Confinement, Output), String> {
    let mut reasons: Vec<String> = Vec::new();
    for confinement in Confinement::LEVELS {
        match works(path, confinement) {
            Ok(said) => {
                // What is missing is said by whoever starts with it.
                if !reasons.is_empty() {
                    let (path, tried) = (path.display(), reasons.join("; "));
                    tracing::info!(%path, tried, "ffmpeg runs {confinement}");
                }
                return Ok((confinement, said));
            }
            Err(reason) if reasons.last() == Some(&reason) => {}
            Err(reason) => reasons.push(reason),
        }
    }
    Err(reasons.pop().unwrap_or_default())
}

/// Both questions at once, each to a process: what it is, and whether it decodes.
fn works(path: &Path, confinement: Confinement) -> Result<Output, String> {
    std::thread::scope(|scope| {
        let trial = scope.spawn(|| trial::decodes(path, confinement));
        let said = ask(path, confinement);
        let decodes = trial.join().map_err(|_| "the trial failed".to_owned())?;
        // What it is comes first: what is no ffmpeg decodes nothing either.
        let said = said?;
        if !is_recent_ffmpeg(&said) {
            return Ok(said);
        }
        decodes.map(|()| said)
    })
}

/// What is none is refused by its version.
fn is_recent_ffmpeg(said: &Output) -> bool {
    Version::from_banner(&said.stderr).is_some_and(|version| version.is_recent())
}

fn ask(path: &Path, confinement: Confinement) -> Result<Output, String> {
    let mut command = Command::new(path);
    command.arg("-decoders").env_clear();
    let said = brief::confined_output(&mut command, confinement, &[], PATIENCE)
        .map_err(|error| error.to_string())?;
    if !said.success {
        return Err("it fails when asked for its decoders".to_owned());
    }
    Ok(said)
}

/// The second column of ffmpeg's lists is the name.
fn names(list: &str) -> HashSet<String> {
    list.lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .map(str::to_owned)
        .collect()
}
