//! SubmitSnapshotJob: a job on the queue.

use super::{Api, Reply, port_failed, reply};
use crate::event_urls::{named_keys, named_urls};
use crate::model::{EventUrls, Job, JobId, JobState, RequestId, SnapshotType, Video, VideoInfo};
use crate::pictures::check_grid;
use crate::ports::{Acceptance, CallToken};
use contract::command::{ClientToken, SnapshotSource, SubmitSnapshotJob};
use contract::error::ApiError;
use contract::response::body;
use contract::snapshot::{SnapshotSpec, SpriteSpec};
use contract::user_data::UserData;
use plan::{Grid, Size, automatic};
use tracing::info;

impl Api {
    pub(super) async fn submit(
        &self,
        command: SubmitSnapshotJob,
        user: &str,
        request_id: &RequestId,
    ) -> Reply {
        let token = command.client_token.as_ref();
        let call = |token: &ClientToken, fingerprint: &str| CallToken {
            key_id: user.to_owned(),
            token: token.text.clone(),
            fingerprint: fingerprint.to_owned(),
        };
        let literal = token.map(|token| call(token, &token.literal_fingerprint));
        let token = token.map(|token| call(token, &token.fingerprint));
        // Before anything is looked at: a retry gets the first answer, whatever became of the
        // video and the template since.
        if let Some(job_id) = self.earlier(token.as_ref(), literal.as_ref()).await? {
            return reply(body::SubmitSnapshotJob { job_id });
        }
        let video = self.video(&command.video).await?;
        if !video.status.allows_snapshots() {
            return Err(ApiError::illegal_status());
        }
        // A job keeps what its template says now, whatever becomes of the template.
        let (kind, spec) = match command.what {
            SnapshotSource::Spec(spec) => (SnapshotType::of(&spec), spec),
            SnapshotSource::Template(id) => self.resolve_template(&id).await?,
        };
        self.check_sheet(&spec, &video).await?;
        let user_data = command.user_data.unwrap_or_default();
        let own = user_data.callback.map(|callback| callback.url);
        let callback_url = own.or_else(|| inherited_callback(&video));
        let mut job = Job {
            id: JobId::random(),
            created_ms: video.deletions.accepted_after(self.now_ms()),
            video_id: video.id,
            request_id: request_id.clone(),
            kind,
            spec,
            extend: user_data.extend,
            callback_url,
            state: JobState::Queued,
            event_published: false,
            progress: None,
            event_urls: None,
        };
        job.event_urls = self.event_urls(&job).await?;
        let accepted = self.ports.submissions.accept(&job, token.as_ref()).await;
        let job_id = job_of(accepted.map_err(port_failed)?, &job.id)?;
        info!(%job_id, video_id = %job.video_id, "accepted");
        reply(body::SubmitSnapshotJob { job_id })
    }

    /// What the event of a new job will say, if that is known here alone.
    pub(super) async fn event_urls(&self, job: &Job) -> Result<Option<EventUrls>, ApiError> {
        let objects = &self.ports.objects;
        let urls = objects.event_urls(&named_keys(job), self.now_ms()).await;
        let urls = urls.map_err(port_failed)?;
        Ok(urls.and_then(|urls| named_urls(job, urls)))
    }

    /// Refuses a sheet that is too large, unless that is only true of a file that was replaced since
    /// it was looked into.
    async fn check_sheet(&self, spec: &SnapshotSpec, video: &Video) -> Result<(), ApiError> {
        let max_pixels = self.settings.max_sheet_pixels;
        let facts = video.facts.as_ref();
        let refused = match check_sheet(spec, facts, max_pixels) {
            Err(refused) if facts.is_some() => refused,
            checked => return checked,
        };
        match self.ports.sources.open_video(video).await {
            Ok(file) if video.is_known_of(&*file) => Err(refused),
            _ => check_sheet(spec, None, max_pixels),
        }
    }

    /// The job of an earlier call with this token, which an earlier release may have stored by its
    /// `literal` parameters.
    async fn earlier(
        &self,
        token: Option<&CallToken>,
        literal: Option<&CallToken>,
    ) -> Result<Option<JobId>, ApiError> {
        let Some(token) = token else {
            return Ok(None);
        };
        let submissions = &self.ports.submissions;
        let mut earlier = submissions.earlier(token).await.map_err(port_failed)?;
        if let (Some(Acceptance::OtherParameters), Some(literal)) = (&earlier, literal) {
            earlier = submissions.earlier(literal).await.map_err(port_failed)?;
        }
        earlier
            .map(|earlier| job_of(earlier, &JobId::default()))
            .transpose()
    }
}

/// The id that the caller is told: `new`, or that of an earlier call's job.
fn job_of(accepted: Acceptance, new: &JobId) -> Result<JobId, ApiError> {
    match accepted {
        Acceptance::New => Ok(new.clone()),
        Acceptance::Earlier { job_id } => Ok(job_id),
        Acceptance::OtherParameters => Err(ApiError::client_token_reused()),
        Acceptance::TooLate => Err(ApiError::unavailable()),
    }
}

/// The callback of the UserData that the video was registered with.
pub(super) fn inherited_callback(video: &Video) -> Option<String> {
    let user_data = UserData::read(video.user_data.as_deref()?).ok().flatten()?;
    user_data.callback.map(|callback| callback.url)
}

/// Refuses a sheet that no file of its format can hold, or of more pixels than this deployment allows, as far as
/// its size is known before the video is opened; the rest is found when the job runs.
fn check_sheet(
    spec: &SnapshotSpec,
    facts: Option<&VideoInfo>,
    max_pixels: u64,
) -> Result<(), ApiError> {
    let Some(sprite) = &spec.sprite else {
        return Ok(());
    };
    let cell = cell(spec, sprite, facts);
    // How many cells there are is not known yet: no sheet of them has more.
    let layout = automatic::layout(sprite, cell, u64::MAX);
    Grid::new(cell, layout, sprite.padding, sprite.margin)
        .and_then(|grid| grid.within_sides(sprite.fit.most_side))
        .and_then(|grid| check_grid(grid, spec.image_format, max_pixels))
        .map(drop)
        .map_err(|error| {
            let rule = crate::text::sentence(&error.to_string());
            ApiError::invalid("SpriteSnapshotConfig", &rule)
        })
}

/// The cell's size, or the least it can be.
fn cell(spec: &SnapshotSpec, sprite: &SpriteSpec, facts: Option<&VideoInfo>) -> Size {
    let display = facts.map(|facts| Size {
        width: facts.width,
        height: facts.height,
    });
    let known = display
        .and_then(|display| display.fitted(spec.width, spec.height).ok())
        .and_then(|picture| automatic::cell(sprite, picture).ok());
    known.unwrap_or(Size {
        width: sprite.cell_width.or(spec.width).unwrap_or(1),
        height: sprite.cell_height.or(spec.height).unwrap_or(1),
    })
}
