//! A subscriber that receives SnapshotComplete events.

use crate::error::CommandError;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::Value;
use std::net::Ipv4Addr;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

pub(super) struct EventReceiver {
    url: String,
    events: mpsc::UnboundedReceiver<Value>,
}

impl EventReceiver {
    /// Listens on a free loopback port until the process ends.
    pub(super) async fn start() -> Result<Self, CommandError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/events", listener.local_addr()?);
        let (sender, events) = mpsc::unbounded_channel();
        let router = Router::new()
            .route("/events", post(accept_event))
            .with_state(sender);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, events })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) async fn next(&mut self) -> Option<Value> {
        self.events.recv().await
    }
}

async fn accept_event(
    State(sender): State<mpsc::UnboundedSender<Value>>,
    body: String,
) -> StatusCode {
    let event = serde_json::from_str(&body).ok();
    match event.and_then(|event| sender.send(event).ok()) {
        Some(()) => StatusCode::OK,
        None => StatusCode::BAD_REQUEST,
    }
}
