//! A file from the server.

use std::io::{self, ErrorKind, Read as _, Write};
use std::ops::ControlFlow;

use super::{Client, Error, Found, Progress, Sum};
use crate::wire::{Answer, NONE, Request, Version};

/// Read at once.
const PIECE: usize = 256 * 1024;

/// The beginning of a file that the caller has already.
#[derive(Clone, Debug)]
pub struct Have {
    /// How many bytes.
    pub offset: u64,
    /// Of which version.
    pub version: Version,
    /// Their sum.
    pub sum: Sum,
}

impl Default for Have {
    /// Nothing.
    fn default() -> Self {
        Self { offset: 0, version: NONE, sum: Sum::new() }
    }
}

impl Client {
    /// Writes to `to` what is missing of a file. `checksum` has the whole compared, also what the
    /// caller had: then a wrong byte anywhere is [`Error::Checksum`].
    ///
    /// # Errors
    /// All. After [`Error::Network`] and [`Error::Stopped`], what was written to `to` is right so far;
    /// after [`Code::Changed`](crate::wire::Code::Changed) and [`Error::Checksum`], it is of no use.
    pub fn get(
        &mut self,
        name: &[u8],
        have: Have,
        checksum: bool,
        to: &mut dyn Write,
        progress: Progress<'_>,
    ) -> Result<Found, Error> {
        let Have { offset, version, mut sum } = have;
        self.ask(&Request::Get { checksum, offset, version, name })?;
        let found = self.found()?;
        if offset > 0 && found.version != version {
            return Err(Error::Nonsense("another version than was asked for".into()));
        }
        let (mut done, mut bytes) = (offset, vec![0; PIECE]);
        while done < found.size {
            let rest = usize::try_from(found.size - done).unwrap_or(usize::MAX);
            let n = match self.stream.read(&mut bytes[..rest.min(PIECE)]) {
                Ok(0) => return Err(Error::Network(ErrorKind::UnexpectedEof.into())),
                Ok(n) => n,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(Error::Network(error)),
            };
            if checksum {
                sum.update(&bytes[..n]);
            }
            to.write_all(&bytes[..n]).map_err(Error::Local)?;
            done += n as u64;
            if let ControlFlow::Break(()) = progress(done) {
                return Err(Error::Stopped);
            }
        }
        let theirs = self.answer(|answer| match answer {
            Answer::Done { checksum } => Some(checksum),
            _ => None,
        })?;
        if checksum && theirs != Some(sum.finalize()) {
            return Err(Error::Checksum);
        }
        Ok(found)
    }
}

impl Have {
    /// All that can be read here, of this version.
    ///
    /// # Errors
    /// Those of read(2).
    pub fn of(mut from: impl io::Read, version: Version) -> io::Result<Self> {
        let (mut have, mut bytes) = (Self { version, ..Self::default() }, vec![0; PIECE]);
        loop {
            match from.read(&mut bytes) {
                Ok(0) => return Ok(have),
                Ok(n) => {
                    have.offset += n as u64;
                    have.sum.update(&bytes[..n]);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}
