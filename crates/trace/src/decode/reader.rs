//! Reads the arguments of one call out of registers and memory.
//!
//! Nothing that memory holds is trusted: a length is cut before room is made for it, an address
//! that cannot be read is shown as a pointer, a list ends with [`Value::More`].

use super::kind::{Kind, Layout};
use super::parts::{
    Block, LIST, at_most, given, int, list, lossy, low, millis, octal, pid, pointer, span,
};
use crate::call::{Bytes, Value};
use crate::sys::Memory;

/// So much of a text is kept.
const TEXT: usize = 256;
/// So much of each of several.
const TEXTS: usize = 64;

/// A call in a task's memory.
#[derive(Debug)]
pub(super) struct Reader<'a, M> {
    pub(super) memory: &'a M,
    pub(super) args: &'a [u64; 6],
    /// `None` until it has returned.
    pub(super) result: Option<i64>,
}

impl<M: Memory> Reader<'_, M> {
    /// All arguments.
    pub(super) fn values(&self, kinds: &[Kind]) -> Vec<Value> {
        let mut values = Vec::with_capacity(kinds.len());
        for (index, &kind) in kinds.iter().enumerate() {
            match kind {
                Kind::Skip => {}
                Kind::ModeOf(flags) if !self.creates(flags) => {}
                Kind::Control => values.extend(self.control()),
                Kind::Request => values.extend(self.request()),
                Kind::Futex => values.extend(self.futex()),
                Kind::Property => values.extend(self.property()),
                kind => values.push(self.value(kind, index)),
            }
        }
        values
    }

    fn value(&self, kind: Kind, index: usize) -> Value {
        let arg = self.arg(index);
        match kind {
            Kind::Int => Value::Int(int(arg).into()),
            Kind::Unsigned => Value::Int(low(arg).into()),
            Kind::Long => Value::Int(arg.cast_signed()),
            Kind::Named(names) => names.value(low(arg).into()),
            Kind::Mode | Kind::ModeOf(_) => octal(low(arg)),
            Kind::At if int(arg) == libc::AT_FDCWD => Value::Name("AT_FDCWD".into()),
            Kind::Fd | Kind::At => Value::Fd(int(arg)),
            Kind::Pid => pid(int(arg)),
            Kind::Signal => Value::Signal(int(arg)),
            Kind::Text => given(arg, || self.text(arg)),
            Kind::TextOut => self.filled(arg, |n| self.text_of(arg, n)),
            Kind::Texts => given(arg, || self.texts(arg)),
            Kind::Bytes(length) => given(arg, || self.bytes(arg, self.arg(length))),
            Kind::Buffer(length) => self.filled(arg, |n| self.bytes(arg, n.min(self.arg(length)))),
            Kind::Gather(count) => given(arg, || self.vector(arg, self.arg(count), u64::MAX)),
            Kind::Scatter(count) => self.filled(arg, |n| self.vector(arg, self.arg(count), n)),
            Kind::In(layout) => given(arg, || self.layout(layout, arg)),
            Kind::Out(layout) => self.filled(arg, |n| self.stored(layout, arg, n)),
            Kind::Address(length) => given(arg, || self.address(arg, self.arg(length))),
            Kind::Peer(length) => self.filled(arg, |_| self.peer(arg, self.arg(length))),
            Kind::Message => given(arg, || self.message(arg)),
            Kind::MessageRoom => given(arg, || self.message_room(arg, self.done())),
            Kind::Messages(count) => given(arg, || self.messages(arg, self.arg(count))),
            Kind::MessagesRoom => self.filled(arg, |n| self.messages_room(arg, n)),
            Kind::OptionName => self.option_name(),
            Kind::OptionIn => given(arg, || self.option(arg, low(self.arg(4)).into())),
            Kind::OptionOut => self.filled(arg, |_| {
                self.option(arg, self.memory.int(self.arg(4))?.cast_unsigned().into())
            }),
            Kind::Poll(count) => given(arg, || self.poll(arg, low(self.arg(count)).into())),
            Kind::Events => self.filled(arg, |n| self.events(arg, n)),
            Kind::FdSet => given(arg, || self.fd_set(arg)),
            Kind::Entries => self.filled(arg, |n| Some(self.entries(arg, n))),
            Kind::Millis => millis(int(arg)),
            Kind::Seconds => span(low(arg).into(), 0),
            Kind::Limit | Kind::LimitMicros | Kind::Deadline if arg == 0 => Value::Time(None),
            Kind::Limit => given(arg, || self.layout(Layout::Span, arg)),
            Kind::LimitMicros => given(arg, || self.layout(Layout::Micros, arg)),
            Kind::Deadline => Value::Moment,
            Kind::Until(flags) if self.absolute(flags) => Value::Moment,
            Kind::Until(_) => given(arg, || self.layout(Layout::Span, arg)),
            Kind::Timer(flags) => given(arg, || self.timers(arg, self.absolute(flags))),
            Kind::Whom => self.whom(),
            // The others are no single value: see `values`.
            _ => pointer(arg),
        }
    }

    /// An argument as it stands in its register.
    pub(super) fn arg(&self, index: usize) -> u64 {
        self.args.get(index).copied().unwrap_or(0)
    }

    /// The result, when it has returned and not failed.
    pub(super) fn done(&self) -> Option<u64> {
        self.result.and_then(|result| u64::try_from(result).ok())
    }

    /// Whether the flags there say that a time is a moment: TIMER_ABSTIME, TFD_TIMER_ABSTIME.
    fn absolute(&self, flags: usize) -> bool {
        self.arg(flags) & 1 != 0
    }

    /// Whether the flags there create a file, so that permissions are given.
    fn creates(&self, flags: usize) -> bool {
        int(self.arg(flags)) & (libc::O_CREAT | libc::O_TMPFILE & !libc::O_DIRECTORY) != 0
    }

    /// What the kernel stores, given the result.
    pub(super) fn filled(&self, address: u64, read: impl FnOnce(u64) -> Option<Value>) -> Value {
        match (address, self.result) {
            (0, _) => Value::Null,
            (_, None) => Value::Later,
            _ => self.done().and_then(read).unwrap_or(Value::Pointer),
        }
    }

    /// A text that ends with a NUL.
    pub(super) fn text(&self, address: u64) -> Option<Value> {
        self.text_up_to(address, TEXT)
    }

    fn text_up_to(&self, address: u64, limit: usize) -> Option<Value> {
        let text = self.memory.text(address, limit);
        self.memory.array::<1>(address)?;
        Some(Value::Text(lossy(&text, text.len() == limit)))
    }

    /// A text of this length, with or without a NUL.
    fn text_of(&self, address: u64, length: u64) -> Option<Value> {
        let bytes = self.memory.bytes(address, at_most(length, TEXT));
        let text = bytes.split(|&byte| byte == 0).next()?;
        (length == 0 || !bytes.is_empty()).then(|| Value::Text(lossy(text, text.len() == TEXT)))
    }

    fn texts(&self, address: u64) -> Option<Value> {
        let mut texts = Vec::new();
        for index in 0..LIST as u64 {
            match self.memory.word(address.wrapping_add(8 * index))? {
                0 => return Some(Value::List(texts)),
                text => texts.push(given(text, || self.text_up_to(text, TEXTS))),
            }
        }
        texts.push(Value::More);
        Some(Value::List(texts))
    }

    /// So many bytes, of which the first are kept.
    pub(super) fn bytes(&self, address: u64, length: u64) -> Option<Value> {
        let head = self.memory.bytes(address, at_most(length, Bytes::SHOWN));
        (length == 0 || !head.is_empty()).then_some(Value::Bytes(Bytes { head, length }))
    }

    /// So many struct iovec, which hold so many bytes together.
    pub(super) fn vector(&self, address: u64, count: u64, mut bytes: u64) -> Option<Value> {
        let table = self.memory.bytes(address, 16 * at_most(count, LIST));
        let mut parts = Vec::new();
        for entry in table.chunks_exact(16) {
            let entry = Block(entry);
            let length = entry.u64(8).min(bytes);
            bytes -= length;
            parts.push(given(entry.u64(0), || self.bytes(entry.u64(0), length)));
        }
        (count == 0 || !parts.is_empty()).then(|| list(parts, count))
    }
}
