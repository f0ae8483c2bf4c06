//! Files of /proc/PID that the kernel writes when they are read.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// More than most of them have.
const ROOM: usize = 4096;

/// All of a file that is written in one piece, as those about one thing are (single_open of the
/// kernel's seq_file): a read that leaves room has read all. `None` when it is not there.
pub(super) fn text(path: impl AsRef<Path>) -> Option<Vec<u8>> {
    let mut file = File::open(path).ok()?;
    let mut text = vec![0; ROOM];
    let mut length = 0;
    loop {
        length += file.read(&mut text[length..]).ok()?;
        if length < text.len() {
            text.truncate(length);
            return Some(text);
        }
        text.resize(2 * length, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_fills_the_room_is_read_to_its_end() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for length in [0, 1, ROOM - 1, ROOM, ROOM + 1, 3 * ROOM] {
            let bytes = vec![b'x'; length];
            std::fs::write(file.path(), &bytes).unwrap();
            // Of a file on a disk a read also gives all that fits.
            assert_eq!(text(file.path()), Some(bytes), "{length}");
        }
        assert_eq!(text("/proc/0/status"), None);
    }
}
