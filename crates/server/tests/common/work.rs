//! One service in all forms: an echo, and a few words that mean something else.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use server::{Connection, Datagram, DatagramSocket, Next, Reply, Session, Stream};
use syscall::retry;

/// Where a handler waits until the test opens it, once for each.
#[derive(Clone, Debug)]
pub(crate) struct Gate(Arc<OwnedFd>);

impl Gate {
    pub(crate) fn new(fd: OwnedFd) -> Self {
        Self(Arc::new(fd))
    }

    fn wait(&self) {
        retry(|| nix::unistd::read(&self.0, &mut [0])).unwrap();
    }
}

/// Who answers: "PID TID".
fn who() -> String {
    format!("{} {}", std::process::id(), testkit::proc::gettid())
}

/// What the words mean; anything else comes back.
fn reply(bytes: &[u8], gate: &Gate) -> io::Result<(Vec<u8>, Next)> {
    let answer = match bytes {
        b"who" => who().into_bytes(),
        b"fail" => return Err(io::Error::other("as it was told")),
        b"panic" => panic!("as it was told"),
        b"bye" => return Ok((b"bye".to_vec(), Next::Close)),
        b"hold" => {
            gate.wait();
            b"free".to_vec()
        }
        bytes => bytes.to_vec(),
    };
    Ok((answer, Next::Read))
}

/// As a state machine.
#[derive(Debug)]
pub(crate) struct Script(pub(crate) Gate);

impl Session for Script {
    fn received(&mut self, bytes: &[u8], out: &mut Reply) -> io::Result<Next> {
        let (answer, next) = reply(bytes, &self.0)?;
        if bytes == b"file" || bytes == b"missing" {
            let (file, range) = part_of(bytes == b"missing");
            out.push(b"<");
            out.file(file, range);
            out.push(b">");
        } else {
            out.push(&answer);
        }
        Ok(next)
    }
}

/// A part of the test's own program, which both sides have: a file of some size that is there. Or
/// more of it than there is.
pub(crate) fn part_of(beyond: bool) -> (File, Range<u64>) {
    let file = File::open("/proc/self/exe").unwrap();
    let end = file.metadata().unwrap().len();
    (file, 1000..if beyond { end + 1 } else { end - 1000 })
}

/// "<", the part, ">".
pub(crate) fn framed() -> Vec<u8> {
    let (file, range) = part_of(false);
    let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap()];
    file.read_exact_at(&mut bytes, range.start).unwrap();
    [b"<", &*bytes, b">"].concat()
}

/// Straight through.
pub(crate) fn straight<S: Stream>(
    gate: Gate,
) -> impl Fn(&Connection<S>) -> io::Result<()> + Send + Sync {
    move |client| {
        let (mut from, mut to) = (client, client);
        let mut bytes = [0; 8192];
        loop {
            let n = from.read(&mut bytes)?;
            if n == 0 {
                return Ok(());
            }
            let (answer, next) = match &bytes[..n] {
                b"file" => (framed(), Next::Read),
                b"missing" => return Err(io::ErrorKind::UnexpectedEof.into()),
                bytes => reply(bytes, &gate)?,
            };
            to.write_all(&answer)?;
            if next == Next::Close {
                return Ok(());
            }
        }
    }
}

/// For a datagram.
pub(crate) fn answer<S: DatagramSocket>(
    gate: Gate,
) -> impl Fn(&Datagram<S>) -> io::Result<()> + Send + Sync {
    move |datagram| datagram.reply(&reply(datagram.bytes(), &gate)?.0)
}
