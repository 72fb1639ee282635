use super::*;
use std::sync::mpsc::channel;

const SMALL: PlannedWork = PlannedWork::LOOK;

fn large() -> PlannedWork {
    PlannedWork::of_frames(100_000, 1920 * 1080)
}

fn never() -> bool {
    false
}

fn taken(
    pool: &DecoderPool,
    wanted: usize,
    work: PlannedWork,
) -> (DecoderTurn, Vec<DecoderPermit>) {
    pool.take(wanted, work, Yielding::Possible, &never).unwrap()
}

/// Waits until so many wait.
fn until_waiting(pool: &DecoderPool, count: usize) {
    let shared = pool.0.as_ref().unwrap();
    while shared.lock().count() < count {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn there_are_never_more_than_there_may_be_and_one_piece_of_work_may_have_all() {
    let pool = DecoderPool::new(2);
    let (turn, permits) = taken(&pool, 8, large());
    assert_eq!(permits.len(), 2);
    let over = pool.take(1, SMALL, Yielding::Possible, &|| true);
    assert!(over.is_none(), "there is none left");
    drop(permits);
    assert_eq!(taken(&pool, 1, SMALL).1.len(), 1);
    assert!(!turn.is_over(), "nobody waits");
}

#[test]
fn small_work_passes_large_work_that_waits_and_large_work_gives_way() {
    let pool = DecoderPool::new(1);
    let (turn, first) = taken(&pool, 1, large());
    let (told, order) = channel();
    let mut threads = Vec::new();
    for (nth, (name, work)) in [("large", large()), ("small", SMALL)]
        .into_iter()
        .enumerate()
    {
        let (pool, told) = (pool.clone(), told.clone());
        let mine = pool.clone();
        threads.push(std::thread::spawn(move || {
            let (_, permits) = taken(&mine, 1, work);
            told.send(name).unwrap();
            drop(permits);
        }));
        until_waiting(&pool, nth + 1);
    }
    while !turn.is_over() {
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(first);
    assert_eq!(order.iter().take(2).collect::<Vec<_>>(), ["small", "large"]);
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn large_work_is_passed_for_a_bounded_time_only() {
    let early = large().rank(Duration::ZERO);
    assert!(early > SMALL.rank(Duration::from_secs(4)));
    assert!(early < SMALL.rank(Duration::from_secs(5)));
}

#[test]
fn work_that_cannot_give_way_leaves_one_permit_to_small_work() {
    let pool = DecoderPool::new(2);
    let stays = pool.take(2, large(), Yielding::Impossible, &never).unwrap();
    assert_eq!(stays.1.len(), 1);
    let more = pool.take(1, large(), Yielding::Impossible, &|| true);
    assert!(more.is_none());
    assert!(pool.take_one(SMALL, &never).is_some());
}

#[test]
fn a_thread_with_a_permit_needs_no_second_one() {
    let pool = DecoderPool::new(1);
    let (_, mut permits) = taken(&pool, 1, SMALL);
    let held = permits.pop().unwrap().hold();
    assert!(pool.take_one(SMALL, &|| true).is_some());
    release_held();
    assert_eq!(taken(&pool, 1, SMALL).1.len(), 1, "it was given back");
    drop(held);
    let first = pool.take_one(SMALL, &never);
    let second = pool.take_one(SMALL, &|| true);
    assert!(first.is_some() && second.is_some());
}

#[test]
fn who_was_passed_by_an_end_of_time_holds_up_nobody() {
    let pool = DecoderPool::new(1);
    let first = taken(&pool, 1, large());
    assert!(pool.take(1, SMALL, Yielding::Possible, &|| true).is_none());
    drop(first);
    assert_eq!(taken(&pool, 1, large()).1.len(), 1);
}
