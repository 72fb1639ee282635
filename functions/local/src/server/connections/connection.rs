//! The state of one connection, and when it exceeds its deadlines.

use super::deadlines::{ConnectionDeadlines, MinimumRate, RateDebt};
use super::limits::ConnectionPressure;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// One client's connection. Its socket, its requests and the watchdog share it.
#[derive(Debug)]
pub(crate) struct ClientConnection {
    pressure: Arc<ConnectionPressure>,
    state: Mutex<ConnectionState>,
    close: Notify,
}

#[derive(Debug)]
struct ConnectionState {
    phase: ConnectionPhase,
    /// Whether a request ever arrived on it.
    had_request: bool,
    /// Since when the client does not read what we write.
    blocked_since: Option<Instant>,
    debt: RateDebt,
}

#[derive(Debug, Clone, Copy)]
enum ConnectionPhase {
    /// No part of a request has arrived.
    Idle { since: Instant },
    /// A part of a head, or of a TLS handshake, has arrived.
    Head { since: Instant },
    /// A request is being read or answered. Whoever reads its body checks the rate.
    Request,
}

/// Which connection is closed first to make room: one that never brought a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EvictionRank {
    had_request: bool,
    since: Instant,
}

impl ClientConnection {
    pub(super) fn new(pressure: Arc<ConnectionPressure>) -> Self {
        let since = Instant::now();
        Self {
            pressure,
            state: Mutex::new(ConnectionState {
                phase: ConnectionPhase::Idle { since },
                had_request: false,
                blocked_since: None,
                debt: RateDebt::default(),
            }),
            close: Notify::new(),
        }
    }

    /// A request's head has arrived. The connection is active until the result is dropped.
    pub(super) fn start_request(self: &Arc<Self>) -> ActiveRequest {
        let mut state = self.state();
        state.phase = ConnectionPhase::Request;
        state.had_request = true;
        ActiveRequest(self.clone())
    }

    /// Bytes arrived.
    pub(super) fn bytes_read(&self) {
        let mut state = self.state();
        if let ConnectionPhase::Idle { .. } = state.phase {
            let since = Instant::now();
            state.phase = ConnectionPhase::Head { since };
        }
    }

    /// The TLS handshake is over. What the client sent for it was no part of a request, but a part of
    /// one may have come with it.
    pub(super) fn handshake_done(&self, has_request: bool) {
        let since = Instant::now();
        self.state().phase = match has_request {
            true => ConnectionPhase::Head { since },
            false => ConnectionPhase::Idle { since },
        };
    }

    /// The minimum rate of request bodies.
    pub(crate) fn body_rate(&self) -> MinimumRate {
        self.pressure.deadlines().body
    }

    /// The system took `bytes` for the client.
    pub(super) fn bytes_written(&self, bytes: usize) {
        let now = Instant::now();
        let mut state = self.state();
        if let Some(since) = state.blocked_since.take() {
            state.debt.waited(now - since);
        }
        state.debt.moved(bytes, &self.pressure.deadlines().answer);
        if let ConnectionPhase::Idle { since } = &mut state.phase {
            *since = now;
        }
    }

    /// The client does not read, and the send buffer is full.
    pub(super) fn write_blocked(&self) {
        self.state().blocked_since.get_or_insert_with(Instant::now);
    }

