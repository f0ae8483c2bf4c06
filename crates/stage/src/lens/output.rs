//! What the program has said, and up to which step; and what it was told.

use std::ops::Range;

use trace::{Step, Stream};

/// All of it, as one text.
#[derive(Debug, Default)]
pub(super) struct Output {
    text: String,
    pieces: Vec<Piece>,
    /// The number of steps so far.
    next: usize,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// The program.
    Program(Stream),
    /// Who types for it.
    Keys,
}

#[derive(Debug)]
struct Piece {
    step: usize,
    voice: Voice,
    range: Range<usize>,
    /// The first piece of those in a row that one voice says.
    run: usize,
}

/// A part of what was said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said<'a> {
    text: &'a str,
    pieces: &'a [Piece],
    /// Which of all pieces the first of these is.
    first: usize,
}

impl Output {
    pub(super) fn push(&mut self, step: &Step) {
        let at = self.next;
        self.next += 1;
        if let Some(output) = &step.output {
            self.add(at, Voice::Program(output.stream), &output.text);
        }
    }

    /// Somebody has typed a line, after the last step so far.
    pub(super) fn typed(&mut self, line: &str) {
        self.add(self.next.saturating_sub(1), Voice::Keys, &format!("{line}\n"));
    }

    fn add(&mut self, step: usize, voice: Voice, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        let goes_on = self.pieces.last().filter(|last| last.voice == voice);
        let run = goes_on.map_or(self.pieces.len(), |last| last.run);
        self.pieces.push(Piece { step, voice, range: start..self.text.len(), run });
    }

    /// Whether the program has said anything.
    pub(super) fn has_program(&self) -> bool {
        self.pieces.iter().any(|piece| piece.voice != Voice::Keys)
    }

    /// What was said before this step.
    pub(super) fn until(&self, step: usize) -> Said<'_> {
        self.between(0, step)
    }

    /// What was said from one step to before another.
    pub(super) fn between(&self, from: usize, to: usize) -> Said<'_> {
        let at = |step| self.pieces.partition_point(|piece| piece.step < step);
        let first = at(from);
        Said { text: &self.text, pieces: &self.pieces[first..at(to)], first }
    }
}

impl<'a> Said<'a> {
    /// The last `count` lines of the program, with the stream that they were said into.
    pub(crate) fn lines(&self, count: usize) -> Vec<(Stream, &'a str)> {
        let said = self.voices(count).into_iter().filter_map(|(voice, line)| match voice {
            Voice::Program(stream) => Some((stream, line)),
            Voice::Keys => None,
        });
        said.collect()
    }

    /// The last `count` lines, with the voice that they were said in. A line that was begun in one
    /// voice and continued in another is two.
    pub(crate) fn voices(&self, count: usize) -> Vec<(Voice, &'a str)> {
        let mut lines = Vec::new();
        let mut rest = self.pieces;
        while let Some(last) = rest.last() {
            let (before, run) = rest.split_at(last.run.saturating_sub(self.first));
            rest = before;
            let text = &self.text[run[0].range.start..last.range.end];
            for line in text.strip_suffix('\n').unwrap_or(text).rsplit('\n') {
                if lines.len() == count {
                    lines.reverse();
                    return lines;
                }
                lines.push((last.voice, line));
            }
        }
        lines.reverse();
        lines
    }
}
