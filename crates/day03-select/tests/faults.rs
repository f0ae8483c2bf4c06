//! The server while the kernel does to it what it may do (`--features faults`).

testkit::fault_suite!(env!("CARGO_BIN_EXE_day03-select"), "server", log);
