//! Uploaded files that nothing leads to: a process was killed between a file's name and its video.
//!
//! They are told of and not removed: where a backup of the database was put back, they may be all that
//! is left of newer videos.

use rusqlite::Connection;
use service::model::Upload;
use std::fs;
use std::path::Path;
use tracing::warn;

/// Tells of those that are ours by their names. An upload by URL that has not ended comes back to its
/// file.
pub(super) fn tell(sql: &Connection, uploads: &Path) -> rusqlite::Result<()> {
    for entry in fs::read_dir(uploads).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name.filter(|name| Upload::is_file_name(name)) else {
            continue;
        };
        if !is_known(sql, name, &path)? {
            let file = path.display();
            warn!(%file, "no video names this uploaded file, which counts towards the quota");
        }
    }
    Ok(())
}

fn is_known(sql: &Connection, name: &str, path: &Path) -> rusqlite::Result<bool> {
    let id = name.split('.').next().unwrap_or_default();
    let url = url::Url::from_file_path(path).ok();
    let url = url.as_ref().map_or("", url::Url::as_str);
    let mut select = sql.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM videos WHERE file_url = ?1 OR place = ?2)
             OR EXISTS (SELECT 1 FROM uploads WHERE id = ?3)",
    )?;
    select.query_row((url, path.to_str(), id), |row| row.get(0))
}
