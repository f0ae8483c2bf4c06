//! Panics, as a learner can use them.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::{self, PanicHookInfo};

use super::{errno, inside};

/// What is said of a place where nothing is yet.
pub(super) const TODO: &str = "is still todo!(): that is where your code goes";

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps what the first thread of this process says in a panic, for the verdict; what others say
/// goes to standard error, as it does without this.
pub(super) fn keep() {
    let me = (std::process::id(), std::thread::current().id());
    panic::set_hook(Box::new(move |panic| {
        let words = words(panic);
        if (std::process::id(), std::thread::current().id()) != me {
            let name = std::thread::current().name().unwrap_or("without a name").to_owned();
            let pid = std::process::id();
            let _ = writeln!(std::io::stderr(), "process {pid}, thread {name}: {words}");
        }
        LAST.with_borrow_mut(|last| *last = Some(words));
    }));
}

/// What the panic said that has just been caught on this thread.
pub(super) fn last() -> String {
    LAST.with_borrow_mut(Option::take).unwrap_or_else(|| "it panicked".into())
}

fn words(panic: &PanicHookInfo<'_>) -> String {
    let said = panic.payload_as_str().unwrap_or("a panic without words");
    let Some(location) = panic.location() else { return said.into() };
    let (file, line) = (short(location.file()), location.line());
    let is_test = file.starts_with("tests/");
    let mut words = if said.starts_with("not yet implemented") && !is_test {
        return format!("{file}:{line} {TODO}");
    } else if is_test {
        format!("{said}\n(as tests/{} found out, line {line})", file.trim_start_matches("tests/"))
    } else {
        format!("your code panicked at {file}:{line}: {said}")
    };
    for meaning in errno::in_text(said) {
        let _ = write!(words, "\n{meaning}");
    }
    words
}

/// A path as it stands below the exercise: the compiler may have been told one from the workspace.
fn short(file: &str) -> &str {
    let root = inside::root();
    if let Some(rest) = file.strip_prefix(root) {
        return rest.trim_start_matches('/');
    }
    let mut starts = file.match_indices('/').map(|(slash, _)| slash);
    let common = starts.rfind(|&slash| root.ends_with(&file[..slash]));
    common.map_or(file, |slash| &file[slash + 1..])
}
