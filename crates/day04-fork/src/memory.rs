//! Memory is copied, but not before somebody writes.

use std::fs;
use std::hint::black_box;
use std::io::{self, Write as _};

use cli::Outcome;

use crate::child::ask;

const MIB: usize = 1024 * 1024;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();

    let mut a = black_box(1);
    let told = ask(|| {
        let before = a;
        a = black_box(10_000);
        Ok(format!("a was {before}, is {a} at {:p}", &raw const a))
    })?;
    let same = told.ends_with(&format!("{:p}", &raw const a));
    let value = told.split(" at ").next().unwrap_or_default();
    writeln!(out, "child: {value}; parent: a is {a}; the same address: {same}")?;

    // The notes say that all memory is copied. fork copies the page tables only: both use the
    // same pages, and the first write to one of them makes a copy of that page (copy-on-write).
    let mut bytes = vec![1_u8; 8 * MIB];
    let told = ask(|| {
        let address = bytes.as_ptr().addr();
        let before = pages(address)?;
        bytes[..4 * MIB].fill(2);
        let after = pages(address + MIB)?;
        black_box(&mut bytes);
        Ok(format!("  at first:           {before}\n  4 MiB written to:   {after}"))
    })?;
    writeln!(out, "8 MiB in the child, in MiB\n{told}")?;
    writeln!(out, "  the parent's bytes are as they were: {}", bytes.iter().all(|&b| b == 1))?;
    Ok(())
}

/// What /proc/self/smaps says about the mapping with this address, in whole MiB.
fn pages(address: usize) -> Outcome<String> {
    let smaps = fs::read_to_string("/proc/self/smaps")?;
    let (mut inside, mut shared, mut own) = (false, 0, 0);
    for line in smaps.lines() {
        let mut words = line.split_whitespace();
        let (name, value) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if let Some((from, to)) = name.split_once('-') {
            let (from, to) = (usize::from_str_radix(from, 16)?, usize::from_str_radix(to, 16)?);
            inside = (from..to).contains(&address);
        } else if inside && name.starts_with("Shared_") {
            shared += value.parse::<usize>()?;
        } else if inside && matches!(name, "Private_Clean:" | "Private_Dirty:") {
            own += value.parse::<usize>()?;
        }
    }
    let mib = |kb: usize| (kb + 512) / 1024;
    Ok(format!("shared with the parent {}, its own {}", mib(shared), mib(own)))
}
