//! A trial in the sandbox: whether a tiny clip decodes there.
//!
//! A build that needs a system call off the list would fail at its first video otherwise, and
//! nothing would tell why: it is refused without a word.

use crate::process::query;
use crate::process::sandbox::RefusedCalls;
use crate::process::sandbox::Sandbox;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A first start from a slow disk takes a while; a program that hangs is none of ours.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// H.264, 16x16, one picture, in a fragmented MP4.
const CLIP: &[u8] = include_bytes!("clip.mp4");

/// The end of what `framecrc` says of its picture: its bytes and their checksum.
const PICTURE: &str = "384, 0xa402b53e";

/// As decoders are fed in earnest, but for the form of the outcome; then once more through every
/// filter that pictures and frames go through, and those of packets: a build may lack some.
const ARGUMENTS: &str = "-nostdin -hide_banner -nostats -v error -threads 1 -f mp4 -i pipe:0 \
    -map 0:0 -filter_threads 1 -f framecrc pipe:1 \
    -map 0:0 -filter_threads 1 -vf showinfo=checksum=0,pad=iw:2*ih,untile=1x2,\
estdif=mode=frame:deint=interlaced,select='not(mod(n,2))',setparams=range=tv,\
crop=16:16:0:0:exact=1,transpose=clock,hflip,vflip,rotate=0,scale=8:8,format=rgb24 -f null - \
    -map 0:0 -c copy -bsf:v h264_mp4toannexb,filter_units=pass_types=7,noise=drop=0,trace_headers -f null -";

/// Whether the ffmpeg at `path` decodes the clip under `sandbox`, or why it does not.
pub(super) fn decodes(path: &Path, sandbox: Sandbox) -> Result<(), String> {
    let mut command = command(path);
    let output = query::confined_output(&mut command, sandbox, CLIP, PATIENCE)
        .map_err(|error| error.to_string())?;
    if output.success && output.stdout.trim_end().ends_with(PICTURE) {
        return Ok(());
    }
    // The cause; what follows says that nothing came of it.
    let first = output.stderr.lines().next().unwrap_or("no message").trim();
    let mut reason = format!("it does not decode a clip of 16x16 pixels: {first}");
    if sandbox.calls
        && let Some(refused) = refused(path)
    {
        reason.push_str(&refused);
    }
    Err(reason)
}

/// Which calls off the list it makes meanwhile.
fn refused(path: &Path) -> Option<String> {
    let mut command = command(path);
    let refusals = RefusedCalls::of(&mut command).ok()?;
    let child = query::start(&mut command, query::pipe_with(CLIP).ok()?).ok()?;
    let collecting = std::thread::spawn(|| refusals.collect());
    // Reaped here, which ends the other side.
    query::finish(child, PATIENCE).ok()?;
    let numbers = collecting.join().ok()?.ok()?;
    let numbers: Vec<_> = numbers.iter().map(i64::to_string).collect();
    (!numbers.is_empty()).then(|| {
        format!(
            "; the sandbox refuses it these {} system calls: {}",
            std::env::consts::ARCH,
            numbers.join(", ")
        )
    })
}

fn command(path: &Path) -> Command {
    let mut command = Command::new(path);
    command.args(ARGUMENTS.split_whitespace()).env_clear();
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    /// It fails where it gets no `eventfd2`, as a build with another library might.
    const PICKY: &str = "#include <stdio.h>\n#include <sys/eventfd.h>\n\
        int main() { if (eventfd(0, 0) < 0) { fputs(\"no eventfd\\n\", stderr); return 1; }\n\
        puts(\"0, 0, 0, 1, 384, 0xa402b53e\"); return 0; }\n";

    /// What `trace_headers` spells out is not said at this level; a filter that is not there is.
    #[test]
    fn a_filter_that_a_build_lacks_is_told_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("ffmpeg");
        let lacking = "#!/bin/sh\ncase \"$*\" in *estdif*trace_headers*) \
            echo \"[AVFilterGraph @ 0x55] No such filter: 'estdif'\" >&2; \
            echo 'Error opening output files: Filter not found' >&2; exit 8;; esac\n\
            echo 0, 0, 0, 1, 384, 0xa402b53e\n";
        std::fs::write(&program, lacking).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, mode).unwrap();
        let [.., worst] = Sandbox::LEVELS;
        let told = decodes(&program, worst).unwrap_err();
        assert!(told.contains("No such filter: 'estdif'"), "{told}");
    }

    #[test]
    fn a_call_that_a_build_lacks_is_told_by_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let (source, program) = (folder.path().join("p.c"), folder.path().join("p"));
        std::fs::write(&source, PICKY).unwrap();
        let mut cc = Command::new("cc");
        cc.arg("-o").args([&program, &source]);
        assert!(cc.status().unwrap().success());
        let [best, .., worst] = Sandbox::LEVELS;
        decodes(&program, worst).unwrap();
        let told = decodes(&program, best).unwrap_err();
        assert!(told.contains("16x16 pixels: no eventfd"), "{told}");
        let number = libc::SYS_eventfd2;
        let ending = format!("{} system calls: {number}", std::env::consts::ARCH);
        assert!(told.ends_with(&ending), "{told}");
    }
}
