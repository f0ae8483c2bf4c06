//! Records a program: `record PROGRAM [ARGS]` prints what happened, without what is different in
//! every run. Where nothing can be traced it says so in one sentence and ends with 1.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use trace::{Event, Options, Recording, Surroundings, Tracer};

fn main() -> ExitCode {
    match record() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a standard error nobody can hear it.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn record() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let program = args.next().ok_or("which program?")?;
    let args: Vec<String> = args.collect();
    let options = Options::new(&program).args(&args).root(env!("CARGO_MANIFEST_DIR"));
    let mut tracer = Tracer::start(options)?;
    let (mut steps, mut tasks) = (Vec::new(), BTreeMap::new());
    while let Some(step) = tracer.step()? {
        if let Some(pid) = tracer.pid_of(step.task) {
            tasks.insert(pid, step.task);
        }
        let stuck = matches!(step.event, Event::Stuck(_));
        steps.push(step);
        if stuck {
            break;
        }
    }
    let mut recording = Recording::new(program, args, steps);
    recording.normalise(&Surroundings { tasks, folders: Vec::new() });
    Ok(recording.write(io::stdout().lock())?)
}
