//! The actions that are spoken here.

/// One action of the API, by its wire name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Action {
    SubmitSnapshotJob,
    ListSnapshots,
    GetJobDetail,
    ListJobInfo,
    RegisterMedia,
    UploadMediaByURL,
    GetURLUploadInfos,
    GetVideoInfo,
    GetMezzanineInfo,
    GetPlayInfo,
    GetVideoInfos,
    GetVideoList,
    SearchMedia,
    UpdateVideoInfo,
    DeleteVideo,
    DeleteMezzanines,
    DeleteImage,
    SubmitDynamicImageJob,
    ListDynamicImage,
    DeleteDynamicImage,
    AddVodTemplate,
    GetVodTemplate,
    ListVodTemplate,
    UpdateVodTemplate,
    DeleteVodTemplate,
    SetMessageCallback,
    GetMessageCallback,
    DeleteMessageCallback,
}

impl Action {
    /// Every action, in the order of the documents.
    pub const ALL: [Self; 28] = [
        Self::SubmitSnapshotJob,
        Self::ListSnapshots,
        Self::GetJobDetail,
        Self::ListJobInfo,
        Self::RegisterMedia,
        Self::UploadMediaByURL,
        Self::GetURLUploadInfos,
        Self::GetVideoInfo,
        Self::GetMezzanineInfo,
        Self::GetPlayInfo,
        Self::GetVideoInfos,
        Self::GetVideoList,
        Self::SearchMedia,
        Self::UpdateVideoInfo,
        Self::DeleteVideo,
        Self::DeleteMezzanines,
        Self::DeleteImage,
        Self::SubmitDynamicImageJob,
        Self::ListDynamicImage,
        Self::DeleteDynamicImage,
        Self::AddVodTemplate,
        Self::GetVodTemplate,
        Self::ListVodTemplate,
        Self::UpdateVodTemplate,
        Self::DeleteVodTemplate,
        Self::SetMessageCallback,
        Self::GetMessageCallback,
        Self::DeleteMessageCallback,
    ];

    /// Actions of the vendor that need its storage or its player. Programs that call them are told
    /// what to call in their place.
    pub const NEEDS_VENDOR: [&str; 3] = [
        "CreateUploadVideo",
        "RefreshUploadVideo",
        "GetVideoPlayAuth",
    ];

    /// The action of this wire name; names are case-sensitive.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    /// Whether it is the name of an action, here or of those that need the vendor.
    #[must_use]
    pub fn is_known(name: &str) -> bool {
        Self::named(name).is_some() || Self::NEEDS_VENDOR.contains(&name)
    }

    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SubmitSnapshotJob => "SubmitSnapshotJob",
            Self::ListSnapshots => "ListSnapshots",
            Self::GetJobDetail => "GetJobDetail",
            Self::ListJobInfo => "ListJobInfo",
            Self::RegisterMedia => "RegisterMedia",
            Self::UploadMediaByURL => "UploadMediaByURL",
            Self::GetURLUploadInfos => "GetURLUploadInfos",
            Self::GetVideoInfo => "GetVideoInfo",
            Self::GetMezzanineInfo => "GetMezzanineInfo",
            Self::GetPlayInfo => "GetPlayInfo",
            Self::GetVideoInfos => "GetVideoInfos",
            Self::GetVideoList => "GetVideoList",
            Self::SearchMedia => "SearchMedia",
            Self::UpdateVideoInfo => "UpdateVideoInfo",
            Self::DeleteVideo => "DeleteVideo",
            Self::DeleteMezzanines => "DeleteMezzanines",
            Self::DeleteImage => "DeleteImage",
            Self::SubmitDynamicImageJob => "SubmitDynamicImageJob",
            Self::ListDynamicImage => "ListDynamicImage",
            Self::DeleteDynamicImage => "DeleteDynamicImage",
            Self::AddVodTemplate => "AddVodTemplate",
            Self::GetVodTemplate => "GetVodTemplate",
            Self::ListVodTemplate => "ListVodTemplate",
            Self::UpdateVodTemplate => "UpdateVodTemplate",
            Self::DeleteVodTemplate => "DeleteVodTemplate",
            Self::SetMessageCallback => "SetMessageCallback",
            Self::GetMessageCallback => "GetMessageCallback",
            Self::DeleteMessageCallback => "DeleteMessageCallback",
        }
    }

    /// What it does, in a sentence.
    #[must_use]
    pub fn summary(self) -> &'static str {
        match self {
            Self::SubmitSnapshotJob => "Takes snapshots of a video, or sprite sheets of them.",
            Self::ListSnapshots => "Lists the pictures of a video's newest successful job.",
            Self::GetJobDetail => "Returns the status of a job.",
            Self::ListJobInfo => "Lists the jobs of a video.",
            Self::RegisterMedia => "Registers stored files as videos.",
            Self::UploadMediaByURL => "Downloads files from URLs and registers them as videos.",
            Self::GetURLUploadInfos => "Returns the status of uploads by URL.",
            Self::GetVideoInfo => "Returns what is known of a video.",
            Self::GetMezzanineInfo => "Returns what is known of the source file of a video.",
            Self::GetPlayInfo => "Returns a URL at which a video can be played.",
            Self::GetVideoInfos => "Returns what is known of several videos.",
            Self::GetVideoList => "Lists videos.",
            Self::SearchMedia => "Searches for videos.",
            Self::UpdateVideoInfo => {
                "Changes the title, cover, tags, description or category of a video."
            }
            Self::DeleteVideo => "Deletes videos, with their pictures. Registered files stay.",
            Self::DeleteMezzanines => {
                "Deletes the files of uploaded videos, and names the videos whose files are registered."
            }
            Self::DeleteImage => "Deletes pictures of a video.",
            Self::SubmitDynamicImageJob => "Makes an animated image of a part of a video.",
            Self::ListDynamicImage => "Lists the animated images of a video.",
            Self::DeleteDynamicImage => "Deletes animated images of a video.",
            Self::AddVodTemplate => "Stores a template.",
            Self::GetVodTemplate => "Returns a template.",
            Self::ListVodTemplate => "Lists the templates of a type.",
            Self::UpdateVodTemplate => "Changes a template.",
            Self::DeleteVodTemplate => "Deletes a template.",
            Self::SetMessageCallback => "Sets where events are delivered.",
            Self::GetMessageCallback => "Returns where events are delivered.",
            Self::DeleteMessageCallback => "Stops the delivery of events.",
        }
    }
}
