//! RFC 7440 section 4.

use capstone_tftp::tftp::End;
use capstone_tftp::tftp::options::Agreed;
use capstone_tftp::tftp::packet::{Packet, ack, parse};

use super::Stage;
use crate::world::feed;

/// RFC 7440 section 4: a window without waiting; the next begins behind the acknowledged block.
#[test]
fn windows() {
    let mut stage = Stage::window(4, &[7; 100]);
    assert_eq!(stage.sends(), "1 2 3 4");
    assert_eq!(stage.ack(4), "5 6 7 8");
    // Block 6 was lost.
    assert_eq!(stage.ack(5), "6 7 8 9");
    // Before that, 9 had not been sent; but what had been, may be acknowledged.
    assert_eq!(stage.ack(9), "10 11 12 13");
    assert_eq!(stage.waits().0, "10 11 12 13");
    assert_eq!(stage.ack(9), "");
    stage.ack(13);
    assert_eq!(stage.sender.end(), Some(&End::Done));
}

/// Two ACKs that arrive together: the second one is of blocks that the first had put back.
#[test]
fn acks_that_are_read_together() {
    let mut stage = Stage::window(4, &[7; 100]);
    stage.sends();
    stage.sender.receive(&ack(1), stage.now);
    stage.sender.receive(&ack(4), stage.now);
    assert_eq!(stage.sends(), "5 6 7 8");
}

/// The bytes stay right when a window is moved.
#[test]
fn a_window_that_is_cut_keeps_its_bytes() {
    let file: Vec<u8> = (0..60).collect();
    let mut stage = Stage::window(4, &file);
    stage.sends();
    stage.sender.receive(&ack(1), stage.now);
    feed(&mut stage.sender, &mut stage.file);
    let batch = stage.sender.unsent().unwrap();
    assert_eq!((batch.each, batch.bytes.len()), (12, 48));
    for (packet, first) in batch.packets().zip([8, 16, 24, 32]) {
        let Packet::Data { block, bytes } = parse(packet).unwrap() else { panic!("no DATA") };
        assert_eq!(
            (u8::try_from(block).unwrap() * 8 - 8, bytes[0], bytes.len()),
            (first, first, 8)
        );
    }
    // A socket that took two of them goes on with the third.
    assert_eq!(batch.first(2).bytes.len(), 24);
    stage.sender.sent(2, stage.now);
    assert_eq!(stage.sends(), "4 5");
}

/// What an ACK asks for is here when it comes: a driver sends first and reads then. Nobody reads ahead
/// for a peer that has never answered, and for the others no more than a window, or 64 KiB.
#[test]
fn the_next_window_is_read_before_it_is_asked_for() {
    let file = vec![7; 1 << 20];
    for (blksize, windowsize) in [(512, 1), (1428, 64), (65_464, 1), (8, 3)] {
        let mut stage = Stage::new(Agreed { blksize, windowsize, ..Agreed::default() }, &file);
        let window = usize::from(blksize) * usize::from(windowsize);
        stage.sends();
        let alone = file.len() - stage.file.len();
        assert_eq!(alone, window);
        stage.ack(windowsize);
        feed(&mut stage.sender, &mut stage.file);
        let ahead = file.len() - stage.file.len() - 2 * window;
        assert!((window..=window.max(64 << 10)).contains(&ahead), "{ahead}");
        assert_eq!(stage.sender.blanks().count(), 0);
        stage.sender.receive(&ack(2 * windowsize), stage.now);
        let packets = stage.sender.unsent().map_or(0, |batch| batch.packets().len());
        assert_eq!(packets, usize::from(windowsize), "blksize {blksize}");
    }
}

/// The packets lie in a ring, and a loss makes windows begin anywhere in it.
#[test]
fn the_bytes_stay_right_around_the_ring() {
    let mut random = fastrand::Rng::with_seed(5);
    let mut file = vec![0; 400_000];
    random.fill(&mut file);
    let mut stage = Stage::new(Agreed { blksize: 1000, windowsize: 7, ..Agreed::default() }, &file);
    let mut done = 0;
    while stage.sender.end().is_none() {
        let mut next = done;
        loop {
            feed(&mut stage.sender, &mut stage.file);
            let Some(batch) = stage.sender.unsent() else { break };
            let Packet::Data { block, bytes } = parse(batch.first(1).bytes).unwrap() else {
                panic!("no DATA")
            };
            let end = file.len().min(next + 1000);
            assert_eq!((usize::from(block), bytes), (next / 1000 + 1, &file[next..end]));
            next += 1000;
            stage.sender.sent(1, stage.now);
        }
        done += 1000 * random.usize(1..=(next - done) / 1000);
        stage.sender.receive(&ack(u16::try_from(done / 1000).unwrap()), stage.now);
    }
    assert_eq!((stage.sender.end(), done), (Some(&End::Done), 401_000));
}
