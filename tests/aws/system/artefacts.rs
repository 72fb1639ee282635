//! What `sam build` would make of the template, out of the programs that the tests have built.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A folder with a template that can be deployed as it stands.
pub(crate) struct Artefacts {
    folder: TempDir,
}

impl Artefacts {
    pub(crate) fn make() -> Self {
        let folder = TempDir::new().unwrap();
        let artefacts = Self { folder };
        artefacts.function("submit", env!("CARGO_BIN_EXE_submit-under-test"));
        artefacts.function("worker", env!("CARGO_BIN_EXE_worker-under-test"));
        // The emulator runs functions on this machine, where no layer lies below /opt.
        let layer = artefacts.made("layer");
        std::fs::write(layer.join("note"), "the decoder").unwrap();
        let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
        let mut text = std::fs::read_to_string(template).unwrap();
        for (source, made) in [
            ("CodeUri: functions/submit", "CodeUri: submit"),
            ("CodeUri: functions/worker", "CodeUri: worker"),
            ("ContentUri: functions/ffmpeg-layer", "ContentUri: layer"),
        ] {
            assert!(text.contains(source), "{source}");
            text = text.replace(source, made);
        }
        std::fs::write(artefacts.template(), text).unwrap();
        artefacts
    }

    pub(crate) fn template(&self) -> PathBuf {
        self.folder.path().join("template.yaml")
    }

    fn made(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        folder
    }

    fn function(&self, name: &str, program: &str) {
        let bootstrap = self.made(name).join("bootstrap");
        // What is left out helps debuggers alone, and is most of a debug build.
        let stripped = Command::new("strip")
            .arg("-o")
            .arg(&bootstrap)
            .arg(program)
            .status();
        if !stripped.is_ok_and(|status| status.success()) {
            std::fs::copy(program, &bootstrap).unwrap();
        }
    }
}
