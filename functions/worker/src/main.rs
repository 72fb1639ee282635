//! The function behind the queue: a message becomes pictures, a completion and an event.
//!
//! **Purpose.** Only wiring: [`handler`] takes each message of a batch by itself, [`object_created`]
//! reads what S3 says of new objects, [`heartbeat`] keeps a message from other workers meanwhile,
//! [`deadline`] divides the function's time, [`scratch`] empties what jobs write on the disk,
//! [`metrics`] counts.
//!
//! **Promise.** A message leaves the queue only once what it asks for is done, or what is left to do
//! was sent anew, or a person can see that nobody can work on it.
//!
//! **Not here.** What jobs do is the service's. What the function is told, [`aws::Deployment`] lists.

mod deadline;
mod handler;
mod heartbeat;
mod metrics;
mod object_created;
mod scratch;

use handler::BatchHandler;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Error> {
    if let Some(end) = service::pictures::isolated::serve_if_asked() {
        return Ok(end);
    }
    decoder::share_heaps();
    run()?;
    Ok(ExitCode::SUCCESS)
}

#[tokio::main]
async fn run() -> Result<(), Error> {
    aws::telemetry::start_logging();
    if let Err(cause) = decoder::make_undumpable() {
        tracing::warn!(%cause, "this process is open to others of its user");
    }
    let handler = BatchHandler::open().await?;
    handler.listen_for_the_end().await;
    let work = |event: LambdaEvent<Value>| handler.work(event);
    lambda_runtime::run(service_fn(work)).await
}
