//! What a person who starts a server in a terminal wants to know.

use crate::printable;
use crate::server::LocalServer;
use std::path::{Path, PathBuf};

/// Of one server.
pub(super) struct Banner {
    pub(super) data: PathBuf,
    pub(super) media_roots: Vec<PathBuf>,
    pub(super) ffmpeg: String,
    pub(super) confinement: String,
}

impl Banner {
    /// The lines, once it listens.
    pub(super) fn lines(&self, server: &LocalServer) -> Vec<String> {
        let url = server.public_url();
        let metrics = server.metrics_address();
        let metrics = metrics.map_or_else(|| "off".to_owned(), |at| format!("http://{at}/metrics"));
        let roots = self.media_roots.iter().map(|root| shown(root));
        let roots: Vec<String> = roots.collect();
        let roots = match roots.is_empty() {
            true => "none: no file can be registered".to_owned(),
            false => roots.join(", "),
        };
        let listens = server.address().to_string();
        let rows = [
            ("API", url.to_owned()),
            ("Console", format!("{url}/ in a browser")),
            ("Listening", listens),
            (
                "Documents",
                format!("{url}/openapi.json, docs/ of the source"),
            ),
            ("Metrics", metrics),
            ("Data", shown(&self.data)),
            ("Media roots", roots),
            ("Decoder", self.ffmpeg.clone()),
            ("Confinement", self.confinement.clone()),
        ];
        let title = concat!("vod-snapshot ", env!("CARGO_PKG_VERSION"));
        let rows = rows.map(|(name, value)| format!("  {name:<12}{}", printable::line(&value)));
        [title.to_owned()].into_iter().chain(rows).collect()
    }
}

fn shown(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.display().to_string()
}
