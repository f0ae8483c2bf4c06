//! Whether packets are on their way inside this machine.
//!
//! What is sent to an address of this machine lies in a queue until the kernel has carried it to
//! the socket that it is for: usually before the sender's call returns, on a busy machine a moment
//! later. The twelfth column of /proc/net/softnet_stat tells how long that queue is (Linux 5.10,
//! net/core/net-procfs.c).

use std::fs::File;
use std::io::Read as _;

/// The column that tells it.
const BACKLOG: usize = 11;

/// Whether nothing is on its way; `None` where nobody tells.
pub(crate) fn network_is_quiet() -> Option<bool> {
    let mut text = String::with_capacity(1024);
    File::open("/proc/net/softnet_stat").ok()?.read_to_string(&mut text).ok()?;
    is_quiet(&text)
}

fn is_quiet(text: &str) -> Option<bool> {
    let queued = |line: &str| u64::from_str_radix(line.split(' ').nth(BACKLOG)?, 16).ok();
    let mut lines = text.lines().map(queued).peekable();
    lines.peek()?;
    lines.try_fold(true, |quiet, queued| Some(quiet && queued? == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_processor_has_a_queue() {
        let line = |queued: &str| format!("01245c99{} {queued} 00000000\n", " 00000000".repeat(10));
        assert_eq!(is_quiet(&line("00000000")), Some(true));
        assert_eq!(is_quiet(&(line("00000000") + &line("0000001f"))), Some(false));
        assert_eq!(is_quiet("01245c99 00000000\n"), None);
        assert_eq!(is_quiet(""), None);
    }
}
