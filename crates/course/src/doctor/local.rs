//! What sockets need: loopback, a place for socket files. Each is used as a lesson would use it.

use std::fs::DirBuilder;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::os::fd::AsFd as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::{Check, Need};

/// A healthy loopback needs microseconds.
const LIMIT: Duration = Duration::from_secs(2);

pub(super) fn checks() -> Vec<Check> {
    let scratch = Scratch::new();
    let path = || scratch.as_ref().map(|scratch| scratch.0.as_path()).map_err(Clone::clone);
    vec![
        Check {
            name: "TCP on 127.0.0.1",
            found: tcp(Ipv4Addr::LOCALHOST.into()),
            need: Need::Necessary,
            cost: "every lesson with a connection",
            remedy: "ip link set lo up, and let the firewall pass the interface lo",
        },
        Check {
            name: "TCP on ::1",
            found: tcp(Ipv6Addr::LOCALHOST.into()),
            need: Need::Optional,
            cost: "what lessons show of IPv6",
            remedy: "sysctl net.ipv6.conf.lo.disable_ipv6=0",
        },
        Check {
            name: "temporary files",
            found: path().and_then(write),
            need: Need::Necessary,
            cost: "lessons with files, the tests",
            remedy: "make room in the folder, or set TMPDIR to one that you may write to",
        },
        Check {
            name: "Unix sockets",
            found: path().and_then(unix),
            need: Need::Necessary,
            cost: "the lessons on sockets that have a path",
            remedy: "set TMPDIR to a short path on a local file system, such as /tmp",
        },
    ]
}

/// A folder of our own, gone when this is dropped. The name holds our process id, and a folder
/// that is there already is somebody else's: an error, never a place to write to.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, String> {
        let parent = std::env::temp_dir();
        let path = parent.join(format!("nine-days-doctor-{}", std::process::id()));
        named(&path.display().to_string(), DirBuilder::new().mode(0o700).create(&path))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is a few empty files in the folder for temporary ones.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn write(scratch: &Path) -> Result<String, String> {
    named("write", std::fs::write(scratch.join("file"), "x"))?;
    Ok(format!("{} can be written to", std::env::temp_dir().display()))
}

fn tcp(ip: IpAddr) -> Result<String, String> {
    let listener = named("bind", TcpListener::bind((ip, 0)))?;
    let addr = named("getsockname", listener.local_addr())?;
    let client = named("connect", TcpStream::connect_timeout(&addr, LIMIT))?;
    named("accept", await_client(&listener))?;
    let (server, _) = named("accept", listener.accept())?;
    named("setsockopt", client.set_read_timeout(Some(LIMIT)))?;
    named("setsockopt", server.set_read_timeout(Some(LIMIT)))?;
    named("exchanging a byte", exchange(&client, &server))?;
    Ok("a byte went there and back".into())
}

fn unix(scratch: &Path) -> Result<String, String> {
    let path = scratch.join("socket");
    let listener = named("bind", UnixListener::bind(&path))?;
    let client = named("connect", UnixStream::connect(&path))?;
    // Without a handshake there is nothing to wait for: the client is queued by now.
    let (server, _) = named("accept", listener.accept())?;
    named("exchanging a byte", exchange(&client, &server))?;
    Ok("a byte went there and back".into())
}

/// A firewall may let the handshake pass in part, and accept(2) has no deadline of its own.
fn await_client(listener: &TcpListener) -> io::Result<()> {
    let limit = PollTimeout::try_from(LIMIT).unwrap_or(PollTimeout::MAX);
    match poll(&mut [PollFd::new(listener.as_fd(), PollFlags::POLLIN)], limit)? {
        0 => Err(io::ErrorKind::TimedOut.into()),
        _ => Ok(()),
    }
}

fn exchange(mut client: impl Read + Write, mut server: impl Read + Write) -> io::Result<()> {
    let mut byte = [0];
    client.write_all(b"?")?;
    server.read_exact(&mut byte)?;
    server.write_all(b"!")?;
    client.read_exact(&mut byte)
}

fn named<T>(call: &str, result: io::Result<T>) -> Result<T, String> {
    result.map_err(|error| format!("{call}: {error}"))
}
