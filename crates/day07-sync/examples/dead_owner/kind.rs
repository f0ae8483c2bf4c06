//! What kind of mutex it is.

use syscall::Result;

use crate::mutex::Attributes;

/// WRONG: the kernel knows nothing of the lock. For all others its owner has it for ever, and
/// each of them waits for as long as it is willing to.
pub(crate) fn kind(attributes: &mut Attributes) -> Result<()> {
    attributes.shared()?;
    attributes.checked()
}
