//! What is known about each call, and how it is found: by its number in an array that is built when
//! this is compiled, by its name in a map that is built when the first name is looked up.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::kind::{Gives, Kind};
use crate::call::Class;

/// What is known about a call.
#[derive(Debug)]
pub(super) struct Row {
    /// On this processor.
    pub(super) number: u64,
    pub(super) name: &'static str,
    pub(super) class: Class,
    /// In the order of the registers.
    pub(super) args: &'static [Kind],
    pub(super) gives: Gives,
}

/// Makes rows: the name and the number both come from libc's constant.
macro_rules! rows {
    ($($constant:ident $class:ident [$($kind:expr),*] $gives:ident;)*) => {
        &[$(Row {
            number: libc::$constant as u64,
            name: stringify!($constant).split_at("SYS_".len()).1,
            class: crate::call::Class::$class,
            args: &[$($kind),*],
            gives: super::kind::Gives::$gives,
        }),*]
    };
}
pub(super) use rows;

#[cfg(target_arch = "x86_64")]
static TABLES: [&[Row]; 2] = [super::rows::ROWS, super::rows_x86_64::ROWS];
#[cfg(not(target_arch = "x86_64"))]
static TABLES: [&[Row]; 1] = [super::rows::ROWS];

/// Above every number that the kernel has given out so far.
const NUMBERS: usize = 512;

/// For every number its row. A number with two rows does not compile.
#[expect(clippy::cast_possible_truncation, reason = "all processors that trace knows have 64 bits")]
static BY_NUMBER: [Option<&Row>; NUMBERS] = {
    let mut found = [None; NUMBERS];
    let (mut table, mut row) = (0, 0);
    while table < TABLES.len() {
        if row == TABLES[table].len() {
            (table, row) = (table + 1, 0);
            continue;
        }
        let place: &mut Option<&Row> = &mut found[TABLES[table][row].number as usize];
        assert!(place.is_none(), "two rows for one number");
        *place = Some(&TABLES[table][row]);
        row += 1;
    }
    found
};

static BY_NAME: LazyLock<HashMap<&str, u64>> =
    LazyLock::new(|| all().map(|row| (row.name, row.number)).collect());

/// The row of a call.
pub(super) fn row(number: u64) -> Option<&'static Row> {
    *BY_NUMBER.get(usize::try_from(number).ok()?)?
}

/// The number that has this name.
pub(super) fn number(name: &str) -> Option<u64> {
    BY_NAME.get(name).copied()
}

/// Every row.
pub(super) fn all() -> impl Iterator<Item = &'static Row> {
    TABLES.iter().copied().flatten()
}
