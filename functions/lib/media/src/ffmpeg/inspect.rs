//! Asks a program whether it is an ffmpeg that will do.

use super::version::Version;
use super::{Ffmpeg, Origin};
use crate::process::brief;
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
const PATIENCE: Duration = Duration::from_secs(20);

/// The ffmpeg at `path`, or why it will not do.
pub(super) fn inspect(path: &Path, origin: Origin) -> Result<Ffmpeg, String> {
    let banner = ask(path, "-version")?;
    let version = Version::from_banner(&banner).ok_or("it is no ffmpeg")?;
    if !version.is_recent() {
        return Err(format!("it is ffmpeg {version}; 5.1 or newer is needed"));
    }
    let have = names(&ask(path, "-decoders")?);
    let missing = DECODERS
        .iter()
        .find(|row| !row.iter().any(|name| have.contains(*name)));
    if let Some(row) = missing {
        return Err(format!("ffmpeg {version} there has no decoder {}", row[0]));
    }
    Ok(Ffmpeg {
        path: path.to_owned(),
        version,
        origin,
    })
}

fn ask(path: &Path, what: &str) -> Result<String, String> {
    let mut command = Command::new(path);
    command.args(["-hide_banner", what]).env_clear();
    let said = brief::output(&mut command, PATIENCE).map_err(|error| error.to_string())?;
    if !said.success {
        return Err(format!("it fails when asked for {what}"));
    }
    Ok(said.stdout)
}

/// The second column of ffmpeg's lists is the name.
fn names(list: &str) -> HashSet<String> {
    list.lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .map(str::to_owned)
        .collect()
}
