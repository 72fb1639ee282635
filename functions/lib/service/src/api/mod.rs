//! From a request to an answer. What a Lambda function and a server on one machine have in
//! common: everything but the transport.

mod callbacks;
mod gate;
mod images;
mod jobs;
mod register;
mod snapshots;
mod submit;
mod templates;
mod throttle;
mod videos;
mod within;

pub use gate::Auth;
pub use throttle::Throttle;

use crate::ports::{PortError, Ports, Rates};
use contract::command::{Command, Limits};
use contract::error::ApiError;
use contract::id;
use contract::request::{RawRequest, Request};
use contract::response::{Answer, Body, Format, success};
use std::sync::Arc;
use std::time::Instant;
use tracing::{Instrument, error, info, info_span};

/// How a deployment answers.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The most snapshots of one job.
    pub max_snapshots: u32,
    /// HostId of error bodies.
    pub host_id: String,
    /// UserId of jobs: the account.
    pub user_id: i64,
    /// Whose calls are answered.
    pub auth: Auth,
    /// Calls a second of one user; 0: no limit.
    pub max_qps: u32,
}

impl Settings {
    /// The defaults but for `auth`, which every deployment has to choose.
    #[must_use]
    pub fn new(auth: Auth) -> Self {
        Self {
            max_snapshots: 20_000,
            host_id: "vod-snapshot".to_owned(),
            user_id: 0,
            auth,
            max_qps: 30,
        }
    }
}

/// The whole API over its ports.
#[derive(Clone)]
pub struct Api {
    ports: Ports,
    settings: Arc<Settings>,
    rates: Arc<dyn Rates>,
}

/// What a use case gives: a body to render, or an error of the contract.
type Reply = Result<Box<dyn Render>, ApiError>;

/// A body whose type is forgotten.
trait Render: Send {
    fn render(&self, format: Format, request_id: &str) -> Answer;
}

impl<B: Body + Send> Render for B {
    fn render(&self, format: Format, request_id: &str) -> Answer {
        success(self, format, request_id)
    }
}

fn reply(body: impl Body + Send + 'static) -> Reply {
    Ok(Box::new(body))
}

impl Api {
    /// An API over `ports`.
    #[must_use]
    pub fn new(ports: Ports, settings: Settings) -> Self {
        Self {
            ports,
            rates: Arc::new(Throttle::new(settings.max_qps)),
            settings: Arc::new(settings),
        }
    }

    /// The same, counting calls with others: as many processes as answer share one limit.
    #[must_use]
    pub fn counting_with(self, rates: Arc<dyn Rates>) -> Self {
        Self { rates, ..self }
    }

    /// Answers a request.
    pub async fn handle(&self, raw: RawRequest) -> Answer {
        let (format, request_id, begun) = (Format::of(&raw), id::request_id(), Instant::now());
        let span = info_span!("request", request_id);
        let result = self.answer(raw, &request_id).instrument(span.clone()).await;
        let answer = match result {
            Ok(body) => body.render(format, &request_id),
            Err(refusal) => self.refuse(&refusal, format, &request_id),
        };
        span.in_scope(|| {
            let took_ms = begun.elapsed().as_millis();
            info!(status = answer.status, took_ms, "answered");
        });
        answer
    }

    async fn answer(&self, raw: RawRequest, request_id: &str) -> Reply {
        let request = Request::decode(raw)?;
        let user = self.admit(&request).await?;
        let limits = Limits {
            max_snapshots: self.settings.max_snapshots,
        };
        match Command::read(&request, &limits)? {
            Command::SubmitSnapshotJob(command) => self.submit(command, user, request_id).await,
            Command::RegisterMedia(command) => self.register(command).await,
            Command::GetVideoInfo(command) => self.video_info(command).await,
            Command::ListSnapshots(command) => self.list_snapshots(command).await,
            Command::GetJobDetail(command) => self.job_detail(command).await,
            Command::ListJobInfo(command) => self.list_jobs(command).await,
            Command::GetMezzanineInfo(command) => self.mezzanine_info(command).await,
            Command::DeleteImage(command) => self.delete_images(command).await,
            Command::AddVodTemplate(command) => self.add_template(command).await,
            Command::GetVodTemplate(command) => self.template_info(command).await,
            Command::ListVodTemplate(command) => self.list_templates(command).await,
            Command::UpdateVodTemplate(command) => self.update_template(command).await,
            Command::DeleteVodTemplate(command) => self.delete_template(command).await,
            Command::SetMessageCallback(command) => self.set_callback(command).await,
            Command::GetMessageCallback(command) => self.callback_info(command).await,
            Command::DeleteMessageCallback(command) => self.delete_callback(command).await,
        }
    }

    /// The answer to a request whose handler failed.
    #[must_use]
    pub fn internal_error(&self, format: Format) -> Answer {
        self.refuse(&ApiError::internal(), format, &id::request_id())
    }

    /// The answer to a request that can't be handled now.
    #[must_use]
    pub fn unavailable(&self, format: Format) -> Answer {
        self.refuse(&ApiError::unavailable(), format, &id::request_id())
    }

    /// The answer with this error, for what a transport finds wrong by itself.
    #[must_use]
    pub fn refused(&self, error: &ApiError, format: Format) -> Answer {
        self.refuse(error, format, &id::request_id())
    }

    fn refuse(&self, refusal: &ApiError, format: Format, request_id: &str) -> Answer {
        info!(code = refusal.code(), "refused");
        refusal.render(format, request_id, &self.settings.host_id)
    }

    fn now_ms(&self) -> i64 {
        self.ports.clock.now_ms()
    }
}

/// A port that can't answer is a temporary failure of ours; the cause is for the log alone.
fn down(cause: PortError) -> ApiError {
    error!(%cause, "a port did not answer");
    ApiError::unavailable()
}
