//! Spectral, Redocly, and the types that openapi-typescript makes, with openapi-fetch.

use super::{ENDPOINT, blocks, clip_url, folder, generate, is_there, open, run, signed};
use std::path::Path;
use std::process::Command;
use support::install::{Installer, Lock};
use support::server::Server;
use tempfile::TempDir;

const TOOLS: Lock = Lock {
    file: "clients/generated/package-lock.json",
    name: "openapi-tools-node",
    by: Installer::Npm,
};

/// Neither asks whether there is a newer one of it.
const ALONE: [(&str, &str); 2] = [
    ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"),
    ("REDOCLY_TELEMETRY", "off"),
];

fn tool(name: &str, at: &Path) -> Command {
    let mut command = Command::new(at.join("node_modules/.bin").join(name));
    command.current_dir(at).envs(ALONE);
    command
}

fn check(document: &Path, at: &Path) {
    let ruleset = folder().join("spectral.yaml");
    run(tool("spectral", at)
        .arg("lint")
        .arg(document)
        .arg("-r")
        .arg(ruleset));
    run(tool("redocly", at).arg("lint").arg(document));
}

/// A program of the blocks, which prints a line for each picture.
fn take_pictures(server: &Server, before: &str) {
    let work = TempDir::new().unwrap();
    let at = work.path();
    std::os::unix::fs::symlink(
        TOOLS.installed().join("node_modules"),
        at.join("node_modules"),
    )
    .unwrap();
    std::fs::write(at.join("package.json"), "{}").unwrap();
    let document = server.get(&format!("{}/openapi.json", server.url)).bytes;
    std::fs::write(at.join("openapi.json"), document).unwrap();
    check(&at.join("openapi.json"), at);
    let lock = std::fs::read_to_string(folder().join("package.json")).unwrap();
    generate(
        &blocks("sh")[1],
        &lock,
        server.host(),
        Command::new("sh").current_dir(at),
    );
    let ts = blocks("ts");
    let program = ts[0].replace(ENDPOINT, server.host());
    let main = format!(
        "{before}\npictures(process.argv[2]).then((urls) => console.log(urls.join(\"\\n\")));\n"
    );
    std::fs::write(at.join("main.ts"), program + &main).unwrap();
    std::fs::write(at.join("signed.ts"), &ts[1]).unwrap();
    let options = [
        "--strict", "--module", "nodenext", "--target", "es2022", "--types", "node",
    ];
    run(tool("tsc", at).args(options).args(["main.ts", "signed.ts"]));
    let said = run(Command::new("node")
        .current_dir(at)
        .args(["main.js", &clip_url()]));
    is_there(server, &said.lines().collect::<Vec<_>>());
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
#[cfg_attr(
    node,
    ignore = "installs 127 MB: has a command of its own, see docs/openapi.md"
)]
fn a_generated_client_for_typescript_reads_no_answer() {
    let data = TempDir::new().unwrap();
    take_pictures(&open(&data), "");
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
#[cfg_attr(
    node,
    ignore = "installs 127 MB: has a command of its own, see docs/openapi.md"
)]
fn a_generated_client_for_typescript_cannot_sign() {
    let text = std::fs::read_to_string(folder().join("../../../docs/openapi.md")).unwrap();
    let line = "vod.use(signedBy(\"your-key-id\", \"your-secret\"))";
    assert!(text.contains(line));
    let line = line
        .replace("your-key-id", "testid")
        .replace("your-secret", "test/secret+");
    let before = format!("import {{ signedBy }} from \"./signed\";\n{line};");
    take_pictures(&signed().server, &before);
}
