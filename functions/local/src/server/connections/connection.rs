//! What is known of one connection, and when it has gone on for too long.

use super::deadlines::{Deadlines, Debt, Pace};
use super::limits::Pressure;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// One client's connection, seen by its socket, its requests and the watch.
#[derive(Debug)]
pub(in crate::server) struct Connection {
    pressure: Arc<Pressure>,
    state: Mutex<State>,
    cut: Notify,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// Whether it ever brought a request.
    has_asked: bool,
    /// Since when bytes wait for the client to take them.
    blocked_since: Option<Instant>,
    behind: Debt,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// Nothing of a request is here.
    Idle { since: Instant },
    /// A part of a head is.
    Head { since: Instant },
    /// A request is being read or answered; who reads its body keeps the time of that.
    Request,
}

/// How soon a connection is closed to make room: first what never brought a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    has_asked: bool,
    since: Instant,
}

impl Connection {
    pub(super) fn new(pressure: Arc<Pressure>) -> Self {
        let since = Instant::now();
        Self {
            pressure,
            state: Mutex::new(State {
                phase: Phase::Idle { since },
                has_asked: false,
                blocked_since: None,
                behind: Debt::default(),
            }),
            cut: Notify::new(),
        }
    }

    /// A request's head is whole; the connection is at work until the result is dropped.
    pub(super) fn request(self: &Arc<Self>) -> Visit {
        let mut state = self.state();
        state.phase = Phase::Request;
        state.has_asked = true;
        Visit(self.clone())
    }

    /// Bytes came.
    pub(super) fn heard(&self) {
        let mut state = self.state();
        if let Phase::Idle { .. } = state.phase {
            let since = Instant::now();
            state.phase = Phase::Head { since };
        }
    }

    /// What a body's bytes are to keep.
    pub(in crate::server) fn body_pace(&self) -> Pace {
        self.pressure.deadlines().body
    }

    /// The client took `bytes`.
    pub(super) fn took(&self, bytes: usize) {
        let now = Instant::now();
        let mut state = self.state();
        if let Some(since) = state.blocked_since.take() {
            state.behind.waited(now - since);
        }
        state.behind.moved(bytes, &self.pressure.deadlines().answer);
        if let Phase::Idle { since } = &mut state.phase {
            *since = now;
        }
    }

    /// There are bytes that the client does not take.
    pub(super) fn blocked(&self) {
        self.state().blocked_since.get_or_insert_with(Instant::now);
    }

    /// Why it is to be cut now, if it is.
    pub(super) fn overdue(&self) -> Option<&'static str> {
        let deadlines: &Deadlines = self.pressure.deadlines();
        let (now, state) = (Instant::now(), self.state());
        if let Some(since) = state.blocked_since {
            let late = state.behind.exceeds(&deadlines.answer, now - since);
            return late.then_some("answer not taken");
        }
        let over = |since: Instant, longest: Duration| now - since > longest;
        match state.phase {
            Phase::Idle { since } => over(since, deadlines.idle).then_some("idle"),
            Phase::Head { since } => over(since, deadlines.head).then_some("head not complete"),
            Phase::Request => None,
        }
    }

    /// Its place among those that may be closed to make room; none: it is at work.
    pub(super) fn rank(&self) -> Option<Rank> {
        let state = self.state();
        match state.phase {
            Phase::Idle { since } | Phase::Head { since } if state.blocked_since.is_none() => {
                Some(Rank {
                    has_asked: state.has_asked,
                    since,
                })
            }
            _ => None,
        }
    }

    /// Ends it, whatever it does.
    pub(super) fn cut(&self) {
        self.cut.notify_one();
    }

    /// Returns once it is to end.
    pub(super) async fn is_cut(&self) {
        self.cut.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request between its head and the last byte of its answer.
#[derive(Debug)]
pub(super) struct Visit(Arc<Connection>);

impl Drop for Visit {
    fn drop(&mut self) {
        let since = Instant::now();
        self.0.state().phase = Phase::Idle { since };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::connections::ConnectionLimits;
    use tokio::time::advance;

    const DEADLINES: Deadlines = Deadlines {
        idle: Duration::from_secs(30),
        head: Duration::from_secs(5),
        body: Pace::new(Duration::from_secs(5), 1000),
        answer: Pace::new(Duration::from_secs(10), 1000),
    };

    fn connection() -> Arc<Connection> {
        let limits = ConnectionLimits {
            relaxed: DEADLINES,
            ..ConnectionLimits::default()
        };
        Arc::new(Connection::new(Arc::new(Pressure::new(&limits, 4))))
    }

    async fn overdue_after(connection: &Connection, seconds: u64) -> Option<&'static str> {
        advance(Duration::from_secs(seconds)).await;
        connection.overdue()
    }

    #[tokio::test(start_paused = true)]
    async fn under_pressure_the_short_deadlines_hold() {
        let connection = connection();
        assert_eq!(overdue_after(&connection, 20).await, None);
        connection.pressure.set_open(3);
        assert_eq!(connection.overdue(), Some("idle"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_one_ends() {
        let connection = connection();
        assert_eq!(overdue_after(&connection, 30).await, None);
        assert_eq!(overdue_after(&connection, 1).await, Some("idle"));
    }

    #[tokio::test(start_paused = true)]
    async fn more_bytes_of_a_head_buy_no_time() {
        let connection = connection();
        for _ in 0..5 {
            connection.heard();
            assert_eq!(overdue_after(&connection, 1).await, None);
        }
        connection.heard();
        let late = overdue_after(&connection, 1).await;
        assert_eq!(late, Some("head not complete"));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_we_are_slow_with_is_not_the_client_s_fault() {
        let connection = connection();
        let visit = connection.request();
        for _ in 0..100 {
            assert_eq!(overdue_after(&connection, 60).await, None);
            connection.took(1);
        }
        drop(visit);
        assert_eq!(overdue_after(&connection, 31).await, Some("idle"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_trickle_of_taken_bytes_buys_little_time() {
        let connection = connection();
        let _visit = connection.request();
        let mut seconds = 0;
        connection.blocked();
        while overdue_after(&connection, 1).await.is_none() {
            connection.took(100);
            connection.blocked();
            seconds += 1;
        }
        assert!((10..13).contains(&seconds), "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_never_asked_makes_room_first_and_what_is_at_work_never() {
        let [asked, old, new] = [(); 3].map(|()| connection());
        let visit = asked.request();
        assert_eq!(asked.rank(), None);
        drop(visit);
        advance(Duration::from_secs(1)).await;
        new.heard();
        assert!(old.rank() < new.rank() && new.rank() < asked.rank());
        old.blocked();
        assert_eq!(old.rank(), None);
    }
}
