//! Numbers of processes inside bytes that are no text: a struct that is sent, a signalfd_siginfo.

use super::names::Names;

/// As in texts: below, a number may as well be an amount.
const TELLING: i32 = 1000;

/// A number of a traced process in four bytes, in the order of x86-64 and aarch64, where a struct
/// would have it, becomes the number in its name: that of P3 becomes 3. No text is taken for one:
/// the kernel's numbers end below 2²², so the fourth byte is zero.
pub(super) fn rename(bytes: &mut [u8], names: &Names) {
    for word in bytes.chunks_exact_mut(4) {
        let Ok(raw) = <[u8; 4]>::try_from(&*word) else { continue };
        let number = i32::from_le_bytes(raw);
        let task = names.tasks.get(&number).filter(|_| number >= TELLING);
        if let Some(task) = task {
            word.copy_from_slice(&task.process.to_le_bytes());
        }
    }
}
