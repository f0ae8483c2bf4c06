//! /proc/PID/stat (proc_pid_stat(5)), and the letters that ps(1) makes of it.

use std::fs;

use nix::unistd::Pid;
use syscall::{Context as _, Errno, Error, Result};

use super::state::State;

/// Some fields of /proc/PID/stat.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stat {
    /// Its number.
    pub pid: Pid,
    /// The command's name, at most 15 bytes. Any bytes will do for the kernel, blanks and
    /// parentheses too; what is not UTF-8 is replaced.
    pub name: String,
    /// What it is doing.
    pub state: State,
    /// The parent; 0 when it is outside of this pid namespace or there is none.
    pub parent: Pid,
    /// The process group.
    pub group: Pid,
    /// The session.
    pub session: Pid,
    /// The foreground process group of its terminal, `None` without a terminal.
    pub foreground: Option<Pid>,
    /// The kernel's flags, PF_… in its source.
    pub flags: u32,
    /// Processor time in user mode, in clock ticks (`sysconf(_SC_CLK_TCK)` a second).
    pub user_ticks: u64,
    /// The same in the kernel.
    pub system_ticks: u64,
    /// Both, of children that have ended and were waited for, and of theirs.
    pub children_ticks: u64,
    /// Niceness, -20 to 19.
    pub nice: i32,
    /// How many threads it has.
    pub threads: usize,
    /// When it began, in clock ticks since the machine did. With the number it names a process
    /// for good, since numbers are used again.
    pub start_ticks: u64,
}

/// PF_EXITING of the kernel's `include/linux/sched.h`, the same since Linux 2.6.
const EXITING: u32 = 0x4;

impl Stat {
    /// Of a process, or of the task with this number.
    ///
    /// # Errors
    /// ESRCH (no such process), EMFILE, ENFILE; EIO for text that is not what proc(5) says.
    pub fn of(pid: Pid) -> Result<Self> {
        let path = format!("/proc/{pid}/stat");
        let text = fs::read(&path).call_on("open", &path).map_err(|error| gone(&error, pid))?;
        Self::parse(&text).ok_or_else(|| Error::new("read", Errno::EIO).on(path))
    }

    /// From the text of the file; `None` when it does not have that form.
    ///
    /// The name stands in parentheses and may itself be `) R (`, so that the fields begin behind
    /// the *last* parenthesis; nothing behind it can contain one.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let open = text.iter().position(|&byte| byte == b'(')?;
        let close = text.iter().rposition(|&byte| byte == b')')?;
        let name = String::from_utf8_lossy(text.get(open + 1..close)?).into_owned();
        let pid = str::from_utf8(&text[..open]).ok()?.trim().parse().ok()?;
        let rest = str::from_utf8(&text[close + 1..]).ok()?;
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        // Numbered as in the manual, where the state is field 3.
        let field = |number: usize| fields.get(number - 3).copied();
        let pid_in = |number| Some(Pid::from_raw(field(number)?.parse().ok()?));
        Some(Self {
            pid: Pid::from_raw(pid),
            name,
            state: State::from_letter(field(3)?.chars().next()?),
            parent: pid_in(4)?,
            group: pid_in(5)?,
            session: pid_in(6)?,
            foreground: pid_in(8).filter(|group| group.as_raw() > 0),
            flags: field(9)?.parse().ok()?,
            user_ticks: field(14)?.parse().ok()?,
            system_ticks: field(15)?.parse().ok()?,
            children_ticks: field(16)?.parse::<u64>().ok()? + field(17)?.parse::<u64>().ok()?,
            nice: field(19)?.parse().ok()?,
            threads: field(20)?.parse().ok()?,
            start_ticks: field(22)?.parse().ok()?,
        })
    }

    /// Whether it is on its way out and runs no more code of its own; a zombie too.
    pub fn is_exiting(&self) -> bool {
        self.flags & EXITING != 0
    }

    /// STAT as `ps -o stat=` prints it: the state, then `<` or `N` (less or more nice than 0),
    /// `L` (has pages locked in memory), `s` (leads a session), `l` (has several threads), `+`
    /// (in the foreground group of its terminal). `l` does not mean that it has children.
    pub fn letters(&self, has_locked_pages: bool) -> String {
        let mut text = self.state.letter().to_string();
        for (holds, letter) in [
            (self.nice < 0, '<'),
            (self.nice > 0, 'N'),
            (has_locked_pages, 'L'),
            (self.session == self.pid, 's'),
            (self.threads > 1, 'l'),
            (self.foreground == Some(self.group), '+'),
        ] {
            if holds {
                text.push(letter);
            }
        }
        text
    }
}

/// STAT of a process as `ps -o stat=` prints it ([`Stat::letters`]), out of /proc/PID/stat and,
/// for the locked pages, /proc/PID/status.
///
/// # Errors
/// As [`Stat::of`].
pub fn letters(pid: Pid) -> Result<String> {
    let stat = Stat::of(pid)?;
    let path = format!("/proc/{pid}/status");
    let text = fs::read(&path).call_on("open", &path).map_err(|error| gone(&error, pid))?;
    let text = String::from_utf8_lossy(&text);
    // Zombies and threads of the kernel have no memory, and no such line.
    let size = text.lines().find_map(|line| line.strip_prefix("VmLck:"));
    let locked = size.and_then(|size| size.split_ascii_whitespace().next());
    Ok(stat.letters(locked.is_some_and(|kilobytes| kilobytes != "0")))
}

/// A process that ends while its files are read gives ENOENT or ESRCH, and means the same by both.
pub(super) fn gone(error: &Error, pid: Pid) -> Error {
    let known = matches!(error.errno(), Errno::ENOENT | Errno::ESRCH);
    if known && fs::exists("/proc/self").unwrap_or(false) {
        return Error::new("open", Errno::ESRCH).on(format!("/proc/{pid}"));
    }
    error.clone()
}
