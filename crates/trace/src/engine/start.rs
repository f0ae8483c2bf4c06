//! The start of a program.

use std::collections::HashSet;
use std::marker::PhantomData;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use syscall::Context as _;

use super::links::Links;
use super::output::Capture;
use super::processor::OneProcessor;
use super::script::Script;
use super::tasks::Tasks;
use super::tracee::{Going, Motion};
use super::{Error, Options, Pace, Settings, Stir, Touch, Tracer};
use crate::inject::Fault;
use crate::symbols::Symbols;
use crate::sys::{Command, Stdio};
use crate::task::Task;

impl Tracer {
    /// Starts a program, held before its first instruction.
    ///
    /// # Errors
    /// [`Error::Call`], which names the file: it cannot be executed (execve(2): it is not there, may
    /// not be executed, is no program, is a script whose interpreter is not there), or the
    /// directory cannot be entered. [`Error::Denied`] where the system does not allow tracing, or
    /// this thread is traced by somebody who follows its children. ENOENT: a root is not there.
    /// EMFILE, EAGAIN, ENOMEM: no more descriptors or processes. A fault that cannot be.
    pub fn start(options: Options) -> Result<Self, Error> {
        let mut faults = options.faults;
        faults.iter_mut().try_for_each(Fault::resolve)?;
        children_are_reported()?;
        let real = |path: &PathBuf| std::fs::canonicalize(path).call_on("realpath", path.display());
        let roots = options.roots.iter().map(real).collect::<syscall::Result<_>>()?;
        let (output, stdio) = stdio(options.input, options.output)?;
        let program = std::path::absolute(&options.program).call("getcwd")?;
        let (args, directory) = (options.args, options.directory);
        let environment = options.environment;
        let command = Command::new(&program, &args, environment, directory.as_deref(), stdio)?;
        let one_processor = OneProcessor::take();
        let pid = command.start().map_err(|error| {
            // SAFETY: no pointers; it cannot fail.
            Error::of_start(error, unsafe { libc::gettid() })
        })?;
        let mut tracer = Self {
            settings: Settings {
                state: options.state,
                everything: options.everything,
                whole: options.whole,
                virtual_time: options.virtual_time,
                patience: options.patience,
                schedule: options.schedule,
                stop: options.stop,
            },
            tasks: Tasks::default(),
            symbols: Symbols::new(roots),
            script: Script::default(),
            output,
            faults,
            choices: Vec::new(),
            links: Links::default(),
            watched: HashSet::new(),
            dead: Vec::new(),
            pace: Pace::Stepping,
            mover: 0,
            stir: Stir::Killed,
            clock: Duration::ZERO,
            slices: 0,
            came: 0,
            moved: (Instant::now(), 0),
            touch: Touch::Everything,
            terminals: false,
            limited_sockets: false,
            begun: false,
            end: None,
            one_processor,
            _of_this_thread: PhantomData,
        };
        tracer.mover = tracer.tasks.add(pid, pid);
        tracer.script.process(pid, Task::FIRST);
        if let Some(first) = tracer.tasks.get_mut(tracer.mover) {
            first.motion = Motion::Going(Going::now());
        }
        Ok(tracer)
    }
}

/// /dev/null and two pipes, unless something else is given.
fn stdio(
    input: Option<OwnedFd>,
    output: Option<OwnedFd>,
) -> Result<(Option<Capture>, Stdio), Error> {
    let input = match input {
        Some(input) => input,
        None => std::fs::File::open("/dev/null").call_on("openat", "/dev/null")?.into(),
    };
    let (capture, out, err) = if let Some(output) = output {
        (None, output.try_clone().call("fcntl")?, output)
    } else {
        let (capture, out, err) = Capture::new()?;
        (Some(capture), out, err)
    };
    Ok((capture, Stdio { input: Some(input), output: Some(out), error: Some(err) }))
}

/// Where SIGCHLD is ignored, ended children vanish without a report (wait(2)).
fn children_are_reported() -> Result<(), Error> {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: with a null pointer for the new action, sigaction stores the present one, whole.
    let result = unsafe { libc::sigaction(libc::SIGCHLD, std::ptr::null(), action.as_mut_ptr()) };
    syscall::Errno::result(result).call("sigaction")?;
    // SAFETY: the call has succeeded, so it is filled in.
    let action = unsafe { action.assume_init() };
    let gone = action.sa_sigaction == libc::SIG_IGN || action.sa_flags & libc::SA_NOCLDWAIT != 0;
    if gone { Err(Error::ChildrenIgnored) } else { Ok(()) }
}
