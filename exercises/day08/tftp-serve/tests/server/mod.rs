//! The learner's server, its folder, and its clients.

mod client;
mod folder;

use std::ffi::OsStr;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use socket2::SockRef;
use testkit::exercise::{Beside, Observed, PATIENCE, beside};
use testkit::peer;
use tftp_serve::serve;

pub use client::{Client, frame, same};
pub use folder::{Change, changes, everything};

pub const FOLDER: &str = "files";
pub const SECRET: &str = "secret";
/// ISO 8859-1, as a machine sends it that is older than Unicode.
pub const OLD_NAME: &[u8] = b"gr\xfc\xdfe.txt";
pub const BIG: usize = 3 << 20;

/// The learner's server, in a process of its own, and the folder that it has.
pub struct Server {
    pub process: Beside,
    address: SocketAddr,
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
        let file = |name: &[u8], content: &[u8]| {
            fs::write(Path::new(FOLDER).join(OsStr::from_bytes(name)), content).unwrap();
        };
        fs::create_dir_all("files/drafts").unwrap();
        fs::write(SECRET, "nobody's business").unwrap();
        file(b"plan.bin", &pattern(BIG));
        file(b"empty", b"");
        file(b"Z.nc", b"M30");
        file(b"a long name.nc", b"G0 X0\r\nM30\r\n");
        file(OLD_NAME, b"12 mm");
        file(b".calibration", b"1.02");
        file(b"drafts/old.nc", b"M00");
        symlink("../secret", "files/shortcut").unwrap();
        symlink("Z.nc", "files/alias").unwrap();
        mkfifo("files/panel", Mode::S_IRWXU).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        // Inherited by the accepted sockets. Small buffers, so that no kernel holds a whole file.
        SockRef::from(&listener).set_recv_buffer_size(64 * 1024).unwrap();
        SockRef::from(&listener).set_send_buffer_size(64 * 1024).unwrap();
        let process = beside(move || serve(listener, Path::new(FOLDER)));
        Self { process, address }
    }

    pub fn client(&self) -> Client<'_> {
        let Ok(stream) = peer::connect(self.address) else {
            panic!("nobody listens any more where clients connect. {}", self.place());
        };
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        SockRef::from(&stream).set_recv_buffer_size(64 * 1024).unwrap();
        Client { server: self, stream }
    }
}

/// All values of a byte, in an order of its own in each block.
pub fn pattern(length: usize) -> Vec<u8> {
    let ring: Vec<u8> = (0..=255).chain(0..=255).collect();
    let mut bytes = Vec::with_capacity(length + 256);
    for block in 0..length.div_ceil(256) {
        let from = (block ^ block >> 8) % 256;
        bytes.extend_from_slice(&ring[from..from + 256]);
    }
    bytes.truncate(length);
    bytes
}

/// Bytes for people's eyes.
pub fn shown(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().escape_ascii().to_string()
}
