#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "that is how a test fails"
)]

mod api;
mod covers;
mod deletion;
mod promises;
mod uploads;
mod worker;

use crate::pictures::Engine;

/// No test here comes to a decoder.
pub(crate) fn engine() -> Engine {
    Engine {
        ffmpeg: decoder::Ffmpeg {
            path: "/nowhere/ffmpeg".into(),
            version: decoder::ffmpeg::Version::from_banner("ffmpeg version 7.1").unwrap(),
            origin: decoder::ffmpeg::Origin::Given,
            sandbox: decoder::Sandbox {
                files: decoder::FileAccess::Open,
                calls: false,
                user: false,
            },
            pool: decoder::DecoderPool::default(),
        },
        limits: plan::Limits::default(),
        max_snapshots: 10,
        quality: artifacts::Quality::default(),
        checkpoint_every: std::time::Duration::from_secs(60),
        executable: Engine::OWN_EXECUTABLE.into(),
    }
}
