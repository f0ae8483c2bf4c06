//! A file server that speaks in frames.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use sockets::tcp::concerns_one_connection;

/// The longest frame: its letter and what stands behind it, in bytes, without the four of its length.
pub const LONGEST: usize = 64 * 1024 + 1;

/// Lists, sends and stores the files of `folder`, for any number of clients at the same time.
pub fn serve(listener: TcpListener, folder: &Path) -> io::Result<()> {
    loop {
        let client = match listener.accept() {
            Ok((client, _)) => client,
            Err(error) if concerns_one_connection(&error) => continue,
            Err(error) => return Err(error),
        };
        let folder = folder.to_owned();
        // The last small frame of an answer shall not wait for an acknowledgement (Nagle).
        let _ = client.set_nodelay(true);
        // Whoever stands still has a thread that waits for him, and nobody else does. When no thread
        // can be had, the connection is closed with the closure that holds it.
        let _ = thread::Builder::new().spawn(move || {
            let mut session =
                Session { requests: BufReader::new(&client), answers: &client, folder: &folder };
            // How it ended is this client's affair.
            let _ = session.run();
        });
    }
}

/// One client. An error of its functions is one of the connection, and its end; what is wrong with a
/// file is an answer.
struct Session<'a> {
    /// Buffered: the length, the letter and the rest of a small frame are one system call.
    requests: BufReader<&'a TcpStream>,
    answers: &'a TcpStream,
    folder: &'a Path,
}

impl Session<'_> {
    fn run(&mut self) -> io::Result<()> {
        loop {
            let (letter, name) = self.receive()?;
            match letter {
                b'L' => match list(self.folder) {
                    Ok(names) => self.send_all(&mut names.as_slice())?,
                    Err(error) => self.refuse(&error)?,
                },
                b'G' => match open(self.folder, &name) {
                    Ok(mut file) => self.send_all(&mut file)?,
                    Err(error) => self.refuse(&error)?,
                },
                b'P' => self.put(&name)?,
                b'Q' => return Ok(()),
                _ => self.refuse(&invalid("there is no such request"))?,
            }
        }
    }

    /// Where the upload fails, its content comes nevertheless, and is read: what follows it is the
    /// next request.
    fn put(&mut self, name: &[u8]) -> io::Result<()> {
        let mut upload = Upload::begin(self.folder, name);
        loop {
            match self.receive()? {
                (b'D', bytes) => {
                    upload = upload.and_then(|mut upload| {
                        upload.file.write_all(&bytes)?;
                        Ok(upload)
                    });
                }
                (b'E', _) => break,
                _ => return Err(invalid("a request in the middle of a content")),
            }
        }
        match upload.and_then(Upload::commit) {
            Ok(()) => self.send(b'E', &[]),
            Err(error) => self.refuse(&error),
        }
    }

    /// The next frame. That the client has ended is an error as any other.
    fn receive(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut length = [0; 4];
        self.requests.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        // Before any memory is set aside. Where the next frame begins is not known any more.
        if !(1..=LONGEST).contains(&length) {
            return Err(invalid("a frame cannot be as long as that"));
        }
        let mut letter = [0];
        self.requests.read_exact(&mut letter)?;
        let mut rest = vec![0; length - 1];
        self.requests.read_exact(&mut rest)?;
        Ok((letter[0], rest))
    }

    fn send(&mut self, letter: u8, bytes: &[u8]) -> io::Result<()> {
        let length = u32::try_from(1 + bytes.len()).map_err(io::Error::other)?;
        let frame = [&length.to_be_bytes(), [letter].as_slice(), bytes].concat();
        self.answers.write_all(&frame)
    }

    /// A content, from wherever it comes; no more of it than one frame is in memory.
    fn send_all(&mut self, source: &mut impl Read) -> io::Result<()> {
        let mut bytes = vec![0; LONGEST - 1];
        loop {
            match source.read(&mut bytes) {
                Ok(0) => return self.send(b'E', &[]),
                Ok(n) => self.send(b'D', &bytes[..n])?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // In place of the end: what has been sent is not the file.
                Err(error) => return self.refuse(&error),
            }
        }
    }

    fn refuse(&mut self, why: &io::Error) -> io::Result<()> {
        self.send(b'-', why.to_string().as_bytes())
    }
}

/// The names of all ordinary files, with a NUL behind each.
fn list(folder: &Path) -> io::Result<Vec<u8>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Of the entry itself: a link is a link, wherever it leads.
        if entry.file_type()?.is_file() && !entry.file_name().as_bytes().starts_with(b".") {
            names.push(entry.file_name());
        }
    }
    names.sort();
    Ok(names.iter().flat_map(|name| [name.as_bytes(), b"\0"].concat()).collect())
}

/// Behind a name the object can change at any time, behind a descriptor it cannot: it is opened first
/// and looked at then. Neither a link (ELOOP) nor a FIFO without a writer takes us anywhere.
fn open(folder: &Path, name: &[u8]) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    let file = options.open(path(folder, name)?)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(invalid("that is not an ordinary file")),
    }
}

/// A name is one component. Without a slash none leads anywhere but into the folder, and without a
/// dot in front it is neither the folder itself, nor the one above it, nor an unfinished upload.
fn path(folder: &Path, name: &[u8]) -> io::Result<PathBuf> {
    let is_free = |byte: &u8| !matches!(byte, b'/' | 0);
    if name.is_empty() || name.starts_with(b".") || !name.iter().all(is_free) {
        return Err(invalid("a file cannot have this name here"));
    }
    Ok(folder.join(OsStr::from_bytes(name)))
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, why)
}

/// A file that is not whole yet, under a name that nobody can ask for.
struct Upload {
    file: File,
    hidden: PathBuf,
    path: PathBuf,
}

impl Upload {
    fn begin(folder: &Path, name: &[u8]) -> io::Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let path = path(folder, name)?;
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let hidden = folder.join(format!(".upload-{}-{number}", std::process::id()));
            // O_EXCL: one that a killed server has left, with the same number, stays another's.
            match File::create_new(&hidden) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                file => return Ok(Self { file: file?, hidden, path }),
            }
        }
    }

    /// rename(2) exchanges what the name stands for in one step. Whoever has opened the old file
    /// reads the old file on. (To outlive a power failure as well, sync_all comes first.)
    fn commit(self) -> io::Result<()> {
        fs::rename(&self.hidden, &self.path)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // After a commit it has no such name any more.
        let _ = fs::remove_file(&self.hidden);
    }
}
