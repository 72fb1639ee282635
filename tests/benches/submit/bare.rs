//! The least a server can do: axum, one handler, a constant. In a process of its own, as `serve`.

use axum::Router;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Says to be the bare server.
pub(crate) const ARGUMENT: &str = "--serve-a-constant";

const ANSWER: &str = r#"{"RequestId":"25818875-5F78-4A13-BEF6-D7393642CA58","SnapshotJob":{"JobId":"ad90a501b1b94ba6afb72374ad005046"}}"#;

/// Running until dropped.
pub(crate) struct Bare {
    child: Child,
    pub(crate) host: String,
}

impl Bare {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg(ARGUMENT)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut host = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut host).unwrap();
        Self {
            child,
            host: host.trim().to_owned(),
        }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until killed, once it has said where.
pub(crate) fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(async || ANSWER);
        axum::serve(listener, router).await.unwrap();
    });
}
