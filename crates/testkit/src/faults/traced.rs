//! A program under the tracer, in a thread of its own: the kernel answers only the thread that has
//! started it.

use std::fmt;
use std::io::{BufRead as _, BufReader, PipeReader, Read};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use trace::{End, Error, Fault, Hung, Options, Tracer};

use super::Server;

/// For the whole run, and a watchdog only: thousands of reads of one byte take seconds on an idle
/// machine, and were seen to take more than half a minute on one with ten times more to do than it
/// has processors. A client that waits in vain gives up first, and the report comes at the end.
const LIMIT: Duration = Duration::from_mins(3);

/// A server that runs.
pub(super) struct Traced {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    tracing: JoinHandle<Result<Outcome, Error>>,
    output: JoinHandle<String>,
}

/// How it went.
pub(super) struct Outcome {
    end: Option<End>,
    hung: Vec<Hung>,
    /// The faults, and how often they have come to pass.
    pub(super) faults: Vec<(String, u32)>,
    output: String,
}

/// A program that has been started.
struct Started {
    stop: Arc<AtomicBool>,
    tracing: JoinHandle<Result<Outcome, Error>>,
    says: PipeReader,
}

impl Started {
    fn new(server: &Server, args: Vec<String>, faults: Vec<Fault>) -> Result<Self, Error> {
        let (says, writer) = std::io::pipe().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let options = Options::new(&server.program).args(args).root(server.root);
        let options = options.state(false).output(writer.into()).stop(Arc::clone(&stop));
        let options = faults.into_iter().fold(options, Options::fault);
        let (started, start) = channel();
        let tracing = thread::spawn(move || trace(options, &started));
        // The other end closes when the thread ends, whatever happened there.
        if start.recv().is_err() {
            let error = tracing.join().unwrap();
            return Err(error.err().expect("it has not started"));
        }
        Ok(Self { stop, tracing, says })
    }
}

/// What is no text is no reason to let a program wait.
fn rest(mut said: String, mut says: impl Read) -> String {
    let mut rest = Vec::new();
    let _ = says.read_to_end(&mut rest);
    said.push_str(&String::from_utf8_lossy(&rest));
    said
}

/// Runs a program that ends by itself.
pub(super) fn run(
    server: &Server,
    args: Vec<String>,
    faults: Vec<Fault>,
) -> Result<Outcome, Error> {
    let started = Started::new(server, args, faults)?;
    let output = rest(String::new(), started.says);
    Ok(Outcome { output, ..started.tracing.join().unwrap()? })
}

impl Traced {
    /// Starts it, and waits until it listens.
    pub(super) fn start(
        server: &Server,
        args: Vec<String>,
        faults: Vec<Fault>,
    ) -> Result<Self, Error> {
        let Started { stop, tracing, says } = Started::new(server, args, faults)?;
        let mut reader = BufReader::new(says);
        let mut said = String::new();
        let address = loop {
            let mut line = String::new();
            let length = reader.read_line(&mut line).unwrap();
            let found = line.split_whitespace().find_map(|word| word.parse().ok());
            said.push_str(&line);
            if let Some(address) = found {
                break address;
            }
            if length == 0 {
                let outcome = tracing.join().unwrap()?;
                panic!("it never said where it listens: {said}\n{outcome}");
            }
        };
        let output = thread::spawn(move || rest(said, reader));
        Ok(Self { address, stop, tracing, output })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it.
    pub(super) fn stop(self) -> Outcome {
        self.stop.store(true, Ordering::Relaxed);
        self.wait()
    }

    /// Until it ends by itself, or the time is over.
    pub(super) fn wait(self) -> Outcome {
        let mut outcome = self.tracing.join().unwrap().unwrap();
        outcome.output = self.output.join().unwrap();
        outcome
    }
}

fn trace(options: Options, started: &Sender<()>) -> Result<Outcome, Error> {
    let mut tracer = Tracer::start(options)?;
    // Somebody waits for this, unless the test has failed.
    let _ = started.send(());
    let hung = tracer.run(LIMIT, drop)?;
    Ok(Outcome {
        end: tracer.end(),
        hung,
        faults: tracer.faults().iter().map(|fault| (fault.to_string(), fault.fired())).collect(),
        output: String::new(),
    })
}

impl Outcome {
    /// Its exit status, or why there is none.
    pub(super) fn status(&self) -> Result<i32, &Self> {
        match self.end {
            Some(End::Code(code)) if self.hung.is_empty() => Ok(code),
            _ => Err(self),
        }
    }

    /// All that it has said.
    pub(super) fn said(&self) -> &str {
        &self.output
    }

    /// Whether it was still there when it was told to stop.
    pub(super) fn serves(&self) -> bool {
        self.end.is_none() && self.hung.is_empty()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.end {
            None => writeln!(f, "it has not ended")?,
            Some(end) => writeln!(f, "it has ended: {end:?}")?,
        }
        for hung in &self.hung {
            writeln!(f, "hung: {hung}")?;
        }
        for (fault, fired) in &self.faults {
            writeln!(f, "{fault}: {fired} times")?;
        }
        // The end of it tells what happened last.
        let lines: Vec<&str> = self.output.lines().collect();
        for line in &lines[lines.len().saturating_sub(20)..] {
            writeln!(f, "said: {line}")?;
        }
        Ok(())
    }
}
