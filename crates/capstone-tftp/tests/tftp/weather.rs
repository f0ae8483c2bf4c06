//! Whatever the network does to one datagram in ten: the right bytes arrive, both sides end, and the
//! number of DATA packets is bounded.

use capstone_tftp::tftp::End;
use capstone_tftp::tftp::options::Ask;
use capstone_tftp::tftp::packet::Direction;

use crate::world::{Outcome, Weather, file, transfer};

const FOUL: Weather = Weather { lost: 10, doubled: 10, late: 10 };
const BOTH: [Direction; 2] = [Direction::Read, Direction::Write];

/// The last block is the one that is shorter: a multiple of blksize needs an empty one.
fn blocks(length: usize, blksize: u16) -> u64 {
    length as u64 / u64::from(blksize) + 1
}

fn ask(blksize: u16, windowsize: u16) -> Ask {
    Ask { blksize: Some(blksize), windowsize: Some(windowsize), ..Ask::default() }
}

/// The bytes are right and both sides know it.
fn whole(file: &[u8], outcome: &Outcome, told: &str) {
    assert!(outcome.got == file, "{told}: {} bytes came", outcome.got.len());
    assert_eq!((&outcome.sender, &outcome.receiver), (&End::Done, &End::Done), "{told}");
}

#[test]
fn every_size_at_every_blksize_and_windowsize() {
    for (blksize, windowsize) in [8, 9, 512, 1428, 65_464]
        .into_iter()
        .flat_map(|blksize| [1, 2, 3, 4, 16, 64].map(|windowsize| (blksize, windowsize)))
    {
        let (one, many) = (usize::from(blksize), usize::from(windowsize));
        let sizes = [0, 1, 511, 512, 513, one - 1, one, 2 * one, one * many, 3 * one * many + 1];
        for (at, size) in sizes.into_iter().filter(|&size| size < 1 << 20).enumerate() {
            let bytes = file(size);
            for direction in BOTH {
                let told = format!("{direction:?} {size} B, {blksize} × {windowsize}");
                let fair =
                    transfer(direction, &bytes, &ask(blksize, windowsize), Weather::default(), 0);
                whole(&bytes, &fair, &told);
                assert_eq!(
                    fair.data,
                    blocks(size, blksize),
                    "{told}: in fair weather each block once"
                );
                let foul = transfer(direction, &bytes, &ask(blksize, windowsize), FOUL, at as u64);
                whole(&bytes, &foul, &told);
                assert_eq!(foul.agreed, fair.agreed, "{told}");
            }
        }
    }
}

/// As a server does that knows no options.
#[test]
fn without_options() {
    for seed in 0..50 {
        for size in [0, 1, 511, 512, 513, 5120] {
            for direction in BOTH {
                let bytes = file(size);
                let foul = transfer(direction, &bytes, &Ask::default(), FOUL, seed);
                whole(&bytes, &foul, &format!("{direction:?} {size} B, seed {seed}"));
            }
        }
    }
}

/// After block 65,535 comes block 0 (it has a number of 16 bits and nothing else).
#[test]
fn more_blocks_than_numbers() {
    let bytes = file(8 * 66_000);
    for (direction, windowsize, weather) in [
        (Direction::Read, 1, FOUL),
        (Direction::Write, 7, FOUL),
        (Direction::Read, 64, Weather::default()),
    ] {
        let outcome = transfer(direction, &bytes, &ask(8, windowsize), weather, 3);
        whole(&bytes, &outcome, &format!("{direction:?} × {windowsize}, {weather:?}"));
    }
}

/// What is lost costs the rest of a window, and nothing is ever sent without a reason.
#[test]
fn a_bounded_number_of_packets() {
    for windowsize in [1_u16, 2, 4, 16, 64] {
        let bytes = file(512 * 2000);
        for (at, direction) in BOTH.into_iter().enumerate() {
            let foul = transfer(direction, &bytes, &ask(512, windowsize), FOUL, 40 + at as u64);
            let told =
                format!("{direction:?} × {windowsize}: {} DATA, {} others", foul.data, foul.others);
            whole(&bytes, &foul, &told);
            let blocks = blocks(bytes.len(), 512);

            assert!(foul.data <= blocks * (2 + u64::from(windowsize) / 4), "{told}");
            assert!(foul.others <= 3 * blocks, "{told}");
        }
    }
}
