//! The client's end of a file.

use std::io::{self, Write};

use crate::carrier::Target;
use crate::tftp::packet::Code;

/// What the caller has given.
pub(super) struct Local<'a>(pub(super) &'a mut dyn Write);

impl Target for Local<'_> {
    type Error = io::Error;

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn commit(&mut self) -> io::Result<()> {
        self.0.flush()
    }

    fn code(error: &io::Error) -> Code {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Code::Full,
            _ => Code::NotDefined,
        }
    }
}

/// Where nothing ever goes: the target of a side that sends.
pub(super) struct Nowhere;

impl Target for Nowhere {
    type Error = io::Error;

    fn append(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn commit(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn code(_: &io::Error) -> Code {
        Code::NotDefined
    }
}
