//! Walking a stack by call frame information: for each address the tables say where the frame
//! before it has its registers.
//!
//! Frame pointers would not do: glibc's stubs for system calls, and so every frame that is looked
//! at here, keep none.

use gimli::{CfaRule, EvaluationResult, Location, RegisterRule, UnwindExpression, Value};

use super::image::Image;
use super::maps::{Address, Space};
use super::stack::Stack;
use crate::sys::{Memory as _, Tid, arch, registers};

/// Why a walk ended early, and how far it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// No file is mapped where the task stands, or nothing is known yet.
    Unmapped,
    /// The walk came so far and no further.
    Partial(Vec<Address>),
}

impl Lost {
    /// What there is.
    pub(super) fn partial(self) -> Result<Vec<Address>, Self> {
        match self {
            Self::Partial(addresses) => Ok(addresses),
            Self::Unmapped => Err(self),
        }
    }
}

/// The addresses on the stack of a stopped task, innermost first.
pub(super) fn addresses(space: &Space, tid: Tid, most: usize) -> Result<Vec<Address>, Lost> {
    let Ok(all) = registers(tid) else { return Err(Lost::Unmapped) };
    let mut frame = arch::dwarf(&all);
    let stack = Stack::of(tid);
    let mut here = Address { address: frame[arch::RETURN], exact: true };
    let mut addresses = Vec::new();
    while addresses.len() < most {
        let Some(module) = space.module(here.address) else {
            return Err(if addresses.is_empty() {
                Lost::Unmapped
            } else {
                Lost::Partial(addresses)
            });
        };
        addresses.push(here);
        let in_file = module.in_file(here.meant());
        match leave(&module.image, in_file, &mut frame, &stack) {
            Some(Left::Root) => return Ok(addresses),
            Some(Left::Call { interrupted }) => {
                here = Address { address: frame[arch::RETURN], exact: interrupted };
            }
            // glibc ends the tables of clone, clone3 and vfork before their system call. There the
            // stack is as it was at the call of the function.
            None if addresses.len() == 1 => match arch::leave_leaf(&mut frame, &stack) {
                Some(address) if space.module(address).is_some() => {
                    here = Address { address, exact: false };
                }
                _ => return Err(Lost::Partial(addresses)),
            },
            None => return Err(Lost::Partial(addresses)),
        }
        if here.address == 0 {
            return Ok(addresses);
        }
    }
    Ok(addresses)
}

/// How a frame was left.
enum Left {
    /// There is none before it.
    Root,
    /// The one before it has called it, or was interrupted by a signal.
    Call { interrupted: bool },
}

type Frame = [u64; arch::COUNT];

/// Replaces the registers of a frame by those of the frame before it. `None` when the tables do
/// not say how.
fn leave(image: &Image, address: u64, frame: &mut Frame, stack: &Stack) -> Option<Left> {
    let row = image.row_at(address)?;
    let old = *frame;
    let register = |register: gimli::Register| old.get(usize::from(register.0)).copied();
    let evaluate = |expression: &UnwindExpression<usize>, initial: Option<u64>| {
        let expression = expression.get(&image.frames).ok()?;
        let mut evaluation = expression.evaluation(row.encoding);
        if let Some(value) = initial {
            evaluation.set_initial_value(value);
        }
        let mut state = evaluation.evaluate().ok()?;
        loop {
            state = match state {
                EvaluationResult::Complete => break,
                EvaluationResult::RequiresRegister { register: wanted, .. } => {
                    evaluation.resume_with_register(Value::Generic(register(wanted)?)).ok()?
                }
                EvaluationResult::RequiresMemory { address, .. } => {
                    evaluation.resume_with_memory(Value::Generic(stack.word(address)?)).ok()?
                }
                _ => return None,
            };
        }
        match evaluation.as_result().first()?.location {
            Location::Address { address } => Some(address),
            _ => None,
        }
    };
    let base = match &row.base {
        CfaRule::RegisterAndOffset { register: wanted, offset } => {
            register(*wanted)?.wrapping_add_signed(*offset)
        }
        CfaRule::Expression(expression) => evaluate(expression, None)?,
    };
    let mut return_address = register(row.returns)?;
    for (which, rule) in &row.rules {
        let value = match rule {
            RegisterRule::Undefined if *which == row.returns => 0,
            RegisterRule::Offset(offset) => stack.word(base.wrapping_add_signed(*offset))?,
            RegisterRule::ValOffset(offset) => base.wrapping_add_signed(*offset),
            RegisterRule::Register(other) => register(*other)?,
            RegisterRule::Expression(expression) => {
                stack.word(evaluate(expression, Some(base))?)?
            }
            RegisterRule::ValExpression(expression) => evaluate(expression, Some(base))?,
            RegisterRule::Constant(value) => *value,
            // It is as it was, or cannot be had; or it means something to its processor alone.
            RegisterRule::Undefined | RegisterRule::SameValue | RegisterRule::Architectural => {
                continue;
            }
        };
        if let Some(place) = frame.get_mut(usize::from(which.0)) {
            *place = value;
        }
        if *which == row.returns {
            return_address = value;
        }
    }
    frame[arch::STACK] = base;
    frame[arch::RETURN] = arch::plain(return_address);
    if frame[arch::RETURN] == old[arch::RETURN] && base == old[arch::STACK] {
        return Some(Left::Root);
    }
    Some(Left::Call { interrupted: row.interrupted })
}
