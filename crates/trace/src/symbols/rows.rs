//! Rows of the table that leads from a frame to the one before it. To find the row of an address the
//! table's program is run from the function's beginning on, so each is found once: a loop makes its
//! calls from the same places.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use gimli::{
    CfaRule, EhFrame, Encoding, Register, RegisterRule, UnwindContext, UnwindSection as _,
};

use super::image::Image;

/// What leads from an address in a file to the frame before it.
#[derive(Debug)]
pub(super) struct Row {
    /// The canonical frame address: where the stack was before the call.
    pub(super) base: CfaRule<usize>,
    pub(super) rules: Vec<(Register, RegisterRule<usize>)>,
    /// The register that stands for the return address.
    pub(super) returns: Register,
    pub(super) encoding: Encoding,
    /// The frame before it was interrupted by a signal.
    pub(super) interrupted: bool,
}

/// Those that were looked for. `None`: the tables do not know the address.
pub(super) type Rows = RefCell<HashMap<u64, Option<Rc<Row>>>>;

impl Image {
    /// The row of an address in this file.
    pub(super) fn row_at(&self, address: u64) -> Option<Rc<Row>> {
        let mut known = self.rows.borrow_mut();
        known.entry(address).or_insert_with(|| self.find_row(address).map(Rc::new)).clone()
    }

    fn find_row(&self, address: u64) -> Option<Row> {
        let table = self.header.as_ref()?.table()?;
        let (frames, bases) = (&self.frames, &self.bases);
        let entry = table.fde_for_address(frames, bases, address, EhFrame::cie_from_offset).ok()?;
        let mut context = UnwindContext::new();
        let row = entry.unwind_info_for_address(frames, bases, &mut context, address).ok()?;
        Some(Row {
            base: row.cfa().clone(),
            rules: row.registers().map(|(register, rule)| (*register, rule.clone())).collect(),
            returns: entry.cie().return_address_register(),
            encoding: entry.cie().encoding(),
            interrupted: entry.is_signal_trampoline(),
        })
    }
}
