//! What the service remembers.

#[cfg(test)]
#[allow(clippy::panic, reason = "that is how a test fails")]
mod last_release;

mod deletions;
mod upload;

use artifacts::manifest::GridEntry;
use contract::snapshot::SnapshotSpec;
use contract::storyboard::StoryboardFormat;

pub use contract::command::{CallbackType, ImageType, ScrollToken, SnapshotType, VideoPage};
pub use contract::event::{EventStatus, EventType};
pub use contract::id::{JobId, RequestId, TemplateId, VideoId};
pub use contract::response::body::JobProgress;
pub use contract::url_key::of as url_key;
pub use contract::video_filter::{CreatedRange, VideoFilter};
pub use contract::video_status::VideoStatus;
pub use deletions::Deletions;
use serde::{Deserialize, Serialize};
use source::RangeSource;
pub use upload::{Upload, UploadEnd, UploadResult, UploadState, UploadTrials};

/// Milliseconds since the Unix epoch.
pub type UnixMs = i64;

/// A registered video.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Video {
    /// Its own.
    pub id: VideoId,
    /// As registered first. It may lead elsewhere by now: see
    /// [`open_video`](crate::ports::Sources).
    pub file_url: String,
    /// Where the file lies, spelt in one way: a file is one video however its URL is spelt. None of
    /// a video that was registered before places were kept, until its file is registered again.
    #[serde(default)]
    pub place: Option<String>,
    /// As registered, or changed since.
    pub title: String,
    /// As registered, or changed since.
    pub description: Option<String>,
    /// Comma-separated, as registered, or changed since.
    pub tags: Option<String>,
    /// As registered, or changed since.
    pub cate_id: Option<i64>,
    /// The caller's own id, unique.
    pub reference_id: Option<String>,
    /// UserData given at registration, or since; later jobs inherit its callback.
    pub user_data: Option<String>,
    /// As registered, or changed since; none where nobody chose one.
    pub cover_url: Option<String>,
    /// Where in its life the video is.
    pub status: VideoStatus,
    /// When it was registered.
    pub created_ms: UnixMs,
    /// When any of this last changed.
    pub modified_ms: UnixMs,
    /// Bytes of the file when it was last registered or looked into.
    pub size_bytes: u64,
    /// Known once the file was looked into.
    pub facts: Option<VideoInfo>,
    /// Which of its pictures were deleted.
    #[serde(default)]
    pub deletions: Deletions,
}

impl Video {
    /// Of a file that is registered at `now_ms`, and nothing else is said of.
    pub(crate) fn new(file_url: &str, title: &str, size_bytes: u64, now_ms: UnixMs) -> Self {
        Self {
            id: VideoId::random(),
            file_url: file_url.to_owned(),
            place: None,
            title: title.to_owned(),
            description: None,
            tags: None,
            cate_id: None,
            reference_id: None,
            user_data: None,
            cover_url: None,
            status: VideoStatus::UploadSucc,
            created_ms: now_ms,
            modified_ms: now_ms,
            size_bytes,
            facts: None,
            deletions: Deletions::default(),
        }
    }

    /// Whether this file is known to be a video. An earlier release kept no content with its facts:
    /// what it found holds for a file of that length, until that is looked into anew.
    #[must_use]
    pub fn is_playable_from(&self, file: &dyn RangeSource) -> bool {
        let is_of_before =
            |facts: &VideoInfo| facts.content.is_none() && facts.size_bytes == file.bytes();
        self.is_known_of(file) || self.facts.as_ref().is_some_and(is_of_before)
    }

    /// Whether what is known of it is known of this content of its file.
    pub(crate) fn is_known_of(&self, file: &dyn RangeSource) -> bool {
        let facts = self.facts.as_ref();
        facts.is_some_and(|facts| facts.content == file.identity())
    }

    /// Whether its file certainly has other content than the one that its size and facts are of.
    pub(crate) fn was_replaced_by(&self, file: &dyn RangeSource) -> bool {
        let facts = self.facts.as_ref();
        let known = facts.and_then(|facts| facts.content.as_ref());
        self.size_bytes != file.bytes() || known.is_some_and(|_| !self.is_known_of(file))
    }
}

