//! Steps of a program that runs while they are looked at.
//!
//! The tracer has a thread of its own, because the kernel answers no other, and because nobody
//! knows how long a step takes: the program may compute for minutes, or sleep until somebody
//! connects. Whoever looks asks for what is there ([`Feed::next`]) and never waits for the program
//! longer than he wants to. The tracer is only so many steps ahead; then the program is held.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::time::{Duration, Instant};

use cli::Outcome;
use trace::{Call, End, Event, Options, Step, Task, Tracer};

use crate::typed::{self, Keys};

/// A program that never ends is held when nobody has looked at so many of its steps.
const AHEAD: usize = 256;

/// What to run.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<OsString>,
    /// Source below these folders is the program's own.
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) input: Input,
}

/// The program's standard input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Input {
    /// Empty: /dev/null.
    #[default]
    Nothing,
    /// A file.
    File(PathBuf),
    /// What somebody types: [`Feed::keys`].
    Keys,
}

/// What the tracer tells.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The kernel's number of a task, before its first step.
    Named(i32, Task),
    /// A step.
    Step(Box<Step>),
    /// The program has ended.
    Over(Option<End>),
    /// It cannot be traced any further, and why.
    Lost(String),
}

/// A program that is being traced. Dropping it kills the program.
#[derive(Debug)]
pub(crate) struct Feed {
    news: Receiver<News>,
    stop: Arc<AtomicBool>,
    /// To type something for the program; dropping it is the end of its standard input.
    pub(crate) keys: Option<Keys>,
}

/// A tracer is busy for no longer than this before it hears that it is to stop.
const DEAF: Duration = Duration::from_millis(500);

impl Drop for Feed {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Taking the news lets a tracer that waits to be listened to go on, and stop. Its program is
        // gone when it is: what comes next may need the same port.
        let end = Instant::now() + DEAF;
        while Instant::now() < end && self.next(DEAF) != Err(Silence::Ended) {}
    }
}

/// No news, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Silence {
    /// Not yet.
    NotYet,
    /// There will be none.
    Ended,
}

impl Feed {
    /// Starts the program.
    ///
    /// # Errors
    /// One sentence: it cannot be executed, or this system does not allow tracing.
    pub(crate) fn start(plan: &Plan) -> Outcome<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut options = Options::new(&plan.program).args(&plan.args).virtual_time(true);
        options = plan.roots.iter().fold(options, Options::root).stop(Arc::clone(&stop));
        let mut ours = None;
        match &plan.input {
            Input::Nothing => {}
            Input::File(input) => {
                let file = File::open(input).map_err(|e| format!("{}: {e}", input.display()))?;
                options = options.input(file.into());
            }
            Input::Keys => {
                let (keys, theirs) = typed::keys()?;
                options = options.input(theirs);
                ours = Some(keys);
            }
        }
        let (to, news) = sync_channel(AHEAD);
        let (started, begun) = sync_channel(1);
        let tracer = move || {
            let tracer = Tracer::start(options);
            // Whoever has started this thread waits for it.
            let (tracer, result) = match tracer {
                Ok(tracer) => (Some(tracer), Ok(())),
                Err(error) => (None, Err(error)),
            };
            let _ = started.send(result);
            if let Some(tracer) = tracer {
                follow(tracer, &to);
            }
        };
        std::thread::Builder::new().name("tracer".into()).spawn(tracer)?;
        begun.recv().map_err(|_| "the tracer has ended before it began")??;
        Ok(Self { news, stop, keys: ours })
    }

    /// What is there, or comes within a time.
    pub(crate) fn next(&self, wait: Duration) -> Result<News, Silence> {
        if wait.is_zero() {
            return self.news.try_recv().map_err(|e| match e {
                TryRecvError::Empty => Silence::NotYet,
                TryRecvError::Disconnected => Silence::Ended,
            });
        }
        self.news.recv_timeout(wait).map_err(|e| match e {
            RecvTimeoutError::Timeout => Silence::NotYet,
            RecvTimeoutError::Disconnected => Silence::Ended,
        })
    }
}

/// Step by step, until the program ends or nobody listens any more. Then the tracer is dropped,
/// and with it the program killed.
fn follow(mut tracer: Tracer, to: &SyncSender<News>) {
    let mut named = BTreeSet::new();
    let mut stuck = Vec::new();
    loop {
        let news = match tracer.step() {
            // Told every few seconds, but no news.
            Ok(Some(step)) if is_told(&step, &mut stuck) => continue,
            Ok(Some(step)) => {
                if named.insert(step.task)
                    && let Some(pid) = tracer.pid_of(step.task)
                    && to.send(News::Named(pid, step.task)).is_err()
                {
                    return;
                }
                News::Step(Box::new(step))
            }
            Ok(None) => News::Over(tracer.end()),
            Err(error) => News::Lost(error.to_string()),
        };
        let last = !matches!(news, News::Step(_));
        if to.send(news).is_err() || last {
            return;
        }
    }
}

/// Whether a step says once more that nothing happens, to the same tasks in the same calls.
fn is_told(step: &Step, before: &mut Vec<(Task, Option<Call>)>) -> bool {
    let now = match &step.event {
        Event::Stuck(tasks) => tasks.iter().map(|(task, call, _)| (*task, call.clone())).collect(),
        _ => Vec::new(),
    };
    let told = !now.is_empty() && now == *before;
    *before = now;
    told
}
