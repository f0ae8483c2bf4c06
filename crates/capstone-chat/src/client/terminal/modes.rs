//! The terminal's modes (termios(3)), taken for the whole session.
//!
//! The editor has modes of its own while a line is edited, and puts back what it found. Between two
//! lines the terminal would echo what is typed, and keep it back until Enter: so what it finds and
//! puts back are modes that do neither.

use std::io::{self, Write as _};

use nix::sys::termios::{
    InputFlags, LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};
use syscall::{Context as _, Result, retry};

/// Puts the modes back when it is dropped.
#[derive(Debug)]
pub(super) struct Modes(Termios);

impl Modes {
    /// No echo, no lines, Enter as it is. Ctrl-C is a signal as before: while no line is edited,
    /// nobody else would notice it.
    ///
    /// # Errors
    /// EIO: this process is in the background, and nobody can stop it.
    pub(super) fn take() -> Result<Self> {
        let before = tcgetattr(io::stdin()).call("tcgetattr")?;
        let mut modes = before.clone();
        modes.local_flags &= !(LocalFlags::ECHO | LocalFlags::ICANON);
        modes.input_flags &= !InputFlags::ICRNL;
        modes.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
        modes.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
        retry(|| tcsetattr(io::stdin(), SetArg::TCSADRAIN, &modes)).call("tcsetattr")?;
        Ok(Self(before))
    }
}

/// The prompt goes, for the shell's; and pastes are not marked any more (see editor.rs).
const LEAVE: &[u8] = b"\r\x1b[J\x1b[?2004l";

impl Drop for Modes {
    fn drop(&mut self) {
        let mut out = io::stdout();
        // A terminal that has gone needs neither.
        let _ = out.write_all(LEAVE).and_then(|()| out.flush());
        let _ = retry(|| tcsetattr(io::stdin(), SetArg::TCSADRAIN, &self.0));
    }
}
