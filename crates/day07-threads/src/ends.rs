//! How a thread ends: with a value, with a panic, or with its scope.

use std::io::{self, Write as _};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use std::{panic, thread};

use cli::Outcome;

pub(crate) fn values() -> Outcome {
    let mut out = io::stdout();
    let (let_go, wait) = mpsc::channel();
    let (say, result) = mpsc::channel();
    let thread = thread::spawn(move || {
        // The number is moved into the thread, and its product moved out again: nothing is shared.
        let number: u32 = wait.recv().unwrap_or(0);
        let _ = say.send(());
        number * 7
    });
    // is_alive() the other way round.
    writeln!(out, "a thread that waits for a number: is_finished {}", thread.is_finished())?;

    // join has no time limit in Rust. Where one is needed, the thread says that it is done, and
    // the limit is on the waiting for that.
    let waited = result.recv_timeout(Duration::from_millis(50));
    writeln!(
        out,
        "  after 50 ms: {}",
        if waited == Err(RecvTimeoutError::Timeout) { "nothing yet" } else { "done" }
    )?;

    let_go.send(6)?;
    // join waits for the end, and hands over what the function returned. In Python a thread's
    // return value is lost.
    let value = thread.join().map_err(|_| "the thread panicked")?;
    writeln!(out, "  it got its 6, and join gives {value}")?;
    Ok(())
}

pub(crate) fn panics() -> Outcome {
    // A panic calls the hook first, in the thread that panics. The usual hook writes to standard
    // error; this one says the same here. It belongs to the whole process, so it is put back.
    let usual = panic::take_hook();
    panic::set_hook(Box::new(|info| {
        let me = thread::current();
        let (name, why) = (me.name().unwrap_or("no name"), info.payload_as_str());
        // When nobody reads it, the lesson ends with its next line.
        let _ = writeln!(io::stdout(), "the hook, in {name}: {}", why.unwrap_or("no text"));
    }));
    let burnt = thread::Builder::new().name("baker".into()).spawn(|| -> u32 {
        let oven = "cold";
        // What unwrap, an index out of range or a failed assertion do as well.
        panic!("the oven is {oven}")
    });
    let other = thread::spawn(|| 12);
    let ends = (burnt?.join(), other.join());
    panic::set_hook(usual);

    let mut out = io::stdout();
    // Then the stack is unwound, destructors run, and join gives Err with the panic's message.
    match ends.0 {
        Ok(value) => writeln!(out, "  the baker returned {value}")?,
        Err(payload) => {
            let message = payload.downcast_ref::<String>();
            writeln!(out, "  join gives Err, with the message {message:?}")?;
        }
    }
    // Nobody else is hurt. (In a C program a thread that crashes takes the process with it, and
    // so does abort() in Rust.)
    writeln!(out, "  the thread beside it: {:?}", ends.1.map_err(|_| "panicked"))?;
    Ok(())
}

/// `thread::spawn` asks for 'static: the thread could outlive everything. A scope joins its threads
/// before it returns, so they may borrow from the function around it, and even write to parts.
pub(crate) fn scope() -> Outcome {
    let mut numbers: Vec<u64> = (1..=1000).collect();
    let (left, right) = numbers.split_at_mut(500);
    let sums = thread::scope(|scope| {
        let halves = [left, right].map(|half| {
            scope.spawn(move || {
                for number in half.iter_mut() {
                    *number *= 2;
                }
                half.iter().sum::<u64>()
            })
        });
        halves.map(|half| half.join().unwrap_or(0))
    });
    let all: u64 = numbers.iter().sum();
    writeln!(io::stdout(), "a scope: halves doubled in place, sums {sums:?}, together {all}")?;
    Ok(())
}
