//! Tasks that fail, and a worker that does not come back.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::sys::signal::{Signal, raise};
use nix::unistd::getpid;
use process::pool::Options;

use crate::calls::text;

#[derive(Clone, Copy)]
enum End {
    Divide(i32),
    Panic,
    Kill,
}

/// Only bytes cross the border between two processes. Python pickles every object; here a type
/// says what its bytes are. Numbers, text, lists and tuples have that already.
impl process::Wire for End {
    fn put(&self, to: &mut Vec<u8>) {
        match self {
            Self::Divide(by) => (0_u8, *by).put(to),
            Self::Panic => (1_u8, 0).put(to),
            Self::Kill => (2_u8, 0).put(to),
        }
    }

    fn take(from: &mut &[u8]) -> Result<Self, process::wire::Malformed> {
        match <(u8, i32)>::take(from)? {
            (0, by) => Ok(Self::Divide(by)),
            (1, _) => Ok(Self::Panic),
            (2, _) => Ok(Self::Kill),
            _ => Err(process::wire::Malformed("an End")),
        }
    }
}

/// The error of a task is part of its result, with its type. The pool's own errors are beside it.
fn work(end: End) -> Result<(i32, i32), String> {
    match end {
        End::Divide(by) => {
            let quotient = 100_i32.checked_div(by).ok_or("division by zero")?;
            Ok((quotient, getpid().as_raw()))
        }
        End::Panic => panic!("on purpose"),
        End::Kill => {
            // As the kernel does to a process when memory runs out.
            let _ = raise(Signal::SIGKILL);
            Err("still here".into())
        }
    }
}

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "failures, one worker:")?;
    // The initializer runs in each worker before its first task, in those that come later as well.
    // Here it keeps panics from writing to standard error.
    let quiet = || {
        std::panic::set_hook(Box::new(|_| {}));
        Ok::<(), String>(())
    };
    let pool = Options::new(1).initializer(quiet).start(work)?;

    let worker = pool.pids();
    let first = |result: Result<Result<(i32, i32), String>, _>| result.map(|r| r.map(|(q, _)| q));
    writeln!(out, "  100 / 7: {}", text(first(pool.apply(End::Divide(7)))))?;
    writeln!(out, "  100 / 0: {}", text(first(pool.apply(End::Divide(0)))))?;
    writeln!(out, "  a panic: {}", text(first(pool.apply(End::Panic))))?;
    writeln!(out, "  the worker is the same: {}", pool.pids() == worker)?;

    // In Python the next line would wait for ever: its parent counts answers and does not look
    // whether anybody is left to give them. Ours also watches the workers themselves.
    let ends = [End::Divide(1), End::Kill, End::Divide(2), End::Divide(4)];
    for result in pool.map(ends, 1) {
        writeln!(out, "  in a map: {}", text(first(result)))?;
    }
    let after = pool.apply(End::Divide(1))??.1;
    let now: Vec<i32> = pool.pids().iter().map(|pid| pid.as_raw()).collect();
    writeln!(
        out,
        "  the worker is the same: {}, a new one works: {}",
        pool.pids() == worker,
        now == [after]
    )?;
    pool.close().join()?;
    Ok(())
}
