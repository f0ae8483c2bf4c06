//! The store as a transfer's target, and its refusals as ERRORs.

use crate::carrier::Target;
use crate::store::{Refusal, Upload};
use crate::tftp::packet::Code;

/// An upload, until it is a file.
#[derive(Debug)]
pub(super) struct Kept(pub(super) Option<Upload>);

impl Target for Kept {
    type Error = Refusal;

    fn append(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        self.0.as_mut().map_or(Ok(()), |upload| upload.append(bytes))
    }

    fn commit(&mut self) -> Result<(), Refusal> {
        self.0.take().map_or(Ok(()), Upload::commit)
    }

    fn code(refusal: &Refusal) -> Code {
        code(*refusal)
    }
}

/// The number that RFC 1350 has for it.
pub(super) fn code(refusal: Refusal) -> Code {
    match refusal {
        Refusal::NotFound => Code::NotFound,
        Refusal::BadName | Refusal::NotOrdinary | Refusal::Denied | Refusal::ReadOnly => {
            Code::Denied
        }
        Refusal::Exists => Code::Exists,
        Refusal::TooLarge | Refusal::TooMany | Refusal::Full => Code::Full,
        Refusal::Gone | Refusal::Io(_) => Code::NotDefined,
    }
}
