//! Every error code that a caller or a subscriber can see, in one table: the enum, what goes on
//! the wire and what the documentation says all come from these rows.

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorEntry {
    /// As the wire spells it. `{Parameter}` stands for the name of a parameter.
    pub name: &'static str,
    /// The text for a person; each `{...}` is filled in.
    pub message: &'static str,
    /// How a call is refused with it; none: calls never are.
    pub answer: Option<AnswerEntry>,
    /// When a job fails with it; none: jobs never do.
    pub failed_job: Option<&'static str>,
}

/// What holds where a call is refused with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerEntry {
    /// HTTP status, 4xx or 5xx.
    pub status: u16,
    /// What it means to the caller.
    pub meaning: &'static str,
}

macro_rules! error_table {
    ($($variant:ident {
        name: $name:literal,
        message: $message:literal,
        $(answer: $status:literal, $meaning:literal,)?
        $(failed_job: $failed_job:literal,)?
    })*) => {
        /// A code that programs can act on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "the table says what each one means")]
        pub enum ErrorCode {
            $($variant,)*
        }

        impl ErrorCode {
            /// All of them, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its row of the table.
            #[must_use]
            pub const fn entry(self) -> ErrorEntry {
                match self {
                    $(Self::$variant => {
                        #[allow(unused_mut, unused_assignments, reason = "of codes of one kind")]
                        let (mut answer, mut failed_job) = (None, None);
                        $(answer = Some(AnswerEntry { status: $status, meaning: $meaning });)?
                        $(failed_job = Some($failed_job);)?
                        ErrorEntry { name: $name, message: $message, answer, failed_job }
                    })*
                }
            }
        }
    };
}

impl ErrorCode {
    /// As the wire spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.entry().name
    }

    /// The code of this wire name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

