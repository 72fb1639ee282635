//! The Runtime API of Lambda, and a function that runs on it: the contract between the service
//! and a custom runtime, as "Building a custom runtime for AWS Lambda" documents it.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Read;
use std::path::Path as FilePath;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

/// What a call came to: an answer, or the runtime's report of an error.
pub type Returned = Result<Value, Value>;

struct Invocation {
    id: String,
    event: Value,
    deadline_ms: u128,
}

#[derive(Clone)]
struct Api {
    next: Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<Invocation>>>,
    open: Arc<Mutex<HashMap<String, oneshot::Sender<Returned>>>>,
}

/// One environment of a function: calls come one after another.
pub struct Function {
    process: Child,
    calls: mpsc::UnboundedSender<Invocation>,
    open: Arc<Mutex<HashMap<String, oneshot::Sender<Returned>>>>,
    output: Arc<Mutex<Vec<u8>>>,
    _scratch: tempfile::TempDir,
}

impl Function {
    /// Starts `program` with these variables and no others.
    pub async fn start(program: &str, environment: &[(String, String)]) -> Self {
        let (calls, next) = mpsc::unbounded_channel();
        let api = Api {
            next: Arc::new(tokio::sync::Mutex::new(next)),
            open: Arc::default(),
        };
        let open = Arc::clone(&api.open);
        let address = serve(api).await;
        let scratch = tempfile::tempdir().unwrap();
        let mut process = Command::new(program)
            .env_clear()
            .envs(environment.iter().cloned())
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", name(program))
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024")
            .env("TMPDIR", scratch.path().join("vod-snapshot"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = Arc::default();
        keep(process.stdout.take().unwrap(), &output);
        Self {
            process,
            calls,
            open,
            output,
            _scratch: scratch,
        }
    }

    /// Hands `event` over; the future is what comes of it. None: the function ended instead.
    pub fn call(
        &self,
        event: Value,
        time: Duration,
    ) -> impl Future<Output = Option<Returned>> + use<> {
        let (sender, answer) = oneshot::channel();
        let id = contract::id::new();
        self.open.lock().unwrap().insert(id.clone(), sender);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let deadline_ms = (now + time).as_millis();
        let invocation = Invocation {
            id,
            event,
            deadline_ms,
        };
        self.calls.send(invocation).unwrap();
        async move { answer.await.ok() }
    }

    /// The answer to `event`, within a minute.
    pub async fn answer(&self, event: Value) -> Value {
        let call = self.call(event, Duration::from_secs(60));
        let returned = tokio::time::timeout(Duration::from_secs(60), call).await;
        let returned = returned.expect("an answer within a minute");
        returned.expect("a function that lives").unwrap()
    }

    /// Ends it at once, as when its environment is taken away.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Tells it that its environment ends.
    pub fn terminate(&self) {
        let process = self.process.id().to_string();
        let told = Command::new("kill").args(["-TERM", &process]).status();
        assert!(told.unwrap().success());
    }

    /// What is left in the folder that jobs write to.
    #[must_use]
    pub fn left_behind(&self) -> usize {
        let folder = self._scratch.path().join("vod-snapshot");
        std::fs::read_dir(folder).unwrap().count()
    }

    /// The lines it has written, each an object, once so many have this member: what a function
    /// wrote comes here a moment after its answer.
    pub async fn lines(&self, member: &str, times: usize) -> Vec<Value> {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let lines = self.lines_so_far();
            let told = lines.iter().filter(|line| line.get(member).is_some());
            if told.count() >= times {
                return lines;
            }
            assert!(Instant::now() < until, "no {member} in {lines:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Those that it has written by now.
    #[must_use]
    pub fn lines_so_far(&self) -> Vec<Value> {
        let output = String::from_utf8_lossy(&self.output.lock().unwrap()).into_owned();
        let whole = output.rfind('\n').map_or("", |end| &output[..end]);
        let lines = whole.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect()
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn name(program: &str) -> String {
    let name = FilePath::new(program).file_name().unwrap();
    name.to_string_lossy().into_owned()
}

fn keep(mut output: impl Read + Send + 'static, kept: &Arc<Mutex<Vec<u8>>>) {
    let kept = Arc::clone(kept);
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = output.read(&mut buffer) {
            kept.lock().unwrap().extend_from_slice(&buffer[..length]);
        }
    });
}

async fn serve(api: Api) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let runtime = "/2018-06-01/runtime";
    let router = Router::new()
        .route(&format!("{runtime}/invocation/next"), get(next))
        .route(
            &format!("{runtime}/invocation/{{id}}/response"),
            post(response),
        )
        .route(&format!("{runtime}/invocation/{{id}}/error"), post(failure))
        .route("/2020-01-01/extension/register", post(register))
        .route(
            "/2020-01-01/extension/event/next",
            get(std::future::pending::<StatusCode>),
        )
        .with_state(api);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address.to_string()
}

async fn next(State(api): State<Api>) -> impl IntoResponse {
    let Some(invocation) = api.next.lock().await.recv().await else {
        return std::future::pending().await;
    };
    let mut headers = HeaderMap::new();
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:f".to_owned();
    let trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1".to_owned();
    for (name, value) in [
        ("lambda-runtime-aws-request-id", invocation.id),
        (
            "lambda-runtime-deadline-ms",
            invocation.deadline_ms.to_string(),
        ),
        ("lambda-runtime-invoked-function-arn", arn),
        ("lambda-runtime-trace-id", trace),
    ] {
        headers.insert(name, HeaderValue::try_from(value).unwrap());
    }
    (headers, invocation.event.to_string())
}

async fn response(State(api): State<Api>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    settle(&api, &id, Ok(serde_json::from_slice(&body).unwrap()))
}

async fn failure(State(api): State<Api>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    settle(&api, &id, Err(serde_json::from_slice(&body).unwrap()))
}

fn settle(api: &Api, id: &str, returned: Returned) -> StatusCode {
    if let Some(sender) = api.open.lock().unwrap().remove(id) {
        let _ = sender.send(returned);
    }
    StatusCode::ACCEPTED
}

async fn register() -> impl IntoResponse {
    let mut headers = HeaderMap::new();
    let id = HeaderValue::from_static("00000000-0000-0000-0000-000000000000");
    headers.insert("lambda-extension-identifier", id);
    let registered = json!({"functionName": "f", "functionVersion": "1", "handler": "bootstrap"});
    (headers, registered.to_string())
}
