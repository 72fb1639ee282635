#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "that is how a test fails"
)]

mod api;
mod promises;
mod worker;

use crate::pictures::Engine;

/// No test here comes to a decoder.
pub(crate) fn engine() -> Engine {
    Engine {
        ffmpeg: media::Ffmpeg {
            path: "/nowhere/ffmpeg".into(),
            version: media::ffmpeg::Version::from_banner("ffmpeg version 7.1").unwrap(),
            origin: media::ffmpeg::Origin::Given,
            confinement: media::Confinement {
                files: media::Files::Open,
                calls: false,
                user: false,
            },
        },
        limits: media::Limits::default(),
        max_snapshots: 10,
        quality: artifacts::Quality::default(),
        checkpoint_every: std::time::Duration::from_secs(60),
        executable: Engine::OWN_EXECUTABLE.into(),
    }
}
