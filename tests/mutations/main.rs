//! Files that are broken in ways nobody thought of: every one ends in true pictures or in a code,
//! and nothing of it is left.
//!
//! What is fed: the malformed and the synthetic files of the corpus, and 2,000
//! mutations (flipped bits, files cut short; always the same ones) of small numbered clips in every
//! container that ffmpeg writes for us.
//!
//! What is held against each: a job succeeds or fails with a code; nothing panics; no process, file
//! or folder is left; the pictures of a success are JPEGs of the size the manifest tells. Of every
//! fifth success of a mutated clip each picture is looked for among the frames that the same ffmpeg
//! gives of the same file when it is left to itself, as far as that comes: a file's frames may be
//! damaged, but they are what its coded bytes give. Damaged VP8 is left out of that: ffmpeg's decoder
//! shows what its memory held before, other pixels at each run. That of MPEG-2 does so now and then,
//! and some containers are written with random ids, so that the same damage hits otherwise: of those
//! compared 98 in 100 have to be true, and each that is not is printed. That a picture is the frame of
//! the time asked for is not asked here: a file whose index is broken may tell any times.
//! `MUTATIONS_KEPT` names a folder for the files of which something was wrong.
//! Afterwards a whole clip gives exactly its own frames, still.

mod clips;
mod damage;
mod files;
mod job;
mod mutate;
mod plain;
mod remains;
mod table;

use files::{File, Kind};
use job::{Ending, run};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use support::clips::ffmpegs;
use table::Table;

/// As many at a time as jobs of a small machine.
const AT_ONCE: usize = 2;
/// Of so many successes on mutated clips one is compared with plain decoding.
const COMPARED: usize = 5;
/// After so many files a whole clip must still give its frames.
const PROBED: usize = 250;
/// For files of a few seconds; what takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);
/// Of this process, the two jobs in it and all it has in mind.
const MOST_MEMORY: u64 = 1 << 30;

/// Held by each test of this process while it runs: some look at all the files and processes that
/// it leaves, so that those of another test would be taken for theirs.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    lock(&TURN)
}

#[test]
fn every_mutation_ends_in_true_pictures_or_a_code_and_leaves_nothing() {
    hold(&files::mutations(&ffmpegs()[0]));
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn every_file_of_the_corpus_ends_in_pictures_or_a_code_and_leaves_nothing() {
    hold(&files::corpus());
}

/// Where jobs put what they put anywhere, from the first call on. The folder stays, since all that
/// this process makes later lies in it as well.
fn temporary_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap().keep();
        tempfile::env::override_temp_dir(&folder).unwrap();
        folder
    })
}

/// Runs a job on each of `files`.
fn hold(files: &[File]) {
    let _turn = turn();
    let scratch = tempfile::tempdir_in(std::env::temp_dir()).unwrap();
    let ffmpegs = ffmpegs();
    let whole = clips::whole(&ffmpegs[0]);
    let jobs = temporary_folder();
    let (next, table, wrong) = (
        AtomicUsize::new(0),
        Mutex::new(Table::default()),
        Mutex::new(Vec::new()),
    );
    std::thread::scope(|scope| {
        for worker in 0..AT_ONCE {
            let (next, table, wrong) = (&next, &table, &wrong);
            let (own, ffmpegs, whole) = (scratch.path().join(worker.to_string()), &ffmpegs, &whole);
            scope.spawn(move || {
                while let Some((nth, file)) = take(next, files) {
                    let found = one(nth, file, &own, ffmpegs, table);
                    lock(wrong).extend(found);
                    if nth.is_multiple_of(PROBED) {
                        let ffmpeg = &ffmpegs[nth / PROBED % ffmpegs.len()];
                        lock(wrong).extend(job::is_exact(ffmpeg, whole).err());
                    }
                }
            });
        }
    });
    let mut wrong: Vec<String> = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    wrong.extend(remains::of_jobs(jobs));
    wrong.extend(remains::memory_over(MOST_MEMORY));
    let table = table.into_inner().unwrap();
    eprintln!("{table}");
    remains::clear(jobs);
    let (compared, are_true) = table.compared();
    if are_true * 100 < compared * 98 {
        wrong.push(format!("{are_true} of {compared} are true"));
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take<'a>(next: &AtomicUsize, files: &'a [File]) -> Option<(usize, &'a File)> {
    let nth = next.fetch_add(1, Ordering::Relaxed);
    files.get(nth).map(|file| (nth, file))
}

/// Spread over all clips and all kinds of damage.
fn is_compared(nth: usize) -> bool {
    (nth.wrapping_mul(0x9e37_79b1) & 0xffff_ffff) < (1 << 32) / COMPARED
}

/// Runs a job on one file and says what is wrong with how it ended.
fn one(
    nth: usize,
    file: &File,
    folder: &Path,
    ffmpegs: &[decoder::Ffmpeg],
    table: &Mutex<Table>,
) -> Vec<String> {
    let path = file.write(folder);
    // The newest is what most use, and starts sooner.
    let ffmpeg = if nth.is_multiple_of(4) {
        &ffmpegs[0]
    } else {
        &ffmpegs[ffmpegs.len() - 1]
    };
    let begun = Instant::now();
    let ending = run(ffmpeg, &path, nth);
    let took = begun.elapsed();
    let name = format!("{} with {}", file.name, ffmpeg.version);
    let mut wrong = Vec::new();
    if took > PATIENCE {
        wrong.push(format!("{name}: took {took:?}"));
    }
    let mut compared = None;
    match &ending {
        Ending::Wrong(what) => wrong.push(format!("{name}: {what}")),
        Ending::Pictures(pictures) if file.is_comparable() && is_compared(nth) => {
            let missed = file.compare(ffmpeg, &path, pictures);
            compared = Some(missed.is_empty());
            for what in missed {
                eprintln!("{name}: {what}");
            }
        }
        _ => {}
    }
    if file.kind == Kind::Mutation {
        let is_odd = !wrong.is_empty() || compared == Some(false);
        if let Some(kept) = std::env::var_os("MUTATIONS_KEPT").filter(|_| is_odd) {
            std::fs::copy(&path, Path::new(&kept).join(&file.name)).unwrap();
        }
        std::fs::remove_file(&path).unwrap();
    }
    lock(table).note(&file.row, &ending, took, compared);
    wrong
}
