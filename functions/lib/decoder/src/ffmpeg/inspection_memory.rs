//! What a program was found to be able to do, kept between runs.
//!
//! Two questions to an ffmpeg, and the checksum of one that is kept in the cache, cost as much as
//! a whole picture. The answers hold for as long as the program is the same file, this program is
//! the same one, and the system gives a sandbox what it gave then. A day later it is asked anew:
//! a program may hand on to others that we don't see, such as its libraries.

use super::owner;
use super::private_folder::PrivateFolder;
use super::version::Version;
use crate::process::sandbox::Sandbox;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::NamedTempFile;

/// How long an answer holds.
const HOLDS_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// A file that was changed this short a time ago may be changed again without another time of
/// change.
const SETTLED_AFTER: Duration = Duration::from_secs(2);

/// What of the system decides how much of a sandbox holds, beside its boot: rights of this
/// process, and what users may do.
const HOST_FACTS: [&str; 7] = [
    "/proc/sys/kernel/random/boot_id",
    "/proc/self/uid_map",
    "/proc/self/gid_map",
    "/proc/self/attr/current",
    "/proc/sys/user/max_user_namespaces",
    "/proc/sys/kernel/unprivileged_userns_clone",
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
];

/// The rows of `/proc/self/status` that do so too.
const STATUS_FACTS: [&str; 6] = [
    "Uid:",
    "CapEff:",
    "CapBnd:",
    "NoNewPrivs:",
    "Seccomp:",
    "Seccomp_filters:",
];

/// The folder with one file for each program that was asked and each program of ours that did; none
/// where there is no cache.
#[derive(Debug)]
pub(super) struct InspectionMemory {
    folder: Option<PrivateFolder>,
    settled_after: Duration,
}

/// What is kept of one program.
#[derive(Debug, Serialize, Deserialize)]
struct InspectionRecord {
    /// Of all that must not have changed.
    identity: String,
    inspected_at_unix_s: u64,
    /// Of the program's bytes, in hex, where that was looked at.
    sha256: Option<String>,
    version: Version,
    sandbox: Sandbox,
}

impl InspectionMemory {
    pub(super) fn of(folder: Option<PrivateFolder>) -> Self {
        Self {
            folder,
            settled_after: SETTLED_AFTER,
        }
    }

    /// What was found out about the program at `path`, whose bytes had this checksum then if one
    /// is asked for. None where that may no longer hold.
    pub(super) fn recall(&self, path: &Path, sha256: Option<&str>) -> Option<(Version, Sandbox)> {
        let file = self.record_of(path)?;
        owner::check(file.parent()?).ok()?;
        owner::check(&file).ok()?;
        let record: InspectionRecord = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        let age = unix_time()?.checked_sub(Duration::from_secs(record.inspected_at_unix_s))?;
        let is_same = record.identity == self.identity(path)?;
        let has_checksum = sha256.is_none() || sha256 == record.sha256.as_deref();
        (age < HOLDS_FOR && is_same && has_checksum).then_some((record.version, record.sandbox))
    }

    /// Keeps it for later runs. They ask anew where that fails.
    pub(super) fn keep(&self, path: &Path, sha256: Option<&str>, found: (&Version, Sandbox)) {
        // No word of it: nothing is worse for the user than before.
        let _ = self.try_keep(path, sha256, found);
    }

    fn try_keep(
        &self,
        path: &Path,
        sha256: Option<&str>,
        (version, sandbox): (&Version, Sandbox),
    ) -> Option<()> {
        self.folder.as_ref()?.make().ok()?;
        let record = InspectionRecord {
            identity: self.identity(path)?,
            inspected_at_unix_s: unix_time()?.as_secs(),
            sha256: sha256.map(str::to_owned),
            version: version.clone(),
            sandbox,
        };
        let file = self.record_of(path)?;
        // In one step: other processes read it meanwhile. Its mode is 600.
        let new = NamedTempFile::new_in(file.parent()?).ok()?;
        serde_json::to_writer(new.as_file(), &record).ok()?;
        new.persist(file).ok().map(|_| ())
    }

    fn record_of(&self, path: &Path) -> Option<PathBuf> {
        self.record_by(&std::env::current_exe().ok()?, path)
    }

    /// What the program `own` keeps of the one at `path`. Another build of ours that runs meanwhile
    /// lies elsewhere and has a record of its own: in one for both, each would find the other's, and
    /// ask anew. The next version in the same place takes over the one of the last.
    fn record_by(&self, own: &Path, path: &Path) -> Option<PathBuf> {
        let mut places = Sha256::new();
        for place in [own, path] {
            places.update(place.as_os_str().as_bytes());
            // No path has this in it.
            places.update([0]);
        }
        let name = hex::encode(&places.finalize()[..8]);
        let folder = self.folder.as_ref()?.path();
        Some(folder.join(format!("inspected-{name}.json")))
    }

    /// Of the program, of this one, and of what the system gives a sandbox. None where the program
    /// can't be told from what it may be in a moment.
    fn identity(&self, path: &Path) -> Option<String> {
        let program = fs::metadata(path).ok()?;
        let changed_at = Duration::from_secs(u64::try_from(program.ctime()).ok()?);
        if unix_time()?.checked_sub(changed_at)? < self.settled_after {
            return None;
        }
        let own = fs::metadata(std::env::current_exe().ok()?).ok()?;
        let mut facts = Sha256::new();
        for file in [&program, &own] {
            facts.update(file_facts(file));
        }
        for fact in HOST_FACTS {
            // One that this system does not have is a fact too.
            let bytes = fs::read(fact).unwrap_or_default();
            facts.update(bytes.len().to_le_bytes());
            facts.update(bytes);
        }
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let rights = status.lines().filter(|line| {
            let mut rows = STATUS_FACTS.iter();
            rows.any(|row| line.starts_with(row))
        });
        rights.for_each(|line| facts.update(line));
        facts.update(
            fs::read_link("/proc/self/ns/user")
                .ok()?
                .as_os_str()
                .as_bytes(),
        );
        Some(hex::encode(facts.finalize()))
    }
}

