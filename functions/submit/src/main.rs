//! The function behind the HTTP endpoint: calls are checked, answered, and become messages.
//!
//! **Purpose.** Only wiring: [`convert`] turns events into requests and answers into responses,
//! [`handler`] runs the service's API over the ports of AWS, and [`resource`] answers what is no call:
//! [`play`] leads players to files and [`pictures`] browsers to pictures.
//!
//! **Promise.** Every event gets an answer of the contract in time for the caller to read it.
//!
//! **Not here.** What calls mean is the service's. What the function is told, [`aws::Deployment`]
//! lists.

mod convert;
mod encoding;
mod handler;
mod pictures;
mod play;
mod resource;

use handler::CallHandler;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    aws::telemetry::start_logging();
    let handler = CallHandler::open().await?;
    let answer = |event: LambdaEvent<Value>| handler.answer(event);
    lambda_runtime::run(service_fn(answer)).await
}
