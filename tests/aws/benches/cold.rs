//! How soon submit answers under the Runtime Interface Emulator: `cargo bench -p promises-on-aws
//! --bench cold`. `SUBMIT_BOOTSTRAP` names another program than the one built for this, such as
//! `.aws-sam/build/Submit/bootstrap`.
//!
//! A call that is refused for its missing signature never comes to the store; what a signed call
//! takes longer is the store's share, here an emulator's of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

use cloud::http_api::event;
use cloud::{Emulated, Stack};
use contract::request::RawRequest;
use contract::signature::Secret;
use contract::signature::client::Signer;
use serde_json::Value;
use service::ports::{Clock, SystemClock};
use std::time::{Duration, Instant};

const COLD: usize = 15;
const WARM: usize = 200;

#[tokio::main]
async fn main() {
    let stack = Stack::new().await;
    println!("first answer, and then the median of {WARM} (ms; medians of {COLD} starts)");
    for (name, signed) in [("refused before the store", false), ("signed", true)] {
        let (mut first, mut warm) = (Vec::new(), Vec::new());
        for _ in 0..COLD {
            let submit = start(&stack).await;
            first.push(answer(&submit, signed).await);
            for _ in 0..WARM / COLD {
                warm.push(answer(&submit, signed).await);
            }
        }
        let (cold, warm) = (median(&mut first), median(&mut warm));
        println!("{name:26} cold {cold:7.2}  warm {warm:6.2}");
    }
    println!("goals, without the store's share: cold < 60, warm < 5");
}

async fn start(stack: &Stack) -> Emulated {
    let built = env!("CARGO_BIN_EXE_submit-under-test").to_owned();
    let program = std::env::var("SUBMIT_BOOTSTRAP").unwrap_or(built);
    let minute = Duration::from_secs(60);
    Emulated::start(&program, &stack.environment(), minute).await
}

/// How long it took, ms.
async fn answer(submit: &Emulated, signed: bool) -> f64 {
    let call = call(signed);
    let begun = Instant::now();
    let answer = submit.answer(&call).await;
    let took = begun.elapsed();
    let expected = if signed { 200 } else { 400 };
    assert_eq!(answer["statusCode"], expected, "{answer}");
    took.as_secs_f64() * 1000.0
}

fn call(signed: bool) -> Value {
    if signed {
        let signer = Signer::now("AKID", &Secret::new("secret"), SystemClock.now_ms());
        return event(&signer.v1("GET", "ListVodTemplate", &[("TemplateType", "Snapshot")]));
    }
    event(&RawRequest {
        method: "GET".to_owned(),
        raw_query: "Action=ListVodTemplate&Version=2017-03-21".to_owned(),
        ..RawRequest::default()
    })
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
