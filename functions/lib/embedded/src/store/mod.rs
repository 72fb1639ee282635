//! All ports of one data folder, and what the server does behind them.

mod abandoned;
mod deliveries;
mod files;
mod history;
mod leftovers;
mod messages;
mod moved;
mod pictures;
mod playing;
mod readiness;
mod remains;
mod retention;
mod statistics;

pub use history::{JobPlace, ListedDelivery, ListedEvent, ListedJob};
pub use remains::Remains;
pub use statistics::{QueueStatistics, StoreStatistics};

use crate::callbacks::CallbackTable;
use crate::database::{Database, open_for_writing};
use crate::error::StoreError;
use crate::events::{self, EventTable};
use crate::folder::Folder;
use crate::jobs::JobTable;
use crate::nonces::NonceTable;
use crate::objects::{ObjectFolder, ObjectLinks, ObjectStore};
use crate::queue::{self, Arrivals, MessageTable};
use crate::remote::RemoteFiles;
use crate::sources::{MediaFiles, MediaRoots};
use crate::submissions::SubmissionTable;
use crate::templates::TemplateTable;
use crate::upload_folder::UploadFolder;
use crate::uploads::UploadTable;
use crate::videos::VideoTable;
use files::{StoreFiles, file_identity};
use moved::UploadPlace;
use rusqlite::Connection;
use service::picture_access::PictureAccess;
use service::ports::{Clock, Ports, SystemClock};
use service::url_signature::UrlKey;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a store is told beside its folder.
#[derive(Debug, Clone, Default)]
pub struct StoreOptions {
    /// What the URLs of objects begin with; a `/` and the key follow.
    pub public_base: String,
    /// Folders whose files may be registered.
    pub media_roots: Vec<PathBuf>,
    /// URLs that get every event published from now on.
    pub subscribers: Vec<String>,
    /// Who gets a picture by its plain address.
    pub access: PictureAccess,
    /// Keys that sign URLs of pictures, the last one from now on. None: the store's own does.
    pub picture_keys: Vec<UrlKey>,
    /// Files of other machines; none: only those of this one are registered.
    pub remote: Option<Arc<dyn RemoteFiles>>,
}

/// A data folder that this process owns. Clones are the same; the folder is free for another
/// process once all of them, and their ports, are gone.
#[derive(Clone)]
pub struct Store {
    ports: Ports,
    database: Database,
    messages: MessageTable,
    events: EventTable,
    objects: ObjectStore,
    files: Arc<StoreFiles>,
}

impl Store {
    /// Opens the folder `data_dir`, made if it is not there, brings its database up to date and
    /// puts back on the queue what an earlier process did not finish. Blocks.
    ///
    /// # Errors
    /// The folder can't be written, another process owns it, a newer program wrote it, or a
    /// media folder is not there.
    pub fn open(data_dir: &Path, options: StoreOptions) -> Result<Self, StoreError> {
        // Before anything is written: a media folder that is not there is a mistake.
        let media_root = |(path, cause)| StoreError::MediaRoot { path, cause };
        MediaRoots::open(&options.media_roots).map_err(media_root)?;
        let folder = Folder::own(data_dir)?;
        let uploads = UploadFolder {
            path: folder.uploads(),
            temporary: folder.temporary(),
        };
        let mut roots = options.media_roots.clone();
        roots.push(uploads.path.clone());
        let roots = MediaRoots::open(&roots).map_err(media_root)?;
        let roots = roots.without(folder.path());
        let path = folder.database();
        let mut connection = open_for_writing(&path)?;
        let place = UploadPlace::of(&uploads.path)?;
        let secret = prepare(&mut connection, &place, fresh_secret()?)
            .map_err(StoreError::database(&path))?;
        abandoned::tell(&connection, &uploads.path).map_err(StoreError::database(&path))?;
        let files = StoreFiles {
            database_file: file_identity(&path).map_err(StoreError::folder(&path))?,
            database: path.clone(),
            objects: folder.objects(),
            temporary: folder.temporary(),
        };
        let objects = ObjectFolder::new(&folder.objects(), folder.temporary())
            .map_err(StoreError::folder(data_dir))?;
        let objects = ObjectStore {
            folder: Arc::new(objects),
            links: Arc::new(ObjectLinks::new(
                &options.public_base,
                secret,
                options.picture_keys,
            )),
            access: options.access,
        };
        let database =
            Database::start(connection, &path, folder).map_err(StoreError::folder(data_dir))?;
        Ok(Self::over(
            database,
            objects,
            (roots, uploads),
            (options.subscribers, options.remote),
            files,
        ))
    }

    fn over(
        database: Database,
        objects: ObjectStore,
        (roots, uploads): (MediaRoots, UploadFolder),
        (subscribers, remote): (Vec<String>, Option<Arc<dyn RemoteFiles>>),
        files: StoreFiles,
    ) -> Self {
        let messages = MessageTable {
            database: database.clone(),
            arrivals: Arrivals::default(),
        };
        let events = EventTable {
            database: database.clone(),
            subscribers: Arc::new(subscribers.into_iter().collect()),
            published: Arc::default(),
        };
        let ports = Ports {
            videos: Arc::new(VideoTable(database.clone())),
            jobs: Arc::new(JobTable(database.clone())),
            submissions: Arc::new(SubmissionTable {
                database: database.clone(),
                arrived: Arc::clone(&messages.arrivals.jobs),
            }),
            templates: Arc::new(TemplateTable(database.clone())),
            callbacks: Arc::new(CallbackTable(database.clone())),
            nonces: Arc::new(NonceTable {
                database: database.clone(),
                uses: 0.into(),
            }),
            queue: Arc::new(messages.clone()),
            objects: Arc::new(objects.clone()),
            events: Arc::new(events.clone()),
            sources: Arc::new(MediaFiles {
                roots,
                remote,
                links: Arc::clone(&objects.links),
            }),
            uploads: Arc::new(UploadTable(database.clone())),
            upload_files: Arc::new(uploads),
            clock: Arc::new(SystemClock),
        };
        Self {
            ports,
            database,
            messages,
            events,
            objects,
            files: Arc::new(files),
        }
    }

    /// The ports over this folder, with the machine's clock.
    #[must_use]
    pub fn ports(&self) -> Ports {
        self.ports.clone()
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Store").finish_non_exhaustive()
    }
}

/// Recovers the queue, finds uploaded files where they lie now, and gives the secret of signed URLs, which is `fresh` the first time.
fn prepare(
    connection: &mut Connection,
    uploads: &UploadPlace,
    fresh: [u8; 32],
) -> rusqlite::Result<[u8; 32]> {
    let transaction = connection.transaction()?;
    uploads.follow(&transaction)?;
    queue::recover(&transaction)?;
    events::recover(&transaction, SystemClock.now_ms())?;
    transaction.execute(
        "INSERT OR IGNORE INTO secrets VALUES ('signed URLs', ?1)",
        [fresh],
    )?;
    let select = "SELECT value FROM secrets WHERE name = 'signed URLs'";
    let secret = transaction.query_row(select, [], |row| row.get(0))?;
    transaction.commit()?;
    Ok(secret)
}

fn fresh_secret() -> Result<[u8; 32], StoreError> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(StoreError::Random)?;
    Ok(secret)
}
