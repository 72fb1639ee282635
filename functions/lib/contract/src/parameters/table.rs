//! The table itself.

use super::parameter::Kind::{
    ClientToken, Count, HttpUrl, Id, Json, Long, LongText, Longs, ReferenceId, SignedLong, Text,
    Word,
};
use super::parameter::{Kind, Parameter, Required};
use crate::action::Action;

const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter {
        name,
        kind,
        required: Required::No,
        default: None,
        doc,
    }
}

const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter {
        required: Required::Always,
        ..optional(name, kind, doc)
    }
}

const fn one_of(
    name: &'static str,
    kind: Kind,
    required: Required,
    doc: &'static str,
) -> Parameter {
    Parameter {
        required,
        ..optional(name, kind, doc)
    }
}

const fn with_default(parameter: Parameter, default: &'static str) -> Parameter {
    Parameter {
        default: Some(default),
        ..parameter
    }
}

const PX: Kind = LongText {
    min: 8,
    max: 4096,
    unit: "px",
};
const AT_LEAST_0_S: Kind = Long {
    min: 0,
    max: None,
    unit: "s",
};
const AT_LEAST_0_MS: Kind = Long {
    min: 0,
    max: None,
    unit: "ms",
};
const SHORT: Kind = Text { max_bytes: 128 };
const JOB_TYPE: Kind = Word(&["snapshot", "transcode", "ai", "workflow"]);
const PICTURES: Kind = Word(&[
    "CoverSnapshot",
    "NormalSnapshot",
    "SpriteSnapshot",
    "SpriteOriginSnapshot",
    "WebVttSnapshot",
]);

const VIDEO: Required = Required::OneOf {
    set: &["VideoId", "ReferenceId"],
    named: &["VideoId"],
};
const VIDEO_ID: Parameter = one_of(
    "VideoId",
    Id,
    VIDEO,
    "The video; takes precedence over ReferenceId.",
);
const REFERENCE_ID: Parameter = one_of(
    "ReferenceId",
    ReferenceId,
    VIDEO,
    "The video, by the caller's own identifier.",
);
const APP_ID: Parameter = with_default(optional("AppId", SHORT, "The application."), "app-1000000");
const VOD_TEMPLATE_ID: Parameter = required("VodTemplateId", Id, "The template.");
const TEMPLATE_TYPE: Parameter = required(
    "TemplateType",
    Word(&["Snapshot", "DynamicImage"]),
    "Type of the template.",
);
const CALLBACK_TYPE: Kind = Word(&["HTTP"]);

pub(super) const COMMON: &[Parameter] = &[
    required("Action", SHORT, "The action."),
    required("Version", Word(&["2017-03-21"]), "The version of the API."),
    with_default(
        optional(
            "Format",
            Word(&["JSON", "XML"]),
            "Format of the answer, in any case.",
        ),
        "JSON",
    ),
    optional("AccessKeyId", SHORT, "The access key that signs."),
    optional("Signature", SHORT, "Base64 of HMAC-SHA1."),
    optional(
        "SignatureMethod",
        Word(&["HMAC-SHA1"]),
        "Signature algorithm.",
    ),
    optional("SignatureVersion", Word(&["1.0"]), "Signature algorithm."),
    optional(
        "SignatureNonce",
        SHORT,
        "A text that was never used before.",
    ),
    optional(
        "Timestamp",
        SHORT,
        "yyyy-MM-ddTHH:mm:ssZ, at most 15 minutes from now.",
    ),
    optional(
        "SecurityToken",
        Text { max_bytes: 8192 },
        "Of a temporary key.",
    ),
];

const POINTS: Required = Required::OneOf {
    set: &[
        "Count",
        "Interval",
        "SpecifiedOffsetTimes",
        "SnapshotTemplateId",
    ],
    named: &["Count", "Interval"],
};

