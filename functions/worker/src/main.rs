//! The function behind the queue: a message becomes pictures, a completion and an event.
//!
//! Only wiring: [`batch`] takes each message of a batch by itself, [`arrival`] reads what S3 says
//! of new objects, [`hold`] keeps a message from other workers meanwhile, [`time`] divides the
//! function's time, [`scratch`] empties what jobs write on the disk, [`measure`] counts. What jobs
//! do is the service's; what the function is told, [`aws::Deployment`] lists.

mod arrival;
mod batch;
mod hold;
mod measure;
mod scratch;
mod time;

use batch::Hands;
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
    let hands = Hands::open().await?;
    hands.listen_for_the_end().await;
    let work = |event: LambdaEvent<Value>| hands.work(event);
    lambda_runtime::run(service_fn(work)).await
}
