//! The graph of references: which coded frames the wanted ones need, directly or through others.
//!
//! A decoder keeps the frames that later ones may refer to in slots. Each coded frame says which
//! slots it refers to and which ones it then fills ([`FrameLinks`]). Followed back from the wanted
//! frames, that is what has to be decoded, and all else need not be.
//!
//! The frames come one after the other, and what later ones refer to is not known yet. So a frame
//! waits until it is known: one that a wanted frame reaches is needed, one that nothing in any slot
//! reaches never will be. One that everything in every slot reaches is taken to be needed, since
//! whatever comes will most likely lead back to it. The rest waits, up to a bound; above it the
//! oldest is taken to be needed. **Whatever is kept, all that it needs is kept.**

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

/// What a coded frame says of the slots of its decoder, each a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameLinks {
    /// It cannot be decoded without what these hold.
    pub references: u32,
    /// These hold it afterwards.
    pub refreshes: u32,
    /// All that hold something afterwards. No later frame refers to any other.
    pub live: u32,
}

/// What became of a frame. They are told in the order in which they are decided, which is not that
/// of the frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameVerdict {
    /// Its number, in decoding order from 0.
    pub frame: u64,
    /// Whether it is to be decoded.
    pub is_needed: bool,
}

/// Decides on frames in decoding order, in one pass and in bounded memory.
#[derive(Debug)]
pub struct AncestorFilter {
    most_bytes: u64,
    /// Of all frames in `held`.
    held_bytes: u64,
    /// The first is undecided; behind it stand those that cannot be decoded before it. None of them
    /// is let go.
    held: VecDeque<HeldFrame>,
    verdicts: Vec<FrameVerdict>,
    next: u64,
    keeps_rest: bool,
}

#[derive(Debug)]
struct HeldFrame {
    number: u64,
    bytes: u64,
    /// Slots whose content needs it. None once it is known to be needed itself.
    ///
    /// What it needs is needed by all that need it. So the slots of a frame are among those of each
    /// frame that it refers to: by that the closure holds, whichever rule decides.
    reached_from: Option<u32>,
}

impl AncestorFilter {
    /// More frames wait for no decision, however small they are: each is looked at for each frame.
    const MOST_HELD: usize = 4096;

    /// Frames that wait for a decision, and those that wait behind these, have no more than
    /// `most_bytes` together.
    #[must_use]
    pub fn new(most_bytes: u64) -> Self {
        Self {
            most_bytes,
            held_bytes: 0,
            held: VecDeque::new(),
            verdicts: Vec::new(),
            next: 0,
            keeps_rest: false,
        }
    }

    /// Takes the next frame in decoding order. Returns its number.
    pub fn push(&mut self, links: FrameLinks, bytes: u64, is_wanted: bool) -> u64 {
        let is_wanted = is_wanted || self.keeps_rest;
        if is_wanted {
            self.decide(|slots| slots & links.references != 0);
        }
        for held in &mut self.held {
            if let Some(slots) = &mut held.reached_from {
                let is_reached = *slots & links.references != 0;
                *slots &= !links.refreshes & links.live;
                if is_reached {
                    *slots |= links.refreshes;
                }
            }
        }
        let number = self.next;
        self.next += 1;
        self.held_bytes = self.held_bytes.saturating_add(bytes);
        self.held.push_back(HeldFrame {
            number,
            bytes,
            reached_from: Some(links.refreshes).filter(|_| !is_wanted),
        });
        if is_wanted {
            self.say(number, true);
        }
        self.let_go();
        self.decide(|slots| slots & links.live == links.live);
        self.release();
        number
    }

    /// What later frames refer to is no longer known: they are all needed, and so is whatever a slot
    /// leads to.
    pub fn keep_rest(&mut self) {
        self.keeps_rest = true;
        self.decide(|_| true);
        self.release();
    }

    /// No frame follows.
    pub fn finish(&mut self) {
        for held in &mut self.held {
            if let Some(slots) = &mut held.reached_from {
                *slots = 0;
            }
        }
        self.let_go();
        self.release();
    }

    /// What was decided since this was asked last.
    pub fn take_verdicts(&mut self) -> Vec<FrameVerdict> {
        std::mem::take(&mut self.verdicts)
    }

    /// How many bytes wait.
    #[must_use]
    pub fn held_bytes(&self) -> u64 {
        self.held_bytes
    }

    /// Those whose slots `are_enough` are needed.
    fn decide(&mut self, are_enough: impl Fn(u32) -> bool) {
        for held in &mut self.held {
            if held.reached_from.is_some_and(&are_enough) {
                held.reached_from = None;
                self.verdicts.push(FrameVerdict {
                    frame: held.number,
                    is_needed: true,
                });
            }
        }
    }

    /// Those that nothing reaches any more are not needed.
    fn let_go(&mut self) {
        let (verdicts, held_bytes) = (&mut self.verdicts, &mut self.held_bytes);
        self.held.retain(|held| {
            let is_let_go = held.reached_from == Some(0);
            if is_let_go {
                *held_bytes -= held.bytes;
                verdicts.push(FrameVerdict {
                    frame: held.number,
                    is_needed: false,
                });
            }
            !is_let_go
        });
    }

    /// What waits for nothing more waits no longer, and the oldest does not where too much waits.
    fn release(&mut self) {
        loop {
            let is_too_much =
                self.held_bytes > self.most_bytes || self.held.len() > Self::MOST_HELD;
            match self.held.front() {
                Some(first) if first.reached_from.is_none() || is_too_much => {}
                _ => return,
            }
            if let Some(first) = self.held.pop_front() {
                self.held_bytes -= first.bytes;
                if first.reached_from.is_some() {
                    self.say(first.number, true);
                }
            }
        }
    }

    fn say(&mut self, frame: u64, is_needed: bool) {
        self.verdicts.push(FrameVerdict { frame, is_needed });
    }
}
