use super::*;

#[test]
#[ignore = "prints what a start costs with and without"]
fn cost() {
    const STATIC: &str = concat!(env!("HOME"), "/.cache/vod-snapshot/ffmpeg-9.0.2/ffmpeg");
    let at = |level| Some(level);
    for program in ["/bin/true", STATIC] {
        let levels = [
            None,
            at(Sandbox {
                user: false,
                ..Sandbox::FULL
            }),
            at(Sandbox::FULL),
            at(Sandbox {
                files: FileAccess::Answered,
                ..Sandbox::FULL
            }),
        ];
        let mut times = vec![Vec::new(); levels.len()];
        for _ in 0..101 {
            for (level, times) in levels.iter().zip(&mut times) {
                let begun = std::time::Instant::now();
                let mut command = Command::new(program);
                command.arg("-version").env_clear();
                command.stdout(std::process::Stdio::null());
                let mut duty = ParentDuty::NONE;
                if let Some(level) = *level {
                    duty =
                        confine(&mut command, level, None, ResourceLimits::FOR_QUESTIONS).unwrap();
                }
                let mut child = command.spawn().unwrap();
                duty.begin().unwrap();
                assert!(child.wait().unwrap().success());
                times.push(begun.elapsed());
            }
        }
        for (level, times) in levels.iter().zip(&mut times) {
            times.sort();
            eprintln!(
                "{program}: {:?}, at least {:?}, at {level:?}",
                times[50], times[0]
            );
        }
    }
}
