//! What pictures are made with.

/// The decoder, its limits, and how pictures are written.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The decoder.
    pub ffmpeg: decoder::Ffmpeg,
    /// What one video may cost.
    pub limits: plan::Limits,
    /// The most pictures of one job.
    pub max_snapshots: u32,
    /// Of every JPEG; a WebP looks the same.
    pub quality: artifacts::Quality,
    /// How often what is done of a job is kept while its pictures are taken. A job that is shorter
    /// pays nothing for it.
    pub checkpoint_every: std::time::Duration,
    /// What is started to take pictures in a child process ([`isolated`](super::isolated)); a
    /// program of ours.
    pub executable: std::path::PathBuf,
}

impl Engine {
    /// The program that runs: by its file and not by its name, which may by now be that of
    /// another version.
    pub const OWN_EXECUTABLE: &str = "/proc/self/exe";
}
