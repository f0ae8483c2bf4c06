//! Options that anybody may have written, judged by a server and by a client; and a client and a
//! server that must always agree.

use std::time::Duration;

use capstone_tftp::tftp::options::{Accepted, Ask, Limits, for_reading, for_writing};
use capstone_tftp::tftp::packet::{Direction, Mode, Packet, oack, parse, request};

/// Eleven bytes are wishes and limits, the rest options. Panics when somebody goes too far.
pub(crate) fn play(bytes: &[u8]) {
    let Some((numbers, pairs)) = bytes.split_first_chunk::<11>() else { return };
    let wide = |at: usize| u16::from_be_bytes([numbers[at], numbers[at + 1]]);
    let limits = Limits {
        blksize: wide(0),
        windowsize: wide(2),
        memory: usize::from(numbers[4]) << 10,
        timeout: numbers[5],
    };
    let some = |bit: u8| numbers[10] & bit != 0;
    let ask = Ask {
        blksize: some(1).then(|| wide(6)),
        windowsize: some(2).then(|| wide(8)),
        timeout: some(4).then_some(numbers[7]),
        tsize: some(8).then(|| wide(0).into()),
    };
    let foreign = oack(pairs);
    if let Ok(Packet::Oack(pairs)) = parse(&foreign) {
        within(&for_reading(pairs, &limits, Some(7)), &limits);
        within(&for_writing(pairs, &limits), &limits);
        if let Ok(agreed) = ask.judge(pairs) {
            let most = |asked: Option<u16>, least, without| {
                asked.map_or(without, |asked| asked.max(least))
            };
            assert!(agreed.blksize >= 8 && agreed.blksize <= most(ask.blksize, 8, 512).max(512));
            assert!(agreed.windowsize >= 1 && agreed.windowsize <= most(ask.windowsize, 1, 1));
            assert!(agreed.timeout.is_none() || ask.timeout.is_some());
            assert!(agreed.tsize.is_none() || ask.tsize.is_some());
        }
    }
    for direction in [Direction::Read, Direction::Write] {
        agree(direction, &ask, &limits);
    }
}

/// What a server agrees to is what it was allowed to, and its OACK says so.
fn within(accepted: &Accepted, limits: &Limits) {
    let agreed = accepted.agreed;
    assert!(agreed.blksize == 512 || (8..=limits.blksize.max(8)).contains(&agreed.blksize));
    assert!((1..=limits.windowsize.max(1)).contains(&agreed.windowsize));
    let memory = usize::from(agreed.windowsize) * (4 + usize::from(agreed.blksize));
    assert!(agreed.windowsize == 1 || memory <= limits.memory);
    let longest = Duration::from_secs(limits.timeout.into());
    assert!(agreed.timeout.is_none_or(|timeout| !timeout.is_zero() && timeout <= longest));
    if let Some(oack) = &accepted.oack {
        let Ok(Packet::Oack(pairs)) = parse(oack) else { panic!("{oack:?}") };
        assert!((1..=4).contains(&pairs.iter().count()) && oack.len() <= 512);
    }
}

/// Our client and our server.
fn agree(direction: Direction, ask: &Ask, limits: &Limits) {
    let request = request(direction, b"f", Mode::Octet, &ask.pairs()).expect("a short name");
    let accepted = match parse(&request) {
        Ok(Packet::Read(request)) => for_reading(request.options, limits, Some(9)),
        Ok(Packet::Write(request)) => for_writing(request.options, limits),
        other => panic!("{other:?}"),
    };
    within(&accepted, limits);
    if let Some(oack) = &accepted.oack {
        let Ok(Packet::Oack(pairs)) = parse(oack) else { panic!("{oack:?}") };
        assert_eq!(ask.judge(pairs), Ok(accepted.agreed));
    }
}
