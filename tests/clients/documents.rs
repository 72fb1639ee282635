//! The lines of docs/sdks.md, run as they stand.

use super::{Bench, Scheme, bench};
use std::path::Path;
use support::clients::Runtime;

/// What stands in the document for the reader's own.
const ENDPOINT: &str = "127.0.0.1:8080";
const AUTHORITY: &str = "/home/you/.local/share/mkcert/rootCA.pem";
const KEY: (&str, &str) = ("your-key-id", "your-secret");

/// The most lines that it takes to point a client here, with a call.
const MOST_LINES: usize = 6;

/// The blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/sdks.md");
    let text = std::fs::read_to_string(path).unwrap();
    let begin = format!("\n```{language}\n");
    let blocks = text.split(&begin).skip(1);
    let blocks = blocks.map(|rest| rest.split("\n```").next().unwrap().to_owned());
    blocks.collect()
}

fn run(runtime: Runtime, flag: &str, block: &str, bench: &Bench) {
    let authority = bench.authority.as_ref().map(|known| known.certificate());
    let authority = authority.as_deref().and_then(Path::to_str);
    let code = block
        .replace(ENDPOINT, bench.server.host())
        .replace(AUTHORITY, authority.unwrap_or("nowhere"))
        .replace(KEY.0, "testid")
        .replace(KEY.1, "test/secret+");
    let mut command = runtime.interpreter(authority);
    if block.contains(AUTHORITY) {
        // The line itself says whom to trust.
        command.env_remove("ALIBABA_CLOUD_CA_BUNDLE");
    }
    let output = command.args([flag, &code]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{block}\n{told}");
    // A request id.
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.trim().len(), 36, "{block}\n{said}{told}");
}

fn all(runtime: Runtime, language: &str, flag: &str) {
    let (http, https) = (
        bench(Scheme::Http, &["--qps", "0"]),
        bench(Scheme::Https, &["--qps", "0"]),
    );
    let blocks = blocks(language);
    assert_eq!(blocks.len(), 4, "two clients, over http and https");
    for pair in blocks.chunks(2) {
        for (block, bench) in pair.iter().zip([&http, &https]) {
            assert!(block.lines().count() <= MOST_LINES, "{block}");
            run(runtime, flag, block, bench);
        }
    }
}

#[test]
fn the_lines_for_python_reach_the_server() {
    all(Runtime::Python, "python", "-c");
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
fn the_lines_for_node_reach_the_server() {
    all(Runtime::Node, "js", "-e");
}
