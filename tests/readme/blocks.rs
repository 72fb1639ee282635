//! Every code block of the documents, and what runs it.

use crate::commands::fault;
use crate::documents;
use crate::workspace::packages;

/// What becomes of a block.
#[derive(Debug)]
enum Fate {
    /// A test of this suite runs it as it stands.
    Here,
    /// This does: a suite with the name of a test or module, as in `docs/promises.md`.
    Elsewhere(&'static str),
    /// It is an overview for people, not code.
    Overview,
    /// It can't run on a machine of the tests.
    Not(&'static str),
}

use Fate::{Elsewhere, Here, Not, Overview};

const ACCOUNT: Fate = Not("needs an AWS account");
const NO_SDK: Fate = Not(
    "no registry of its language is at hand; calls that these SDKs have signed are in tests/vectors",
);
const STORYBOARD: Fate = Elsewhere("browser players::storyboards");
const SUITE: Fate = Elsewhere("readme commands::every_suite_that_a_document_runs_exists");

/// Document, what its block has in it, and what becomes of that.
const BLOCKS: &[(&str, &str, Fate)] = &[
    ("README.md", "-- demo ", Elsewhere("server demo")),
    ("README.md", "-- snapshot VIDEO", Here),
    ("README.md", "-- serve --auth none", Here),
    ("README.md", "vod = client.Client(", Here),
    ("README.md", "sam build && sam deploy", ACCOUNT),
    ("docs/api.md", "/RegisterMedia", Here),
    ("docs/api.md", "/UploadMediaByURL", Here),
    ("docs/architecture.md", "HTTP request\n", Overview),
    ("docs/aws.md", "aws ", ACCOUNT),
    ("docs/aws.md", "\"PicturesByCloudFront\"", ACCOUNT),
    (
        "docs/aws.md",
        "sam local start-api",
        Not("needs a Docker engine; .ci/run has it where there is one"),
    ),
    ("docs/benchmarks.md", "cargo bench", SUITE),
    ("docs/benchmarks.md", "cargo test", SUITE),
    (
        "docs/console.md",
        "-- serve --auth none",
        Elsewhere("readme walkthrough::the_sdk_of_the_readme_submits_a_job"),
    ),
    (
        "docs/console.md",
        "--data-binary",
        Elsewhere("server console::an_upload_that_is_too_large_or_breaks_off_leaves_nothing"),
    ),
    ("docs/cli.md", "vod-snapshot ", Elsewhere("cli documented")),
    ("docs/cli.md", "requested  shown since", Overview),
    ("docs/storyboards.md", "#EXT-X-IMAGE-STREAM-INF", STORYBOARD),
    ("docs/storyboards.md", "<SegmentTemplate", STORYBOARD),
    ("docs/storyboards.md", "provideThumbnail", STORYBOARD),
    (
        "docs/storyboards.md",
        "new URL(board.url, file)",
        STORYBOARD,
    ),
    (
        "docs/openapi.md",
        "openapi-python-client",
        Elsewhere("clients generated::python"),
    ),
    (
        "docs/openapi.md",
        "from vod_snapshot",
        Elsewhere("clients generated::python"),
    ),
    (
        "docs/openapi.md",
        "openapi-typescript",
        Elsewhere("clients generated::node"),
    ),
    (
        "docs/openapi.md",
        "from \"openapi-fetch\"",
        Elsewhere("clients generated::node"),
    ),
    ("docs/openapi.md", "cargo test", SUITE),
    (
        "docs/operations.md",
        "cargo install",
        Not("compiles the whole program once more"),
    ),
    (
        "docs/operations.md",
        "systemctl",
        Not("changes the machine"),
    ),
    (
        "docs/operations.md",
        "docker compose",
        Not("needs a Docker engine"),
    ),
    ("docs/operations.md", "> keys.json", Here),
    ("docs/operations.md", "\"pictures/2026-11\"", Here),
    ("docs/operations.md", "--tls-cert", Elsewhere("server tls")),
    ("docs/operations.md", "vod-snapshot.db ", Overview),
    ("docs/operations.md", ".ci/sbom", Elsewhere("supply sbom")),
    ("docs/promises.md", "cargo test", SUITE),
    (
        "docs/promises.md",
        "--bin judge",
        Elsewhere("exactness streams"),
    ),
    (
        "docs/sdks.md",
        "mkcert",
        Not("changes whom the machine trusts"),
    ),
    (
        "docs/sdks.md",
        "keytool",
        Not("needs Java, and the file of mkcert"),
    ),
    ("docs/sdks.md", "from ali", Elsewhere("clients documents")),
    (
        "docs/sdks.md",
        "require('@alicloud",
        Elsewhere("clients documents"),
    ),
    ("docs/sdks.md", "tea.String(", NO_SDK),
    ("docs/sdks.md", "vod.NewClientWithAccessKey", NO_SDK),
    ("docs/sdks.md", "DefaultProfile.", NO_SDK),
    ("docs/sdks.md", "com.aliyun.", NO_SDK),
    ("docs/sdks.md", "use AlibabaCloud\\", NO_SDK),
    ("docs/sdks.md", "new AlibabaCloud.", NO_SDK),
    (
        "events/README.md",
        "sam local invoke",
        Not("needs a Docker engine; `-p promises-on-aws --test replay` sends the events"),
    ),
];

/// A block, without the indent of the list it is in.
fn blocks(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut indent = None;
    for line in text.lines() {
        match (indent, line.trim_start().strip_prefix("```")) {
            (None, Some(_)) => {
                indent = Some(line.len() - line.trim_start().len());
                found.push(String::new());
            }
            (Some(_), Some(_)) => indent = None,
            (Some(indent), None) => {
                let block = found.last_mut().unwrap();
                block.push_str(line.get(indent..).unwrap_or_default());
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// The block of a document that has this in it.
pub(crate) fn block(path: &str, part: &str) -> String {
    let row = BLOCKS.iter().find(|row| (row.0, row.1) == (path, part));
    assert!(matches!(row, Some((_, _, Here))), "{path} {part}: {row:?}");
    let blocks = blocks(&documents::read(path).text);
    let found = blocks.into_iter().find(|block| block.contains(part));
    found.unwrap_or_else(|| panic!("{path} has no block with {part}"))
}

#[test]
fn every_block_is_run_or_says_why_not() {
    let mut used = vec![false; BLOCKS.len()];
    let mut unknown = Vec::new();
    for document in documents::all() {
        if document.path.starts_with(".github") {
            continue;
        }
        for block in blocks(&document.text) {
            let is_of = |row: &&(usize, &(&str, &str, Fate))| {
                row.1.0 == document.path && block.contains(row.1.1)
            };
            match BLOCKS
                .iter()
                .enumerate()
                .collect::<Vec<_>>()
                .iter()
                .find(is_of)
            {
                Some((at, _)) => used[*at] = true,
                None => unknown.push(format!("{}:\n{block}", document.path)),
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "nothing is said of\n{}",
        unknown.join("\n")
    );
    let gone: Vec<_> = BLOCKS.iter().zip(used).filter(|(_, used)| !used).collect();
    assert!(gone.is_empty(), "there is no such block: {gone:?}");
}

#[test]
fn what_runs_a_block_elsewhere_exists() {
    let packages = packages();
    for (path, part, fate) in BLOCKS {
        match fate {
            Elsewhere(run) => assert_eq!(fault(run, &packages), None, "{path} {part}"),
            Not(reason) => assert!(reason.len() > 10, "{path} {part}"),
            Here | Overview => {}
        }
    }
}
