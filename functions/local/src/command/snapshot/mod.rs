//! `vod-snapshot snapshot`: takes pictures without a server.

mod input;
mod interrupt;
mod output;
mod report;
mod run;
mod spec;

use super::ffmpeg;
use crate::cli::SnapshotArgs;
use crate::console;
use crate::error::CommandError;
use input::Input;
use interrupt::Interrupt;
use output::{FolderOutput, SingleOutput, Target};
use report::{Report, ReportForm};
use run::{Output, Run};
use service::pictures::Engine;
use std::path::Path;
use std::time::Duration;

pub(super) fn run(arguments: &SnapshotArgs) -> Result<(), CommandError> {
    let spec = spec::spec(arguments)?;
    let (target, format) = Target::of(arguments, spec::most(arguments))?;
    let spec = spec::of_format(spec, format)?;
    let inputs = inputs(arguments)?;
    let interrupt = Interrupt::listen()?;
    let outputs = outputs(&inputs, &target, arguments.force, &interrupt)?;
    let ffmpeg = ffmpeg::find(&arguments.decoder)?;
    let run = Run {
        engine: Engine {
            ffmpeg,
            limits: arguments.decoder.limits(),
            max_snapshots: arguments.max_snapshots,
            quality: artifacts::Quality::new(arguments.decoder.quality).unwrap_or_default(),
            executable: Engine::OWN_EXECUTABLE.into(),
            checkpoint_every: Duration::MAX,
        },
        kind: spec::kind(&spec, arguments),
        spec,
        interrupt,
    };
    let report = Report {
        form: match target {
            Target::Stdout => ReportForm::Nothing,
            _ if arguments.json => ReportForm::Json,
            _ => ReportForm::Table,
        },
        names_videos: inputs.len() > 1,
        exact_times: !arguments.at.is_empty(),
    };
    take_all(&run, &report, inputs.into_iter().zip(outputs))
}

fn inputs(arguments: &SnapshotArgs) -> Result<Vec<Input>, CommandError> {
    let inputs = arguments.videos.iter().map(|video| Input::parse(video));
    let inputs: Vec<Input> = inputs.collect::<Result<_, _>>()?;
    if inputs
        .iter()
        .filter(|input| **input == Input::Stdin)
        .count()
        > 1
    {
        return Err(CommandError::OptionValue {
            option: "VIDEO",
            rule: "- can be given once".to_owned(),
        });
    }
    Ok(inputs)
}

/// Where the pictures of each input go. Whatever is in the way is found before anything is done.
fn outputs(
    inputs: &[Input],
    target: &Target,
    force: bool,
    interrupt: &Interrupt,
) -> Result<Vec<Output>, CommandError> {
    let folder = |folder: &Path| FolderOutput::new(folder, force, interrupt).map(Output::Folder);
    match target {
        Target::Stdout => Ok(vec![Output::Single(SingleOutput::stdout(interrupt))]),
        Target::File(path) => {
            let single = SingleOutput::file(path, force, interrupt)?;
            Ok(vec![Output::Single(single)])
        }
        Target::Folder(out) if inputs.len() == 1 => Ok(vec![folder(out)?]),
        Target::Folder(out) => {
            let names = output::folder_names(inputs.iter().map(Input::name));
            names.iter().map(|name| folder(&out.join(name))).collect()
        }
    }
}

/// One video after another. A video that fails does not keep the others from their pictures.
fn take_all(
    run: &Run,
    report: &Report,
    videos: impl ExactSizeIterator<Item = (Input, Output)>,
) -> Result<(), CommandError> {
    let all = videos.len();
    let (mut failures, mut lacking) = (Vec::new(), 0);
    for (input, mut output) in videos {
        if let Some(signal) = run.interrupt.signal() {
            return Err(interrupt::stopped(signal, run.interrupt.kept()));
        }
        match run.take(&input, &mut output) {
            Ok(manifest) => {
                let is_whole = report.tell(&input, &manifest)?;
                lacking += usize::from(!is_whole);
            }
            Err(failure) if all == 1 || failure.ends_the_run() => return Err(failure),
            Err(failure) => {
                console::note(&format!("vod-snapshot: {failure}"));
                failures.push(failure);
            }
        }
    }
    let failed = failures.len();
    match failures.pop() {
        None if lacking == 0 => Ok(()),
        None => Err(CommandError::Partial(match all {
            1 => "some pictures are missing".to_owned(),
            _ => format!("some pictures of {lacking} of {all} videos are missing"),
        })),
        Some(_) if failed < all => Err(CommandError::Partial(format!(
            "{failed} of {all} videos gave no pictures"
        ))),
        Some(last) => {
            let alike = failures
                .iter()
                .all(|other| other.exit_code() == last.exit_code());
            Err(CommandError::AllVideos {
                all,
                exit_code: if alike { last.exit_code() } else { 1 },
            })
        }
    }
}
