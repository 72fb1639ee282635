//! From a request to an answer. What a Lambda function and a server on one machine have in
//! common: everything but the transport.

mod auth;
mod auth_mode;
mod call_end;
mod call_limits;
mod call_log;
mod callbacks;
mod chosen_cover;
mod console_session;
mod cross_origin;
mod dynamic_images;
mod jobs;
mod pictures;
mod play;
mod rate_limit;
mod recent_jobs;
mod register;
mod removals;
mod snapshots;
mod submit;
mod templates;
mod time_limit;
mod upload_session;
mod uploads;
mod video_lists;
mod videos;

pub use auth_mode::Auth;
pub use call_limits::{ANSWER_WITHIN, MAX_BODY_BYTES, OPENAPI_PATH};
pub use call_log::{AnsweredCall, CallObserver};
pub use pictures::PictureGrant;
pub use rate_limit::GcraLimiter;

use crate::ports::{PortError, PortErrorKind, Ports, RateLimiter};
use call_log::{CallEnd, OpenCall};
use contract::command::{Command, Limits};
use contract::error::ApiError;
use contract::id::RequestId;
use contract::openapi::{self, CallSecurity};
use contract::request::{RawRequest, Request};
use contract::response::{Answer, Body, Format, success};
use recent_jobs::RecentJobs;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tracing::{Instrument, error, info};

/// How a deployment answers.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The most snapshots of one job.
    pub max_snapshots: u32,
    /// The most pixels of one sprite sheet: [`plan::Limits::sheet_pixels`] of those who run jobs.
    pub max_sheet_pixels: u64,
    /// Where clients reach this deployment; none: at the host that they name, over TLS.
    pub public_url: Option<String>,
    /// HostId of error bodies.
    pub host_id: String,
    /// UserId of jobs: the account.
    pub user_id: i64,
    /// Authentication mode.
    pub auth: Auth,
    /// Calls a second of one user; 0: no limit.
    pub max_qps: u32,
    /// Whether files are downloaded from URLs.
    pub takes_uploads: bool,
    /// How long it is remembered that a picture was not deleted. Zero: it is looked at each time.
    pub pictures_remembered: Duration,
}

impl Settings {
    /// The defaults but for `auth`, which every deployment has to choose.
    #[must_use]
    pub fn new(auth: Auth) -> Self {
        Self {
            max_snapshots: 20_000,
            max_sheet_pixels: plan::Limits::default().sheet_pixels,
            public_url: None,
            host_id: "vod-snapshot".to_owned(),
            user_id: 0,
            auth,
            max_qps: 30,
            takes_uploads: true,
            pictures_remembered: Duration::ZERO,
        }
    }
}

impl Settings {
    /// Where the actions of this deployment and their parameters are listed, for those whose call was
    /// refused: the vendor's site knows nothing of our RequestIds.
    fn actions_url(&self, raw: &RawRequest) -> Option<String> {
        let called = || Some(raw.host()).filter(|host| !host.is_empty());
        self.own_actions_url()
            .or_else(|| called().map(|host| format!("https://{host}{OPENAPI_PATH}")))
    }

    /// The same where nobody knows how the host was called.
    fn own_actions_url(&self) -> Option<String> {
        let base = self.public_url.as_ref()?;
        Some(format!("{base}{OPENAPI_PATH}"))
    }
}

/// The whole API over its ports.
#[derive(Clone)]
pub struct Api {
    ports: Ports,
    settings: Arc<Settings>,
    rate_limiter: Arc<dyn RateLimiter>,
    recent_jobs: RecentJobs,
    /// Whoever counts calls.
    observer: Option<Arc<dyn CallObserver>>,
}

/// What a use case gives: a body to render, or an error of the contract.
type Reply = Result<Box<dyn Render>, ApiError>;

/// A body whose type is forgotten.
trait Render: Send {
    fn render(&self, format: Format, request_id: &RequestId) -> Answer;
}

