//! Names of fields, as log lines spell them.

/// `job_id` as `JobId`, like the API. The Lambda runtime's own fields get names that differ from
/// the API's: its `requestId` numbers invocations, the API's `RequestId` numbers requests.
pub(crate) fn api_spelling(name: &str) -> String {
    match name {
        "requestId" => "FunctionRequestId".to_owned(),
        "xrayTraceId" => "TraceId".to_owned(),
        _ => name.split('_').map(capitalized).collect(),
    }
}

/// Fields that `tracing-log` adds to lines of the `log` crate, and that say nothing new.
pub(crate) fn is_metadata(name: &str) -> bool {
    name.starts_with("log.")
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}", first.to_ascii_uppercase(), letters.as_str())
    })
}
