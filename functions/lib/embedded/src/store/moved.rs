//! A data folder that was moved: the FileURLs of uploaded files say where they lie, and so does the
//! identity of such a file.

use crate::error::StoreError;
use rusqlite::{Connection, OptionalExtension};
use std::io::ErrorKind;
use std::path::Path;
use tracing::info;

/// The folder of uploaded files, in the ways that are stored.
pub(super) struct UploadPlace {
    /// What their FileURLs begin with.
    url: String,
    /// What their places begin with. None where the path is not UTF-8: then those are forgotten,
    /// and learnt anew.
    path: Option<String>,
}

impl UploadPlace {
    pub(super) fn of(folder: &Path) -> Result<Self, StoreError> {
        let url = url::Url::from_directory_path(folder)
            .map_err(|()| StoreError::folder(folder)(ErrorKind::InvalidInput.into()))?;
        Ok(Self {
            url: url.into(),
            path: folder.to_str().map(|path| format!("{path}/")),
        })
    }

    /// Makes what is known of uploaded files lead here, if it led elsewhere.
    pub(super) fn follow(&self, sql: &Connection) -> rusqlite::Result<()> {
        let select = "SELECT path FROM upload_folders";
        let before: Option<String> = sql.query_row(select, [], |row| row.get(0)).optional()?;
        match before {
            Some(before) if before == self.url => return Ok(()),
            Some(before) => self.replace(sql, &before)?,
            None => {}
        }
        sql.execute("DELETE FROM upload_folders", [])?;
        sql.execute("INSERT INTO upload_folders VALUES (?1)", [&self.url])?;
        Ok(())
    }

    fn replace(&self, sql: &Connection, before: &str) -> rusqlite::Result<()> {
        // Where both are known by now, the one that leads here stays as it is.
        let videos = "UPDATE OR IGNORE videos SET
            place = CASE WHEN ?3 IS NULL OR place IS NULL THEN NULL
                ELSE ?3 || substr(file_url, length(?1) + 1) END,
            file_url = ?2 || substr(file_url, length(?1) + 1)
            WHERE substr(file_url, 1, length(?1)) = ?1";
        let videos = sql.execute(videos, (before, &self.url, &self.path))?;
        let uploads = "UPDATE uploads SET ending = json_set(ending, '$.result.Success.file_url',
                ?2 || substr(ending ->> '$.result.Success.file_url', length(?1) + 1))
            WHERE substr(ending ->> '$.result.Success.file_url', 1, length(?1)) = ?1";
        sql.execute(uploads, (before, &self.url))?;
        info!(
            videos,
            "the data folder was moved: uploaded files lie elsewhere now"
        );
        Ok(())
    }
}
