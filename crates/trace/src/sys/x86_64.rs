//! x86-64: the registers, and what a call looks like in them (syscall(2)).

use syscall::Result;

use super::ptrace::{Registers, registers, set_registers};
use super::{Memory, Tid};

/// DWARF's numbers: rax rdx rcx rbx rsi rdi rbp rsp r8 … r15, and the return address as 16.
pub(crate) const COUNT: usize = 17;
/// rsp.
pub(crate) const STACK: usize = 7;
/// The return address, and at the beginning the instruction pointer.
pub(crate) const RETURN: usize = 16;

/// The registers in DWARF's order.
pub(crate) fn dwarf(r: &Registers) -> [u64; COUNT] {
    [
        r.rax, r.rdx, r.rcx, r.rbx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8, r.r9, r.r10, r.r11, r.r12,
        r.r13, r.r14, r.r15, r.rip,
    ]
}

/// An address as it is, without the bits that a processor signs it with.
pub(crate) fn plain(address: u64) -> u64 {
    address
}

/// Leaves a function that has no frame: its return address is on top of the stack.
pub(crate) fn leave_leaf(registers: &mut [u64; COUNT], memory: &impl Memory) -> Option<u64> {
    let address = memory.word(registers[STACK])?;
    registers[STACK] += 8;
    registers[RETURN] = address;
    Some(address)
}

/// At the entry of a call: makes it a call that does not exist, so that nothing happens.
pub(crate) fn skip_call(tid: Tid) -> Result<()> {
    change(tid, |r| r.orig_rax = u64::MAX)
}

/// Sets an argument of the call at whose entry or exit the task stands.
pub(crate) fn set_argument(tid: Tid, index: usize, value: u64) -> Result<()> {
    change(tid, |r| {
        let places = [&mut r.rdi, &mut r.rsi, &mut r.rdx, &mut r.r10, &mut r.r8, &mut r.r9];
        if let Some(place) = places.into_iter().nth(index) {
            *place = value;
        }
    })
}

/// At the exit of a call: sets its result.
pub(crate) fn set_result(tid: Tid, result: i64) -> Result<()> {
    change(tid, |r| r.rax = result.cast_unsigned())
}

/// At the exit of a call: makes the task call once more. The instruction is two bytes long.
pub(crate) fn call_again(tid: Tid, number: u64, _first_argument: u64) -> Result<()> {
    change(tid, |r| {
        r.rax = number;
        r.rip -= 2;
    })
}

fn change(tid: Tid, what: impl FnOnce(&mut Registers)) -> Result<()> {
    let mut all = registers(tid)?;
    what(&mut all);
    set_registers(tid, &all)
}
