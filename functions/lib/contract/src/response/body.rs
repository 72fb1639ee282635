//! What each action answers on success, without RequestId.

mod callback;
mod dynamic_image;
mod job;
mod media;
mod picture;
mod template;
mod upload;
mod videos;

use crate::action::Action;
use serde_json::{Map, Value};

pub use callback::{DeleteMessageCallback, GetMessageCallback, SetMessageCallback};
pub use dynamic_image::{
    DeleteDynamicImage, DynamicImage, ListDynamicImage, SubmitDynamicImageJob,
};
pub use job::{
    GetJobDetail, JobFailure, JobInfo, JobProgress, JobStatus, JobTrigger, ListJobInfo,
    SubmitSnapshotJob,
};
pub use media::{
    GetMezzanineInfo, GetVideoInfo, RegisterMedia, RegisteredMedia, VideoStream, VideoSummary,
};
pub use picture::{DeleteImage, ListSnapshots, StoryboardFile};
pub use template::{
    AddVodTemplate, DeleteVodTemplate, GetVodTemplate, ListVodTemplate, TemplateInfo,
    UpdateVodTemplate,
};
pub use upload::{GetURLUploadInfos, UploadInfo, UploadMediaByURL, UploadStatus};
pub use videos::{
    DeleteMezzanines, DeleteVideo, GetPlayInfo, GetVideoInfos, GetVideoList, SearchMedia,
    UpdateVideoInfo,
};

/// The success of one action.
pub trait Body {
    /// Which.
    const ACTION: Action;

    /// The fields after RequestId, an object in the order of the documents.
    fn fields(&self) -> Value;
}

/// An object without the fields that are null: absent says "none", null upsets typed clients.
fn present(object: Value) -> Value {
    let Value::Object(fields) = object else {
        return object;
    };
    let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(kept.collect::<Map<_, _>>())
}