/// What the file itself says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VideoInfo {
    /// From the first frame to the end of the presentation, ms.
    pub duration_ms: u64,
    /// Display width, px: rotation and sample aspect ratio applied.
    pub width: u32,
    /// Display height, px.
    pub height: u32,
    /// Frames per second, on average.
    pub frame_rate: f64,
    /// The video codec's name.
    pub codec: String,
    /// Bytes.
    pub size_bytes: u64,
    /// Which content of the file says so, as its source tells contents apart: of a file that was
    /// replaced nothing is known. None where that was not kept.
    #[serde(default)]
    pub content: Option<String>,
}

impl VideoInfo {
    /// Whether both say the same: what was kept as JSON may come back with its rate rounded.
    pub(crate) fn are_those_of(&self, other: &Self) -> bool {
        let rounded = Self {
            frame_rate: other.frame_rate,
            content: other.content.clone(),
            ..self.clone()
        };
        let difference = (self.frame_rate - other.frame_rate).abs();
        rounded == *other && difference <= self.frame_rate.abs() * 1e-12
    }
}

/// One accepted job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its own.
    pub id: JobId,
    /// The video it takes pictures of.
    pub video_id: VideoId,
    /// The request that asked for it.
    pub request_id: RequestId,
    /// What it takes.
    pub spec: SnapshotSpec,
    /// What it makes.
    pub kind: SnapshotType,
    /// Extend of the request's UserData, echoed in the event. Of a job of covers, which nobody is told
    /// of: the content of the file that they are of.
    pub extend: Option<String>,
    /// CallbackURL of the request's UserData, else of the video's.
    pub callback_url: Option<String>,
    /// When it was accepted.
    pub created_ms: UnixMs,
    /// How far it is.
    pub state: JobState,
    /// Whether the event of its completion is known to be published.
    pub event_published: bool,
    /// How far it is, as a run last said; none of a job that no run has said anything of.
    #[serde(default)]
    pub progress: Option<JobProgress>,
    /// Where its event says that the pictures are, if that was known when it was accepted and not to
    /// whoever runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_urls: Option<EventUrls>,
}

/// Where an event says that the pictures of a job are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventUrls {
    /// URL of the first picture.
    pub cover: String,
    /// URL of all, with `{SnapshotCount}` for the number.
    pub regular: String,
    /// The first file in each form that players read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub storyboards: Vec<(StoryboardFormat, String)>,
}

impl Job {
    /// Whether it has ended.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        matches!(self.state, JobState::Completed(_))
    }

    /// Whether it has ended with pictures of this content of the file.
    pub(crate) fn took(&self, content: Option<&str>) -> bool {
        match &self.state {
            JobState::Completed(Completion {
                result: JobResult::Success { content: taken, .. },
                ..
            }) => taken.as_deref() == content,
            _ => false,
        }
    }

    /// Whether nobody asked for it: it takes system covers.
    #[must_use]
    pub fn is_of_covers(&self) -> bool {
        self.kind == SnapshotType::CoverSnapshot
    }

    /// The event that tells of its end.
    pub(crate) fn event_type(&self) -> EventType {
        match self.kind {
            SnapshotType::DynamicImage => EventType::DynamicImageComplete,
            _ => EventType::SnapshotComplete,
        }
    }

    /// What tells a worker to run it.
    #[must_use]
    pub fn message(&self) -> Message {
        let (job_id, request_id) = (self.id.clone(), self.request_id.clone());
        match self.kind {
            SnapshotType::CoverSnapshot => Message::Covers { job_id, request_id },
            _ => Message::Snapshot { job_id, request_id },
        }
    }
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum JobState {
    /// Accepted, not yet begun.
    Queued,
    /// A worker has it.
    Processing,
    /// Ended with pictures, or with the reason there are none.
    Completed(Completion),
}

