//! A process's descriptors and what they stand for.

use std::collections::{BTreeMap, HashMap};
use std::ffi::CString;
use std::fs;
use std::mem::MaybeUninit;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

use super::backlog::Listeners;
use super::duplicate::{Count, Duplicate, Source};
use super::fdinfo::FdInfo;
use super::proc;
use super::socket;
use super::tables::Tables;
use crate::state::{Descriptor, Object, Socket};
use crate::sys::Tid;

/// What is opened or read once for a whole look, when it is first needed.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub(super) tables: Tables,
    pub(super) listeners: Listeners,
    /// Both ends of a pipe are full alike, in all processes: bytes in it, bytes that fit.
    pipes: HashMap<u64, Fill>,
    /// A socket is the same in all processes.
    pub(super) sockets: HashMap<u64, Socket>,
}

type Fill = (Option<u64>, Option<u64>);

/// All descriptors of a process. One that is closed in the meantime is left out.
pub(super) fn look(pid: Tid, sources: &mut Sources) -> BTreeMap<i32, Descriptor> {
    let Ok(folder) = fs::read_dir(format!("/proc/{pid}/fd")) else { return BTreeMap::new() };
    let mut look = Look::new(pid, sources);
    let fds = folder.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    fds.filter_map(|fd| Some((fd, look.descriptor(fd)?))).collect()
}

/// A look at one process.
pub(super) struct Look<'a> {
    pub(super) pid: Tid,
    source: Option<Source>,
    pub(super) sources: &'a mut Sources,
}

impl<'a> Look<'a> {
    pub(super) fn new(pid: Tid, sources: &'a mut Sources) -> Self {
        Self { pid, source: None, sources }
    }

    /// What a descriptor is; `None` when it is closed.
    pub(super) fn descriptor(&mut self, fd: i32) -> Option<Descriptor> {
        let path = format!("/proc/{}/fd/{fd}", self.pid);
        let link = fs::read_link(&path).ok()?;
        let mut info = info(self.pid, fd)?;
        let locks = std::mem::take(&mut info.locks);
        let (nonblocking, close_on_exec) =
            (info.flags & libc::O_NONBLOCK != 0, info.flags & libc::O_CLOEXEC != 0);
        let object = self.object(fd, &path, &link.to_string_lossy(), info);
        Some(Descriptor { object, nonblocking, close_on_exec, locks })
    }

    /// Looks once more at one that stands for the same as before. `None` when it is closed.
    pub(super) fn refresh(&mut self, fd: i32, known: &mut Descriptor) -> Option<()> {
        if let Object::Pipe { inode, queued, capacity, .. } = &mut known.object {
            (*queued, *capacity) = self.fill(fd, *inode);
        } else if let Object::File { offset, .. } = &mut known.object {
            *offset = info(self.pid, fd)?.offset;
        } else {
            *known = self.descriptor(fd)?;
        }
        Some(())
    }

    fn object(&mut self, fd: i32, path: &str, link: &str, info: FdInfo) -> Object {
        if link.starts_with('/') {
            return self.named(fd, path, link, &info);
        }
        match link.split_once(':') {
            Some(("pipe", inode)) => self.pipe(fd, number(inode), None, &info),
            Some(("socket", inode)) => Object::Socket(socket::look(self, fd, number(inode))),
            Some(("anon_inode", "[eventpoll]")) => Object::Epoll { watches: info.watches },
            Some(("anon_inode", "[eventfd]")) => Object::Event { count: info.count },
            Some(("anon_inode", "[signalfd]")) => Object::Signals { mask: info.mask },
            Some(("anon_inode", "[timerfd]")) => Object::Timer,
            Some(("anon_inode", "[pidfd]")) => {
                Object::Process { pid: (info.pid > 0).then(|| info.pid.into()) }
            }
            _ => Object::Other(link.into()),
        }
    }

    /// What has a name in the file system, or had one. `path` leads to it all the same.
    fn named(&mut self, fd: i32, path: &str, link: &str, info: &FdInfo) -> Object {
        let file = || Object::File { path: link.into(), offset: info.offset };
        let Ok(metadata) = fs::metadata(path) else { return file() };
        let kind = metadata.file_type();
        if kind.is_fifo() {
            self.pipe(fd, metadata.ino(), Some(link.into()), info)
        } else if kind.is_char_device() && is_terminal(metadata.rdev()) {
            Object::Terminal
        } else if kind.is_file() && is_queue(path, link) {
            let name = link.trim_end_matches(" (deleted)").trim_start_matches("/dev/mqueue");
            let (queued, capacity) = self.ask(fd, Duplicate::queue).flatten().unzip();
            Object::Queue { name: name.into(), queued, capacity }
        } else {
            file()
        }
    }

    fn pipe(&mut self, fd: i32, inode: u64, path: Option<String>, info: &FdInfo) -> Object {
        let (queued, capacity) = self.fill(fd, inode);
        let writes = info.flags & libc::O_ACCMODE != libc::O_RDONLY;
        Object::Pipe { inode, path, writes, queued, capacity }
    }

    fn fill(&mut self, fd: i32, inode: u64) -> Fill {
        let known = self.sources.pipes.get(&inode).copied();
        let fill = known
            .or_else(|| self.ask(fd, |pipe| (pipe.count(Count::Readable), pipe.pipe_capacity())));
        self.sources.pipes.extend(fill.map(|fill| (inode, fill)));
        fill.unwrap_or_default()
    }

    /// Asks a duplicate of the descriptor; `None` when there cannot be one.
    pub(super) fn ask<T>(&mut self, fd: i32, question: impl FnOnce(&Duplicate) -> T) -> Option<T> {
        let source = self.source.get_or_insert_with(|| Source::open(self.pid));
        source.duplicate(fd).map(|duplicate| question(&duplicate))
    }
}

fn info(pid: Tid, fd: i32) -> Option<FdInfo> {
    let text = proc::text(format!("/proc/{pid}/fdinfo/{fd}"))?;
    Some(FdInfo::parse(&String::from_utf8_lossy(&text)))
}

/// The inode in `[7795892]`.
fn number(text: &str) -> u64 {
    text.trim_matches(['[', ']']).parse().unwrap_or(0)
}

/// By the number of its driver: a virtual console or serial line, /dev/tty and /dev/ptmx, or one
/// side of a pseudo-terminal (devices.txt of the kernel).
fn is_terminal(device: u64) -> bool {
    matches!(libc::major(device), 4 | 5 | 128..=143)
}

/// A message queue looks like a file right under the root, because its file system needs no mount
/// to be used (mq_overview(7)); only that file system tells.
fn is_queue(path: &str, link: &str) -> bool {
    let may_be = link.starts_with("/dev/mqueue/") || link.rfind('/') == Some(0);
    let Ok(path) = CString::new(path) else { return false };
    if !may_be {
        return false;
    }
    let mut about = MaybeUninit::<libc::statfs>::zeroed();
    // SAFETY: statfs(2) reads a string that ends with a NUL and stores one statfs at the pointer.
    let result = unsafe { libc::statfs(path.as_ptr(), about.as_mut_ptr()) };
    // SAFETY: a struct of integers, for which zeros are valid.
    let about = unsafe { about.assume_init() };
    result == 0 && about.f_type == MQUEUE
}

/// MQUEUE_MAGIC of the kernel's ipc/mqueue.c.
const MQUEUE: libc::__fsword_t = 0x1980_0202;
