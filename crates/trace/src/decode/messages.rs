//! struct msghdr and what belongs to it: bytes in several places, an address, control messages.

use std::mem::{offset_of, size_of};

use super::names::{CONTROL, LEVEL, SEND, UDP_OPTION};
use super::parts::{Block, LIST, at_most, fields, given, list, low};
use super::reader::Reader;
use crate::call::Value;
use crate::sys::Memory;

const HEADER: usize = size_of::<libc::msghdr>();
/// struct cmsghdr: a length, a level, a type.
const CONTROL_HEADER: usize = size_of::<libc::cmsghdr>();
/// So many bytes of control messages are looked at: SCM_RIGHTS passes at most 253 descriptors.
const CONTROL_BYTES: usize = 1040;
/// So many of the messages of sendmmsg(2), and of the control messages of one, are kept.
const MESSAGES: usize = 4;

/// Where a message stands: not sent or received, or received with so many bytes.
#[derive(Clone, Copy, Debug)]
enum Phase {
    Sent,
    Room,
    Received(u64),
}

impl<M: Memory> Reader<'_, M> {
    /// The message of sendmsg(2).
    pub(super) fn message(&self, at: u64) -> Option<Value> {
        self.header(at, Phase::Sent)
    }

    /// The room for one of recvmsg(2), and after it has returned what is in it.
    pub(super) fn message_room(&self, at: u64, received: Option<u64>) -> Option<Value> {
        match (received, self.result) {
            (Some(bytes), _) => self.header(at, Phase::Received(bytes)),
            (None, None) => self.header(at, Phase::Room),
            // It has failed, and nothing is in it.
            _ => None,
        }
    }

    /// The messages of sendmmsg(2).
    pub(super) fn messages(&self, at: u64, count: u64) -> Option<Value> {
        self.headers(at, low(count).into(), |_| Phase::Sent)
    }

    /// The messages that recvmmsg(2) has received: msg_len says how long each is.
    pub(super) fn messages_room(&self, at: u64, count: u64) -> Option<Value> {
        self.headers(at, count, Phase::Received)
    }

    fn headers(&self, at: u64, count: u64, phase: impl Fn(u64) -> Phase) -> Option<Value> {
        let size = size_of::<libc::mmsghdr>() as u64;
        let one = |index| {
            let at = at.wrapping_add(size * index);
            let length = self.memory.int(at.wrapping_add(HEADER as u64))?.cast_unsigned();
            self.header(at, phase(length.into()))
        };
        let shown = at_most(count, MESSAGES) as u64;
        Some(list((0..shown).map(one).collect::<Option<_>>()?, count))
    }

    fn header(&self, at: u64, phase: Phase) -> Option<Value> {
        let header: [u8; HEADER] = self.memory.array(at)?;
        let header = Block(&header);
        let name = header.u64(offset_of!(libc::msghdr, msg_name));
        let length = header.u32(offset_of!(libc::msghdr, msg_namelen)).into();
        let parts = header.u64(offset_of!(libc::msghdr, msg_iov));
        let count = header.u64(offset_of!(libc::msghdr, msg_iovlen));
        let control = header.u64(offset_of!(libc::msghdr, msg_control));
        let space = header.u64(offset_of!(libc::msghdr, msg_controllen));
        let flags = header.u32(offset_of!(libc::msghdr, msg_flags));
        let part = |address, read: &dyn Fn() -> Option<Value>| match phase {
            Phase::Room if address != 0 => Value::Later,
            _ => given(address, read),
        };
        let bytes = if let Phase::Received(bytes) = phase { bytes } else { u64::MAX };
        let mut all = vec![
            ("msg_name".into(), part(name, &|| self.address(name, length))),
            ("msg_iov".into(), part(parts, &|| self.vector(parts, count, bytes))),
        ];
        if control != 0 {
            let value = part(control, &|| self.control_messages(control, space));
            all.push(("msg_control".into(), value));
        }
        match phase {
            Phase::Sent => {}
            Phase::Room => all.push(("msg_flags".into(), Value::Later)),
            Phase::Received(_) => all.push(("msg_flags".into(), SEND.value(flags.into()))),
        }
        Some(Value::Fields(all))
    }

    /// Control messages (cmsg(3)): each says its length, and the next begins at a multiple of 8.
    fn control_messages(&self, at: u64, space: u64) -> Option<Value> {
        let bytes = self.memory.bytes(at, at_most(space, CONTROL_BYTES));
        let (mut messages, mut start, mut all) = (Vec::new(), 0_usize, true);
        while let Some(rest) = bytes.get(start..).filter(|rest| rest.len() >= CONTROL_HEADER) {
            let length = usize::try_from(Block(rest).u64(0)).ok()?;
            let Some(data) = rest.get(CONTROL_HEADER..length) else { break };
            if messages.len() == MESSAGES {
                all = false;
                break;
            }
            let address = at.wrapping_add((start + CONTROL_HEADER) as u64);
            messages.push(self.control_message(Block(rest), data, address));
            start += length.next_multiple_of(8);
        }
        all &= space <= bytes.len() as u64;
        let count = messages.len() as u64 + u64::from(!all);
        (space == 0 || !bytes.is_empty()).then(|| list(messages, count))
    }

    fn control_message(&self, header: Block<'_>, data: &[u8], address: u64) -> Value {
        let (level, kind) = (header.i32(8), header.i32(12));
        let number = u64::from(kind.cast_unsigned());
        let data = match (level, kind) {
            (libc::SOL_SOCKET, libc::SCM_RIGHTS) => {
                let fds = data.chunks_exact(4).map(|fd| Value::Fd(Block(fd).i32(0)));
                list(fds.take(LIST).collect(), data.len() as u64 / 4)
            }
            (libc::SOL_SOCKET, libc::SCM_CREDENTIALS) => {
                self.credentials(address).unwrap_or(Value::Pointer)
            }
            _ => self.bytes(address, data.len() as u64).unwrap_or(Value::Pointer),
        };
        let kind = match level {
            libc::SOL_SOCKET => CONTROL.value(number),
            libc::IPPROTO_UDP => UDP_OPTION.value(number),
            _ => Value::Int(kind.into()),
        };
        let level = LEVEL.value(u64::from(level.cast_unsigned()));
        fields([("cmsg_level", level), ("cmsg_type", kind), ("cmsg_data", data)])
    }
}
