//! The learner's server in a process of its own, its folder, and what lies beside that.

mod client;

use std::ffi::OsStr;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use http_v2::{Settings, serve};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use testkit::exercise::{Beside, Observed, PATIENCE, beside};
use testkit::peer;

pub use client::{Client, request};

pub const FOLDER: &str = "manuals";
pub const INDEX: &str = "<h1>\u{624b}\u{518c}</h1>\n";
pub const BIG: usize = 3 << 20;
pub const SECRET: &str = "admin:12345";
/// Nobody waits for that.
pub const AN_HOUR: Duration = Duration::from_secs(3600);

/// Path, content, and the target that leads there.
pub const DECODED: [(&[u8], &str); 8] = [
    (b"a b.txt", "/a%20b.txt"),
    (b"a+b.txt", "/a+b.txt"),
    (b"100%.txt", "/100%25.txt"),
    (b"100%25.txt", "/100%2525.txt"),
    (b"what?.txt", "/what%3F.txt?page=2"),
    (b"gr\xfcn.txt", "/gr%fcn.txt"),
    (b"sub/\xe7\x82\x89.txt", "/sub/%E7%82%89.txt"),
    (b"plain.txt", "/%70lain%2etxt"),
];

pub struct Server {
    process: Beside,
    pub address: SocketAddr,
}

impl Observed for Server {
    fn process(&self) -> &Beside {
        &self.process
    }

    /// It has a task for each client: that one waits says nothing about the others.
    fn explains(&self, _: &str) -> Option<String> {
        Some(String::new())
    }
}

impl Server {
    pub fn start() -> Self {
        Self::with(Settings { at_once: 64, patience: AN_HOUR })
    }

    pub fn with(settings: Settings) -> Self {
        let put = |name: &[u8], content: &[u8]| {
            fs::write(Path::new(FOLDER).join(OsStr::from_bytes(name)), content).unwrap();
        };
        let _ = fs::remove_dir_all(FOLDER);
        fs::create_dir_all(Path::new(FOLDER).join("sub/empty")).unwrap();
        fs::write("accounts.txt", SECRET).unwrap();
        // A neighbour whose name begins as that of the folder.
        fs::create_dir_all("manuals-old").unwrap();
        fs::write("manuals-old/accounts.txt", SECRET).unwrap();
        put(b"index.html", INDEX.as_bytes());
        put(b"big.bin", &big());
        put(b"empty.txt", b"");
        put(b".accounts.txt", SECRET.as_bytes());
        DECODED.iter().for_each(|(name, _)| put(name, name));
        symlink("../accounts.txt", "manuals/out.txt").unwrap();
        symlink("../manuals-old", "manuals/old").unwrap();
        symlink("sub/\u{7089}.txt", "manuals/in.txt").unwrap();
        mkfifo("manuals/fifo.txt", Mode::S_IRWXU).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let process = beside(move || serve(listener, Path::new(FOLDER), settings));
        Self { process, address }
    }

    #[track_caller]
    pub fn client(&self) -> Client<'_> {
        let stream = match peer::connect(self.address) {
            Ok(stream) => stream,
            Err(error) => panic!("a client cannot connect: {error:?}. {}", self.place()),
        };
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Client::new(self, stream)
    }
}

/// A period that no buffer has: parts that change places are seen.
pub fn big() -> Vec<u8> {
    let period: Vec<u8> = (0..251).collect();
    period.repeat(BIG / 251)
}
