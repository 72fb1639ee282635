//! How often one user may call, by the generic cell rate algorithm (GCRA): a token bucket of
//! which only one time has to be kept, when it will be full again.

use crate::ports::{PortResult, RateDecision, RateLimiter};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Users remembered at a time; those who have not called for a second need no memory.
const MAX_USERS: usize = 10_000;

const SECOND_NS: u64 = 1_000_000_000;

/// Wait this long, ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct WaitMs(u64);

/// A bucket of tokens per user, of as many tokens as are refilled in a second. It knows of the
/// calls of its own process.
#[derive(Debug)]
pub struct GcraLimiter {
    begun: Instant,
    per_second: u32,
    /// When each user's bucket is full again, ns since `begun`: all there is to know of it.
    full_at_ns: Mutex<HashMap<String, u64>>,
}

impl GcraLimiter {
    /// Each user may call `per_second` times a second; 0: as often as they like.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        Self {
            begun: Instant::now(),
            per_second,
            full_at_ns: Mutex::default(),
        }
    }

    /// Takes a token of `user`, or says how long until there is one.
    fn take_token(&self, user: &str, now_ns: u64) -> Result<(), WaitMs> {
        let Some(token_ns) = SECOND_NS.checked_div(u64::from(self.per_second)) else {
            return Ok(());
        };
        let bucket_ns = token_ns * u64::from(self.per_second);
        let mut full_at_ns = self.lock();
        make_room(&mut full_at_ns, user, now_ns)?;
        let full_at = full_at_ns.get(user).copied().unwrap_or(0).max(now_ns);
        let then_full_at = full_at.saturating_add(token_ns);
        let over_ns = then_full_at.saturating_sub(now_ns.saturating_add(bucket_ns));
        if over_ns > 0 {
            return Err(WaitMs(over_ns.div_ceil(1_000_000)));
        }
        full_at_ns.insert(user.to_owned(), then_full_at);
        Ok(())
    }

    /// A map is whole whoever panicked with it in hand.
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, u64>> {
        self.full_at_ns
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl RateLimiter for GcraLimiter {
    async fn count(&self, user: &str) -> PortResult<RateDecision> {
        let now_ns = u64::try_from(self.begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let passed = self.take_token(user, now_ns);
        Ok(passed.map_or_else(
            |WaitMs(wait)| RateDecision::WaitMs(wait),
            |()| RateDecision::Allowed,
        ))
    }
}

/// Forgets full buckets, which are as good as none, when there are too many.
fn make_room(full_at_ns: &mut HashMap<String, u64>, user: &str, now_ns: u64) -> Result<(), WaitMs> {
    if full_at_ns.len() < MAX_USERS || full_at_ns.contains_key(user) {
        return Ok(());
    }
    full_at_ns.retain(|_, full_at| *full_at > now_ns);
    if full_at_ns.len() < MAX_USERS {
        Ok(())
    } else {
        Err(WaitMs(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn passed(limiter: &GcraLimiter, user: &str, now_ns: u64, calls: usize) -> usize {
        (0..calls)
            .filter(|_| limiter.take_token(user, now_ns).is_ok())
            .count()
    }

    #[test]
    fn a_second_s_worth_passes_at_once_and_then_as_much_each_second() {
        let limiter = GcraLimiter::new(30);
        assert_eq!(passed(&limiter, "a", 0, 60), 30);
        assert_eq!(limiter.take_token("a", 0), Err(WaitMs(34)));
        assert_eq!(passed(&limiter, "a", 34 * MS, 2), 1);
        assert_eq!(passed(&limiter, "a", 1034 * MS, 60), 30);
        assert_eq!(passed(&limiter, "a", 3_600_000 * MS, 60), 30);
    }

    #[test]
    fn who_waits_as_long_as_told_passes() {
        for per_second in [1, 7, 30, 999, u32::MAX] {
            let limiter = GcraLimiter::new(per_second);
            let mut now_ns = 0;
            for _ in 0..100 {
                if let Err(WaitMs(wait)) = limiter.take_token("a", now_ns) {
                    now_ns += wait * MS;
                    assert_eq!(limiter.take_token("a", now_ns), Ok(()), "{per_second}");
                }
            }
        }
    }

    #[test]
    fn one_user_does_not_use_up_another_s_calls() {
        let limiter = GcraLimiter::new(5);
        assert_eq!(passed(&limiter, "a", 0, 10), 5);
        assert_eq!(passed(&limiter, "b", 0, 10), 5);
    }

    #[test]
    fn none_is_no_limit() {
        assert_eq!(passed(&GcraLimiter::new(0), "a", 0, 1000), 1000);
    }

    #[test]
    fn users_who_are_gone_are_forgotten_and_no_more_are_kept_than_fit() {
        let limiter = GcraLimiter::new(1);
        for user in 0..MAX_USERS {
            assert_eq!(limiter.take_token(&user.to_string(), 0), Ok(()));
        }
        assert_eq!(limiter.take_token("one more", 0), Err(WaitMs(1000)));
        assert_eq!(limiter.take_token("one more", 1000 * MS), Ok(()));
        assert_eq!(limiter.lock().len(), 1);
    }
}
