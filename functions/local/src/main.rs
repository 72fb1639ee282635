//! `vod-snapshot`: see `vod-snapshot --help`.

fn main() -> std::process::ExitCode {
    local::run()
}
