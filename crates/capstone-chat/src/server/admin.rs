//! The administrator's lines: standard input, inside of the loop.

use std::io::Stdin;

use multiplex::{Fill, LineSource, Poller, Token};

/// Standard input, until it ends. The room lives on without it.
#[derive(Debug)]
pub(super) struct Admin {
    input: Option<LineSource<Stdin>>,
}

impl Admin {
    /// Lines of at most so many bytes.
    pub(super) fn watched_by(
        poller: &mut dyn Poller,
        token: Token,
        longest: usize,
    ) -> multiplex::Result<Self> {
        let mut input = LineSource::new(std::io::stdin(), longest);
        input.register(poller, token)?;
        Ok(Self { input: Some(input) })
    }

    /// Nobody: somebody else reads standard input.
    pub(super) fn nobody() -> Self {
        Self { input: None }
    }

    /// One read. False when it was the last one.
    pub(super) fn read(
        &mut self,
        poller: &mut dyn Poller,
        mut each: impl FnMut(Line<'_>),
    ) -> multiplex::Result<bool> {
        let Some(input) = &mut self.input else { return Ok(false) };
        let ended = take_lines(input, &mut each);
        if ended {
            input.remove(poller)?;
            self.input = None;
        }
        Ok(!ended)
    }
}

/// A line, or why there is none.
#[derive(Clone, Copy, Debug)]
pub(super) enum Line<'a> {
    Text(&'a str),
    TooLong,
}

/// One read and all lines that it has brought; true at the end of the input.
pub(super) fn take_lines(input: &mut LineSource<Stdin>, each: &mut impl FnMut(Line<'_>)) -> bool {
    // EIO is a terminal that belongs to others by now: as good as the end.
    let ended = matches!(input.fill(), Ok(Fill::End) | Err(_));
    loop {
        match input.next_line() {
            // What is no UTF-8 must not be sent as if it were.
            Ok(Some(line)) => each(Line::Text(&String::from_utf8_lossy(&line))),
            Ok(None) => break,
            Err(_) => each(Line::TooLong),
        }
    }
    if ended && let Ok(Some(line)) = input.last_line() {
        each(Line::Text(&String::from_utf8_lossy(&line)));
    }
    ended
}