/// Whoever changes a file changes one of these; the time of the last change (ctime) is the
/// kernel's alone to set.
fn file_facts(file: &Metadata) -> String {
    format!(
        "{} {} {} {} {} {} {} {} {};",
        file.dev(),
        file.ino(),
        file.size(),
        file.mode(),
        file.uid(),
        file.mtime(),
        file.mtime_nsec(),
        file.ctime(),
        file.ctime_nsec()
    )
}

fn unix_time() -> Option<Duration> {
    SystemTime::now().duration_since(UNIX_EPOCH).ok()
}

#[cfg(test)]
mod tests {
    use super::super::Origin;
    use super::super::inspect::inspect;
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;
    use tempfile::TempDir;

    /// A program that leaves an empty file when it is started.
    struct CountedProgram {
        folder: TempDir,
        memory: InspectionMemory,
    }

    impl CountedProgram {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let memory = InspectionMemory {
                folder: Some(PrivateFolder::in_cache(folder.path())),
                settled_after: Duration::ZERO,
            };
            let program = Self { folder, memory };
            program.write("6.0");
            program
        }

        fn write(&self, version: &str) {
            let runs = self.runs_file();
            let body = format!(
                "#!/bin/sh\n: >{}\necho 'ffmpeg version {version} Copyright' >&2\n\
                 case \"$*\" in *framecrc*) echo 384, 0xa402b53e; exit;; esac\n\
                 for d in h264 hevc vp9 vp8 libdav1d mpeg4 mpeg2video; do echo \" V $d\"; done\n",
                runs.display()
            );
            fs::write(self.path(), body).unwrap();
            fs::set_permissions(self.path(), Permissions::from_mode(0o755)).unwrap();
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join("ffmpeg")
        }

        fn runs_file(&self) -> PathBuf {
            self.folder.path().join("runs")
        }

        fn record(&self) -> PathBuf {
            self.memory.record_of(&self.path()).unwrap()
        }

        /// Its version, and whether it was started for that.
        fn inspect(&self) -> (String, bool) {
            let _ = fs::remove_file(self.runs_file());
            let found = inspect(&self.path(), Origin::Given, &self.memory).unwrap();
            assert_eq!(found.path, self.path());
            (found.version.to_string(), self.runs_file().exists())
        }
    }

    #[test]
    fn a_program_is_asked_once_for_as_long_as_it_is_the_same() {
        let program = CountedProgram::new();
        assert_eq!(program.inspect(), ("6.0".to_owned(), true));
        assert_eq!(program.inspect(), ("6.0".to_owned(), false));
        program.write("6.1");
        assert_eq!(program.inspect(), ("6.1".to_owned(), true));
        assert_eq!(program.inspect(), ("6.1".to_owned(), false));
        fs::set_permissions(program.path(), Permissions::from_mode(0o700)).unwrap();
        assert!(program.inspect().1, "its rights are others");
    }

    #[test]
    fn an_answer_of_yesterday_of_others_or_of_no_form_is_not_taken() {
        let program = CountedProgram::new();
        program.inspect();
        let record = fs::read_to_string(program.record()).unwrap();
        let mut old: InspectionRecord = serde_json::from_str(&record).unwrap();
        old.inspected_at_unix_s -= HOLDS_FOR.as_secs() + 1;
        fs::write(program.record(), serde_json::to_string(&old).unwrap()).unwrap();
        assert!(program.inspect().1);
        old.inspected_at_unix_s += 2 * HOLDS_FOR.as_secs();
        fs::write(program.record(), serde_json::to_string(&old).unwrap()).unwrap();
        assert!(program.inspect().1, "a clock that was set back");
        assert!(!program.inspect().1);
        fs::set_permissions(program.record(), Permissions::from_mode(0o622)).unwrap();
        assert!(program.inspect().1);
        fs::write(program.record(), "{}").unwrap();
        assert!(program.inspect().1);
    }

    #[test]
    fn bytes_that_were_not_looked_at_vouch_for_no_checksum() {
        let program = CountedProgram::new();
        program.inspect();
        let recall = |sum| program.memory.recall(&program.path(), sum).is_some();
        assert!(recall(None) && !recall(Some("ab")));
        let (version, sandbox) = program.memory.recall(&program.path(), None).unwrap();
        let found = (&version, sandbox);
        program.memory.keep(&program.path(), Some("ab"), found);
        assert!(recall(Some("ab")) && !recall(Some("cd")));
    }

    #[test]
    fn two_builds_of_this_program_keep_their_answers_apart() {
        let program = CountedProgram::new();
        let record = |own: &str| program.memory.record_by(own.as_ref(), &program.path());
        assert_eq!(record("/opt/a"), record("/opt/a"));
        assert_ne!(record("/opt/a"), record("/opt/b"));
        program.inspect();
        fs::write(record("/opt/b").unwrap(), "{}").unwrap();
        assert!(!program.inspect().1, "what the other one wrote is its own");
    }

    #[test]
    fn one_that_was_written_a_moment_ago_is_asked_again() {
        let mut program = CountedProgram::new();
        program.memory.settled_after = Duration::from_secs(3600);
        assert!(program.inspect().1 && program.inspect().1);
    }
}
