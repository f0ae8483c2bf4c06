//! An exercise whose learner does everything that a learner may do to the tests, on purpose or
//! not. Each case is run by itself, by `tests/exercise.rs`, which looks at what is said and left.

#![allow(
    clippy::unwrap_used,
    clippy::todo,
    clippy::unnecessary_literal_unwrap,
    reason = "that is the point"
)]

mod bad;
mod good;

use std::time::Duration;

use bad::{
    a_background_process, a_bomb, a_bomb_that_runs_away, a_child_panics, a_child_returns,
    a_closed_output, a_daemon, a_deadlock, a_fault_that_never_comes, a_full_folder, a_hidden_error,
    a_leak, a_loop, a_panic_in_a_thread, a_replaced_output, a_server_dies, a_server_returns,
    a_servers_child_returns, a_socket_file, a_stop, a_stopped_harness, a_thread, a_todo,
    a_todo_beside, a_zombie, all_descriptors, everybody, exit_in_the_middle, gigabytes,
    hangs_in_a_child, ipc_names, its_own_group, low_limits, no_memory, no_processor, slow_faults,
    the_harness, the_parents_group,
};
use good::{
    a_server_beside, a_thread_that_ends_a_moment_later, it_is_at_home, nothing_at_all, own_limits,
    skipped, tidy, well_faulted,
};

const SHORT: Duration = Duration::from_secs(2);

testkit::exercise! {
    nothing_at_all,
    it_is_at_home,
    tidy,
    own_limits,
    a_thread_that_ends_a_moment_later,
    skipped,
    a_server_beside,
    well_faulted: faults(good::faults),
    a_loop: limit(SHORT),
    no_processor: cpu(Duration::from_millis(300)),
    a_bomb: limit(SHORT),
    a_bomb_that_runs_away: limit(SHORT),
    gigabytes: limit(Duration::from_mins(1)),
    a_child_panics,
    a_child_returns,
    a_servers_child_returns,
    exit_in_the_middle,
    a_background_process,
    a_daemon,
    a_thread,
    a_panic_in_a_thread,
    a_closed_output,
    a_replaced_output,
    all_descriptors,
    its_own_group,
    the_harness,
    the_parents_group,
    a_stopped_harness,
    everybody,
    low_limits,
    no_memory,
    a_stop: limit(SHORT),
    a_full_folder,
    a_leak,
    a_zombie,
    a_socket_file,
    ipc_names,
    a_deadlock: limit(SHORT),
    hangs_in_a_child: limit(SHORT),
    a_todo,
    a_todo_beside,
    a_hidden_error,
    a_server_dies,
    a_server_returns,
    a_fault_that_never_comes: faults(bad::never),
    slow_faults: faults(good::faults) limit(SHORT),
}
