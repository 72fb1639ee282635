//! The function behind the queue of callbacks: a message becomes one HTTP POST.
//!
//! **Purpose.** Only wiring: [`handler`] takes one message after another, [`retries`] says when the
//! next attempt comes and when there is none.
//!
//! **Promise.** A message leaves the queue only once its receiver has answered with 200, or it waits
//! there again, or it is where a person can see that nobody took it.
//!
//! **Not here.** What is sent, where it may go and what counts as taken is `webhook`'s; which
//! messages wait for one another, [`aws::CallbackQueue`] says.

mod handler;
mod retries;

use handler::CallbackHandler;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    aws::telemetry::start_logging();
    let handler = CallbackHandler::open().await?;
    let work = |event: LambdaEvent<Value>| handler.work(event);
    lambda_runtime::run(service_fn(work)).await
}
