//! Their servers and our client.
//!
//! Neither of the two takes port 0 and says which it got, nor says when it is ready. So a free port
//! is looked for, and the first request is repeated until it is answered, as any client does.

use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;

use capstone_tftp::client::udp::{Error, Options};
use capstone_tftp::tftp::options::Ask;
use capstone_tftp::tftp::packet::Mode;
use capstone_tftp::tftp::{End, Timing};
use nix::unistd::{Uid, User};
use tempfile::TempDir;
use testkit::{LIMIT, Program, Running, need, skip, until};

use crate::common::{get, hasty, noise, options, put, text};

struct Daemon {
    running: Running,
    address: SocketAddr,
    folder: TempDir,
}

impl Daemon {
    /// One of these programs with these arguments, in which ADDRESS, PORT, USER and FOLDER stand
    /// for what they are.
    fn start(name: &str, args: &[&str]) -> Result<Self, String> {
        let program = program(name).ok_or_else(|| format!("{name} is not there"))?;
        if args.contains(&"USER") && !Uid::effective().is_root() {
            return Err(format!("{name} changes its user, which needs root"));
        }
        let user = User::from_uid(Uid::effective()).unwrap().unwrap().name;
        let folder = tempfile::tempdir().unwrap();
        let free = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let args = args.iter().map(|arg| {
            let arg = arg.replace("ADDRESS", &address.to_string());
            let arg = arg.replace("PORT", &address.port().to_string()).replace("USER", &user);
            arg.replace("FOLDER", folder.path().to_str().unwrap())
        });
        let running = Program::new(program).args(args).limit(5 * LIMIT).spawn();
        let daemon = Self { running, address, folder };
        daemon.write("ready", b"yes");
        let ready = get(daemon.address, "ready", &options());
        assert_eq!(ready.unwrap(), b"yes", "{}", daemon.running.stderr());
        Ok(daemon)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    /// Files go and come, and are what they were.
    fn both_ways(&self, options: &Options, lengths: &[usize], make: fn(usize, u64) -> Vec<u8>) {
        for &length in lengths {
            let (bytes, ask) = (make(length, length as u64), options.ask);
            let sent = put(self.address, "file", options, &bytes);
            sent.unwrap_or_else(|error| {
                panic!("{length} bytes to the server with {ask:?}: {error}")
            });
            // atftpd acknowledges the last block before it writes it to the file.
            until(&format!("{length} bytes are at the server with {ask:?}"), || {
                let there = fs::read(self.folder.path().join("file")).unwrap();
                (there == bytes).then_some(())
            });
            let here = get(self.address, "file", options).unwrap();
            let came = here.len();
            assert!(here == bytes, "{came} of {length} bytes from the server with {ask:?}");
            fs::remove_file(self.folder.path().join("file")).unwrap();
        }
    }
}

/// Daemons lie where only root's PATH leads.
fn program(name: &str) -> Option<PathBuf> {
    let there = PathBuf::from("/usr/sbin").join(name);
    need::program(name).or_else(|| there.is_file().then_some(there))
}

const LENGTHS: [usize; 7] = [34_000_000, 100_000, 513, 512, 511, 1, 0];

/// None of these programs knows a request that it has heard before: each one begins to write the
/// file anew. So it is not repeated once somebody is there to hear it.
fn said_once() -> Options {
    Options { timing: Timing { first: LIMIT / 2, most: LIMIT / 2, ..hasty() }, ..options() }
}

fn asking(blksize: Option<u16>, windowsize: Option<u16>) -> Options {
    let ask = Ask { blksize, windowsize, timeout: Some(2), tsize: Some(0) };
    Options { ask, ..said_once() }
}

fn as_text() -> Options {
    Options { mode: Mode::Netascii, ask: Ask::default(), ..said_once() }
}

fn tftpd_hpa() -> Result<Daemon, String> {
    Daemon::start("in.tftpd", &["-L", "-c", "-p", "-a", "ADDRESS", "-u", "USER", "-s", "FOLDER"])
}

#[test]
fn tftpd_hpa_with_every_option() {
    let server = match tftpd_hpa() {
        Ok(server) => server,
        Err(why) => skip!("{why}"),
    };
    server.both_ways(&Options { ask: Ask::default(), ..said_once() }, &LENGTHS, noise);
    for (blksize, windowsize) in [(8, None), (1428, Some(16)), (65_464, None)] {
        server.both_ways(&asking(Some(blksize), windowsize), &LENGTHS[1..], noise);
    }
    server.both_ways(&asking(None, None), &LENGTHS[1..], noise);
    server.both_ways(&as_text(), &LENGTHS[1..], text);
    refuses(&server);
}

fn atftpd() -> Result<Daemon, String> {
    let user = ["--user", "USER", "--bind-address", "127.0.0.1", "--port", "PORT", "FOLDER"];
    Daemon::start("atftpd", &[&["--daemon", "--no-fork", "--logfile", "-"][..], &user].concat())
}

#[test]
fn atftpd_with_every_option() {
    let server = match atftpd() {
        Ok(server) => server,
        Err(why) => skip!("{why}"),
    };
    server.both_ways(&Options { ask: Ask::default(), ..said_once() }, &LENGTHS, noise);
    // It refuses a blksize that is smaller than its own OACK (ERROR 8).
    for (blksize, windowsize) in [(64, None), (1428, Some(16)), (65_464, None), (512, Some(64))] {
        server.both_ways(&asking(Some(blksize), windowsize), &LENGTHS[1..], noise);
    }
    server.both_ways(&asking(None, Some(8)), &LENGTHS, noise);
    server.both_ways(&as_text(), &LENGTHS[1..], text);
    refuses(&server);
}

/// The crate's (`cargo install tftpd`), which has no netascii: it takes the mode for octet.
#[test]
fn the_crate_tftpd_with_every_option() {
    let args = ["-i", "127.0.0.1", "-p", "PORT", "-d", "FOLDER", "--overwrite"];
    let server = match Daemon::start("tftpd", &args) {
        Ok(server) => server,
        Err(why) => skip!("{why}"),
    };
    server.both_ways(&Options { ask: Ask::default(), ..said_once() }, &LENGTHS, noise);
    for (blksize, windowsize) in [(8, None), (1428, Some(16)), (65_464, None), (512, Some(64))] {
        server.both_ways(&asking(Some(blksize), windowsize), &LENGTHS[1..], noise);
    }
    server.both_ways(&asking(None, Some(8)), &LENGTHS, noise);
    refuses(&server);
}

/// What they say when they say no reaches the caller.
fn refuses(server: &Daemon) {
    let error = get(server.address, "nowhere", &options()).unwrap_err();
    assert!(matches!(&error, Error::Ended(End::Refused { code: 1, .. })), "{error:?}");
}

/// Debian's busybox has the client and not the server.
#[test]
fn busybox_as_a_server() {
    let Some(busybox) = need::program("busybox") else { skip!("busybox is not there") };
    let applets = Program::new(busybox).args(["--list"]).run().stdout;
    if !applets.lines().any(|applet| applet == "tftpd") {
        skip!("this busybox is built without tftpd");
    }
    skip!("this busybox has tftpd, and no test knows how to start it yet");
}
