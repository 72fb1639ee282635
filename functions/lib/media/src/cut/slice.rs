//! A part of an extraction: the groups that are decoded before its permits are given back.
//!
//! Where it ends is decided on the way. Workers take the groups in order, each its own; when the
//! turn is over, no group behind the last one that was begun is begun any more, and all before
//! that one are done: nothing that was decoded is lost.

use decoder::DecoderTurn;
use plan::SampleGroup;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug)]
pub(super) struct CutSlice {
    turn: DecoderTurn,
    state: Mutex<SliceState>,
}

#[derive(Debug, Default)]
struct SliceState {
    /// The sample behind the last group that was begun.
    begun: usize,
    is_over: bool,
    /// It ends at once, and what is decoded and not taken is decoded again.
    is_given_up: bool,
}

impl CutSlice {
    pub(super) fn new(turn: DecoderTurn) -> Self {
        Self {
            turn,
            state: Mutex::default(),
        }
    }

    /// Whether `group` belongs to it. One that does is to be done.
    pub(super) fn may_begin(&self, group: &SampleGroup) -> bool {
        let mut state = self.lock();
        state.is_over = state.is_over || (state.begun > 0 && self.turn.is_over());
        if state.is_over {
            return group.first < state.begun;
        }
        state.begun = state.begun.max(group.last + 1);
        true
    }

    /// Whether its workers left `group` to the next one.
    pub(super) fn ended_before(&self, group: &SampleGroup) -> bool {
        let state = self.lock();
        state.is_over && group.first >= state.begun
    }

    /// Gives it up where somebody else could use a permit that is of no use here now; whether it
    /// did.
    pub(super) fn give_way(&self) -> bool {
        let gives_way = self.turn.is_waited_for();
        self.lock().is_given_up |= gives_way;
        gives_way
    }

    /// Whether it ends behind the picture that was just taken, for somebody who has waited long
    /// enough.
    pub(super) fn ends_here(&self) -> bool {
        self.turn.is_overdue()
    }

    pub(super) fn is_given_up(&self) -> bool {
        self.lock().is_given_up
    }

    fn lock(&self) -> MutexGuard<'_, SliceState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
