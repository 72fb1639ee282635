//! The table of codes as the documentation shows it.

use super::code::ErrorCode;
use std::fmt::Write;

/// The codes that a call is refused with, as a Markdown table.
#[must_use]
pub fn answers_in_markdown() -> String {
    let mut table = "| HTTP status | Code | Message | Meaning |\n|---|---|---|---|\n".to_owned();
    for entry in ErrorCode::ALL.iter().map(|code| code.entry()) {
        if let Some(answer) = entry.answer {
            let (name, message) = (entry.name, entry.message);
            let _ = writeln!(
                table,
                "| {} | {name} | {message} | {} |",
                answer.status, answer.meaning
            );
        }
    }
    table
}

/// The codes that a job fails with, as a Markdown table.
#[must_use]
pub fn failed_jobs_in_markdown() -> String {
    let mut table = "| ErrorCode | Meaning |\n|---|---|\n".to_owned();
    for entry in ErrorCode::ALL.iter().map(|code| code.entry()) {
        if let Some(meaning) = entry.failed_job {
            let _ = writeln!(table, "| {} | {meaning} |", entry.name);
        }
    }
    table
}
