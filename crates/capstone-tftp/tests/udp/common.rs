//! A server in this process, and what it told.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use capstone_tftp::client::udp::{self as client, Error, Job};
use capstone_tftp::server::udp::{self, Options, Report};
use capstone_tftp::store::{Rules, Store};
use capstone_tftp::tftp::packet::Direction;
use capstone_tftp::tftp::{End, Timing};
use server::Stopper;
use tempfile::TempDir;
use testkit::until;

/// A report of the server's.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) peer: SocketAddr,
    pub(crate) wanted: Option<(Direction, Vec<u8>)>,
    pub(crate) bytes: u64,
    pub(crate) end: End,
}

/// A server of a scratch folder; ended and joined when dropped.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) folder: TempDir,
    pub(crate) told: Arc<Mutex<Vec<Told>>>,
    pub(crate) stop: Stopper,
    thread: Option<JoinHandle<()>>,
}

/// Packets are repeated soon, because there is no way that takes long.
pub(crate) fn hasty() -> Timing {
    Timing {
        first: Duration::from_millis(100),
        least: Duration::from_millis(50),
        most: Duration::from_millis(200),
        // Others may have the processor for seconds.
        tries: 100,
        ..Timing::default()
    }
}

/// Nothing is repeated while a test looks, however busy the machine is.
pub(crate) fn patient() -> Timing {
    let pause = Duration::from_mins(1);
    Timing { first: pause, least: pause, most: pause, ..Timing::default() }
}

/// When a test is over, nobody waits for its transfers.
pub(crate) fn at_once(timing: Timing) -> Options {
    Options { timing, grace: Duration::ZERO, ..Options::default() }
}

/// Uploads may replace files.
pub(crate) fn rules() -> Rules {
    Rules { overwrite: true, ..Rules::default() }
}

impl Served {
    pub(crate) fn start() -> Self {
        Self::with("127.0.0.1:0", rules(), at_once(hasty()))
    }

    /// One that soon gives up.
    pub(crate) fn hopeless() -> Self {
        let timing = Timing { tries: 3, ..hasty() };
        Self::with("127.0.0.1:0", rules(), at_once(timing))
    }

    /// One that repeats nothing by itself.
    pub(crate) fn patient() -> Self {
        Self::with("127.0.0.1:0", rules(), at_once(patient()))
    }

    pub(crate) fn with(address: &str, rules: Rules, options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), rules).unwrap();
        let listeners = udp::listen(address.parse().unwrap(), 2).unwrap();
        let address = listeners[0].local_addr().unwrap();
        let (stop, told) = (Stopper::new().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let (stopped, tell) = (stop.clone(), Arc::clone(&told));
        let thread = std::thread::spawn(move || {
            let tell = move |report: &Report<'_>| {
                let wanted = report.wanted.map(|wanted| (wanted.direction, wanted.name.to_vec()));
                let &Report { peer, bytes, .. } = report;
                let end = report.end.clone();
                tell.lock().unwrap().push(Told { peer, wanted, bytes, end });
            };
            udp::serve(listeners, &store, &options, &stopped, &tell).unwrap();
        });
        Self { address: udp::reachable(address), folder, told, stop, thread: Some(thread) }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// What the folder holds, by name.
    pub(crate) fn files(&self) -> HashMap<String, Vec<u8>> {
        let all = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
        });
        all.collect()
    }

    /// Waits until so many transfers and requests are over.
    #[track_caller]
    pub(crate) fn until_told(&self, count: usize) -> Vec<Told> {
        until("the server has told of all that has ended", || {
            let told = self.told.lock().unwrap();
            (told.len() >= count).then(|| told.clone())
        })
    }

    pub(crate) fn end(&mut self) {
        self.stop.stop().unwrap();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.stop.stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the server has panicked");
        }
    }
}

/// Bytes that are the same nowhere.
pub(crate) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    fastrand::Rng::with_seed(seed).fill(&mut bytes);
    bytes
}

/// Text with everything that netascii changes, and that ends in the middle of it.
pub(crate) fn text(length: usize, seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    (0..length).map(|_| *random.choice(b"\n\n\r\rabcdefgh\0").unwrap()).collect()
}

/// Hasty as well.
pub(crate) fn options() -> client::Options {
    client::Options { timing: hasty(), ..client::Options::default() }
}

fn job<'a>(
    server: SocketAddr,
    name: &'a str,
    options: &'a client::Options,
    progress: &'a mut dyn FnMut(client::Progress),
) -> Job<'a> {
    Job { server, name: name.as_bytes(), options, stop: None, progress }
}

pub(crate) fn get(
    server: SocketAddr,
    name: &str,
    options: &client::Options,
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let length = client::get(job(server, name, options, &mut |_| {}), &mut bytes)?;
    assert_eq!(length, bytes.len() as u64);
    Ok(bytes)
}

pub(crate) fn put(
    server: SocketAddr,
    name: &str,
    options: &client::Options,
    mut bytes: &[u8],
) -> Result<u64, Error> {
    let mut options = options.clone();
    options.ask.tsize = options.ask.tsize.map(|_| bytes.len() as u64);
    client::put(job(server, name, &options, &mut |_| {}), &mut bytes)
}
