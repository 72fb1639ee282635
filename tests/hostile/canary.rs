use std::fs;
use support::canary::Canary;

#[test]
fn who_reads_the_canary_is_noticed() {
    // One of its own: the other is watched by other tests meanwhile.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("canary");
    fs::write(&path, "canary\n").unwrap();
    let canary = Canary::at(&path);
    fs::write(&path, "written\n").unwrap();
    assert!(!canary.is_touched());
    drop(fs::File::open(&path).unwrap());
    assert!(canary.is_touched(), "opened");
    fs::read(&path).unwrap();
    assert!(canary.is_touched(), "read");
}
