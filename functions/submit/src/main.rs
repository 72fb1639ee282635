//! The function behind the HTTP endpoint: calls are checked, answered, and become messages.
//!
//! Only wiring: [`exchange`] turns events into requests and answers into responses, [`front`]
//! sees to it that there is an answer of the contract whatever happens. What calls mean is the
//! service's; what the function is told, [`aws::Deployment`] lists.

mod exchange;
mod front;

use front::Front;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    aws::telemetry::start_logging();
    let front = Front::open().await?;
    let answer = |event: LambdaEvent<Value>| front.answer(event);
    lambda_runtime::run(service_fn(answer)).await
}
