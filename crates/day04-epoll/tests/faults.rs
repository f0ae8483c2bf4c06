//! The server while the kernel does to it what it may do (`--features faults`).

mod level {
    testkit::fault_suite!(env!("CARGO_BIN_EXE_day04-epoll"), "server", epoll);
}

mod edge {
    testkit::fault_suite!(env!("CARGO_BIN_EXE_day04-epoll"), "edge", edge);
}
