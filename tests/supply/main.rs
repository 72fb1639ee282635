//! What comes into the build from elsewhere: only what `deny.toml` allows, and only as it was when
//! it was chosen.

mod crates;
mod image;
mod pins;
mod sbom;

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
