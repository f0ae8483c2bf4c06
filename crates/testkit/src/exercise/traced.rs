//! A case under faults: its process has a tracer, in a thread of its own, because the kernel
//! answers only the thread that has started it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use trace::{End, Error, Fault, Options, Tracer};

use super::Case;
use super::inside::FLAG;
use super::runner::{Surroundings, nothing};

pub(super) struct Traced {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<Outcome, Error>>,
}

/// How it went.
pub(super) struct Outcome {
    /// How the process of the case has ended, if it has.
    pub(super) end: Option<End>,
    /// Where everybody was when the time was over.
    pub(super) hung: Vec<String>,
    /// Faults that never came to pass.
    pub(super) unfired: Vec<String>,
    /// Why there is no tracing here.
    pub(super) denied: Option<String>,
    /// Why it was given up.
    pub(super) error: Option<String>,
}

impl Traced {
    pub(super) fn start(case: &Case, faults: Vec<Fault>, around: Surroundings<'_>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let limit = case.limit;
        let options = options(case, around, Arc::clone(&stop));
        let thread = thread::spawn(move || {
            let options = options.map_err(|error| Error::Call(syscall_error(&error)))?;
            let mut tracer = Tracer::start(faults.into_iter().fold(options, Options::fault))?;
            let hung = tracer.run(limit, drop)?;
            Ok(Outcome {
                end: tracer.end(),
                // Of the folder src, which is the root of what the faults meet.
                hung: hung
                    .iter()
                    .map(|hung| hung.to_string().replace(" at ", " at src/"))
                    .collect(),
                unfired: tracer.unfired(),
                denied: None,
                error: None,
            })
        });
        Self { stop, thread }
    }

    pub(super) fn has_ended(&self) -> bool {
        self.thread.is_finished()
    }

    /// Ends it, if it has not ended.
    pub(super) fn stop(self) -> Outcome {
        self.stop.store(true, Ordering::Relaxed);
        let failed = |denied, error| Outcome {
            end: None,
            hung: Vec::new(),
            unfired: Vec::new(),
            denied,
            error,
        };
        match self.thread.join() {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error @ Error::Denied(_))) => failed(Some(error.to_string()), None),
            Ok(Err(error)) => failed(None, Some(error.to_string())),
            Err(_) => failed(None, Some("the tracer panicked".into())),
        }
    }
}

fn options(
    case: &Case,
    around: Surroundings<'_>,
    stop: Arc<AtomicBool>,
) -> std::io::Result<Options> {
    let program = std::env::current_exe()?;
    let options = Options::new(program).args([FLAG, case.name, around.page]);
    let options = options.root(around.root.join("src")).state(false).virtual_time(false);
    let options = options.directory(around.folder).env("TMPDIR", around.folder);
    Ok(options.input(nothing()?).output(around.output.into()).stop(stop))
}

fn syscall_error(error: &std::io::Error) -> trace::CallError {
    let errno = nix::errno::Errno::from_raw(error.raw_os_error().unwrap_or(libc::EIO));
    trace::CallError::new("start", errno)
}