const SUBMIT_SNAPSHOT_JOB: &[Parameter] = &[
    VIDEO_ID,
    REFERENCE_ID,
    one_of(
        "Count",
        Count,
        POINTS,
        "Maximum number of snapshots. Default: 1 with Interval=0; otherwise no limit but the end of \
         the video.",
    ),
    with_default(
        one_of(
            "Interval",
            AT_LEAST_0_S,
            POINTS,
            "Seconds between snapshots; 0 spreads Count evenly.",
        ),
        "1",
    ),
    with_default(
        optional(
            "SpecifiedOffsetTime",
            AT_LEAST_0_MS,
            "Offset of the first snapshot, in milliseconds.",
        ),
        "0",
    ),
    optional(
        "SpecifiedOffsetTimes",
        Longs {
            max_items: 30,
            unit: "ms",
        },
        "Exactly these time points; replaces Count, Interval and SpecifiedOffsetTime. An empty array \
         is ignored.",
    ),
    optional(
        "Width",
        PX,
        "Width of the pictures. By default that of the video, or as the aspect ratio gives.",
    ),
    optional(
        "Height",
        PX,
        "Height of the pictures. By default that of the video, or as the aspect ratio gives.",
    ),
    optional(
        "SpriteSnapshotConfig",
        Json { max_bytes: None },
        "Combines the pictures into sprite sheets; {} takes all defaults.",
    ),
    optional(
        "SnapshotTemplateId",
        Id,
        "A template. All other parameters but the video, UserData and ClientToken are then ignored.",
    ),
    optional(
        "UserData",
        Json {
            max_bytes: Some(1024),
        },
        "A JSON object with MessageCallback and Extend of this job; Extend may be any JSON value. Any \
         other text is returned in the Extend of the event.",
    ),
    optional(
        "ClientToken",
        ClientToken,
        "An extension of this service that makes retries safe: a call with the same access key, token \
         and parameters as an earlier one is answered with the same JobId and creates no second job. \
         Tokens are kept for at least a day.",
    ),
];

const LIST_SNAPSHOTS: &[Parameter] = &[
    required("VideoId", Id, "The video."),
    with_default(
        optional("SnapshotType", PICTURES, "Type of the pictures."),
        "CoverSnapshot",
    ),
    with_default(
        optional(
            "AuthTimeout",
            LongText {
                min: 0,
                max: 2_592_000,
                unit: "s",
            },
            "Validity of signed URLs; less than 3600 counts as 3600.",
        ),
        "3600",
    ),
    with_default(
        optional(
            "PageNo",
            LongText {
                min: 1,
                max: 1_000_000,
                unit: "",
            },
            "Number of the page, from 1.",
        ),
        "1",
    ),
    with_default(
        optional(
            "PageSize",
            LongText {
                min: 1,
                max: 100,
                unit: "",
            },
            "Pictures per page.",
        ),
        "20",
    ),
];

const GET_JOB_DETAIL: &[Parameter] = &[
    required("JobId", Id, "The job."),
    required(
        "JobType",
        JOB_TYPE,
        "Type of the job; this service has only snapshot jobs.",
    ),
];

const LIST_JOB_INFO: &[Parameter] = &[
    required("MediaId", Id, "The video."),
    required(
        "JobType",
        JOB_TYPE,
        "Type of the jobs; this service has only snapshot jobs.",
    ),
];

const REGISTER_MEDIA: &[Parameter] = &[
    required(
        "RegisterMetadatas",
        Json { max_bytes: None },
        "Array of at most 10 objects with FileURL and Title, and Description, Tags, CoverURL, \
         CateId, ReferenceId as needed.",
    ),
    optional(
        "TemplateGroupId",
        SHORT,
        "With VOD_NO_TRANSCODE the videos have status Normal at once.",
    ),
    optional("WorkflowId", SHORT, "Ignored."),
    optional(
        "UserData",
        Json {
            max_bytes: Some(1024),
        },
        "The MessageCallback of a JSON object applies to later jobs of the videos; any other text is \
         accepted.",
    ),
];

const UPLOAD_URLS: Required = Required::OneOf {
    set: &["JobIds", "UploadURLs"],
    named: &["JobIds", "UploadURLs"],
};

