//! What is mapped where in a process (proc_pid_maps(5)).

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::Found;
use super::image::Image;
use super::lines::Frame;
use crate::sys::{Memory as _, OfProcess, Tid};

/// The executable part of a file in a process.
#[derive(Clone, Debug)]
pub(super) struct Module {
    start: u64,
    end: u64,
    /// What has to be subtracted from an address in the process to get one in the file.
    bias: u64,
    pub(super) image: Rc<Image>,
}

impl Module {
    /// An address in the process as one in the file.
    pub(super) fn in_file(&self, address: u64) -> u64 {
        address.wrapping_sub(self.bias)
    }
}

/// Addresses and the frames there, looked up once: a loop makes its calls from the same places.
type Known = HashMap<(usize, u64), Rc<[Frame]>>;

/// The mapped files of one process, by address.
#[derive(Clone, Debug, Default)]
pub(super) struct Space {
    modules: Vec<Module>,
    known: Rc<RefCell<Known>>,
    /// Stacks that were seen, and what they say.
    stacks: Rc<RefCell<HashMap<Vec<Address>, Rc<Found>>>>,
}

/// So many stacks are remembered; one that recurses at random has more than anybody wants to keep.
const STACKS: usize = 4096;

/// An address of a stack: the first is where the task stands, the others are return addresses,
/// which lie behind the call that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Address {
    pub(super) address: u64,
    pub(super) exact: bool,
}

impl Address {
    /// An address inside the instruction that is meant.
    pub(super) fn meant(self) -> u64 {
        if self.exact { self.address } else { self.address.wrapping_sub(1) }
    }
}

impl Space {
    /// Reads the map; files that were read before are taken from `images`.
    pub(super) fn of(pid: Tid, images: &mut HashMap<PathBuf, Option<Rc<Image>>>) -> Self {
        let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
        let mut modules = Vec::new();
        let mut bases: HashMap<&str, u64> = HashMap::new();
        for line in maps.lines() {
            let Some(Mapping { start, end, permissions, offset, path }) = Mapping::parse(line)
            else {
                continue;
            };
            if offset == 0 {
                bases.entry(path).or_insert(start);
            }
            if !permissions.contains('x') || !(path.starts_with('/') || path == VDSO) {
                continue;
            }
            let image = images.entry(path.into()).or_insert_with(|| {
                let image = if path == VDSO {
                    vdso(pid, start, end)
                } else {
                    Image::read(Path::new(path)).ok()
                };
                image.map(Rc::new)
            });
            let Some(image) = image.clone() else { continue };
            let bias = bases.get(path).copied().unwrap_or(start).wrapping_sub(image.base);
            modules.push(Module { start, end, bias, image });
        }
        Self { modules, ..Self::default() }
    }

    /// The file that is mapped there.
    pub(super) fn module(&self, address: u64) -> Option<&Module> {
        let behind = self.modules.partition_point(|module| module.start <= address);
        self.modules.get(behind.checked_sub(1)?).filter(|module| address < module.end)
    }

    /// What a stack says: once it has been `read`, a loop that makes its calls from the same places
    /// costs no more than a look into a map.
    pub(super) fn found(
        &self,
        stack: Vec<Address>,
        read: impl FnOnce(&[Frame]) -> Found,
    ) -> Rc<Found> {
        if let Some(known) = self.stacks.borrow().get(&stack) {
            return Rc::clone(known);
        }
        let frames: Vec<Frame> = stack.iter().flat_map(|address| self.frames(*address)).collect();
        let found = Rc::new(read(&frames));
        let mut stacks = self.stacks.borrow_mut();
        if stacks.len() >= STACKS {
            stacks.clear();
        }
        stacks.insert(stack, Rc::clone(&found));
        found
    }

    /// The frames at an address, innermost first.
    fn frames(&self, address: Address) -> Vec<Frame> {
        let Some(module) = self.module(address.address) else { return Vec::new() };
        let at = module.in_file(address.meant());
        let key = (Rc::as_ptr(&module.image).addr(), at);
        let mut known = self.known.borrow_mut();
        known.entry(key).or_insert_with(|| module.image.frames_at(at).into()).to_vec()
    }
}

const VDSO: &str = "[vdso]";

/// The kernel's own library, which is no file.
fn vdso(pid: Tid, start: u64, end: u64) -> Option<Image> {
    let bytes = OfProcess(pid).bytes(start, usize::try_from(end - start).ok()?);
    Image::parse(Path::new(VDSO), bytes.into())
}

#[derive(Debug, PartialEq, Eq)]
struct Mapping<'a> {
    start: u64,
    end: u64,
    permissions: &'a str,
    offset: u64,
    path: &'a str,
}

impl<'a> Mapping<'a> {
    /// `55d0c8a2e000-55d0c8a5b000 r-xp 00006000 fd:00 131 /usr/bin/a b`: the path is all that
    /// follows five fields, blanks and all.
    fn parse(line: &'a str) -> Option<Self> {
        let mut rest = line;
        let mut field = || {
            let (field, behind) = rest.split_once(' ')?;
            rest = behind.trim_start_matches(' ');
            Some(field)
        };
        let (range, permissions, offset) = (field()?, field()?, field()?);
        let (_device, _inode) = (field()?, field()?);
        let (start, end) = range.split_once('-')?;
        let number = |text| u64::from_str_radix(text, 16).ok();
        let (start, end, offset) = (number(start)?, number(end)?, number(offset)?);
        Some(Self { start, end, permissions, offset, path: rest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_maps_is_five_fields_and_a_path_with_blanks() {
        let mapping =
            |path| Mapping { start: 0x1000, end: 0x3000, permissions: "r-xp", offset: 0x10, path };
        let line = "1000-3000 r-xp 00000010 fd:00 131                       /tmp/a program";
        assert_eq!(Mapping::parse(line), Some(mapping("/tmp/a program")));
        assert_eq!(Mapping::parse("1000-3000 r-xp 00000010 00:00 0 "), Some(mapping("")));
        assert_eq!(Mapping::parse("x-3000 r-xp 0 00:00 0 "), None);
        assert_eq!(Mapping::parse(""), None);
    }
}
