//! Every back end as the loop of a server, while the kernel does to it what it may do
//! (`--features faults`).

/// `examples/poller_echo` on one back end.
macro_rules! backends {
    ($($backend:ident $($kind:ident)?),+) => {
        $(mod $backend {
            testkit::fault_suite!(
                testkit::Program::example("poller_echo").path(), stringify!($backend) $(, $kind)?
            );
        })+
    };
}

backends!(select, poll, epoll epoll, mio epoll);
