//! What kind of mutex it is.

use syscall::Result;

use crate::mutex::Attributes;

pub(crate) fn kind(attributes: &mut Attributes) -> Result<()> {
    attributes.shared()?;
    attributes.checked()?;
    // The kernel gets to know which locks a thread holds, and marks them when it dies: the next
    // one gets EOWNERDEAD.
    attributes.robust()
}
