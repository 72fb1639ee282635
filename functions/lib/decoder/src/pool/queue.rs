//! Who waits, and who is next.

use std::time::Duration;

#[derive(Debug, Default)]
pub(super) struct PoolState {
    /// Permits that are held.
    pub(super) running: usize,
    /// Of these, the ones of large work that cannot yield.
    staying: usize,
    waiting: Vec<Waiter>,
    next_number: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Waiter {
    pub(super) rank: Duration,
    /// Of equals the first one comes first.
    pub(super) number: u64,
    pub(super) is_large_and_stays: bool,
}

impl PoolState {
    pub(super) fn arrive(&mut self, waiter: Waiter) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.waiting.push(Waiter { number, ..waiter });
        number
    }

    pub(super) fn leave(&mut self, number: u64) {
        self.waiting.retain(|waiter| waiter.number != number);
    }

    /// How many permits the waiter gets now, if it is its turn.
    pub(super) fn grant(&mut self, number: u64, wanted: usize, size: usize) -> Option<usize> {
        let mut waiting = self.waiting.iter().copied();
        let me = waiting.find(|waiter| waiter.number == number)?;
        let next = self.next(size)?;
        let free = size.saturating_sub(self.running);
        if next.number != me.number || free == 0 {
            return None;
        }
        // Of what is left, everybody else who waits has one first.
        let others = self.waiting.len() - 1;
        let mut granted = wanted.min(free.saturating_sub(others).max(1));
        if me.is_large_and_stays {
            granted = granted.min(most_staying(size).saturating_sub(self.staying).max(1));
            self.staying += granted;
        }
        self.running += granted;
        self.leave(number);
        Some(granted)
    }

    pub(super) fn give_back(&mut self, is_large_and_stays: bool) {
        self.running = self.running.saturating_sub(1);
        if is_large_and_stays {
            self.staying = self.staying.saturating_sub(1);
        }
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.waiting.len()
    }

    /// Of those that could run if a permit were free.
    pub(super) fn best_rank(&self, size: usize) -> Option<Duration> {
        self.next(size).map(|waiter| waiter.rank)
    }

    fn next(&self, size: usize) -> Option<&Waiter> {
        let may_stay = self.staying < most_staying(size);
        let waiting = self.waiting.iter();
        let ready = waiting.filter(|waiter| may_stay || !waiter.is_large_and_stays);
        ready.min_by_key(|waiter| (waiter.rank, waiter.number))
    }
}

/// One permit is always within reach of small work.
fn most_staying(size: usize) -> usize {
    size.saturating_sub(1).max(1)
}
