//! The broken twin: two locks in two orders, and with them a deadlock.
//!
//! Watch for: it works for a while, on some machines for a long while. Then two threads sleep, each
//! on a lock that the other one holds, and no error is reported: nobody spins, nobody fails.
//! The mistake is one line:
//! `diff crates/day08-share/src/bank.rs crates/day08-share/examples/lock_order/bank.rs`

mod bank;
mod watch;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use cli::{Demo, Outcome};

use crate::bank::Bank;

fn main() -> ExitCode {
    let about = "Two locks in two orders: compare its bank.rs with that of the demo.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let bank = Arc::new(Bank::new(&[1000, 1000]));
    writeln!(io::stdout(), "two accounts, {} in all, and a thread for each direction", bank.sum())?;
    let done = Arc::new(AtomicU64::new(0));
    let (say, said) = mpsc::channel();
    for (from, to) in [(0, 1), (1, 0)] {
        let (bank, done, say) = (Arc::clone(&bank), Arc::clone(&done), say.clone());
        thread::Builder::new().name(format!("from-{from}-to-{to}")).spawn(move || {
            // /proc/thread-self names the task that asks: PID/task/TID.
            let _ = say.send(std::fs::read_link("/proc/thread-self"));
            loop {
                bank.transfer(from, to, 1);
                done.fetch_add(1, Ordering::Relaxed);
            }
        })?;
    }
    let tasks = [said.recv()??, said.recv()??];
    let mut asleep = loop {
        let asleep = watch::until_both_sleep(&tasks)?;
        // Both sleep and both locks are held: nobody but the two can hold them.
        if (0..2).all(|account| bank.peek(account).is_none()) {
            break asleep;
        }
    };
    asleep.sort_by(|one, other| one.name.cmp(&other.name));

    let mut out = io::stdout();
    writeln!(out, "after {} transfers nothing moves any more", done.load(Ordering::Relaxed))?;
    for task in asleep {
        writeln!(out, "  {}: state {}, in {}", task.name, task.state, task.call)?;
    }
    for account in 0..2 {
        let balance = bank.peek(account).map_or("locked".into(), |balance| balance.to_string());
        writeln!(out, "  account {account}: {balance}")?;
    }
    // Nobody can let them go. The end of main is the end of both.
    Ok(())
}
