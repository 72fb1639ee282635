//! Five pictures of clips in containers of all kinds over HTTP, where each request waits 30 ms: which
//! way each goes, and how much of it is fetched.

use crate::machine::Machine;
use crate::series::{Turns, turn_of};
use crate::subject::Subject;
use crate::{http, job, ours, say};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Name, extension, options and length, s: as much as gives some MB.
const CLIPS: [(&str, &str, &str, u32); 13] = [
    ("MPEG-TS, H.264", "ts", H264, 240),
    ("AVI, MPEG-4", "avi", "-c:v mpeg4 -b:v 1M -vtag XVID", 240),
    ("FLV, H.264", "flv", H264, 240),
    ("FLV, H.264, keyframes named", "key.flv", NAMED, 240),
    ("FLV, HEVC", "hevc.flv", HEVC, 60),
    (
        "MPEG-PS, MPEG-1",
        "mpeg1.mpg",
        "-c:v mpeg1video -b:v 1M",
        240,
    ),
    ("MPEG-PS, MPEG-2", "mpg", "-c:v mpeg2video -b:v 1M", 240),
    ("ASF, WMV 2", "wmv", "-c:v wmv2 -b:v 1M", 240),
    ("Ogg, Theora", "ogv", "-c:v libtheora -b:v 1M", 240),
    ("MXF, MPEG-2", "mxf", "-c:v mpeg2video -b:v 4M", 60),
    ("Matroska, FFV1", "ffv1.mkv", "-c:v ffv1", 20),
    ("Matroska, DNxHR", "dnxhr.mkv", DNXHR, 20),
    ("Matroska, CineForm", "cfhd.mkv", CINEFORM, 20),
];
const H264: &str = "-c:v libx264 -preset veryfast -b:v 1M -g 60";
const NAMED: &str = "-c:v libx264 -preset veryfast -b:v 1M -g 60 -flvflags add_keyframe_index";
const HEVC: &str = "-c:v libx265 -preset ultrafast -b:v 1M -x265-params log-level=none";
const DNXHR: &str = "-c:v dnxhd -profile:v dnxhr_lb -pix_fmt yuv422p";
const CINEFORM: &str = "-c:v cfhd -pix_fmt yuv422p10le";

pub(crate) fn run(machine: &Machine) {
    println!("\n| 5 pictures over HTTP | MB, file | way | requests | % of its bytes | wall, s |");
    println!("|---|---|---|---|---|---|");
    for clip in &CLIPS {
        println!("{}", row(machine, clip));
    }
}

fn row(machine: &Machine, clip: &(&str, &str, &str, u32)) -> String {
    let (name, ..) = *clip;
    say(name);
    let Some(path) = made(machine, clip) else {
        return format!("| {name} | no encoder |||||");
    };
    let megabytes = path.metadata().unwrap().len() as f64 / 1e6;
    let url = http::serve(path.clone());
    let subject = Subject::video(&path, machine);
    let times = job::spread(5, subject.duration_ms);
    let job = job::alone("containers", subject, &times, 640);
    let mut turns = Turns::default();
    turn_of(&job, &mut turns, |out| {
        Some(ours::work_of(&url, &job, machine, out, &[]))
    });
    let wall_s = turns.median(|cost| cost.wall_s).unwrap_or_default();
    match (&turns.trouble, &turns.told) {
        (None, Some(told)) => {
            let (bytes, requests) = told.fetched;
            let percent = bytes as f64 / 1e4 / megabytes;
            let way = &told.path;
            format!("| {name} | {megabytes:.1} | {way} | {requests} | {percent:.1} | {wall_s:.1} |")
        }
        (trouble, _) => format!("| {name} | {megabytes:.1} | {trouble:?} ||||"),
    }
}

/// The clip, made now if it is not there.
fn made(
    machine: &Machine,
    &(_, extension, options, seconds): &(&str, &str, &str, u32),
) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers-clips");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("containers.{extension}"));
    if !path.exists() {
        let part = folder.join(format!("part.{extension}"));
        let mut command = Command::new(&machine.ffmpeg.path);
        command.args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i"]);
        command.arg(format!(
            "testsrc2=size=640x360:rate=30:duration={seconds},noise=alls=4:allf=t"
        ));
        command
            .args(["-pix_fmt", "yuv420p"])
            .args(options.split(' '));
        if !command.arg(&part).status().unwrap().success() {
            return None;
        }
        std::fs::rename(part, &path).unwrap();
    }
    Some(path.canonicalize().unwrap())
}