const UPLOAD_MEDIA_BY_URL: &[Parameter] = &[
    required(
        "UploadURLs",
        Text { max_bytes: 65_536 },
        "1 to 20 http or https URLs, each percent-encoded, comma-separated.",
    ),
    optional(
        "UploadMetadatas",
        Json { max_bytes: None },
        "Array of objects with SourceURL and, as needed, Title, FileExtension, Description, Tags, \
         CoverURL, CateId, ReferenceId, TemplateGroupId.",
    ),
    optional(
        "TemplateGroupId",
        SHORT,
        "With VOD_NO_TRANSCODE the videos have status Normal at once.",
    ),
    optional(
        "UserData",
        Json {
            max_bytes: Some(1024),
        },
        "Its MessageCallback applies to the events of the upload and to later jobs of the videos.",
    ),
    optional("StorageLocation", SHORT, "Ignored."),
    optional("WorkflowId", SHORT, "Ignored."),
    optional(
        "SessionId",
        SHORT,
        "A call that is repeated with it within 10 minutes is answered with the same uploads.",
    ),
    APP_ID,
];

const GET_URL_UPLOAD_INFOS: &[Parameter] = &[
    one_of(
        "JobIds",
        Text { max_bytes: 1024 },
        UPLOAD_URLS,
        "At most 10 ids of uploads, comma-separated; takes precedence over UploadURLs.",
    ),
    one_of(
        "UploadURLs",
        Text { max_bytes: 65_536 },
        UPLOAD_URLS,
        "At most 10 URLs, each percent-encoded, comma-separated; the newest upload of each.",
    ),
];

const GET_VIDEO_INFO: &[Parameter] = &[VIDEO_ID, REFERENCE_ID];

const GET_MEZZANINE_INFO: &[Parameter] = &[
    VIDEO_ID,
    REFERENCE_ID,
    optional("OutputType", Word(&["oss", "cdn"]), "Type of the URL."),
    optional("AuthTimeout", AT_LEAST_0_S, "Validity of a signed URL."),
    optional("AdditionType", SHORT, "video, audio."),
];

const VIDEOS: Required = Required::OneOf {
    set: &["VideoIds", "ReferenceIds"],
    named: &["VideoIds"],
};
const IDS: Kind = Text { max_bytes: 2048 };
const VIDEO_IDS: Parameter = one_of(
    "VideoIds",
    IDS,
    VIDEOS,
    "At most 20 videos, separated by commas.",
);
const REFERENCE_IDS: Parameter = one_of(
    "ReferenceIds",
    IDS,
    VIDEOS,
    "At most 20 more videos, by the caller's own identifiers.",
);
/// The category of what has none is -1.
const CATE_ID: Kind = SignedLong;
/// Signed with temporary credentials, a URL has some two thousand.
pub(crate) const MAX_COVER_URL_BYTES: usize = 4096;
const SORT_BY: Parameter = with_default(
    optional(
        "SortBy",
        Word(&["CreationTime:Desc", "CreationTime:Asc"]),
        "Which videos come first.",
    ),
    "CreationTime:Desc",
);
const LIST_PAGE_NO: Parameter = with_default(
    optional(
        "PageNo",
        LongText {
            min: 1,
            max: 5000,
            unit: "",
        },
        "Number of the page, from 1. PageNo times PageSize is at most 5000.",
    ),
    "1",
);
/// Whoever scrolls counts pages without an end.
const SEARCH_PAGE_NO: Parameter = Parameter {
    kind: Long {
        min: 1,
        max: None,
        unit: "",
    },
    doc: "Number of the page, from 1. PageNo times PageSize is at most 5000, unless ScrollToken is \
          given.",
    ..LIST_PAGE_NO
};
const LIST_PAGE_SIZE: Parameter = with_default(
    optional(
        "PageSize",
        LongText {
            min: 1,
            max: 100,
            unit: "",
        },
        "Videos per page.",
    ),
    "10",
);

const GET_PLAY_INFO: &[Parameter] = &[
    VIDEO_ID,
    REFERENCE_ID,
    with_default(
        optional(
            "AuthTimeout",
            Long {
                min: 1,
                max: None,
                unit: "s",
            },
            "Validity of PlayURL; at most 30 days.",
        ),
        "3600",
    ),
    optional(
        "Formats",
        SHORT,
        "Formats of streams, separated by commas; by default all.",
    ),
    optional(
        "Definition",
        SHORT,
        "Definitions of streams, separated by commas; there is only OD, the source file.",
    ),
    optional(
        "StreamType",
        SHORT,
        "Types of streams, separated by commas; there is only video.",
    ),
    optional("OutputType", Word(&["oss", "cdn"]), "Ignored."),
    optional("ResultType", Word(&["Single", "Multiple"]), "Ignored."),
];

