//! A later state is what the earlier one and the changes make.

use super::*;

fn process(status: Status) -> Process {
    let timer = Descriptor {
        object: Object::Timer,
        nonblocking: false,
        close_on_exec: true,
        locks: Vec::new(),
    };
    Process {
        name: "demo".into(),
        parent: 1.into(),
        status,
        descriptors: [(3, timer)].into(),
        blocked: 0,
        pending: 0,
        ignored: 0,
        caught: 0,
    }
}

#[test]
fn applying_the_changes_gives_the_later_state() {
    let mut later = process(Status::Zombie);
    later.parent = 7.into();
    later.name = "other".into();
    later.pending = 1 << 9;
    let event = Object::Event { count: 1 };
    let event =
        Descriptor { object: event, nonblocking: true, close_on_exec: true, locks: Vec::new() };
    later.descriptors = [(4, event)].into();
    let ready = || process(Status::Ready);
    let states = [
        State::default(),
        State { processes: [(10.into(), ready()), (11.into(), ready())].into() },
        State { processes: [(10.into(), later)].into() },
    ];
    for before in &states {
        for after in &states {
            let changes = before.changes(after);
            assert_eq!(changes.is_empty(), before == after);
            let mut state = before.clone();
            for change in &changes {
                state.apply(change);
            }
            assert_eq!(state, *after);
        }
    }
}
