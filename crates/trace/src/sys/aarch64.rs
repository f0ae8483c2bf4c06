//! AArch64: the registers, and what a call looks like in them (syscall(2)).

use syscall::Result;

use super::ptrace::{Registers, register_set, registers, set_registers};
use super::{Memory, Tid};

/// DWARF's numbers: x0 … x30, sp as 31, and here the program counter as 32.
pub(crate) const COUNT: usize = 33;
/// sp.
pub(crate) const STACK: usize = 31;
/// The return address, and at the beginning the program counter.
pub(crate) const RETURN: usize = 32;
/// x30, the link register.
const LINK: usize = 30;
/// The register set that holds the number of the call (elf.h).
const NT_ARM_SYSTEM_CALL: libc::c_int = 0x404;

/// The registers in DWARF's order.
pub(crate) fn dwarf(r: &Registers) -> [u64; COUNT] {
    let mut all = [0; COUNT];
    all[..31].copy_from_slice(&r.regs);
    all[STACK] = r.sp;
    all[RETURN] = r.pc;
    all
}

/// An address as it is, without the bits that the processor signs it with (47 are left).
pub(crate) fn plain(address: u64) -> u64 {
    address & 0x0000_7fff_ffff_ffff
}

/// Leaves a function that has no frame: its return address is in the link register.
pub(crate) fn leave_leaf(registers: &mut [u64; COUNT], _memory: &impl Memory) -> Option<u64> {
    registers[RETURN] = plain(registers[LINK]);
    Some(registers[RETURN])
}

/// At the entry of a call: makes it a call that does not exist, so that nothing happens.
pub(crate) fn skip_call(tid: Tid) -> Result<()> {
    let mut number: libc::c_int = -1;
    register_set(libc::PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL, &mut number)
}

/// Sets an argument of the call at whose entry or exit the task stands.
pub(crate) fn set_argument(tid: Tid, index: usize, value: u64) -> Result<()> {
    change(tid, |r| {
        if let Some(place) = r.regs.get_mut(index) {
            *place = value;
        }
    })
}

/// At the exit of a call: sets its result.
pub(crate) fn set_result(tid: Tid, result: i64) -> Result<()> {
    set_argument(tid, 0, result.cast_unsigned())
}

/// At the exit of a call: makes the task call once more. The number is still in x8; the first
/// argument was overwritten by the result. An instruction is four bytes long.
pub(crate) fn call_again(tid: Tid, _number: u64, first_argument: u64) -> Result<()> {
    change(tid, |r| {
        r.regs[0] = first_argument;
        r.pc -= 4;
    })
}

fn change(tid: Tid, what: impl FnOnce(&mut Registers)) -> Result<()> {
    let mut all = registers(tid)?;
    what(&mut all);
    set_registers(tid, &all)
}