const GET_VIDEO_INFOS: &[Parameter] = &[VIDEO_IDS, REFERENCE_IDS];

const GET_VIDEO_LIST: &[Parameter] = &[
    optional(
        "Status",
        Text { max_bytes: 256 },
        "Statuses of the videos, separated by commas.",
    ),
    optional("CateId", CATE_ID, "Category of the videos."),
    optional(
        "StartTime",
        SHORT,
        "Only videos registered at or after this time, yyyy-MM-ddTHH:mm:ssZ.",
    ),
    optional(
        "EndTime",
        SHORT,
        "Only videos registered before this time, yyyy-MM-ddTHH:mm:ssZ.",
    ),
    optional(
        "ReferenceIds",
        IDS,
        "Only these videos, at most 20, by the caller's own identifiers.",
    ),
    LIST_PAGE_NO,
    LIST_PAGE_SIZE,
    SORT_BY,
    optional("StorageLocation", SHORT, "Ignored: there is one."),
];

const SEARCH_MEDIA: &[Parameter] = &[
    with_default(
        optional(
            "SearchType",
            Word(&["video", "audio", "image", "attached"]),
            "Type of the media; this service has only videos.",
        ),
        "video",
    ),
    optional(
        "Match",
        Text { max_bytes: 4096 },
        "Conditions on VideoId, ReferenceId, Title, Description, Tags, CateId, Status and \
         CreationTime, such as Title = 'x' and Status in ('Normal','UploadSucc').",
    ),
    optional(
        "Fields",
        Text { max_bytes: 1024 },
        "Ignored: all are returned.",
    ),
    SORT_BY,
    SEARCH_PAGE_NO,
    LIST_PAGE_SIZE,
    optional(
        "ScrollToken",
        SHORT,
        "That of an earlier answer: the page that follows it. PageNo is then ignored.",
    ),
];

const UPDATE_VIDEO_INFO: &[Parameter] = &[
    VIDEO_ID,
    REFERENCE_ID,
    optional("Title", SHORT, "Replaces the current value."),
    optional(
        "Description",
        Text { max_bytes: 1024 },
        "Replaces the current value.",
    ),
    optional(
        "Tags",
        Text { max_bytes: 1024 },
        "Separated by commas. Replaces the current value.",
    ),
    optional(
        "CoverURL",
        HttpUrl {
            max_bytes: MAX_COVER_URL_BYTES,
        },
        "A picture, such as a snapshot. Replaces the current value.",
    ),
    optional("CateId", CATE_ID, "Replaces the current value."),
    optional(
        "UserData",
        Json {
            max_bytes: Some(1024),
        },
        "Its MessageCallback applies to later jobs of the video.",
    ),
];

const DELETE_MEZZANINES: &[Parameter] = &[
    VIDEO_IDS,
    REFERENCE_IDS,
    optional("Force", SHORT, "Ignored."),
];

const DELETE_IMAGE: &[Parameter] = &[
    required(
        "DeleteImageType",
        Word(&["VideoId"]),
        "How the pictures are identified.",
    ),
    required("VideoId", Id, "The video."),
    required(
        "ImageType",
        Word(&[
            "CoverSnapshot",
            "NormalSnapshot",
            "SpriteSnapshot",
            "SpriteOriginSnapshot",
            "WebVttSnapshot",
            "All",
        ]),
        "Type of the pictures to delete.",
    ),
];

const SUBMIT_DYNAMIC_IMAGE_JOB: &[Parameter] = &[
    required("VideoId", Id, "The video."),
    required("DynamicImageTemplateId", Id, "The template."),
    optional(
        "OverrideParams",
        Json {
            max_bytes: Some(16_384),
        },
        "Fields of the template's TemplateConfig that count in place of its own.",
    ),
];

const LIST_DYNAMIC_IMAGE: &[Parameter] = &[required("VideoId", Id, "The video.")];

