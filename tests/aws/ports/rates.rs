use crate::stack;
use service::ports::{Clock, RateDecision, SystemClock};

#[tokio::test]
async fn all_environments_of_a_function_share_one_limit() {
    let mut stack = stack!();
    stack.deployment.max_qps = 5;
    // Each knows of its own calls alone.
    let environments = [0; 4].map(|_| aws::rate_limiter(&stack.clients(), &stack.deployment));
    let begun = SystemClock.now_ms().div_euclid(1000);
    let (mut passed, mut waits) = (0, Vec::new());
    for rates in &environments {
        for _ in 0..5 {
            match rates.count("AKID").await.unwrap() {
                RateDecision::Allowed => passed += 1,
                RateDecision::WaitMs(wait) => waits.push(wait),
            }
        }
    }
    let seconds = SystemClock.now_ms().div_euclid(1000) - begun + 1;
    assert!(passed <= 5 * seconds, "{passed} calls in {seconds} s");
    assert!(passed >= 5);
    assert!(
        waits.iter().all(|wait| (1..=1000).contains(wait)),
        "{waits:?}"
    );
    assert_eq!(
        environments[0].count("other").await.unwrap(),
        RateDecision::Allowed
    );
}

#[tokio::test]
async fn no_limit_counts_nothing() {
    let rates = aws::rate_limiter(&stack!().clients(), &stack!().deployment);
    for _ in 0..50 {
        assert_eq!(rates.count("AKID").await.unwrap(), RateDecision::Allowed);
    }
}