// Texts of the vendor stand here as the vendor spells them: clients match some of them word for
// word.
error_table! {
    MissingNamed {
        name: "Missing{Parameter}",
        message: "{Parameter} is mandatory for this action.",
        answer: 400, "A required parameter, or a part of the signature, is absent. The code ends in its name, such as MissingVideoId or MissingTimestamp.",
    }
    MissingParameter {
        name: "MissingParameter",
        message: "The input parameter {names} that is mandatory for processing this request is not supplied.",
        answer: 400, "At least one parameter of a group is required. The message names the group.",
    }
    InvalidParameter {
        name: "InvalidParameter",
        message: "The specified parameter \"{Parameter}\" is not valid. {rule}",
        answer: 400, "A parameter is malformed or out of range, or a ClientToken was reused with other parameters. The message names the parameter and its rule.",
    }
    InvalidFormat {
        name: "InvalidParameter.Format",
        message: "Specified parameter format is not valid.",
        answer: 400, "Format is neither JSON nor XML.",
    }
    InvalidVersion {
        name: "InvalidVersion",
        message: "Specified parameter Version is not valid.",
        answer: 400, "Version is not 2017-03-21.",
    }
    LengthExceededMax {
        name: "LengthExceededMax",
        message: "The specified {Parameter} length has exceeded {max} bytes.",
        answer: 400, "A parameter or the request body is too long.",
    }
    IllegalCharacters {
        name: "IllegalCharacters",
        message: "The specified {Parameter} contains illegal emoticon or special characters.",
        answer: 400, "A parameter contains control characters other than tabs and line breaks.",
    }
    IllegalStatus {
        name: "Forbidden.IllegalStatus",
        message: "Status of the video is illegal.",
        answer: 400, "The status of the video is not UploadSucc, Normal, Checking or Blocked.",
    }
    AccessKeyInactive {
        name: "InvalidAccessKeyId.Inactive",
        message: "Specified access key is disabled.",
        answer: 400, "The access key is disabled.",
    }
    SignatureDoesNotMatch {
        name: "SignatureDoesNotMatch",
        message: "Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}",
        answer: 400, "The signature is wrong. The message ends with the string that the server signed.",
    }
    InvalidSignatureMethod {
        name: "InvalidSignatureMethod",
        message: "Specified signature method is not valid.",
        answer: 400, "SignatureMethod does not belong to SignatureVersion.",
    }
    IncompleteSignature {
        name: "IncompleteSignature",
        message: "The request signature does not conform to Aliyun standards. {detail}",
        answer: 400, "The signature cannot be checked. The message says why.",
    }
    SignatureNonceUsed {
        name: "SignatureNonceUsed",
        message: "Specified signature nonce was used already.",
        answer: 400, "The SignatureNonce was used before.",
    }
    TimestampExpired {
        name: "InvalidTimeStamp.Expired",
        message: "Specified time stamp or date value is expired.",
        answer: 400, "The timestamp is more than 15 minutes from the server's clock.",
    }
    TimestampMalformed {
        name: "InvalidTimeStamp.Format",
        message: "Specified time stamp or date value is not well formatted.",
        answer: 400, "The timestamp is not of the form yyyy-MM-ddTHH:mm:ssZ.",
    }
    ThrottlingUser {
        name: "Throttling.User",
        message: "Request was denied due to user flow control.",
        answer: 400, "Too many calls with this access key. The header x-acs-retry-after says how long to wait, in ms.",
    }
    Forbidden {
        name: "Forbidden",
        message: "User not authorized to operate on the specified resource.",
        answer: 403, "The signature of a picture URL is wrong or has expired, or the Host or Origin of the call is not allowed.",
    }
    UnsupportedHttpMethod {
        name: "UnsupportedHTTPMethod",
        message: "This http method is not supported.",
        answer: 403, "The HTTP method is neither GET nor POST.",
    }
    OperationDenied {
        name: "OperationDenied",
        message: "{Action} needs the vendor's storage or player, which this service does not have. To add a video, call RegisterMedia for a stored file or UploadMediaByURL for a URL.",
        answer: 403, "CreateUploadVideo, RefreshUploadVideo or GetVideoPlayAuth was called, or uploads by URL are switched off.",
    }
    AccessKeyNotFound {
        name: "InvalidAccessKeyId.NotFound",
        message: "Specified access key is not found.",
        answer: 404, "The access key does not exist.",
    }
    ActionNotFound {
        name: "InvalidAction.NotFound",
        message: "Specified api is not found, please check your url and method.",
        answer: 404, "The service has no such action.",
    }
    VideoNotFound {
        name: "InvalidVideo.NotFound",
        message: "The video does not exist.",
        answer: 404, "The video does not exist.",
    }
    NoneStream {
        name: "InvalidVideo.NoneStream",
        message: "The video has no stream of the wanted kind. {detail}",
        answer: 404, "GetPlayInfo asks for a format, definition or type of stream that the video does not have.",
    }
    NoSuchResource {
        name: "NoSuchResource",
        message: "The specified resource {id} does not exist.",
        answer: 404, "The job, template, callback setting or picture does not exist, or the video has no snapshots of this type.",
    }
    NotAcceptable {
        name: "NotAcceptable",
        message: "{reason}",
        answer: 406, "A WebVTT file is longer than AWS Lambda answers, 6 MB. The message says whether the request has to accept gzip.",
    }
    ServiceUnavailable {
        name: "ServiceUnAvailable",
        message: "The request has failed due to a temporary failure of the server.",
        answer: 503, "A temporary failure of the server. Retry.",
    }
    InternalError {
        name: "InternalError",
        message: "The request processing has failed due to some unknown error.",
        answer: 500, "A bug or a permanent failure of the server.",
        failed_job: "The decoder or the worker crashed on this video in five runs.",
    }
    ResourceNotFound {
        name: "InvalidParameter.ResourceNotFound",
        message: "The resource operated cannot be found.",
        failed_job: "The file of the video no longer exists.",
    }
    ResourceContentBad {
        name: "InvalidParameter.ResourceContentBad",
        message: "The resource operated is bad/broken: {detail}.",
        failed_job: "The file has no video stream, or none that decodes.",
    }
    ResourceAccess {
        name: "PermissionDenied.ResourceAccess",
        message: "The file is outside of the locations that this service may read.",
        failed_job: "The file is outside of the media root or the allowed buckets.",
    }
    SpecifiedOffsetTime {
        name: "InvalidParameter.SpecifiedOffsetTime",
        message: "{detail}",
        failed_job: "No time point lies within the video.",
    }
    Interval {
        name: "InvalidParameter.Interval",
        message: "{detail}",
        failed_job: "The interval gives more pictures than one job may have (--max-snapshots, MAX_SNAPSHOTS).",
    }
    SpriteSnapshotConfig {
        name: "InvalidParameter.SpriteSnapshotConfig",
        message: "{detail}",
        failed_job: "The sprite sheet would be too large.",
    }
    DynamicImage {
        name: "InvalidParameter.DynamicImage",
        message: "{detail}",
        failed_job: "The animated image would begin after the video, have too many frames or pixels, or be of a format that the decoder of the deployment cannot write.",
    }
    InputBytes {
        name: "LimitExceeded.InputBytes",
        message: "{detail}",
        failed_job: "The file is too large.",
    }
    CopiedBytes {
        name: "LimitExceeded.CopiedBytes",
        message: "{detail}",
        failed_job: "The file has to be copied before it can be read, and is too large for that.",
    }
    IndexBytes {
        name: "LimitExceeded.IndexBytes",
        message: "{detail}",
        failed_job: "The index of the container is too large.",
    }
    IndexMemory {
        name: "LimitExceeded.IndexMemory",
        message: "{detail}",
        failed_job: "The index of the container needs too much memory.",
    }
    Samples {
        name: "LimitExceeded.Samples",
        message: "{detail}",
        failed_job: "The video has too many samples.",
    }
    Streams {
        name: "LimitExceeded.Streams",
        message: "{detail}",
        failed_job: "The file has too many streams.",
    }
    FramePixels {
        name: "LimitExceeded.FramePixels",
        message: "{detail}",
        failed_job: "The frames are too large.",
    }
    DecodedPixels {
        name: "LimitExceeded.DecodedPixels",
        message: "{detail}",
        failed_job: "Too many pixels have to be decoded.",
    }
    CpuTime {
        name: "LimitExceeded.CpuTime",
        message: "{detail}",
        failed_job: "The job needs too much CPU time.",
    }
    PictureCpuTime {
        name: "LimitExceeded.PictureCpuTime",
        message: "{detail}",
        failed_job: "One picture needs too much CPU time.",
    }
    WallTime {
        name: "LimitExceeded.WallTime",
        message: "{detail}",
        failed_job: "One run of the decoder takes too long.",
    }
    NoProgress {
        name: "LimitExceeded.NoProgress",
        message: "{detail}",
        failed_job: "The decoder makes no progress.",
    }
    Memory {
        name: "LimitExceeded.Memory",
        message: "{detail}",
        failed_job: "The decoder needs too much memory.",
    }
    DecoderOutput {
        name: "LimitExceeded.DecoderOutput",
        message: "{detail}",
        failed_job: "The decoder prints too many messages.",
    }
    WrittenBytes {
        name: "LimitExceeded.WrittenBytes",
        message: "{detail}",
        failed_job: "The decoder writes too many bytes.",
    }
    Threads {
        name: "LimitExceeded.Threads",
        message: "{detail}",
        failed_job: "The decoder starts too many threads.",
    }
    OutputBytes {
        name: "LimitExceeded.OutputBytes",
        message: "{detail}",
        failed_job: "The pictures of the job have too many bytes.",
    }
    UrlInvalid {
        name: "URLInvalidError",
        message: "{detail}",
        failed_job: "An upload by URL: the URL may not be called, or did not give a file in five tries. The message says why.",
    }
    UploadBytes {
        name: "LimitExceeded.UploadBytes",
        message: "{detail}",
        failed_job: "An upload by URL: the file is larger than one upload may be (--upload-max-mb).",
    }
    UploadQuota {
        name: "LimitExceeded.UploadQuota",
        message: "{detail}",
        failed_job: "An upload by URL: all uploaded files together would be larger than allowed (--upload-quota-mb), or the disk has too little room.",
    }
    UploadReference {
        name: "InvalidParameter.ReferenceId",
        message: "{detail}",
        failed_job: "An upload by URL: another video got the ReferenceId meanwhile.",
    }
    TransientFailure {
        name: "TransientFailure",
        message: "{detail}",
        failed_job: "For a day the job met only failures that are not the video's fault, or its message was delivered 1,000 times. Submit it again.",
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorCode;
    use std::collections::BTreeSet;

    #[test]
    fn two_rows_share_a_wire_name() {
        let names: BTreeSet<_> = ErrorCode::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        for &code in ErrorCode::ALL {
            assert_eq!(ErrorCode::named(code.name()), Some(code));
        }
    }

    #[test]
    fn a_row_that_nobody_can_see() {
        for code in ErrorCode::ALL {
            let entry = code.entry();
            assert!(
                entry.answer.is_some() || entry.failed_job.is_some(),
                "{code:?}"
            );
        }
    }
}