/// How a job ended. Written once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// When.
    pub at_ms: UnixMs,
    /// The same for every publication of this completion.
    pub event_id: String,
    /// With what.
    pub result: JobResult,
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum JobResult {
    /// The pictures are all there.
    Success {
        /// Pictures taken.
        pictures: u32,
        /// Sprite sheets; 0 for other jobs.
        sheets: u32,
        /// Whether the pictures themselves stay (false: only the sheets do).
        keeps_pictures: bool,
        /// Which content of the file they are of, as in [`VideoInfo`].
        #[serde(default)]
        content: Option<String>,
        /// The animated image; none of a job that makes pictures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        animation: Option<AnimationResult>,
        /// Where cells lie on its sheets; none without sheets, and of a job that ended before this was
        /// kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grid: Option<GridEntry>,
    },
    /// It cannot be done, ever.
    Fail {
        /// The name of an [`ErrorCode`](contract::error::ErrorCode): text, since a store may hold one of
        /// another version.
        code: String,
        /// For a person.
        message: String,
    },
}

/// What lists and events say of an animated image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnimationResult {
    /// px
    pub width: u32,
    /// px
    pub height: u32,
    /// How much of the video it shows, ms.
    pub duration_ms: u64,
    /// Size of its file.
    pub bytes: u64,
}

/// What is remembered of the runs of a job that has not ended. A queue's own count of deliveries
/// cannot tell whose fault it was that one did not come to its end; this can.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunTrials {
    /// Runs that began since one last said how it ended, or came further: so often our own
    /// process died. By itself that is nobody's fault.
    pub unended_runs: u32,
    /// Runs that ended badly by the job's own fault, such as a decoder that crashed.
    pub faults: u32,
    /// Since when its file has been missing; none while it is there, or not known to be gone.
    pub missing_since_ms: Option<UnixMs>,
    /// Since when its runs have met nothing but trouble that is not its own; none after one that
    /// came further.
    pub waiting_since_ms: Option<UnixMs>,
}

/// How a run of a job ended that did not end the job, or that it is alive and came further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// It was given back, or came further: nothing counts against the job.
    Unharmed,
    /// It met trouble that is not the job's own, as runs have since then.
    Waiting {
        /// Since when.
        since_ms: UnixMs,
    },
    /// Its file is missing, as it has been since then.
    Missing {
        /// Since when.
        since_ms: UnixMs,
    },
    /// It ended badly by the job's own fault.
    Fault {
        /// Which one of the job, from 1. Said instead of added, so that a write that happens twice
        /// counts once.
        number: u32,
    },
}

/// One piece of work on the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// Run a job.
    Snapshot {
        /// Which.
        job_id: JobId,
        /// The request that asked for it.
        request_id: RequestId,
    },
    /// Run one part of a large job.
    Part {
        /// Of which.
        job_id: JobId,
        /// The request that asked for it.
        request_id: RequestId,
        /// Which division of the job. Of another one nothing is left to do.
        division: String,
        /// Which part, from 0.
        number: u32,
    },
    /// Run a job that nobody waits for, after all others.
    Covers {
        /// Which.
        job_id: JobId,
        /// What stands for the request that there was none of.
        request_id: RequestId,
    },
    /// Download a file and register it.
    Upload {
        /// Which upload.
        job_id: JobId,
    },
    /// Look into a newly registered video for its facts.
    Probe {
        /// Which.
        video_id: VideoId,
    },
    /// Register a file that came into its place without a call.
    #[serde(rename = "Arrival")]
    ObjectCreated {
        /// Where it is.
        file_url: String,
        /// Its title as a video.
        title: String,
        /// Tells what was put there from what was there before.
        tag: String,
    },
    /// Delete pictures of a video. Lists do not hold them any more.
    DeletePictures {
        /// Of which.
        video_id: VideoId,
        /// Of which kind.
        image_type: ImageType,
        /// Those of jobs that were accepted until then.
        until_ms: UnixMs,
        /// The key after which this goes on; none at its start.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Delete a video, with all that its jobs have made.
    DeleteVideo {
        /// Which.
        video_id: VideoId,
        /// The name of its file, if that was downloaded here: it goes with it. None in a message
        /// of before there were any. No URL: one may hold its owner's secret.
        #[serde(default)]
        file_name: Option<String>,
        /// The key after which this goes on; none at its start.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
}

/// What of a video is changed; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "as in Video")]
pub struct VideoChange {
    pub title: Option<String>,
    pub description: Option<String>,
    pub tags: Option<String>,
    pub cate_id: Option<i64>,
    pub user_data: Option<String>,
    pub cover_url: Option<String>,
}

impl Video {
    /// The same, changed.
    #[must_use]
    pub fn changed(self, change: &VideoChange, now_ms: UnixMs) -> Self {
        let change = change.clone();
        Self {
            title: change.title.unwrap_or(self.title),
            description: change.description.or(self.description),
            tags: change.tags.or(self.tags),
            cate_id: change.cate_id.or(self.cate_id),
            user_data: change.user_data.or(self.user_data),
            cover_url: change.cover_url.or(self.cover_url),
            modified_ms: now_ms,
            ..self
        }
    }
}

impl Message {
    /// What kind it is, for the log: a message itself may name somebody's file.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Snapshot { .. } => "job",
            Self::Part { .. } => "part",
            Self::Covers { .. } => "covers",
            Self::Upload { .. } => "upload",
            Self::Probe { .. } => "probe",
            Self::ObjectCreated { .. } => "object_created",
            Self::DeletePictures { .. } => "delete_pictures",
            Self::DeleteVideo { .. } => "delete_video",
        }
    }

    /// The snapshot job that it is of.
    #[must_use]
    pub fn job(&self) -> Option<&JobId> {
        match self {
            Self::Snapshot { job_id, .. }
            | Self::Part { job_id, .. }
            | Self::Covers { job_id, .. } => Some(job_id),
            Self::Upload { .. }
            | Self::Probe { .. }
            | Self::ObjectCreated { .. }
            | Self::DeletePictures { .. }
            | Self::DeleteVideo { .. } => None,
        }
    }
}