const DELETE_DYNAMIC_IMAGE: &[Parameter] = &[
    required("VideoId", Id, "The video."),
    optional(
        "DynamicImageIds",
        Text { max_bytes: 1024 },
        "At most 10, comma-separated; absent: all of the video, if there are no more than 10.",
    ),
];

const ADD_VOD_TEMPLATE: &[Parameter] = &[
    required("Name", SHORT, "Name of the template."),
    required(
        "TemplateConfig",
        Json {
            max_bytes: Some(16_384),
        },
        "SnapshotType and SnapshotConfig; of an animated image Video, Container, Clip and SetDefaultCover.",
    ),
    TEMPLATE_TYPE,
    APP_ID,
];

const UPDATE_VOD_TEMPLATE: &[Parameter] = &[
    VOD_TEMPLATE_ID,
    optional("Name", SHORT, "Replaces the current value."),
    optional(
        "TemplateConfig",
        Json {
            max_bytes: Some(16_384),
        },
        "Replaces the current value.",
    ),
];

const SET_MESSAGE_CALLBACK: &[Parameter] = &[
    APP_ID,
    with_default(
        optional(
            "CallbackType",
            CALLBACK_TYPE,
            "How events are delivered; MNS queues are refused.",
        ),
        "HTTP",
    ),
    optional(
        "CallbackURL",
        HttpUrl { max_bytes: 256 },
        "Where events are delivered; required.",
    ),
    with_default(
        optional(
            "EventTypeList",
            Text { max_bytes: 2048 },
            "Names of events, comma-separated; an empty list subscribes to none.",
        ),
        "ALL",
    ),
    with_default(
        optional(
            "AuthSwitch",
            Word(&["on", "off"]),
            "Whether deliveries are signed.",
        ),
        "off",
    ),
    optional(
        "AuthKey",
        Text { max_bytes: 32 },
        "Key that signs deliveries; contains upper-case letters, lower-case letters and digits.",
    ),
    optional(
        "MnsEndpoint",
        Text { max_bytes: 256 },
        "Of an MNS queue; stored, not used.",
    ),
    optional(
        "MnsQueueName",
        Text { max_bytes: 256 },
        "Of an MNS queue; stored, not used.",
    ),
];

pub(super) fn of(action: Action) -> &'static [Parameter] {
    match action {
        Action::SubmitSnapshotJob => SUBMIT_SNAPSHOT_JOB,
        Action::ListSnapshots => LIST_SNAPSHOTS,
        Action::GetJobDetail => GET_JOB_DETAIL,
        Action::ListJobInfo => LIST_JOB_INFO,
        Action::RegisterMedia => REGISTER_MEDIA,
        Action::UploadMediaByURL => UPLOAD_MEDIA_BY_URL,
        Action::GetURLUploadInfos => GET_URL_UPLOAD_INFOS,
        Action::GetVideoInfo => GET_VIDEO_INFO,
        Action::GetMezzanineInfo => GET_MEZZANINE_INFO,
        Action::GetPlayInfo => GET_PLAY_INFO,
        Action::GetVideoInfos | Action::DeleteVideo => GET_VIDEO_INFOS,
        Action::GetVideoList => GET_VIDEO_LIST,
        Action::SearchMedia => SEARCH_MEDIA,
        Action::UpdateVideoInfo => UPDATE_VIDEO_INFO,
        Action::DeleteMezzanines => DELETE_MEZZANINES,
        Action::DeleteImage => DELETE_IMAGE,
        Action::SubmitDynamicImageJob => SUBMIT_DYNAMIC_IMAGE_JOB,
        Action::ListDynamicImage => LIST_DYNAMIC_IMAGE,
        Action::DeleteDynamicImage => DELETE_DYNAMIC_IMAGE,
        Action::AddVodTemplate => ADD_VOD_TEMPLATE,
        Action::GetVodTemplate | Action::DeleteVodTemplate => &[VOD_TEMPLATE_ID],
        Action::ListVodTemplate => &[TEMPLATE_TYPE, APP_ID],
        Action::UpdateVodTemplate => UPDATE_VOD_TEMPLATE,
        Action::SetMessageCallback => SET_MESSAGE_CALLBACK,
        Action::GetMessageCallback | Action::DeleteMessageCallback => &[APP_ID],
    }
}
