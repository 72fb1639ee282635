//! What the product itself refuses (contract section 1.6).

use super::ApiError;

impl ApiError {
    /// None of `parameters` is there, of which one must be: 400 MissingParameter.
    #[must_use]
    pub fn missing_parameter(parameters: &[&str]) -> Self {
        let named: Vec<_> = parameters
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect();
        let message = format!(
            "The input parameter {} that is mandatory for processing this request is not supplied.",
            named.join(" or ")
        );
        Self::new(400, "MissingParameter", message)
    }

    /// ClientToken was used for a call with other parameters.
    #[must_use]
    pub fn client_token_reused() -> Self {
        let rule = "It was used for a call with other parameters; \
                    a retry repeats all of them, and another call has a token of its own.";
        Self::invalid("ClientToken", rule)
    }

    /// No such video.
    #[must_use]
    pub fn video_not_found() -> Self {
        Self::new(404, "InvalidVideo.NotFound", "The video does not exist.")
    }

    /// No such template, job or list, by its id.
    #[must_use]
    pub fn no_such_resource(id: &str) -> Self {
        let message = format!("The specified resource {id} does not exist.");
        Self::new(404, "NoSuchResource", message)
    }

    /// The video is not in UploadSucc, Normal, Checking or Blocked.
    #[must_use]
    pub fn illegal_status() -> Self {
        Self::new(
            400,
            "Forbidden.IllegalStatus",
            "Status of the video is illegal.",
        )
    }

    /// `parameter` is longer than `max` bytes.
    #[must_use]
    pub fn length_exceeded(parameter: &str, max: usize) -> Self {
        let message = format!("The specified {parameter} length has exceeded {max} bytes.");
        Self::new(400, "LengthExceededMax", message)
    }

    /// The request's body is longer than `max` bytes.
    #[must_use]
    pub fn body_too_long(max: usize) -> Self {
        Self::length_exceeded("body", max)
    }

    /// `parameter` has characters that nobody can read.
    #[must_use]
    pub fn illegal_characters(parameter: &str) -> Self {
        let message =
            format!("The specified {parameter} contains illegal emoticon or special characters.");
        Self::new(400, "IllegalCharacters", message)
    }

    /// The service is not open to this account.
    #[must_use]
    pub fn operation_denied() -> Self {
        Self::new(
            403,
            "OperationDenied",
            "Your account does not open VOD service yet.",
        )
    }

    /// The service is suspended for this account.
    #[must_use]
    pub fn suspended() -> Self {
        Self::new(
            403,
            "OperationDenied.Suspended",
            "Your VOD service is suspended.",
        )
    }

    /// Not this user's.
    #[must_use]
    pub fn forbidden() -> Self {
        let message = "User not authorized to operate on the specified resource.";
        Self::new(403, "Forbidden", message)
    }

    /// This server takes no calls that come this way; `reason` is a sentence for its operator.
    #[must_use]
    pub fn forbidden_because(reason: &str) -> Self {
        Self::new(403, "Forbidden", reason)
    }

    /// A fault of ours that will not pass by itself.
    #[must_use]
    pub fn internal() -> Self {
        let message = "The request processing has failed due to some unknown error.";
        Self::new(500, "InternalError", message)
    }

    /// A fault that may have passed at the next try.
    #[must_use]
    pub fn unavailable() -> Self {
        let message = "The request has failed due to a temporary failure of the server.";
        Self::new(503, "ServiceUnAvailable", message)
    }
}