/// An event as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same for every publication of the same fact.
    pub id: String,
    /// What it tells of.
    pub event_type: EventType,
    /// How that ended.
    pub status: EventStatus,
    /// The video.
    pub video_id: VideoId,
    /// The job; none where the event is of none.
    pub job_id: Option<JobId>,
    /// What the job makes, for filters beside the event. A store of events need not keep it.
    pub snapshot_type: Option<SnapshotType>,
    /// When the fact came to be.
    pub at_ms: UnixMs,
    /// The one URL that SetMessageCallback and UserData lead to, beside a deployment's own
    /// subscribers. Somebody's word: whoever calls it checks where it leads.
    pub callback_url: Option<String>,
    /// Exactly the bytes a subscriber gets.
    pub body: Vec<u8>,
}

/// A stored template of SubmitSnapshotJob.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its own.
    pub id: TemplateId,
    /// At most 128 bytes.
    pub name: String,
    /// The validated JSON as given.
    pub config: String,
    /// `app-1000000` by default.
    pub app_id: String,
    /// When it was added.
    pub created_ms: UnixMs,
    /// When it last changed.
    pub modified_ms: UnixMs,
}

/// SetMessageCallback's settings of one application, as given.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackSettings {
    /// `app-1000000` by default.
    pub app_id: String,
    /// How subscribers are told.
    pub callback_type: CallbackType,
    /// Where to.
    pub callback_url: Option<String>,
    /// Which events.
    pub event_types: Vec<String>,
    /// Signs callbacks; never shown in logs.
    pub auth_key: Option<String>,
    /// Whether callbacks are signed.
    pub auth_switch: bool,
    /// Of a message queue; kept and shown, not used.
    #[serde(default)]
    pub mns_endpoint: Option<String>,
    /// Of a message queue; kept and shown, not used.
    #[serde(default)]
    pub mns_queue_name: Option<String>,
}

impl CallbackSettings {
    /// The application whose settings hold for every job.
    pub const DEFAULT_APP: &str = "app-1000000";

    /// Whether this event goes to a subscriber by HTTP: what is set for one job or one video
    /// changes where to, never whether.
    #[must_use]
    pub fn wants(&self, event_type: EventType) -> bool {
        let named = |name: &String| name == "ALL" || name == event_type.name();
        self.callback_type == CallbackType::Http && self.event_types.iter().any(named)
    }

    /// What deliveries are signed with, if they are.
    #[must_use]
    pub fn signing_key(&self) -> Option<&str> {
        self.auth_key.as_deref().filter(|_| self.auth_switch)
    }
}

impl std::fmt::Debug for CallbackSettings {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("CallbackSettings")
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}
