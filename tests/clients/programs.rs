//! What programs do with snapshots, by the vendor's own clients: `programs.py`, `programs.js`.

use super::{Scheme, bench};
use support::clients::Runtime;

fn run(program: &str, runtime: Runtime, mode: &str, scheme: Scheme) {
    let bench = bench(scheme, &["--qps", "0", "--callback-allow", "127.0.0.1"]);
    runtime.run("programs", &[program, mode], &bench.setup());
}

/// Each program by a client of either runtime; they differ in signature, method and scheme.
macro_rules! programs {
    ($($name:ident, $program:literal: $python:literal $node:literal $scheme:ident;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn in_python() {
                run($program, Runtime::Python, $python, Scheme::$scheme);
            }

            #[test]
            #[cfg_attr(not(node), ignore = "needs node and npm")]
            fn in_node() {
                run($program, Runtime::Node, $node, Scheme::$scheme);
            }
        }
    )*};
}

programs! {
    courses, "courses": "tea-v3" "pop-get" Https;
    covers, "covers": "legacy-post" "openapi-v3" Http;
    scrub_bar, "scrub-bar": "tea-v1" "pop-post" Http;
    cover_of_event, "cover-of-event": "tea-v3" "openapi-v1" Https;
    numbers_of_event, "numbers-of-event": "legacy-get" "pop-post" Https;
    gallery, "gallery": "tea-v3" "pop-get" Http;
    previews, "previews": "tea-v3" "openapi-v3" Http;
    previews_legacy, "previews": "legacy-get" "pop-get" Https;
    uploads, "uploads": "legacy-post" "openapi-v3" Http;
}
