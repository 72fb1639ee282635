//! `vod-snapshot completions` and `vod-snapshot man`: what the program says of itself.

use crate::cli::{CommandLine, CompletionsArgs, ManArgs};
use crate::error::CommandError;
use clap::CommandFactory;
use std::io::{self, Write};

pub(super) fn completions(arguments: &CompletionsArgs) -> Result<(), CommandError> {
    let mut script = Vec::new();
    let mut command = CommandLine::command();
    clap_complete::generate(arguments.shell, &mut command, "vod-snapshot", &mut script);
    print(&script)
}

pub(super) fn manual(arguments: &ManArgs) -> Result<(), CommandError> {
    let mut command = CommandLine::command();
    command.build();
    let command = match &arguments.command {
        None => command,
        Some(name) => match command.find_subcommand(name) {
            Some(found) => found.clone(),
            None => {
                let known = command.get_subcommands().map(|command| command.get_name());
                let known: Vec<_> = known.collect();
                return Err(CommandError::OptionValue {
                    option: "COMMAND",
                    rule: format!("no command {name:?}; it is one of {}", known.join(", ")),
                });
            }
        },
    };
    // man(1) finds a page by one word.
    let title = command.get_bin_name().unwrap_or("vod-snapshot");
    let title = title.replace(' ', "-");
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .title(title)
        .render(&mut page)?;
    print(&page)
}

fn print(text: &[u8]) -> Result<(), CommandError> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text).and_then(|()| stdout.flush());
    match written {
        // Nobody has to read all of it.
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(CommandError::Stdout),
    }
}
