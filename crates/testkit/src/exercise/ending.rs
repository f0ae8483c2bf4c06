//! How a process has ended that should have said how it went, and did not.

use trace::signal_name;

/// With an exit status, in the middle of the case.
pub(super) fn code(code: i32) -> String {
    format!(
        "the whole process ended in the middle of the case, by exit({code}): what a caller has \
         still to do is not done any more. A function returns; only main decides when to exit"
    )
}

/// By a signal.
pub(super) fn signal(signal: i32) -> String {
    let why = match signal {
        libc::SIGSEGV => {
            "it touched memory that is not there, or its stack was used up by a recursion without end"
        }
        libc::SIGBUS => "it touched memory behind the end of a mapped file (mmap(2))",
        libc::SIGABRT => {
            "it gave up by abort(3): there was no memory, or a panic in a destructor while another panic was on its way, or one that may not unwind"
        }
        libc::SIGPIPE => {
            "it wrote to a pipe or socket that nobody reads any more; Rust ignores SIGPIPE from the start, so that write(2) fails with EPIPE instead: somebody has set it back"
        }
        libc::SIGKILL => {
            "somebody called kill(2) for it: kill(0, …) means the caller's whole process group, itself included. (The kernel does it as well, when memory is used up)"
        }
        libc::SIGALRM => {
            "a timer went off and nobody had installed a handler: an alarm was left armed (alarm(2))"
        }
        libc::SIGXFSZ | libc::SIGXCPU => {
            "it went beyond a limit that it had set itself (setrlimit(2))"
        }
        libc::SIGSYS => {
            "it asked for kill(-1, …), which would have ended every process of yours on this machine: -1 is what a failed call has returned. The harness has refused it"
        }
        libc::SIGINT
        | libc::SIGTERM
        | libc::SIGHUP
        | libc::SIGQUIT
        | libc::SIGUSR1
        | libc::SIGUSR2 => {
            "its default action is the end, and no handler was installed (signal(7))"
        }
        _ => "see signal(7)",
    };
    format!(
        "the whole process was ended by {} in the middle of the case: {why}",
        signal_name(signal)
    )
}