impl<B: Body + Send> Render for B {
    fn render(&self, format: Format, request_id: &RequestId) -> Answer {
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
            rate_limiter: Arc::new(GcraLimiter::new(settings.max_qps)),
            settings: Arc::new(settings),
            recent_jobs: RecentJobs::default(),
            observer: None,
        }
    }

    /// The same, telling `observer` of every call.
    #[must_use]
    pub fn with_call_observer(self, observer: Arc<dyn CallObserver>) -> Self {
        Self {
            observer: Some(observer),
            ..self
        }
    }

    /// The same, counting calls with others: as many processes as answer share one limit.
    #[must_use]
    pub fn with_rate_limiter(self, rate_limiter: Arc<dyn RateLimiter>) -> Self {
        Self {
            rate_limiter,
            ..self
        }
    }

    /// Answers a request.
    pub async fn handle(&self, raw: RawRequest) -> Answer {
        if raw.method == "OPTIONS" {
            return self.preflight();
        }
        let call = OpenCall::of(&raw);
        let end = self.run(raw, &call).await;
        self.close(&call, end)
    }

    /// Answers a call, and leaves its line in the log to the caller.
    async fn run(&self, raw: RawRequest, call: &OpenCall) -> CallEnd {
        let actions_url = self.settings.actions_url(&raw);
        let answering = self.answer(raw, &call.request_id);
        match answering.instrument(call.span.clone()).await {
            Ok(body) => CallEnd {
                answer: self.for_pages(body.render(call.format, &call.request_id)),
                code: None,
            },
            Err(refusal) => CallEnd {
                code: Some(refusal.code().to_owned()),
                answer: self.render_refusal(refusal, actions_url, call.format, &call.request_id),
            },
        }
    }

    async fn answer(&self, raw: RawRequest, request_id: &RequestId) -> Reply {
        let request = Request::decode(raw)?;
        let user = self.admit(&request).await?;
        let limits = Limits {
            max_snapshots: self.settings.max_snapshots,
        };
        match Command::read(&request, &limits)? {
            Command::SubmitSnapshotJob(command) => self.submit(command, user, request_id).await,
            Command::RegisterMedia(command) => self.register(command).await,
            Command::UploadMediaByURL(command) => self.upload(command, user).await,
            Command::GetURLUploadInfos(command) => self.upload_infos(command).await,
            Command::GetVideoInfo(command) => self.video_info(command).await,
            Command::ListSnapshots(command) => self.list_snapshots(command).await,
            Command::GetJobDetail(command) => self.job_detail(command).await,
            Command::ListJobInfo(command) => self.list_jobs(command).await,
            Command::GetMezzanineInfo(command) => self.mezzanine_info(command).await,
            Command::GetPlayInfo(command) => self.play_info(command).await,
            Command::GetVideoInfos(command) => self.video_infos(command).await,
            Command::GetVideoList(command) => self.video_list(command).await,
            Command::SearchMedia(command) => self.search_media(command).await,
            Command::UpdateVideoInfo(command) => self.update_video(command).await,
            Command::DeleteVideo(command) => self.delete_videos(command).await,
            Command::DeleteMezzanines(command) => self.delete_mezzanines(command).await,
            Command::DeleteImage(command) => self.delete_images(command).await,
            Command::SubmitDynamicImageJob(command) => {
                self.submit_dynamic_image(command, request_id).await
            }
            Command::ListDynamicImage(command) => self.list_dynamic_images(command).await,
            Command::DeleteDynamicImage(command) => self.delete_dynamic_images(command).await,
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
        self.refused(&ApiError::internal(), format)
    }

    /// The answer to a request that can't be handled now.
    #[must_use]
    pub fn unavailable(&self, format: Format) -> Answer {
        self.refused(&ApiError::unavailable(), format)
    }

    /// The answer with this error, for what a transport finds wrong by itself.
    #[must_use]
    pub fn refused(&self, error: &ApiError, format: Format) -> Answer {
        info!(code = error.code(), "refused");
        let actions_url = self.settings.own_actions_url();
        self.render_refusal(error.clone(), actions_url, format, &RequestId::random())
    }

    /// The answer, with where the actions of this deployment are listed.
    fn render_refusal(
        &self,
        refusal: ApiError,
        actions_url: Option<String>,
        format: Format,
        request_id: &RequestId,
    ) -> Answer {
        let refusal = match actions_url {
            Some(url) => refusal.recommending(url),
            None => refusal,
        };
        self.for_pages(refusal.render(format, request_id, &self.settings.host_id))
    }

    /// The OpenAPI document of this deployment, for clients that reach it at `server_url`.
    #[must_use]
    pub fn openapi_document(&self, server_url: &str) -> Value {
        let security = match self.settings.auth {
            Auth::Keys(_) => CallSecurity::Signed,
            Auth::None => CallSecurity::Open,
        };
        openapi::document(server_url, security)
    }

    fn now_ms(&self) -> i64 {
        self.ports.clock.now_ms()
    }
}

/// What a caller is told of a port's error; the cause is for the log alone. Only what may have
/// passed at the next try is called temporary.
#[allow(clippy::needless_pass_by_value, reason = "it ends here")]
fn port_failed(cause: PortError) -> ApiError {
    error!(%cause, kind = ?cause.kind, "a port failed");
    match cause.kind {
        PortErrorKind::Unavailable => ApiError::unavailable(),
        PortErrorKind::Corrupt | PortErrorKind::Refused => ApiError::internal(),
    }
}
