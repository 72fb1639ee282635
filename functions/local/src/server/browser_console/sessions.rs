//! Who has shown an access key, and when.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a session is open without a request.
const IDLE: Duration = Duration::from_secs(60 * 60);

/// The longest that one is open.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// At most so many are open; the one that was idle for longest makes room.
const MOST: usize = 64;

/// The open sessions. Clones share them; they end with the process.
#[derive(Clone, Default)]
pub(super) struct Sessions(Arc<Mutex<HashMap<String, Session>>>);

struct Session {
    opened: Instant,
    used: Instant,
}

impl Session {
    fn is_over(&self, now: Instant) -> bool {
        now.duration_since(self.used) > IDLE || now.duration_since(self.opened) > LONGEST
    }
}

impl Sessions {
    /// Opens one: its token.
    pub(super) fn open(&self) -> String {
        // 244 random bits.
        let token = format!("{}{}", contract::id::new(), contract::id::new());
        let now = Instant::now();
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| !session.is_over(now));
        if sessions.len() >= MOST {
            let oldest = sessions.iter().min_by_key(|(_, session)| session.used);
            let oldest = oldest.map(|(token, _)| token.clone());
            oldest.and_then(|token| sessions.remove(&token));
        }
        let (opened, used) = (now, now);
        sessions.insert(token.clone(), Session { opened, used });
        token
    }

    /// Whether `token` is of an open one, which is used by that. Hashing it takes a secret, random
    /// time: nothing is learnt from how long this takes.
    pub(super) fn is_open(&self, token: &str) -> bool {
        let now = Instant::now();
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match sessions.get_mut(token) {
            Some(session) if !session.is_over(now) => {
                session.used = now;
                true
            }
            _ => false,
        }
    }
}