    /// Which deadline it exceeds, if any.
    pub(super) fn overdue(&self) -> Option<&'static str> {
        let deadlines: &ConnectionDeadlines = self.pressure.deadlines();
        let (now, state) = (Instant::now(), self.state());
        if let Some(since) = state.blocked_since {
            let is_late = state.debt.exceeds(&deadlines.answer, now - since);
            return is_late.then_some("answer not read");
        }
        let exceeds = |since: Instant, longest: Duration| now - since > longest;
        match state.phase {
            ConnectionPhase::Idle { since } => exceeds(since, deadlines.idle).then_some("idle"),
            ConnectionPhase::Head { since } => {
                exceeds(since, deadlines.head).then_some("head or handshake not complete")
            }
            ConnectionPhase::Request => None,
        }
    }

    /// Its rank among the connections that may be closed to make room; none: it is active.
    pub(super) fn eviction_rank(&self) -> Option<EvictionRank> {
        let state = self.state();
        match state.phase {
            ConnectionPhase::Idle { since } | ConnectionPhase::Head { since }
                if state.blocked_since.is_none() =>
            {
                Some(EvictionRank {
                    had_request: state.had_request,
                    since,
                })
            }
            _ => None,
        }
    }

    /// Closes it, whatever it does.
    pub(super) fn close(&self) {
        self.close.notify_one();
    }

    /// Returns once it is to be closed.
    pub(super) async fn closed(&self) {
        self.close.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, ConnectionState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request, from its head to the last byte of its answer.
#[derive(Debug)]
pub(super) struct ActiveRequest(Arc<ClientConnection>);

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        let since = Instant::now();
        self.0.state().phase = ConnectionPhase::Idle { since };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::connections::limits::ConnectionLimits;
    use tokio::time::advance;

    const DEADLINES: ConnectionDeadlines = ConnectionDeadlines {
        idle: Duration::from_secs(30),
        head: Duration::from_secs(5),
        body: MinimumRate::new(Duration::from_secs(5), 1000),
        answer: MinimumRate::new(Duration::from_secs(10), 1000),
    };

    fn connection() -> Arc<ClientConnection> {
        let limits = ConnectionLimits {
            relaxed: DEADLINES,
            ..ConnectionLimits::default()
        };
        Arc::new(ClientConnection::new(Arc::new(ConnectionPressure::new(
            &limits, 4,
        ))))
    }

    async fn overdue_after(connection: &ClientConnection, seconds: u64) -> Option<&'static str> {
        advance(Duration::from_secs(seconds)).await;
        connection.overdue()
    }

    #[tokio::test(start_paused = true)]
    async fn under_pressure_deadlines_are_short() {
        let connection = connection();
        assert_eq!(overdue_after(&connection, 20).await, None);
        connection.pressure.set_open(3);
        assert_eq!(connection.overdue(), Some("idle"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_connection_is_overdue() {
        let connection = connection();
        assert_eq!(overdue_after(&connection, 30).await, None);
        assert_eq!(overdue_after(&connection, 1).await, Some("idle"));
    }

    #[tokio::test(start_paused = true)]
    async fn more_bytes_of_a_head_buy_no_time() {
        let connection = connection();
        for _ in 0..5 {
            connection.bytes_read();
            assert_eq!(overdue_after(&connection, 1).await, None);
        }
        connection.bytes_read();
        let late = overdue_after(&connection, 1).await;
        assert_eq!(late, Some("head or handshake not complete"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_finished_handshake_is_no_part_of_a_head() {
        let connection = connection();
        connection.bytes_read();
        connection.handshake_done(false);
        assert_eq!(overdue_after(&connection, 30).await, None);
        assert_eq!(overdue_after(&connection, 1).await, Some("idle"));
        let hasty = self::connection();
        hasty.bytes_read();
        hasty.handshake_done(true);
        assert_eq!(overdue_after(&hasty, 5).await, None);
        assert!(overdue_after(&hasty, 1).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_answer_of_ours_is_not_the_client_s_fault() {
        let connection = connection();
        let active = connection.start_request();
        for _ in 0..100 {
            assert_eq!(overdue_after(&connection, 60).await, None);
            connection.bytes_written(1);
        }
        drop(active);
        assert_eq!(overdue_after(&connection, 31).await, Some("idle"));
    }

    #[tokio::test(start_paused = true)]
    async fn reading_a_trickle_of_bytes_buys_little_time() {
        let connection = connection();
        let _active = connection.start_request();
        let mut seconds = 0;
        connection.write_blocked();
        while overdue_after(&connection, 1).await.is_none() {
            connection.bytes_written(100);
            connection.write_blocked();
            seconds += 1;
        }
        assert!((10..13).contains(&seconds), "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn one_without_a_request_is_evicted_first_and_an_active_one_never() {
        let [used, old, new] = [(); 3].map(|()| connection());
        let active = used.start_request();
        assert_eq!(used.eviction_rank(), None);
        drop(active);
        advance(Duration::from_secs(1)).await;
        new.bytes_read();
        assert!(
            old.eviction_rank() < new.eviction_rank() && new.eviction_rank() < used.eviction_rank()
        );
        old.write_blocked();
        assert_eq!(old.eviction_rank(), None);
    }
}
