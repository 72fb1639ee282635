//! The same pictures over HTTP, where each request waits 30 ms for its first byte.

use crate::arguments::Arguments;
use crate::machine::Machine;
use crate::measure::Cost;
use crate::series::{Turns, turn_of};
use crate::subject::Subject;
use crate::{job, ours, say, table};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use support::long_clips::GROUPS_OF_2_S;

const DELAY: Duration = Duration::from_millis(30);
/// Wall time over HTTP by wall time from a local file.
const GOAL: f64 = 1.4;

pub(crate) fn run(machine: &Machine, arguments: &Arguments) {
    let subject = Subject::clip(&GROUPS_OF_2_S, machine);
    let title = format!("20 of {}", subject.title);
    let url = serve(subject.path.clone());
    let times = job::spread(20, subject.duration_ms);
    let job = job::alone("http", subject, &times, 1280);
    let (mut local, mut remote) = (Turns::default(), Turns::default());
    for round in 0..arguments.rounds {
        say(&format!("http: round {}", round + 1));
        turn_of(&job, &mut local, |out| {
            Some(ours::work(&job, machine, out, &[]))
        });
        turn_of(&job, &mut remote, |out| {
            Some(ours::work_of(&url, &job, machine, out, &[]))
        });
    }
    println!(
        "\n| over HTTP | rounds | wall, HTTP / local file | goal | CPU, HTTP / local file | requests | MB read | exact |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    if let Some(trouble) = local.trouble.as_ref().or(remote.trouble.as_ref()) {
        println!("| {title} | {trouble} |||||||");
        return;
    }
    let ratio = |of: fn(&Cost) -> f64| Some(remote.median(of)? / local.median(of)?);
    let wall = ratio(|cost| cost.wall_s);
    let read = remote.told.as_ref().and_then(|told| told.read);
    let (bytes, requests) = read.unwrap_or_default();
    println!(
        "| {title} | {} | {} | {} | {} | {requests} | {:.1} | {} |",
        remote.costs.len(),
        table::number(wall),
        table::goal(wall, Some(GOAL)),
        table::number(ratio(|cost| cost.cpu_s)),
        bytes as f64 / 1e6,
        table::exact(&job, &remote),
    );
}

/// Serves the file for as long as this process lives; the URL.
pub(crate) fn serve(path: PathBuf) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let url = format!("http://{}/video.mp4", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let router = Router::new().fallback(answer).with_state(Arc::new(path));
        runtime
            .block_on(async { axum::serve(listener, router).await })
            .unwrap();
    });
    url
}

async fn answer(State(path): State<Arc<PathBuf>>, headers: HeaderMap) -> Response {
    tokio::time::sleep(DELAY).await;
    let wanted = headers
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok());
    let part = |range: &str| part(&path, range).ok();
    match wanted.and_then(part) {
        Some((bytes, range)) => {
            let headers = [(header::CONTENT_RANGE, range)];
            (StatusCode::PARTIAL_CONTENT, headers, bytes).into_response()
        }
        None => StatusCode::RANGE_NOT_SATISFIABLE.into_response(),
    }
}

/// The bytes of a range such as `bytes=0-99`, and what the answer calls it.
fn part(path: &Path, range: &str) -> io::Result<(Vec<u8>, String)> {
    let file = std::fs::File::open(path)?;
    let of = file.metadata()?.len();
    let (from, to) = bounds(range).ok_or_else(|| io::Error::other("no range"))?;
    let to = to.min(of.saturating_sub(1));
    let length = usize::try_from((to + 1).saturating_sub(from)).unwrap_or(0);
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, from)?;
    Ok((bytes, format!("bytes {from}-{to}/{of}")))
}

fn bounds(range: &str) -> Option<(u64, u64)> {
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    Some((from.parse().ok()?, to.parse().ok()?))
}
