//! One file by the real TFTP: no connection, no list, nothing that can be gone on with later.

use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::time::Duration;

use cli::Outcome;
use server::Stopper;
use service::harmless;

use super::put::Source;
use super::{Interrupt, Progress, Remote, Udp, about};
use crate::client::udp::{self, Error, Job, Options};
use crate::local::{self, Part};
use crate::tftp::packet::Mode;
use crate::tftp::{End, Timing};

/// Fetches a file, to standard output for `-`.
pub(super) fn get(
    remote: &Remote,
    over: &Udp,
    name: &[u8],
    local: Option<&Path>,
    overwrite: bool,
) -> Outcome {
    let transfer = Transfer::new(remote, over, name, over.tsize.then_some(0))?;
    if local == Some(Path::new("-")) {
        return transfer.work(|job| udp::get(job, &mut io::stdout().lock()));
    }
    let target = local::target(name, local, overwrite).map_err(|why| about(name, why))?;
    let shown = target.as_os_str().as_bytes();
    let mut part = Part::of_no_version(&target).map_err(|error| about(shown, error))?;
    transfer.work(|job| udp::get(job, &mut part))?;
    Ok(part.finish(overwrite).map_err(|error| about(shown, error))?)
}

/// Sends a file.
pub(super) fn put(remote: &Remote, over: &Udp, local: &Path, name: Option<&[u8]>) -> Outcome {
    let Source { mut file, size, name } = Source::open(local, name)?;
    // Text has another length on the wire, which nobody knows before.
    let told = (over.tsize && !over.netascii).then_some(size);
    Transfer::new(remote, over, &name, told)?.work(|job| udp::put(job, &mut file))
}

/// What a transfer needs, either way.
struct Transfer<'a> {
    servers: &'a [SocketAddr],
    name: &'a [u8],
    options: Options,
    interrupt: Interrupt,
}

impl<'a> Transfer<'a> {
    fn new(remote: &'a Remote, over: &Udp, name: &'a [u8], tsize: Option<u64>) -> Outcome<Self> {
        let mode = if over.netascii { Mode::Netascii } else { Mode::Octet };
        let mut ask = over.ask;
        ask.tsize = tsize;
        let options = Options { mode, ask, timing: timing(remote.patience) };
        Ok(Self { servers: &remote.servers, name, options, interrupt: Interrupt::watch()? })
    }

    /// With the first of the server's addresses that answers.
    fn work(self, mut work: impl FnMut(Job<'_>) -> Result<u64, Error>) -> Outcome {
        let stopper = Stopper::new()?;
        let stops = stopper.clone();
        let _guard = self.interrupt.during(move || drop(stops.stop()));
        let shown = harmless(self.name);
        let mut servers = self.servers.iter();
        loop {
            let Some(&server) = servers.next() else {
                return Err(about(self.name, "the server does not answer").into());
            };
            let mut bar: Option<Progress> = None;
            let mut progress = |come: udp::Progress| {
                let bar = bar.get_or_insert_with(|| Progress::new(&shown, come.whole, 0));
                bar.know(come.whole);
                bar.reach(come.bytes);
            };
            let (name, options, stop) = (self.name, &self.options, Some(stopper.as_fd()));
            match work(Job { server, name, options, stop, progress: &mut progress }) {
                Ok(_) => return Ok(()),
                // Standard output has no reader any more, perhaps.
                Err(Error::Local(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                    return Err(error.into());
                }
                // Nothing has come: perhaps it is at its next address.
                Err(Error::Ended(End::GivenUp) | Error::Network(_)) if servers.len() > 0 => {}
                Err(error) => {
                    let kept = about(self.name, "it has not been transferred");
                    return Err(self.interrupt.told(&kept, about(self.name, error)));
                }
            }
        }
    }
}

/// Questions are repeated after pauses that double; so many of them that the server is given up when
/// the patience has come to an end.
fn timing(patience: Duration) -> Timing {
    let Timing { first, most, .. } = Timing::default();
    let first = first.min(patience);
    let (mut tries, mut pause, mut waited) = (0, first, Duration::ZERO);
    while waited < patience {
        waited += pause;
        pause = (pause * 2).min(most);
        tries += 1;
    }
    Timing { first, tries, patience, ..Timing::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_a_number_of_questions() {
        for (seconds, tries) in [(0.25, 1), (1.0, 1), (3.0, 2), (10.0, 4), (60.0, 12)] {
            let timing = timing(Duration::from_secs_f64(seconds));
            assert_eq!(timing.tries, tries, "{seconds}");
            assert!(timing.first.as_secs_f64() <= seconds);
        }
    }
}
