//! A server over a folder of its own, a place for its clients, and a way between them that can be
//! blocked.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use nix::sys::signal::Signal;
use nix::unistd::Pid;
use tempfile::TempDir;
use testkit::{Finished, Program, Running, until};

pub(crate) const TFTP: &str = env!("CARGO_BIN_EXE_capstone-tftp");

/// A server that can be reached by TCP.
pub(crate) struct Server {
    pub(crate) folder: TempDir,
    pub(crate) running: Running,
    pub(crate) tcp: SocketAddr,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(options: &[&str]) -> Self {
        Self::over(tempfile::tempdir().unwrap(), "127.0.0.1:0", options)
    }

    pub(crate) fn over(folder: TempDir, address: &str, options: &[&str]) -> Self {
        let program = tftp(&["serve", "--tcp", address]).args([folder.path()]).args(options);
        let mut running = program.spawn();
        let line = running.line("listening on tcp ");
        let tcp = address_of(&line);
        Self { folder, running, tcp }
    }

    /// With a file that takes a while.
    pub(crate) fn with_big() -> Self {
        let server = Self::start();
        fs::write(server.folder.path().join("big"), big()).unwrap();
        server
    }

    pub(crate) fn address(&self) -> String {
        self.tcp.to_string()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Kills it: its processes, too, which the kernel does right after the first. Gives the folder.
    pub(crate) fn kill(self) -> TempDir {
        let children = children(&self.running, 1);
        self.running.signal(Signal::SIGKILL);
        until("all have ended", || children.iter().all(|(_, pid)| is_gone(*pid)).then_some(()));
        self.running.wait();
        self.folder
    }

    /// Ends it, and gives its log.
    #[track_caller]
    pub(crate) fn end(self) -> String {
        self.running.signal(Signal::SIGTERM);
        let finished = self.running.wait();
        assert!(finished.status.success(), "{finished:#?}");
        finished.stderr
    }
}

/// The so many processes of a server, by what the log says of them. It comes by another way than
/// what the server prints, and perhaps later.
pub(crate) fn children(running: &Running, count: usize) -> Vec<(String, Pid)> {
    let find = |line: &str| {
        let (name, pid) = line.split_once("event=started server=")?.1.split_once(" pid=")?;
        Some((name.to_owned(), Pid::from_raw(pid.parse().ok()?)))
    };
    until("the log names all processes", || {
        let found: Vec<_> = running.stderr().lines().filter_map(find).collect();
        (found.len() == count).then_some(found)
    })
}

/// Whether a process has ended, whoever has to reap it.
pub(crate) fn is_gone(pid: Pid) -> bool {
    testkit::proc::stat(pid.as_raw().cast_unsigned()).is_none_or(|stat| stat.state == 'Z')
}

pub(crate) fn tftp(args: &[&str]) -> Program {
    Program::new(TFTP).args(args)
}

pub(crate) fn address_of(line: &str) -> SocketAddr {
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

/// The directory where a client is.
pub(crate) struct Here(pub(crate) TempDir);

impl Here {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn program(&self, args: &[&str]) -> Program {
        tftp(args).in_dir(self.0.path())
    }

    pub(crate) fn run(&self, args: &[&str]) -> Finished {
        self.program(args).run()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        names(self.0.path())
    }
}

/// What is in a directory, hidden files too.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| {
        String::from_utf8_lossy(entry.unwrap().file_name().as_bytes()).into_owned()
    };
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

/// 8 MiB that are nowhere the same: more than the buffers between two sockets hold.
pub(crate) fn big() -> Vec<u8> {
    (0..1_u32 << 21).flat_map(u32::to_be_bytes).collect()
}

/// How much of a file goes through before the way is blocked.
pub(crate) const PIECE: usize = 1 << 20;

/// A way to a server on which the first connection's answers come to a halt.
pub(crate) struct Way {
    pub(crate) address: SocketAddr,
    halts: Receiver<Halt>,
}

/// Dropped, it ends the connection.
pub(crate) struct Halt(Sender<()>);

impl Halt {
    /// The rest comes.
    pub(crate) fn go_on(self) {
        self.0.send(()).unwrap();
    }
}

impl Way {
    /// Behind so many bytes of the server's.
    pub(crate) fn halting_after(server: SocketAddr, bytes: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (halt, halts) = channel();
        thread::spawn(move || {
            let mut halt = Some((bytes, halt));
            for client in listener.incoming() {
                // Nobody is there: the client's connection ends.
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(server)) else {
                    continue;
                };
                let halt = halt.take();
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                thread::spawn(move || carry(from, to, None));
                thread::spawn(move || carry(server, client, halt));
            }
        });
        Self { address, halts }
    }

    /// Waits until nothing more comes through.
    pub(crate) fn halted(&self) -> Halt {
        self.halts.recv_timeout(testkit::LIMIT).expect("the way is blocked")
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, mut halt: Option<(usize, Sender<Halt>)>) {
    let mut bytes = [0; 16 * 1024];
    loop {
        let most = halt.as_ref().map_or(bytes.len(), |(left, _)| bytes.len().min(*left));
        let n = from.read(&mut bytes[..most]).unwrap_or(0);
        if n == 0 || to.write_all(&bytes[..n]).is_err() {
            break;
        }
        if let Some((left, halts)) = &mut halt {
            *left -= n;
            if *left == 0 {
                let (go_on, goes_on) = channel();
                let _ = halts.send(Halt(go_on));
                if goes_on.recv().is_err() {
                    break;
                }
                halt = None;
            }
        }
    }
    for stream in [from, to] {
        let _ = stream.shutdown(Shutdown::Both);
    }
}
