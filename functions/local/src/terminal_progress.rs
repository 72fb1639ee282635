//! Progress on a terminal; silence where standard error is none.

use indicatif::{ProgressBar, ProgressStyle};

/// A line that is drawn again and again, and goes when this is dropped. It is never wider than the
/// terminal: the bar takes what is left, and the end of what has no room is left out.
#[derive(Debug)]
pub(crate) struct TerminalProgress(ProgressBar);

impl TerminalProgress {
    /// Of pictures; how many becomes known with the first.
    pub(crate) fn pictures() -> Self {
        let bar = ProgressBar::no_length();
        Self(bar.with_style(style("{pos}/{len} {elapsed} {wide_bar}")))
    }

    /// Of bytes that are copied.
    pub(crate) fn bytes(length: Option<u64>) -> Self {
        let (bar, template) = match length {
            Some(length) => (ProgressBar::new(length), "{bytes}/{total_bytes} {wide_bar}"),
            None => (ProgressBar::no_length(), "{bytes} {elapsed}"),
        };
        Self(bar.with_style(style(template)))
    }

    /// So many in all.
    pub(crate) fn set_length(&self, length: usize) {
        self.0.set_length(length as u64);
    }

    /// So many more are done.
    pub(crate) fn advance(&self, by: usize) {
        self.0.inc(by as u64);
    }
}

impl Drop for TerminalProgress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Without colours, whatever `NO_COLOR` says.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
