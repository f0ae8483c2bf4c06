//! What the kernel holds: each change stands at the step that has made it, and looking only where
//! something may be different misses nothing.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use common::{brief, options, steps_of};
use trace::{Change, Event, Object, Pid, State, Tracer, Value, descriptors_of};

#[test]
fn a_connection_is_there_when_connect_has_returned() {
    needs_ptrace!();
    let steps = steps_of(Tracer::start(options("echo").state(true)).unwrap());
    let connects = steps.iter().filter(|step| brief(step).ends_with(" connect)"));
    let mut seen = 0;
    for step in connects {
        let Some(Value::Fd(fd)) = step.call.as_ref().unwrap().args.first() else { panic!() };
        let connected = |change: &Change| match change {
            Change::Descriptor(_, changed, descriptor) if changed == fd => {
                matches!(&descriptor.object, Object::Socket(it) if it.state.as_deref() == Some("ESTAB"))
            }
            _ => false,
        };
        assert!(step.changes.iter().any(connected), "{step:#?}");
        seen += 1;
    }
    assert_eq!(seen, 2);
}

/// Before a call everybody stands, and nothing has happened since the step before.
#[test]
fn what_is_told_is_what_a_whole_look_shows() {
    needs_ptrace!();
    for name in [
        "echo",
        "pingpong",
        "fork",
        "spawn",
        "fill",
        "sendfile",
        "send_well",
        "handled",
        "one_shot",
    ] {
        let mut tracer = Tracer::start(options(name).state(true).whole(true)).unwrap();
        let (mut state, mut compared) = (State::default(), 0);
        while let Some(step) = tracer.step().unwrap() {
            step.changes.iter().for_each(|change| state.apply(change));
            if step.event != Event::Enter {
                continue;
            }
            for (pid, process) in &state.processes {
                let Pid::Number(number) = pid else { panic!("{pid}") };
                let told = &process.descriptors;
                assert_eq!(
                    *told,
                    descriptors_of(*number),
                    "{name}, {}: {}",
                    step.number,
                    brief(&step)
                );
                compared += 1;
            }
        }
        assert!(compared > 2, "{name}: {compared}");
    }
}

/// Nobody is interrupted by it, and no report tells of it.
#[test]
fn a_signal_that_is_held_back_waits_from_the_send_on_that_has_sent_it() {
    needs_ptrace!();
    let steps = steps_of(Tracer::start(options("held_back").state(true)).unwrap());
    let sent = steps.iter().find(|step| brief(step).ends_with(" sendto)")).unwrap();
    let waits = |change: &Change| match change {
        Change::Signals(_, [_, pending, ..]) => pending >> (libc::SIGIO - 1) & 1 == 1,
        _ => false,
    };
    assert!(sent.changes.iter().any(waits), "{sent:#?}");
}
