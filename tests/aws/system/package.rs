//! What `sam build` would make of the template, of the programs that were built beside the suite.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const SUBMIT: &str = env!("CARGO_BIN_EXE_submit-under-test");
const WORKER: &str = env!("CARGO_BIN_EXE_worker-under-test");
const NOTIFY: &str = env!("CARGO_BIN_EXE_notify-under-test");
const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml");

/// Where code and layer are, and what means the same to AWS: the emulator evaluates no Fn::Join in a
/// condition, and has the name of a secret where AWS has its ARN.
const CHANGED: [(&str, &str); 7] = [
    ("CodeUri: functions/submit", "CodeUri: submit"),
    ("CodeUri: functions/worker", "CodeUri: worker"),
    ("CodeUri: functions/notify", "CodeUri: notify"),
    ("ContentUri: functions/ffmpeg-layer", "ContentUri: layer"),
    (
        "!Join [\"\", !Ref SourceBuckets]",
        "!Select [0, !Ref SourceBuckets]",
    ),
    (
        "!Join [\"\", !Ref SourceKeyArns]",
        "!Select [0, !Ref SourceKeyArns]",
    ),
    (", !Ref Keys]", ", !GetAtt Keys.Id]"),
];

/// The stack of release 0.1.0, with functions that never start: its programs are no more.
pub(crate) fn package_of_0_1_0(folder: &Path) -> PathBuf {
    let template = include_str!("template-0.1.0.yaml");
    let built = CHANGED
        .iter()
        .fold(template.to_owned(), |built, (source, to)| {
            built.replace(source, to)
        });
    for name in ["submit", "worker", "layer"] {
        fs::create_dir_all(folder.join(name)).unwrap();
        write_start(&folder.join(name), "#!/bin/sh\nexit 1\n");
    }
    let path = folder.join("template.yaml");
    fs::write(&path, built).unwrap();
    path
}

/// The template in a folder with all that it names. Nothing else is changed.
pub(crate) fn package(folder: &Path) -> PathBuf {
    let mut built = fs::read_to_string(TEMPLATE).unwrap();
    for (source, to) in CHANGED {
        assert!(built.contains(source), "no {source}");
        built = built.replace(source, to);
    }
    copy(Path::new(SUBMIT), &folder.join("submit/bootstrap"));
    copy(Path::new(NOTIFY), &folder.join("notify/notify"));
    copy(Path::new(WORKER), &folder.join("worker/worker"));
    let ffmpeg = folder.join("layer/bin/ffmpeg");
    fs::create_dir_all(ffmpeg.parent().unwrap()).unwrap();
    fs::copy(cloud::stack::ffmpeg().path, &ffmpeg).unwrap();
    write_start(&folder.join("worker"), &worker_start(folder, &ffmpeg));
    // Without what the emulator itself was told, which it hands on.
    let notify = "#!/bin/sh\nunset AUTH\nexec \"${0%/*}/notify\"\n";
    write_start(&folder.join("notify"), notify);
    let path = folder.join("template.yaml");
    fs::write(&path, built).unwrap();
    path
}

/// Without what only debuggers read: packages have a largest size.
fn copy(program: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    let stripped = Command::new("strip")
        .arg("-o")
        .arg(to)
        .arg(program)
        .status();
    if !stripped.is_ok_and(|status| status.success()) {
        fs::copy(program, to).unwrap();
    }
}

/// What Lambda gives each environment and the emulator does not: the layer, and a `/tmp` of its
/// own; and without what the emulator itself was told, which it hands on.
fn worker_start(folder: &Path, ffmpeg: &Path) -> String {
    let scratch = folder.join("scratch");
    fs::create_dir_all(&scratch).unwrap();
    let (scratch, ffmpeg) = (scratch.display(), ffmpeg.display());
    format!(
        "#!/bin/sh\n\
         TMPDIR=$(mktemp -d {scratch}/XXXXXX)/vod-snapshot\n\
         unset AUTH\n\
         export TMPDIR VOD_SNAPSHOT_FFMPEG={ffmpeg}\n\
         exec \"${{0%/*}}/worker\"\n"
    )
}

fn write_start(package: &Path, script: &str) {
    let start = package.join("bootstrap");
    fs::write(&start, script).unwrap();
    fs::set_permissions(&start, fs::Permissions::from_mode(0o755)).unwrap();
}
