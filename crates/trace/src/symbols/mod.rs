//! From a stopped task to a line of source: which files are mapped where, how the stack is
//! walked, and what stands at an address.
//!
//! Source: DWARF 5, sections 6.2 (line numbers) and 6.4 (call frame information); the Linux
//! Standard Base on .eh_frame; proc_pid_maps(5).

mod image;
mod lines;
mod maps;
mod rows;
mod stack;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::step::{Location, Place};
use crate::sys::Tid;
use image::Image;
pub use image::NoLines;
use lines::Frame;
use maps::Space;

/// More frames than a lesson has; a recursion without end is cut here.
const DEPTH: usize = 96;

/// The source of the traced processes. Files are read once, however many processes map them.
#[derive(Debug)]
pub(crate) struct Symbols {
    /// What lies below these is the program's own.
    roots: Vec<PathBuf>,
    images: HashMap<PathBuf, Option<Rc<Image>>>,
    spaces: HashMap<Tid, Space>,
}

/// Where a task stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// As a recording has it.
    pub(crate) place: Place,
    /// A frame of the program's own source was found.
    pub(crate) own: bool,
    /// The outermost function of the C library below that frame, which is the one that was called
    /// from Rust, without leading underscores.
    pub(crate) libc: Option<Rc<str>>,
    /// The call belongs to std's check that a descriptor is open before it is closed, which only
    /// a std with debug assertions makes.
    pub(crate) plumbing: bool,
}

/// Says why no line of this program could be shown, if so: it has no line tables, or cannot be
/// read.
///
/// # Errors
/// One sentence.
pub fn check(program: &Path) -> Result<(), NoLines> {
    Image::read(program)?.has_lines(program)
}

impl Symbols {
    /// `roots` are absolute and without symbolic links, as line tables have them.
    pub(crate) fn new(roots: Vec<PathBuf>) -> Self {
        Self { roots, images: HashMap::new(), spaces: HashMap::new() }
    }

    /// Where a stopped task stands.
    pub(crate) fn place(&mut self, pid: Tid, tid: Tid) -> Rc<Found> {
        let addresses = match self.spaces.get(&pid) {
            Some(space) => walk::addresses(space, tid, DEPTH),
            None => Err(walk::Lost::Unmapped),
        };
        // Mapped since the last look, or the loader was still at work then.
        let addresses = addresses.or_else(|_| {
            let space = Space::of(pid, &mut self.images);
            let addresses = walk::addresses(&space, tid, DEPTH);
            self.spaces.insert(pid, space);
            addresses.or_else(walk::Lost::partial)
        });
        let Some(space) = self.spaces.get(&pid) else { return Rc::default() };
        space.found(addresses.unwrap_or_default(), |frames| self.found(frames))
    }

    /// A child begins with the memory of its parent.
    pub(crate) fn forked(&mut self, parent: Tid, child: Tid) {
        if let Some(space) = self.spaces.get(&parent).cloned() {
            self.spaces.insert(child, space);
        }
    }

    /// Another program, or another library, is mapped.
    pub(crate) fn changed(&mut self, pid: Tid) {
        self.spaces.remove(&pid);
    }

    /// The process has ended.
    pub(crate) fn gone(&mut self, pid: Tid) {
        self.spaces.remove(&pid);
    }

    fn found(&self, frames: &[Frame]) -> Found {
        let own = frames.iter().position(|frame| self.location(frame).is_some());
        let below = &frames[..own.unwrap_or(frames.len())];
        let libc = below.iter().rev().find(|frame| frame.is_libc).map(|frame| &*frame.function);
        let libc = libc.map(|name| Rc::from(name.trim_start_matches('_')));
        let stack: Vec<Location> =
            frames[below.len()..].iter().filter_map(|frame| self.location(frame)).collect();
        let api = below.last().filter(|_| own.is_some()).map(|frame| frame.function.to_string());
        Found {
            own: own.is_some(),
            plumbing: below.iter().any(|f| f.function.ends_with("debug_assert_fd_is_open")),
            place: Place { stack, api, libc: libc.as_deref().map(String::from) },
            libc,
        }
    }

    /// `None` for what is not the program's own.
    fn location(&self, frame: &Frame) -> Option<Location> {
        let file = frame.file.as_deref()?;
        let file = self.roots.iter().find_map(|root| file.strip_prefix(root).ok())?;
        let function = frame.function.to_string();
        Some(Location { file: file.display().to_string(), line: frame.line, function })
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    fn frame(function: &str, file: Option<&str>, is_libc: bool) -> Frame {
        let file = file.map(|file| Rc::from(Path::new(file)));
        Frame { function: function.into(), file, line: 7, is_libc }
    }

    #[test]
    fn the_first_own_frame_is_the_place_and_the_one_below_it_the_api() {
        let symbols = Symbols::new(vec!["/demo".into()]);
        let frames = [
            frame("__GI___bind", None, true),
            frame("__bind", None, true),
            frame("std::sys::net::bind", Some("/rust/net.rs"), false),
            frame("std::net::TcpListener::bind", Some("/rust/tcp.rs"), false),
            frame("demo::server", Some("/demo/src/server.rs"), false),
            frame("core::ops::call", Some("/rust/function.rs"), false),
            frame("demo::main", Some("/demo/src/main.rs"), false),
        ];
        let found = symbols.found(&frames);
        let lines: Vec<_> = found.place.stack.iter().map(|l| l.file.as_str()).collect();
        assert_eq!(lines, ["src/server.rs", "src/main.rs"]);
        assert_eq!(found.place.api.as_deref(), Some("std::net::TcpListener::bind"));
        assert_eq!(found.libc.as_deref(), Some("bind"));
        assert!(found.own && !found.plumbing);
        assert!(!symbols.found(&frames[..4]).own);
        assert_eq!(symbols.found(&[]), Found::default());
    }
}
