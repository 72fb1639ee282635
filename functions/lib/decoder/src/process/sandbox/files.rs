//! The files a decoder may open: Landlock, since Linux 5.13.

use super::reach::NeededFiles;
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetError, Scope,
};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

/// Rules that let a program open what is within `reach`, start, and do nothing else.
pub(super) fn rules(reach: &NeededFiles<'_>) -> io::Result<OwnedFd> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let start = AccessFs::ReadFile | AccessFs::Execute;
    let mut rules = empty().map_err(io::Error::other)?;
    for folder in &reach.libraries {
        rules = allow(rules, folder, read)?;
    }
    rules = allow(rules, reach.program, start)?;
    if let Some(loader) = &reach.loader {
        rules = allow(rules, loader, start)?;
    }
    if let Some(input) = reach.input {
        let rule = PathBeneath::new(input, AccessFs::ReadFile);
        rules = rules.add_rule(rule).map_err(io::Error::other)?;
    }
    let handle: Option<OwnedFd> = rules.into();
    handle.ok_or_else(|| io::Error::other("this system has no Landlock"))
}

/// Newer kernels can refuse more; what this one does not know is left out.
fn empty() -> Result<RulesetCreated, RulesetError> {
    Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V4))?
        .scope(Scope::from_all(ABI::V6))?
        .create()
}

/// What is not there needs no rule.
fn allow(
    rules: RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> io::Result<RulesetCreated> {
    let Ok(opened) = PathFd::new(path) else {
        return Ok(rules);
    };
    let access = match path.is_dir() {
        true => access,
        false => access & AccessFs::from_file(ABI::V5),
    };
    rules
        .add_rule(PathBeneath::new(opened, access))
        .map_err(io::Error::other)
}
