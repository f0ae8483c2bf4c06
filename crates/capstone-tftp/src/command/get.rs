//! A file comes.

use std::io::Write;
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use cli::Outcome;
use service::harmless;

use super::{Progress, Session, about};
use crate::client::tcp::{Error, Have};
use crate::local::{self, Part};
use crate::wire::Code;

impl Session {
    /// Fetches a file; gives the name that it has here now. What an earlier attempt has left is gone
    /// on with, if the server still has the same content.
    ///
    /// # Errors
    /// A sentence that names the file; [`Interrupted`](super::Interrupted).
    pub fn get(&mut self, name: &[u8], local: Option<&Path>) -> Outcome<PathBuf> {
        let target = local::target(name, local, self.overwrite).map_err(|why| about(name, why))?;
        let part = self.persist(|session, further| session.rest(name, &target, further));
        let part = part.map_err(|error| {
            let kept = about(name, "what has come is kept, and the next get goes on with it");
            self.interrupt.told(&kept, about(name, error))
        })?;
        let finished = part.finish(self.overwrite);
        finished.map_err(|error| about(target.as_os_str().as_bytes(), error))?;
        Ok(target)
    }

    /// Fetches what is missing; gives the part that is whole now.
    fn rest(&mut self, name: &[u8], target: &Path, further: &mut bool) -> Result<Part, Error> {
        let found = self.interruptible(|client| client.look(name))?;
        let mut part = Part::of_version(target, &found.version).map_err(Error::Local)?;
        let size = part.size().map_err(Error::Local)?;
        let have = match size {
            0 => Have::default(),
            size if size <= found.size => part
                .reader()
                .and_then(|reader| Have::of(reader, found.version))
                .map_err(Error::Local)?,
            _ => {
                part.clear().map_err(Error::Local)?;
                Have::default()
            }
        };
        let bar = Progress::new(&harmless(name), Some(found.size), have.offset);
        let had = have.offset;
        let got = self.interruptible(|client| {
            client.get(name, have, true, &mut part, &mut |done| {
                *further = true;
                bar.reach(done);
                ControlFlow::Continue(())
            })
        });
        match got {
            Ok(_) => Ok(part),
            // What was there, or what has come, is no beginning of it: another attempt has none.
            Err(
                error @ (Error::Checksum
                | Error::Refused { code: Code::Changed | Code::Beyond, .. }),
            ) => {
                part.clear().map_err(Error::Local)?;
                drop((bar, part));
                if had > 0 { self.rest(name, target, further) } else { Err(error) }
            }
            Err(error) => Err(error),
        }
    }

    /// Fetches a file into something that cannot be gone on with, such as standard output.
    ///
    /// # Errors
    /// As [`Session::get`]; what writing has failed with.
    pub fn get_to(&mut self, name: &[u8], to: &mut dyn Write) -> Outcome {
        self.interrupt.begin();
        let found = self.interruptible(|client| client.look(name));
        let found = found.map_err(|error| about(name, error))?;
        let bar = Progress::new(&harmless(name), Some(found.size), 0);
        let got = self.interruptible(|client| {
            client.get(name, Have::default(), true, to, &mut |done| {
                bar.reach(done);
                ControlFlow::Continue(())
            })
        });
        drop(bar);
        match got {
            Ok(_) => Ok(to.flush()?),
            Err(Error::Local(error)) => Err(error.into()),
            Err(error) => {
                let kept = about(name, "it has not come whole");
                Err(self.interrupt.told(&kept, about(name, error)))
            }
        }
    }
}
