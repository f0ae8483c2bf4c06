//! The server while the kernel does to it what it may do (`--features faults`).

testkit::fault_suite!(env!("CARGO_BIN_EXE_day04-poll"), "server");
