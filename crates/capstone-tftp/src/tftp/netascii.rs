//! Text as it crosses the wire (RFC 1350 section 1, RFC 764): a line ends with CR LF, and a CR that
//! ends none is CR NUL. So the text gets longer, two bytes that belong together may come in two
//! blocks, and both directions have to remember one of them.

const CR: u8 = b'\r';
const LF: u8 = b'\n';
const NUL: u8 = 0;

/// From this system's text, whose lines end with LF, to the wire's.
#[derive(Debug, Default, Clone)]
pub struct Encoder {
    /// The second half of a pair whose first half has been written.
    owed: Option<u8>,
}

impl Encoder {
    /// As much as fits: how many bytes of `text` were taken, how many of `wire` were written. At the
    /// text's end nothing may be owed: go on with an empty `text` until [`Encoder::is_done`].
    pub fn encode(&mut self, text: &[u8], wire: &mut [u8]) -> (usize, usize) {
        let (mut taken, mut written) = (0, 0);
        for slot in wire {
            *slot = if let Some(second) = self.owed.take() {
                second
            } else if let Some(&byte) = text.get(taken) {
                taken += 1;
                match byte {
                    LF => self.pair(LF),
                    CR => self.pair(NUL),
                    other => other,
                }
            } else {
                break;
            };
            written += 1;
        }
        (taken, written)
    }

    /// True when everything that was taken has been written.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.owed.is_none()
    }

    fn pair(&mut self, second: u8) -> u8 {
        self.owed = Some(second);
        CR
    }
}

/// From the wire's text to this system's.
#[derive(Debug, Default, Clone)]
pub struct Decoder {
    /// A CR whose meaning the next byte decides.
    half: bool,
}

impl Decoder {
    /// Appends the text that one block adds.
    pub fn decode(&mut self, wire: &[u8], text: &mut Vec<u8>) {
        for &byte in wire {
            // A CR stands for itself unless LF follows it; NUL does nothing but say so. (A CR before
            // any other byte is no netascii: it is taken for what the sender most likely meant.)
            let behind = std::mem::replace(&mut self.half, byte == CR);
            if behind && byte != LF {
                text.push(CR);
            }
            if byte != CR && !(behind && byte == NUL) {
                text.push(byte);
            }
        }
    }

    /// What the end of the file leaves: a CR at its very end meant itself.
    pub fn finish(&mut self, text: &mut Vec<u8>) {
        if std::mem::take(&mut self.half) {
            text.push(CR);
        }
    }
}
