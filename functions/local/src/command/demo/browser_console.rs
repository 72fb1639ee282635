//! The console of the demo's server, in the browser of whoever runs it.

use super::client::DemoKey;
use crate::cli::ConsoleMode;
use crate::console;
use std::io::{self, IsTerminal};
use std::process::{Command, Stdio};

/// Where the console is. The part behind `#`, which browsers send to nobody, has the key of this
/// demo, so that nobody has to type it.
pub(super) fn link(server_url: &str, key: &DemoKey) -> String {
    format!("{server_url}/#key={}:{}", key.id, key.secret.expose())
}

/// Whether it is to be shown.
pub(super) fn is_wanted(mode: ConsoleMode) -> bool {
    match mode {
        ConsoleMode::Auto => io::stdout().is_terminal() && opener().is_some(),
        ConsoleMode::On => true,
        ConsoleMode::Off => false,
    }
}

/// Opens it, and returns when the demo is to end.
pub(super) async fn show(link: &str) {
    console::print(&format!("\nconsole: {link}"));
    console::print("Ctrl-C ends the demo; its pictures stay.");
    open(link);
    // Where signals can't be waited for, it ends at once.
    let _ = tokio::signal::ctrl_c().await;
}

/// It is no fault where that fails: the link is there to be opened by hand.
fn open(link: &str) {
    let Some(opener) = opener() else {
        return;
    };
    let mut command = Command::new(opener);
    let quiet = command.arg(link).stdin(Stdio::null());
    let _ = quiet.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

/// What opens a link in the browser of whoever runs this; none without a screen.
fn opener() -> Option<&'static str> {
    if cfg!(target_os = "macos") {
        return Some("open");
    }
    let screens = ["DISPLAY", "WAYLAND_DISPLAY"].map(std::env::var_os);
    let has_screen = screens.iter().flatten().any(|screen| !screen.is_empty());
    has_screen.then_some("xdg-open")
}
