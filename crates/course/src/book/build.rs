//! Builds the book with mdBook, which is a program of its own: nobody needs it but for this.

use std::io::{ErrorKind, Write as _, stdout};
use std::process::{Command, ExitCode};

use cli::Outcome;

use super::serve;
use crate::{run, workspace};

const MISSING: &str = "\
mdbook is not in PATH. To install it: cargo install mdbook --locked (about 110 crates, four \
minutes of processor time, once). Without it the chapters can be read as text, in docs/";

pub(crate) fn build(open: bool) -> Outcome<ExitCode> {
    let root = workspace::root();
    let status = Command::new("mdbook").arg("build").arg(root.join("docs")).status();
    let status = status.map_err(|error| match error.kind() {
        ErrorKind::NotFound => MISSING.into(),
        _ => format!("mdbook cannot be started: {error}"),
    })?;
    if !status.success() {
        return Ok(ExitCode::from(run::code(status)));
    }
    let folder = root.join("target/book");
    if open {
        return serve::serve(&folder);
    }
    writeln!(stdout(), "the book: {}", folder.join("index.html").display())?;
    Ok(ExitCode::SUCCESS)
}
