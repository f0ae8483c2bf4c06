//! The structs of C, by their layout on this machine.

use std::mem::{offset_of, size_of};

use super::kind::Layout;
use super::names::{CLONE, FILE_KIND, LOCK, OPEN, QUEUE, RESOLVE, WHENCE};
use super::parts::{Block, LIST, at_most, fields, list, lossy, octal, pid, pointer, span};
use super::reader::Reader;
use crate::call::Value;
use crate::sys::Memory;

/// So many bytes of directory entries are looked at.
const ENTRIES: usize = 1024;

impl<M: Memory> Reader<'_, M> {
    /// What the kernel has stored, given the result; `None` where it has stored nothing.
    pub(super) fn stored(&self, layout: Layout, address: u64, result: u64) -> Option<Value> {
        let nobody = matches!(layout, Layout::Status) && result == 0;
        if nobody { None } else { self.layout(layout, address) }
    }

    /// What lies at the address.
    pub(super) fn layout(&self, layout: Layout, address: u64) -> Option<Value> {
        Some(match layout {
            Layout::Number => Value::Int(self.memory.int(address)?.into()),
            Layout::Offset => Value::Int(self.memory.word(address)?.cast_signed()),
            Layout::Process => pid(self.memory.int(address)?),
            Layout::FdPair => {
                let pair: [u8; 8] = self.memory.array(address)?;
                Value::List([0, 4].map(|at| Value::Fd(Block(&pair).i32(at))).into())
            }
            Layout::Status => super::signals::status(self.memory.int(address)?),
            Layout::Sigset => super::signals::set(self.memory.word(address)?),
            Layout::Action => self.action(address)?,
            Layout::Info => self.info(address)?,
            Layout::Notification => self.notification(address)?,
            Layout::Span => self.span(address, 1)?,
            Layout::Micros => self.span(address, 1000)?,
            Layout::Clock => self.memory.array::<16>(address).map(|_| Value::Moment)?,
            Layout::Timers => self.timers(address, false)?,
            Layout::Intervals => self.intervals(address)?,
            Layout::Epoll => self.epoll_event(address)?,
            Layout::Queue => self.queue(address)?,
            Layout::Resource => self.resource(address)?,
            Layout::Lock => self.lock(address)?,
            Layout::Window => {
                let size: [u8; 8] = self.memory.array(address)?;
                let number = |at| Value::Int(Block(&size).u16(at).into());
                fields([("ws_row", number(0)), ("ws_col", number(2))])
            }
            Layout::Stat => self.stat(address)?,
            Layout::Statx => self.statx(address)?,
            Layout::Clone => self.clone_args(address)?,
            Layout::OpenHow => self.open_how(address)?,
        })
    }

    /// Two words, the second in units of so many nanoseconds.
    fn span(&self, address: u64, unit: i64) -> Option<Value> {
        let time: [u8; 16] = self.memory.array(address)?;
        Some(span(Block(&time).i64(0), Block(&time).i64(8).saturating_mul(unit)))
    }

    /// struct itimerspec: interval and value. A moment that is zero stops the timer.
    pub(super) fn timers(&self, address: u64, absolute: bool) -> Option<Value> {
        let value = address.wrapping_add(16);
        let stops = self.memory.array::<16>(value)? == [0; 16];
        let value = if absolute && !stops { Value::Moment } else { self.span(value, 1)? };
        Some(fields([("it_interval", self.span(address, 1)?), ("it_value", value)]))
    }

    fn intervals(&self, address: u64) -> Option<Value> {
        let value = self.span(address.wrapping_add(16), 1000)?;
        Some(fields([("it_interval", self.span(address, 1000)?), ("it_value", value)]))
    }

    fn queue(&self, address: u64) -> Option<Value> {
        let queue: [u8; 32] = self.memory.array(address)?;
        let number = |at| Value::Int(Block(&queue).i64(at));
        Some(fields([
            ("mq_flags", QUEUE.value(Block(&queue).u64(0))),
            ("mq_maxmsg", number(8)),
            ("mq_msgsize", number(16)),
            ("mq_curmsgs", number(24)),
        ]))
    }

    fn resource(&self, address: u64) -> Option<Value> {
        let limit: [u8; 16] = self.memory.array(address)?;
        let number = |at| match Block(&limit).u64(at) {
            libc::RLIM_INFINITY => Value::Name("RLIM_INFINITY".into()),
            number => Value::Int(number.cast_signed()),
        };
        Some(fields([("rlim_cur", number(0)), ("rlim_max", number(8))]))
    }

    /// Who holds a lock is told by F_GETLK alone, and for a lock of a description it is -1.
    fn lock(&self, address: u64) -> Option<Value> {
        let lock: [u8; size_of::<libc::flock>()] = self.memory.array(address)?;
        let lock = Block(&lock);
        let short = |at| u64::from(lock.u16(at));
        let Value::Fields(mut all) = fields([
            ("l_type", LOCK.value(short(offset_of!(libc::flock, l_type)))),
            ("l_whence", WHENCE.value(short(offset_of!(libc::flock, l_whence)))),
            ("l_start", Value::Int(lock.i64(offset_of!(libc::flock, l_start)))),
            ("l_len", Value::Int(lock.i64(offset_of!(libc::flock, l_len)))),
        ]) else {
            return None;
        };
        let holder = lock.i32(offset_of!(libc::flock, l_pid));
        if holder != 0 {
            all.push(("l_pid".into(), pid(holder)));
        }
        Some(Value::Fields(all))
    }

    fn stat(&self, address: u64) -> Option<Value> {
        let stat: [u8; size_of::<libc::stat>()] = self.memory.array(address)?;
        let mode = Block(&stat).u32(offset_of!(libc::stat, st_mode));
        let size = Value::Int(Block(&stat).i64(offset_of!(libc::stat, st_size)));
        Some(fields([("st_mode", file_mode(mode)), ("st_size", size)]))
    }

    fn statx(&self, address: u64) -> Option<Value> {
        const USED: usize = offset_of!(libc::statx, stx_size) + 8;
        let stat: [u8; USED] = self.memory.array(address)?;
        let mode = Block(&stat).u16(offset_of!(libc::statx, stx_mode));
        let size = Value::Int(Block(&stat).i64(offset_of!(libc::statx, stx_size)));
        Some(fields([("stx_mode", file_mode(mode.into())), ("stx_size", size)]))
    }

    fn clone_args(&self, address: u64) -> Option<Value> {
        let args: [u8; size_of::<libc::clone_args>()] = self.memory.array(address)?;
        let args = Block(&args);
        let signal = args.i32(offset_of!(libc::clone_args, exit_signal));
        let signal = if signal == 0 { Value::Int(0) } else { Value::Signal(signal) };
        Some(fields([
            ("flags", CLONE.value(args.u64(offset_of!(libc::clone_args, flags)))),
            ("exit_signal", signal),
            ("stack", pointer(args.u64(offset_of!(libc::clone_args, stack)))),
        ]))
    }

    /// struct open_how of openat2(2): three numbers of 64 bits, the second for new files only.
    fn open_how(&self, address: u64) -> Option<Value> {
        let how: [u8; 24] = self.memory.array(address)?;
        let (flags, resolve) = (Block(&how).u64(0), Block(&how).u64(16));
        Some(fields([("flags", OPEN.value(flags)), ("resolve", RESOLVE.value(resolve))]))
    }

    /// The names in a directory, as far as they are among the first bytes.
    pub(super) fn entries(&self, address: u64, length: u64) -> Value {
        const LENGTH: usize = offset_of!(libc::dirent64, d_reclen);
        const NAME: usize = offset_of!(libc::dirent64, d_name);
        let bytes = self.memory.bytes(address, at_most(length, ENTRIES));
        let (mut names, mut at) = (Vec::new(), 0);
        while let Some(entry) = bytes.get(at..).filter(|rest| rest.len() > NAME) {
            let size = usize::from(Block(entry).u16(LENGTH));
            let (Some(entry), true) = (entry.get(..size), names.len() < LIST) else {
                break;
            };
            let name = entry.get(NAME..).unwrap_or_default().split(|&byte| byte == 0).next();
            let Some(name) = name.filter(|name| !name.is_empty()) else { break };
            names.push(Value::Text(lossy(name, false)));
            at += size;
        }
        let left = u64::from((at as u64) < length);
        let all = names.len() as u64 + left;
        list(names, all)
    }
}

/// What kind of file, and its permissions.
fn file_mode(mode: u32) -> Value {
    let (kind, permissions) = (mode & libc::S_IFMT, octal(mode & !libc::S_IFMT));
    Value::Name(format!("{}|{permissions}", FILE_KIND.spell(kind.into())).into())
}
