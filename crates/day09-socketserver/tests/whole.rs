//! The lesson as a whole: without an input, without a reader, on a full disk, and afterwards.

testkit::whole_lesson!(env!("CARGO_BIN_EXE_day09-socketserver"));
