//! openapi-spec-validator, and the client that openapi-python-client makes.

use super::{ENDPOINT, blocks, clip_url, folder, generate, is_there, open, run, signed};
use std::path::Path;
use std::process::Command;
use support::install::{Installer, Lock};
use support::server::Server;
use tempfile::TempDir;

pub(super) const TOOLS: Lock = Lock {
    file: "clients/generated/requirements.txt",
    name: "openapi-tools-python",
    by: Installer::PipOfWheels,
};

/// With the tools, in this folder.
pub(super) fn command(program: &str, at: &Path) -> Command {
    let tools = TOOLS.installed();
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new(program);
    command
        .current_dir(at)
        .env("PATH", format!("{}/bin:{path}", tools.display()))
        .env(
            "PYTHONPATH",
            format!("{}:{}", tools.display(), at.display()),
        )
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// Makes the client of this server, and runs the program over what says how it is called.
fn take_pictures(server: &Server, calls: impl Fn(&str) -> String) {
    let work = TempDir::new().unwrap();
    let document = server.get(&format!("{}/openapi.json", server.url)).bytes;
    std::fs::write(work.path().join("openapi.json"), document).unwrap();
    let validate = ["-m", "openapi_spec_validator", "openapi.json"];
    run(command("python3", work.path()).args(validate));
    let lock = std::fs::read_to_string(folder().join("requirements.txt")).unwrap();
    let sh = blocks("sh");
    generate(
        &sh[0],
        &lock,
        server.host(),
        &mut command("sh", work.path()),
    );
    let program = calls(&blocks("python")[0]).replace(ENDPOINT, server.host());
    let said = run(command("python3", work.path()).args(["-c", &program, &clip_url()]));
    let urls: Vec<_> = said
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    is_there(server, &urls);
}

/// Every call was answered 400, and the 200 of its document was dropped.
#[test]
fn a_generated_client_for_python_reads_no_answer() {
    let data = TempDir::new().unwrap();
    take_pictures(&open(&data), str::to_owned);
}

#[test]
fn a_generated_client_for_python_cannot_sign() {
    let hook = blocks("python")[1]
        .replace("your-key-id", "testid")
        .replace("your-secret", "test/secret+");
    let line = format!("client = Client(\"http://{ENDPOINT}\")\n");
    take_pictures(&signed().server, |program| {
        assert!(program.contains(&line), "{program}");
        hook.clone() + &program.replace(&line, "")
    });
}
