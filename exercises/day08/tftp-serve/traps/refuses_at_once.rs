//! expect: t7: a put that is refused
//! expect: read that to its end

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

pub const LONGEST: usize = 64 * 1024 + 1;

pub fn serve(listener: TcpListener, folder: &Path) -> io::Result<()> {
    loop {
        let client = match listener.accept() {
            Ok((client, _)) => client,
            Err(error) if concerns_one_connection(&error) => continue,
            Err(error) => return Err(error),
        };
        let folder = folder.to_owned();
        let _ = client.set_nodelay(true);
        let _ = thread::Builder::new().spawn(move || {
            let mut session =
                Session { requests: BufReader::new(&client), answers: &client, folder: &folder };
            let _ = session.run();
        });
    }
}

struct Session<'a> {
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

    fn put(&mut self, name: &[u8]) -> io::Result<()> {
        let mut upload = match Upload::begin(self.folder, name) {
            Err(error) => return self.refuse(&error),
            begun => begun,
        };
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

    fn receive(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut length = [0; 4];
        self.requests.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
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

    fn send_all(&mut self, source: &mut impl Read) -> io::Result<()> {
        let mut bytes = vec![0; LONGEST - 1];
        loop {
            match source.read(&mut bytes) {
                Ok(0) => return self.send(b'E', &[]),
                Ok(n) => self.send(b'D', &bytes[..n])?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return self.refuse(&error),
            }
        }
    }

    fn refuse(&mut self, why: &io::Error) -> io::Result<()> {
        self.send(b'-', why.to_string().as_bytes())
    }
}

fn list(folder: &Path) -> io::Result<Vec<u8>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() && !entry.file_name().as_bytes().starts_with(b".") {
            names.push(entry.file_name());
        }
    }
    names.sort();
    Ok(names.iter().flat_map(|name| [name.as_bytes(), b"\0"].concat()).collect())
}

fn open(folder: &Path, name: &[u8]) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    let file = options.open(path(folder, name)?)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(invalid("that is not an ordinary file")),
    }
}

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

struct Upload {
    file: File,
    hidden: PathBuf,
    path: PathBuf,
}

impl Upload {
    fn begin(folder: &Path, name: &[u8]) -> io::Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let path = path(folder, name)?;
        if path.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let hidden = folder.join(format!(".upload-{}-{number}", std::process::id()));
            match File::create_new(&hidden) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                file => return Ok(Self { file: file?, hidden, path }),
            }
        }
    }

    fn commit(self) -> io::Result<()> {
        fs::rename(&self.hidden, &self.path)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.hidden);
    }
}
