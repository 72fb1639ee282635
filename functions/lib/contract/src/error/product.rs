//! What the product itself refuses.

use super::{ApiError, ErrorCode};

impl ApiError {
    /// None of `parameters` is there, of which one must be.
    #[must_use]
    pub fn missing_parameter(parameters: &[&str]) -> Self {
        let named: Vec<_> = parameters
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect();
        Self::filled(ErrorCode::MissingParameter, &[&named.join(" or ")])
    }

    /// ClientToken was used for a call with other parameters.
    #[must_use]
    pub fn client_token_reused() -> Self {
        let rule = "It was used for a call with other parameters. \
                    A retry must repeat all parameters; another call needs another token.";
        Self::invalid("ClientToken", rule)
    }

    /// No such video.
    #[must_use]
    pub fn video_not_found() -> Self {
        Self::of(ErrorCode::VideoNotFound)
    }

    /// The video can't be played as the caller wants it; `detail` is a sentence.
    #[must_use]
    pub fn none_stream(detail: &str) -> Self {
        Self::filled(ErrorCode::NoneStream, &[detail])
    }

    /// No such template, job or list, by its id.
    #[must_use]
    pub fn no_such_resource(id: &str) -> Self {
        Self::filled(ErrorCode::NoSuchResource, &[id])
    }

    /// The file can't be sent in any way that the request takes; `reason` is a sentence.
    #[must_use]
    pub fn not_acceptable(reason: &str) -> Self {
        Self::filled(ErrorCode::NotAcceptable, &[reason])
    }

    /// The video is not in UploadSucc, Normal, Checking or Blocked.
    #[must_use]
    pub fn illegal_status() -> Self {
        Self::of(ErrorCode::IllegalStatus)
    }

    /// `parameter` is longer than `max` bytes.
    #[must_use]
    pub fn length_exceeded(parameter: &str, max: usize) -> Self {
        Self::filled(ErrorCode::LengthExceededMax, &[parameter, &max.to_string()])
    }

    /// The request's body is longer than `max` bytes.
    #[must_use]
    pub fn body_too_long(max: usize) -> Self {
        Self::length_exceeded("body", max)
    }

    /// `parameter` has characters that nobody can read.
    #[must_use]
    pub fn illegal_characters(parameter: &str) -> Self {
        Self::filled(ErrorCode::IllegalCharacters, &[parameter])
    }

    /// Not this user's.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::of(ErrorCode::Forbidden)
    }

    /// This server takes no calls that come this way; `reason` is a sentence for its operator.
    #[must_use]
    pub fn forbidden_because(reason: &str) -> Self {
        Self::worded(ErrorCode::Forbidden, "{reason}", &[reason])
    }

    /// An action that needs what only the vendor has.
    #[must_use]
    pub fn operation_denied(action: &str) -> Self {
        Self::filled(ErrorCode::OperationDenied, &[action])
    }

    /// This deployment takes no uploads by URL.
    #[must_use]
    pub fn uploads_are_off() -> Self {
        let reason = "Uploads by URL are switched off. To add a video, call RegisterMedia.";
        Self::worded(ErrorCode::OperationDenied, "{reason}", &[reason])
    }

    /// A fault of ours that will not pass by itself.
    #[must_use]
    pub fn internal() -> Self {
        Self::of(ErrorCode::InternalError)
    }

    /// A fault that may have passed at the next try.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::of(ErrorCode::ServiceUnavailable)
    }
}
