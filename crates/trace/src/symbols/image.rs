//! An ELF file: its unwind tables, its line tables, its symbols.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use gimli::{BaseAddresses, EhFrame, EhFrameHdr, EndianSlice, NativeEndian, ParsedEhFrameHdr};
use object::{Object as _, ObjectSection as _, ObjectSegment as _, ObjectSymbol as _, SymbolKind};

use super::rows::Rows;

/// What gimli reads: slices of [`Image::bytes`].
pub(super) type Reader = EndianSlice<'static, NativeEndian>;

/// One file, read once.
pub(super) struct Image {
    pub(super) path: PathBuf,
    /// The address that the file gives to its first page.
    pub(super) base: u64,
    pub(super) frames: EhFrame<Reader>,
    pub(super) header: Option<ParsedEhFrameHdr<Reader>>,
    pub(super) bases: BaseAddresses,
    /// What was found in `frames`.
    pub(super) rows: Rows,
    /// Lines and inlined functions, where the file has them.
    pub(super) dwarf: Option<addr2line::Context<Reader>>,
    /// Functions by address: address, size, name.
    pub(super) symbols: Vec<(u64, u64, String)>,
    /// What all of the above look into. The last field, and so dropped last.
    #[expect(dead_code, reason = "it is owned here, and read through the others")]
    bytes: Box<[u8]>,
}

/// Why no line of a program can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoLines(String);

impl fmt::Display for NoLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoLines {}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.dwarf.is_some();
        f.debug_struct("Image")
            .field("path", &self.path)
            .field("lines", &lines)
            .finish_non_exhaustive()
    }
}

impl Image {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is no ELF file.
    pub(super) fn read(path: &Path) -> Result<Self, NoLines> {
        let shown = path.display();
        let bytes = fs::read(path).map_err(|error| NoLines(format!("{shown}: {error}")))?;
        Self::parse(path, bytes.into())
            .ok_or_else(|| NoLines(format!("{shown} is no program for this machine")))
    }

    /// What a process has in its memory instead of a file: the vDSO.
    pub(super) fn parse(path: &Path, bytes: Box<[u8]>) -> Option<Self> {
        // SAFETY: the bytes are on the heap and nobody changes or moves them there. The slice
        // lives in fields of the same struct, which are private to this module's parent, are
        // dropped before `bytes`, and hand out nothing that borrows for longer than from `self`.
        let all: &'static [u8] = unsafe { std::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) };
        let file = object::File::parse(all).ok()?;
        let section = |name: &str| {
            let section = file.section_by_name(name)?;
            Some((section.address(), section.data().ok()?))
        };
        let data = |name: &str| section(name).map_or(&[][..], |(_, data)| data);
        let address = |name: &str| section(name).map_or(0, |(address, _)| address);
        let bases = BaseAddresses::default()
            .set_eh_frame_hdr(address(".eh_frame_hdr"))
            .set_eh_frame(address(".eh_frame"))
            .set_text(address(".text"))
            .set_got(address(".got"));
        let header = EhFrameHdr::new(data(".eh_frame_hdr"), NativeEndian).parse(&bases, 8).ok();
        let frames = EhFrame::new(data(".eh_frame"), NativeEndian);
        let base = file.segments().map(|segment| segment.address() & !0xfff).min().unwrap_or(0);
        let dwarf = section(".debug_info").and_then(|_| {
            let load = |id: gimli::SectionId| -> Result<Reader, gimli::Error> {
                Ok(EndianSlice::new(data(id.name()), NativeEndian))
            };
            let dwarf = gimli::Dwarf::load(load).ok()?;
            addr2line::Context::from_dwarf(dwarf).ok()
        });
        let symbols = if dwarf.is_some() { Vec::new() } else { symbols(&file) };
        let rows = Rows::default();
        Some(Self { path: path.into(), base, frames, header, bases, rows, dwarf, symbols, bytes })
    }

    /// # Errors
    /// There are none.
    pub(super) fn has_lines(&self, path: &Path) -> Result<(), NoLines> {
        // A program whose debug information lies elsewhere (split, unpacked) has skeletons
        // without a single line.
        let any = self.dwarf.as_ref().is_some_and(|dwarf| {
            let ranges = dwarf.find_location_range(0, u64::MAX);
            ranges.is_ok_and(|mut ranges| ranges.next().is_some())
        });
        if any {
            return Ok(());
        }
        Err(NoLines(format!(
            "{} has no line tables: build it with debug = \"line-tables-only\" or more, and \
             without strip",
            path.display()
        )))
    }
}

fn symbols(file: &object::File<'_>) -> Vec<(u64, u64, String)> {
    let all = file.symbols().chain(file.dynamic_symbols());
    let functions = all.filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.address() != 0);
    let mut symbols: Vec<_> = functions
        .filter_map(|symbol| Some((symbol.address(), symbol.size(), symbol.name().ok()?.into())))
        .collect();
    symbols.sort();
    symbols
}
