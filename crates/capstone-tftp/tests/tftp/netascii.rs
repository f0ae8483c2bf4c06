//! RFC 1350 section 1 and RFC 764: CR LF is the end of a line, CR NUL is a CR.

use capstone_tftp::tftp::netascii::{Decoder, Encoder};
use fastrand::Rng;

/// Encoded into blocks of `size` bytes, from a text that comes `step` bytes at a time.
fn blocks(text: &[u8], size: usize, step: usize) -> Vec<Vec<u8>> {
    let mut encoder = Encoder::default();
    let mut pieces = text.chunks(step);
    let (mut piece, mut blocks) = (&[][..], Vec::new());
    loop {
        let (mut block, mut used) = (vec![0; size], 0);
        loop {
            let (taken, written) = encoder.encode(piece, &mut block[used..]);
            piece = &piece[taken..];
            used += written;
            if used == size {
                break;
            }
            let Some(next) = pieces.next() else { break };
            piece = next;
        }
        block.truncate(used);
        blocks.push(block);
        if used < size {
            assert!(encoder.is_done());
            return blocks;
        }
    }
}

fn decoded<B: AsRef<[u8]>>(blocks: &[B]) -> Vec<u8> {
    let (mut decoder, mut text) = (Decoder::default(), Vec::new());
    for block in blocks {
        decoder.decode(block.as_ref(), &mut text);
    }
    decoder.finish(&mut text);
    text
}

#[test]
fn lines_end_with_cr_lf_and_a_bare_cr_is_cr_nul() {
    for (text, wire) in [
        (&b""[..], &b""[..]),
        (b"a\nb\n", b"a\r\nb\r\n"),
        (b"a\rb", b"a\r\0b"),
        (b"a\r\n", b"a\r\0\r\n"),
        (b"\r", b"\r\0"),
        (b"\n", b"\r\n"),
        (b"\0\0", b"\0\0"),
    ] {
        assert_eq!(blocks(text, 512, 512).concat(), wire, "{text:?}");
        assert_eq!(decoded(&[wire]), text, "{wire:?}");
    }
}

/// The pair's second half is the first byte of the next block, and may be all that is in it.
#[test]
fn a_pair_over_the_border_of_two_blocks() {
    assert_eq!(blocks(b"abc\nd", 4, 5), [&b"abc\r"[..], b"\nd"]);
    assert_eq!(blocks(b"abc\r", 4, 4), [&b"abc\r"[..], b"\0"]);
    assert_eq!(blocks(b"ab\n", 4, 3), [&b"ab\r\n"[..], b""]);
    assert_eq!(decoded(&[&b"abc\r"[..], b"\nd"]), b"abc\nd");
    assert_eq!(decoded(&[&b"abc\r"[..], b"", b"\0d"]), b"abc\rd");
}

#[test]
fn what_is_no_netascii_is_taken_for_what_it_says() {
    assert_eq!(decoded(&[b"a\rb"]), b"a\rb");
    assert_eq!(decoded(&[b"a\r\r\nb"]), b"a\r\nb");
    assert_eq!(decoded(&[b"a\nb"]), b"a\nb");
    assert_eq!(decoded(&[b"a\r"]), b"a\r");
}

#[test]
fn any_text_comes_back_over_any_blocks() {
    let mut random = Rng::with_seed(20_261_121);
    for _ in 0..3000 {
        let mut text = vec![0; random.usize(0..40)];
        text.fill_with(|| random.choice(*b"\r\n\0ab").unwrap());
        let wire = blocks(&text, random.usize(1..9), random.usize(1..9));
        assert_eq!(decoded(&wire), text, "{wire:?}");
    }
}
