//! A client that stays: its connection may break, at an idle moment or in the middle of something,
//! and is made again.

use std::mem::MaybeUninit;
use std::net::Shutdown;
use std::os::fd::AsFd as _;
use std::time::Duration;

use cli::Outcome;
use nix::libc::{MSG_DONTWAIT, MSG_PEEK};
use socket2::SockRef;

use super::{Interrupt, Remote};
use crate::client::tcp::{Client, Error, Listed};

/// Between two attempts to connect.
const PAUSE: Duration = Duration::from_secs(1);

/// A client of the course's protocol.
#[derive(Debug)]
pub struct Session {
    remote: Remote,
    client: Option<Client>,
    pub(super) interrupt: Interrupt,
    pub(super) overwrite: bool,
}

impl Session {
    /// Connects. `overwrite`: whether downloads may replace files.
    ///
    /// # Errors
    /// Nobody is there.
    pub fn open(remote: Remote, interrupt: Interrupt, overwrite: bool) -> Outcome<Self> {
        let mut session = Self { remote, client: None, interrupt, overwrite };
        session.client()?;
        Ok(session)
    }

    /// Which files there are.
    ///
    /// # Errors
    /// The server refuses; it is not there any more.
    pub fn list(&mut self) -> Outcome<Vec<Listed>> {
        let list = self.persist(|session, _| session.interruptible(Client::list));
        list.map_err(|error| self.interrupt.told("the list has not come", error.to_string()))
    }

    /// Says good-bye, if there is somebody to hear it.
    pub fn quit(&mut self) {
        if let Some(client) = self.client.take() {
            let _ = client.quit();
        }
    }

    /// The connection, a new one if need be.
    pub(super) fn client(&mut self) -> Result<&mut Client, Error> {
        let client = match self.client.take().filter(is_alive) {
            Some(client) => client,
            None => Client::connect(&self.remote.servers, self.remote.patience)?,
        };
        Ok(self.client.insert(client))
    }

    /// Does something that can be done again when the connection breaks, as often as `retries` says.
    /// It tells by its second argument that it has come further.
    pub(super) fn persist<T>(
        &mut self,
        mut work: impl FnMut(&mut Self, &mut bool) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.interrupt.begin();
        let mut failures = 0;
        loop {
            let mut further = false;
            let error = match work(self, &mut further) {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            failures = if further { 1 } else { failures + 1 };
            let is_over = !matches!(error, Error::Network(_)) || failures > self.remote.retries;
            if is_over || self.interrupt.is_cut() || !self.interrupt.pause(PAUSE) {
                return Err(error);
            }
        }
    }

    /// Does something with the connection that Ctrl-C may break. After an error that breaks it there
    /// is none.
    pub(super) fn interruptible<T>(
        &mut self,
        work: impl FnOnce(&mut Client) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let interrupt = self.interrupt.clone();
        let client = self.client()?;
        let connection = client.as_fd().try_clone_to_owned().map_err(Error::Network)?;
        let _transfer = interrupt.during(move || {
            // It may have ended by itself.
            let _ = SockRef::from(&connection).shutdown(Shutdown::Both);
        });
        let done = work(client);
        if done.as_ref().is_err_and(Error::breaks) {
            self.client = None;
        }
        done
    }
}

/// A server that has gone is known by the end of the stream, which is there to be read before
/// anything was asked.
fn is_alive(client: &Client) -> bool {
    let mut byte = [MaybeUninit::uninit()];
    let fd = client.as_fd();
    let peeked = SockRef::from(&fd).recv_with_flags(&mut byte, MSG_PEEK | MSG_DONTWAIT);
    peeked.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}
