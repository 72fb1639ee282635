//! The console of the demo's server, in the browser of whoever runs it.

use super::client::DemoKey;
use crate::console;
use std::process::{Command, Stdio};

/// Where the console is. The part behind `#`, which browsers send to nobody, has the key of this
/// demo, so that nobody has to type it.
pub(super) fn link(server_url: &str, key: &DemoKey) -> String {
    format!("{server_url}/#key={}:{}", key.id, key.secret.expose())
}

/// Opens it, and returns when the demo is to end.
pub(super) async fn show(link: &str) {
    console::print(&format!("\nconsole: {link}"));
    console::print("Ctrl-C ends the demo; its pictures stay.");
    open(link);
    // Where signals can't be waited for, it ends at once.
    let _ = tokio::signal::ctrl_c().await;
}

/// Only where there is a screen to open a browser on; it is no fault where that fails.
fn open(link: &str) {
    let has_screen = ["DISPLAY", "WAYLAND_DISPLAY"].map(std::env::var_os);
    let opener = match cfg!(target_os = "macos") {
        true => "open",
        false if has_screen.iter().any(Option::is_some) => "xdg-open",
        false => return,
    };
    let mut command = Command::new(opener);
    let quiet = command.arg(link).stdin(Stdio::null());
    let _ = quiet.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}
