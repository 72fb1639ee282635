//! The promises of the ports, as tests over any body of them: those of this crate's memory, of one
//! machine, and of AWS. Each function takes a port, asks
//! what its trait promises and panics where the answer breaks the promise. Names are new in
//! every run, so that it may run on a store that is not empty.

// It is test code wherever it runs.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "that is how a test fails"
)]

mod callbacks;
mod hostile;
mod jobs;
mod nonces;
mod objects;
mod races;
mod sample;
mod sources;
mod submissions;
mod templates;
mod uploads;
mod video_lists;
mod videos;

pub use callbacks::callbacks;
pub use jobs::jobs;
pub use nonces::nonces;
pub use objects::objects;
pub use races::{completions, registrations};
pub use sample::{completion, event, job, video};
pub use sources::{Files, sources};
pub use submissions::submissions;
pub use templates::templates;
pub use uploads::{upload, upload_files, uploads};
pub use video_lists::video_lists;
pub use videos::videos;

use crate::ports::Ports;

/// All promises that need nothing but the ports.
pub async fn all(ports: &Ports) {
    videos(&*ports.videos).await;
    video_lists(&*ports.videos).await;
    jobs(&*ports.jobs).await;
    submissions(ports).await;
    templates(&*ports.templates).await;
    callbacks(&*ports.callbacks).await;
    nonces(&*ports.nonces).await;
    objects(&*ports.objects).await;
}
