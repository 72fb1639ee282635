//! A working folder and an environment that somebody else prepared for the installers.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
const SECRET: &str = "hunter2-of-the-operator";

/// Where the pinned build is kept.
const KEPT: &str = "cache/vod-snapshot/ffmpeg-9.0.2";

/// A folder in which somebody has laid traps, and a marker that each of them leaves.
struct Trap(TempDir);

impl Trap {
    fn new() -> Self {
        let trap = Self(TempDir::new().unwrap());
        for folder in ["work/pip", "work/bin", "elsewhere", "bin", "home", "cache"] {
            fs::create_dir_all(trap.path(folder)).unwrap();
        }
        let spring = format!(
            "import os\nopen({:?}, 'a').write(__file__ + os.environ.get('VOD_SNAPSHOT_KEYS', ''))\n",
            trap.path("sprung")
        );
        for file in [
            "work/pip/__init__.py",
            "work/pip/__main__.py",
            "work/sitecustomize.py",
            "work/usercustomize.py",
            "elsewhere/sitecustomize.py",
            "elsewhere/startup.py",
        ] {
            fs::write(trap.path(file), &spring).unwrap();
        }
        let marker = trap.path("sprung");
        for program in ["work/ffmpeg", "work/python3", "work/bin/ffmpeg"] {
            trap.script(program, &format!("echo {program} >> {}", marker.display()));
        }
        // The real one, that says what it is given.
        let log = trap.path("told");
        let real = Command::new("python3")
            .args(["-I", "-c", "import sys; print(sys.executable)"])
            .output()
            .unwrap();
        let real = String::from_utf8(real.stdout).unwrap();
        let script = format!(
            "{{ env; echo \"in $PWD: $(ls -A)\"; }} >> {}\nexec {} \"$@\"",
            log.display(),
            real.trim()
        );
        trap.script("bin/python3", &script);
        for tool in ["env", "ls", "sh"] {
            let found = ["/usr/bin", "/bin"].map(|folder| Path::new(folder).join(tool));
            let found = found.iter().find(|path| path.exists()).unwrap();
            symlink(found, trap.path("bin").join(tool)).unwrap();
        }
        trap
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn script(&self, name: &str, body: &str) {
        let path = self.path(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    }

    /// What in the cache is run in ffmpeg's place.
    fn plant(&self, mode: u32) {
        fs::create_dir_all(self.path(KEPT)).unwrap();
        let marker = self.path("sprung");
        let program = format!("{KEPT}/ffmpeg");
        self.script(&program, &format!("echo cache >> {}", marker.display()));
        fs::set_permissions(self.path(&program), Permissions::from_mode(mode)).unwrap();
    }

    /// Takes a picture of a video that is not there: by then the decoder was looked for.
    fn run(&self, path: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(PROGRAM);
        command
            .args(["snapshot", "no-video.mp4", "--count", "1", "--out", "out"])
            .args(arguments)
            .current_dir(self.path("work"))
            .env("PATH", path)
            .env("HOME", self.path("home"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("PYTHONPATH", self.path("elsewhere"))
            .env("PYTHONHOME", self.path("elsewhere"))
            .env("PYTHONSTARTUP", self.path("elsewhere/startup.py"))
            .env("VOD_SNAPSHOT_KEYS", format!("{{\"k\":\"{SECRET}\"}}"))
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            // No index: what counts here is what is run on the way to it.
            .env("PIP_NO_INDEX", "1")
            .env_remove("PIP_FIND_LINKS")
            .env_remove("VOD_SNAPSHOT_FFMPEG");
        command.output().unwrap()
    }

    fn assert_not_sprung(&self) {
        let sprung = fs::read_to_string(self.path("sprung"));
        assert!(sprung.is_err(), "was run: {sprung:?}");
    }
}

fn told(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// `python3 -m pip` ran ./pip/__main__.py, which could read VOD_SNAPSHOT_KEYS.
#[test]
fn pip_runs_nothing_of_the_working_folder_and_is_told_no_secret() {
    let trap = Trap::new();
    let path = format!(":.:bin:{}", trap.path("bin").display());
    let said = told(&trap.run(&path, &[]));
    assert!(said.contains("fetching a pinned ffmpeg by pip"), "{said}");
    assert!(said.contains("wheel: pip: "), "it was pip itself: {said}");
    trap.assert_not_sprung();
    let told = fs::read_to_string(trap.path("told")).unwrap();
    assert!(!told.contains(SECRET), "{told}");
    assert!(!told.contains("PYTHON"), "{told}");
    assert!(told.contains("PIP_NO_INDEX=1"), "{told}");
    let line = told.lines().find(|line| line.starts_with("in ")).unwrap();
    assert!(line.contains("/cache/vod-snapshot/.new-"), "{line}");
    assert!(line.ends_with("/empty: "), "{line}");
    let left = fs::read_dir(trap.path("cache/vod-snapshot")).unwrap();
    let left = left.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name != ".lock"
    });
    assert_eq!(left.count(), 0, "no scratch folder is left over");
}

#[test]
fn an_unpinned_build_is_not_asked_for_by_itself() {
    let trap = Trap::new();
    let path = trap.path("bin").display().to_string();
    let said = told(&trap.run(&path, &[]));
    assert!(!said.contains("unpinned"), "{said}");
    let said = told(&trap.run(&path, &["--ffmpeg-download", "off"]));
    assert!(said.contains("downloads are disabled"), "{said}");
    trap.assert_not_sprung();
}

#[test]
fn a_cached_decoder_that_is_not_what_was_pinned_is_not_run() {
    let trap = Trap::new();
    let path = trap.path("bin").display().to_string();
    let off = ["--ffmpeg-download", "off"];
    trap.plant(0o755);
    let said = told(&trap.run(&path, &off));
    assert!(said.contains("skipping the cached ffmpeg"), "{said}");
    assert!(said.contains("the program has the checksum"), "{said}");
    // It is fetched again where that is allowed.
    let said = told(&trap.run(&path, &[]));
    assert!(said.contains("fetching a pinned ffmpeg by pip"), "{said}");
    trap.plant(0o777);
    let said = told(&trap.run(&path, &off));
    assert!(said.contains("may be written by others"), "{said}");
    trap.assert_not_sprung();
}

#[test]
fn a_cache_of_another_user_is_not_used() {
    let trap = Trap::new();
    let path = trap.path("bin").display().to_string();
    trap.plant(0o755);
    let cache = trap.path("cache/vod-snapshot");
    // Only root can give it away; and what anybody may exchange is anybody's.
    let expected = match chown(&cache, Some(65_534), None) {
        Ok(()) => "belongs to another user",
        Err(_) => {
            let everybody = Permissions::from_mode(0o777);
            fs::set_permissions(trap.path("cache"), everybody).unwrap();
            "may be written by others"
        }
    };
    let said = told(&trap.run(&path, &[]));
    assert!(said.contains(expected), "{said}");
    assert!(!said.contains("by pip"), "nothing is put there: {said}");
    trap.assert_not_sprung();
}
