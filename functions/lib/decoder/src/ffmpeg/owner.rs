//! Whether others may write where a program lies that is going to be run.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

const GROUP_AND_OTHERS: u32 = 0o022;
const OTHERS: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Stands for every user whom a user namespace does not know.
const NOBODY: u32 = 65_534;

/// `path` itself belongs to this user or to root, nobody else may write it, and it is what it
/// seems to be.
pub(super) fn check(path: &Path) -> Result<(), String> {
    let seen = fs::symlink_metadata(path).map_err(|error| refusal(path, &error))?;
    if seen.is_symlink() {
        return Err(format!("{} is a symbolic link", path.display()));
    }
    check_user(path, &seen)?;
    check_mode(path, &seen, GROUP_AND_OTHERS)
}

/// The same of our own folder, which an older program made as wide as the umask let it: what lies
/// in it is looked at by itself.
pub(super) fn keep_others_out(folder: &Path) -> Result<(), String> {
    let seen = fs::symlink_metadata(folder).map_err(|error| refusal(folder, &error))?;
    check_user(folder, &seen)?;
    if check_mode(folder, &seen, GROUP_AND_OTHERS).is_err() {
        let ours_alone = fs::Permissions::from_mode(0o700);
        fs::set_permissions(folder, ours_alone).map_err(|error| refusal(folder, &error))?;
    }
    check(folder)
}

/// Nobody else can put another folder into the place of `folder`, which has no symlinks.
pub(super) fn check_way_to(folder: &Path) -> Result<(), String> {
    for above in folder.ancestors().skip(1) {
        let seen = fs::metadata(above).map_err(|error| refusal(above, &error))?;
        // In a container without root, folders of the machine are nobody's that is in there.
        if seen.uid() != NOBODY {
            check_user(above, &seen)?;
        }
        // In a sticky folder such as /tmp others can't rename what is ours.
        if seen.mode() & STICKY == 0 {
            check_mode(above, &seen, OTHERS)?;
        }
    }
    Ok(())
}

/// Nobody but its owner's group may write `program` or exchange it.
pub(super) fn check_found(program: &Path) -> Result<(), String> {
    for path in [Some(program), program.parent()].into_iter().flatten() {
        let seen = fs::metadata(path).map_err(|error| refusal(path, &error))?;
        check_mode(path, &seen, OTHERS)?;
    }
    Ok(())
}

fn check_user(path: &Path, seen: &Metadata) -> Result<(), String> {
    let us = rustix::process::geteuid().as_raw();
    if [us, 0].contains(&seen.uid()) {
        return Ok(());
    }
    Err(format!("{} belongs to another user", path.display()))
}

fn check_mode(path: &Path, seen: &Metadata, writers: u32) -> Result<(), String> {
    let mode = seen.mode() & 0o7777;
    if mode & writers == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(format!("{path} may be written by others (mode {mode:03o})"))
}

fn refusal(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::symlink;

    #[test]
    fn what_others_may_write_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("f"), folder.path().join("l"));
        fs::write(&file, "").unwrap();
        symlink(&file, &link).unwrap();
        let set = |mode| fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        set(0o755);
        assert_eq!(check(&file), Ok(()));
        assert_eq!(check_found(&file), Ok(()));
        assert!(check(&link).unwrap_err().contains("symbolic link"));
        set(0o775);
        assert!(check(&file).unwrap_err().contains("mode 775"));
        assert_eq!(check_found(&file), Ok(()), "a group of administrators");
        set(0o757);
        assert!(check_found(&file).unwrap_err().contains("mode 757"));
    }

    #[test]
    fn a_folder_that_others_can_exchange_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let cache = folder.join("cache");
        assert_eq!(check_way_to(&cache), Ok(()));
        fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
        assert!(check_way_to(&cache).is_err());
        fs::set_permissions(&folder, Permissions::from_mode(0o1777)).unwrap();
        assert_eq!(check_way_to(&cache), Ok(()));
    }

    #[test]
    fn another_user_s_file_is_refused() {
        // Only root can make one.
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("f");
        fs::write(&file, "").unwrap();
        if std::os::unix::fs::chown(&file, Some(65_534), None).is_ok() {
            assert!(check(&file).unwrap_err().contains("another user"));
        }
    }
}
