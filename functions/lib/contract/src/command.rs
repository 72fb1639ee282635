//! A call as meant: valid, typed, in units. Whether what it names exists is not known here.

mod callbacks;
mod dynamic_images;
mod ids;
mod jobs;
mod media;
mod media_fields;
mod pictures;
mod submit;
mod templates;
mod uploads;
mod video_ref;
mod videos;

use crate::action::Action;
use crate::error::ApiError;
use crate::parameters::Values;
use crate::request::Request;

pub use crate::parameters::Limits;
pub use callbacks::{CallbackType, DeleteMessageCallback, GetMessageCallback, SetMessageCallback};
pub use dynamic_images::{
    DeleteDynamicImage, ListDynamicImage, MAX_DELETED, SubmitDynamicImageJob,
};
pub use jobs::{GetJobDetail, JobType, ListJobInfo};
pub use media::{GetMezzanineInfo, GetVideoInfo, MediaEntry, RegisterMedia, RejectedEntry};
pub use pictures::{DeleteImage, ImageType, ListSnapshots, SnapshotType};
pub use submit::{ClientToken, SnapshotSource, SubmitSnapshotJob};
pub use templates::{
    AddVodTemplate, DeleteVodTemplate, GetVodTemplate, ListVodTemplate, UpdateVodTemplate,
};
pub use uploads::{GetURLUploadInfos, UploadEntry, UploadMediaByURL};
pub use video_ref::VideoRef;
pub use videos::{
    DeleteMezzanines, DeleteVideo, GetPlayInfo, GetVideoInfos, GetVideoList, MAX_PAGED,
    ScrollToken, SearchMedia, UpdateVideoInfo, VideoPage, VideoRefs,
};

/// One call, by its action.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Command {
    SubmitSnapshotJob(SubmitSnapshotJob),
    ListSnapshots(ListSnapshots),
    GetJobDetail(GetJobDetail),
    ListJobInfo(ListJobInfo),
    RegisterMedia(RegisterMedia),
    UploadMediaByURL(UploadMediaByURL),
    GetURLUploadInfos(GetURLUploadInfos),
    GetVideoInfo(GetVideoInfo),
    GetMezzanineInfo(GetMezzanineInfo),
    GetPlayInfo(GetPlayInfo),
    GetVideoInfos(GetVideoInfos),
    GetVideoList(GetVideoList),
    SearchMedia(SearchMedia),
    UpdateVideoInfo(UpdateVideoInfo),
    DeleteVideo(DeleteVideo),
    DeleteMezzanines(DeleteMezzanines),
    DeleteImage(DeleteImage),
    SubmitDynamicImageJob(SubmitDynamicImageJob),
    ListDynamicImage(ListDynamicImage),
    DeleteDynamicImage(DeleteDynamicImage),
    AddVodTemplate(AddVodTemplate),
    GetVodTemplate(GetVodTemplate),
    ListVodTemplate(ListVodTemplate),
    UpdateVodTemplate(UpdateVodTemplate),
    DeleteVodTemplate(DeleteVodTemplate),
    SetMessageCallback(SetMessageCallback),
    GetMessageCallback(GetMessageCallback),
    DeleteMessageCallback(DeleteMessageCallback),
}

impl Command {
    /// Reads the parameters of `request` by the table of its action.
    ///
    /// # Errors
    /// What is missing, then what breaks its rule, then InvalidVideo.NotFound for a VideoId
    /// that can't be one: ids of videos that get through are fit to be part of a key.
    pub fn read(request: &Request, limits: &Limits) -> Result<Self, ApiError> {
        let values = &Values::new(request, limits)?;
        Ok(match request.action() {
            Action::SubmitSnapshotJob => Self::SubmitSnapshotJob(SubmitSnapshotJob::read(values)?),
            Action::ListSnapshots => Self::ListSnapshots(ListSnapshots::read(values)?),
            Action::GetJobDetail => Self::GetJobDetail(GetJobDetail::read(values)?),
            Action::ListJobInfo => Self::ListJobInfo(ListJobInfo::read(values)?),
            Action::RegisterMedia => Self::RegisterMedia(RegisterMedia::read(values)?),
            Action::UploadMediaByURL => Self::UploadMediaByURL(UploadMediaByURL::read(values)?),
            Action::GetURLUploadInfos => Self::GetURLUploadInfos(GetURLUploadInfos::read(values)?),
            Action::GetVideoInfo => Self::GetVideoInfo(GetVideoInfo::read(values)?),
            Action::GetMezzanineInfo => Self::GetMezzanineInfo(GetMezzanineInfo::read(values)?),
            Action::GetPlayInfo => Self::GetPlayInfo(GetPlayInfo::read(values)?),
            Action::GetVideoInfos => Self::GetVideoInfos(GetVideoInfos::read(values)?),
            Action::GetVideoList => Self::GetVideoList(GetVideoList::read(values)?),
            Action::SearchMedia => Self::SearchMedia(SearchMedia::read(values)?),
            Action::UpdateVideoInfo => Self::UpdateVideoInfo(UpdateVideoInfo::read(values)?),
            Action::DeleteVideo => Self::DeleteVideo(DeleteVideo::read(values)?),
            Action::DeleteMezzanines => Self::DeleteMezzanines(DeleteMezzanines::read(values)?),
            Action::DeleteImage => Self::DeleteImage(DeleteImage::read(values)?),
            Action::SubmitDynamicImageJob => {
                Self::SubmitDynamicImageJob(SubmitDynamicImageJob::read(values)?)
            }
            Action::ListDynamicImage => Self::ListDynamicImage(ListDynamicImage::read(values)?),
            Action::DeleteDynamicImage => {
                Self::DeleteDynamicImage(DeleteDynamicImage::read(values)?)
            }
            Action::AddVodTemplate => Self::AddVodTemplate(AddVodTemplate::read(values)?),
            Action::GetVodTemplate => Self::GetVodTemplate(GetVodTemplate::read(values)?),
            Action::ListVodTemplate => Self::ListVodTemplate(ListVodTemplate::read(values)?),
            Action::UpdateVodTemplate => Self::UpdateVodTemplate(UpdateVodTemplate::read(values)?),
            Action::DeleteVodTemplate => Self::DeleteVodTemplate(DeleteVodTemplate::read(values)?),
            Action::SetMessageCallback => {
                Self::SetMessageCallback(SetMessageCallback::read(values)?)
            }
            Action::GetMessageCallback => {
                Self::GetMessageCallback(GetMessageCallback::read(values)?)
            }
            Action::DeleteMessageCallback => {
                Self::DeleteMessageCallback(DeleteMessageCallback::read(values)?)
            }
        })
    }
}

#[cfg(test)]
mod tests;
