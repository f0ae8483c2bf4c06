//! What stands at an address of a file: functions, inlined ones too, and their lines.

use std::path::Path;
use std::rc::Rc;

use super::image::Image;

/// A function that is being executed, and the line that it has got to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// With its path and without its hash; empty when nothing is known.
    pub(super) function: Rc<str>,
    pub(super) file: Option<Rc<Path>>,
    /// 0 when nothing is known.
    pub(super) line: u32,
    /// It belongs to the C library.
    pub(super) is_libc: bool,
}

impl Image {
    /// The frames at an address of this file, innermost first. Several where functions were
    /// inlined, at least one.
    pub(super) fn frames_at(&self, address: u64) -> Vec<Frame> {
        let is_libc = self.is_libc();
        let mut frames = Vec::new();
        if let Some(dwarf) = &self.dwarf
            && let addr2line::LookupResult::Output(Ok(mut found)) = dwarf.find_frames(address)
        {
            while let Ok(Some(frame)) = found.next() {
                let name = frame.function.as_ref().and_then(|name| name.raw_name().ok());
                let function = name
                    .map(|name| format!("{:#}", rustc_demangle::demangle(&name)))
                    .unwrap_or_default();
                let (file, line) = frame.location.map_or((None, 0), |location| {
                    (
                        location.file.map(|file| Rc::from(Path::new(file))),
                        location.line.unwrap_or(0),
                    )
                });
                frames.push(Frame { function: function.into(), file, line, is_libc });
            }
        }
        if frames.is_empty() {
            let function = self.symbol_at(address).unwrap_or_default().into();
            frames.push(Frame { function, file: None, line: 0, is_libc });
        }
        frames
    }

    fn is_libc(&self) -> bool {
        self.path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libc."))
    }

    /// Several names stand for one function: the shortest without an underscore is the one that
    /// people know.
    fn symbol_at(&self, address: u64) -> Option<&str> {
        let behind = self.symbols.partition_point(|symbol| symbol.0 <= address);
        let start = self.symbols.get(behind.checked_sub(1)?)?.0;
        self.symbols[..behind]
            .iter()
            .rev()
            .take_while(|symbol| symbol.0 == start)
            .filter(|symbol| symbol.1 == 0 || address < symbol.0 + symbol.1)
            .map(|symbol| symbol.2.as_str())
            .min_by_key(|name| (name.starts_with('_'), name.len()))
    }
}
