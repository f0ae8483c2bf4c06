//! The bad network itself: what it does to datagrams, and that it finds its way to a server that
//! answers from other ports.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use testkit::net::{Chances, Fate, Lossy, Way};
use testkit::{LIMIT, until};

fn socket(ip: &str) -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind((ip, 0)).unwrap();
    socket.set_read_timeout(Some(LIMIT)).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

fn receive(socket: &UdpSocket) -> (Vec<u8>, SocketAddr) {
    let mut buffer = vec![0; 65_536];
    let (length, from) = socket.recv_from(&mut buffer).unwrap();
    buffer.truncate(length);
    (buffer, from)
}

/// Numbered datagrams to a server, with these fates; what has come when the last one has.
fn arrive_as(fates: &'static [Fate]) -> (Vec<u8>, Lossy) {
    let (server, address) = socket("127.0.0.1");
    let mut fates = fates.iter();
    let net = Lossy::before(address, move |_, _| fates.next().copied().unwrap_or(Fate::Arrives));
    let net = net.unwrap();
    let (client, _) = socket("127.0.0.1");
    for number in 0..5 {
        client.send_to(&[number], net.address()).unwrap();
    }
    client.send_to(b"end", net.address()).unwrap();
    let got = std::iter::from_fn(|| Some(receive(&server).0));
    (got.take_while(|bytes| bytes != b"end").map(|bytes| bytes[0]).collect(), net)
}

#[test]
fn each_fate_is_what_it_says() {
    use Fate::{Arrives, Lost, Overtaken, Twice};
    assert_eq!(arrive_as(&[]).0, [0, 1, 2, 3, 4]);
    assert_eq!(arrive_as(&[Arrives, Lost, Arrives, Lost]).0, [0, 2, 4]);
    assert_eq!(arrive_as(&[Twice, Arrives, Twice]).0, [0, 0, 1, 2, 2, 3, 4]);
    let (got, net) = arrive_as(&[Arrives, Overtaken, Arrives, Overtaken, Lost]);
    // One that is lost overtakes nobody; the end does.
    assert_eq!(got, [0, 2, 1]);
    let counts = net.counts();
    assert_eq!((counts.came, counts.lost, counts.overtaken), (6, 1, 2));
    let late = Fate::Late(Duration::from_hours(1));
    let (got, net) = arrive_as(Box::leak(Box::new([Arrives, late])));
    assert_eq!((got, net.counts().late), (vec![0, 2, 3, 4], 1));
}

#[test]
fn what_is_late_or_overtaken_by_nobody_arrives_in_the_end() {
    let (server, address) = socket("127.0.0.1");
    let delay = Duration::from_millis(30);
    let mut fates = [Fate::Overtaken, Fate::Late(delay)].into_iter();
    let net = Lossy::before(address, move |_, _| fates.next().unwrap()).unwrap();
    let (client, _) = socket("127.0.0.1");
    client.send_to(b"overtaken", net.address()).unwrap();
    assert_eq!(receive(&server).0, b"overtaken");
    let start = Instant::now();
    client.send_to(b"late", net.address()).unwrap();
    assert_eq!(receive(&server).0, b"late");
    assert!(start.elapsed() >= delay);
}

/// As in TFTP: every client is answered from a port of its own, which it then talks to, and a
/// stranger who sends there is a stranger to the server, too.
#[test]
fn a_server_may_answer_from_other_ports() {
    for ip in ["127.0.0.1", "::1"] {
        let (server, address) = socket(ip);
        let seen = |way| move |bytes: &[u8]| (way, bytes.to_vec());
        let (there, back) = (seen(Way::ToServer), seen(Way::ToClient));
        let (tell, told) = std::sync::mpsc::channel();
        let net = Lossy::before(address, move |way, bytes| {
            tell.send((way, bytes.to_vec())).unwrap();
            Fate::Arrives
        })
        .unwrap();
        let clients = [socket(ip).0, socket(ip).0];
        let mut sources = Vec::new();
        for client in &clients {
            client.send_to(b"request", net.address()).unwrap();
            let (bytes, from) = receive(&server);
            assert_eq!(bytes, b"request");
            let (transfer, tid) = socket(ip);
            transfer.send_to(b"answer", from).unwrap();
            let (bytes, shown) = receive(client);
            assert_eq!(bytes, b"answer");
            assert!(shown != net.address() && shown != tid);
            client.send_to(b"more", shown).unwrap();
            assert_eq!(receive(&transfer), (b"more".to_vec(), from));
            // The same request once more comes from the same client, as the server sees it.
            client.send_to(b"request", net.address()).unwrap();
            assert_eq!(receive(&server), (b"request".to_vec(), from));

            let (stranger, _) = socket(ip);
            stranger.send_to(b"hello", shown).unwrap();
            let (bytes, other) = receive(&transfer);
            assert!(bytes == b"hello" && other != from);
            transfer.send_to(b"go away", other).unwrap();
            assert_eq!(receive(&stranger), (b"go away".to_vec(), shown));
            sources.extend([from, other]);
        }
        sources.sort();
        sources.dedup();
        assert_eq!(sources.len(), 4, "each is somebody of his own");
        let all: Vec<_> = told.try_iter().collect();
        let once = [
            there(b"request"),
            back(b"answer"),
            there(b"more"),
            there(b"request"),
            there(b"hello"),
            back(b"go away"),
        ];
        assert_eq!(all, [once.clone(), once].concat());
    }
}

#[test]
fn by_chance_a_share_is_lost_and_the_rest_arrives() {
    const COUNT: u16 = 2000;
    let (server, address) = socket("127.0.0.1");
    let chances = Chances::all(10, Duration::from_millis(2));
    let net = Lossy::before(address, chances.seeded(3)).unwrap();
    let (client, _) = socket("127.0.0.1");
    let mut got = Vec::new();
    let mut take = |count: u64| {
        while (got.len() as u64) < count {
            let bytes = receive(&server).0;
            got.push(u16::from_be_bytes([bytes[0], bytes[1]]));
        }
    };
    // Bursts that fit into every buffer: what is lost is lost on purpose.
    for burst in 1..=COUNT / 100 {
        for number in 100 * (burst - 1)..100 * burst {
            client.send_to(&number.to_be_bytes(), net.address()).unwrap();
        }
        let counts = until("all have come", || {
            let counts = net.counts();
            (counts.came == u64::from(100 * burst)).then_some(counts)
        });
        take(counts.came - counts.lost + counts.twice);
    }
    let counts = net.counts();
    assert_eq!(counts.came, u64::from(COUNT));
    for count in [counts.lost, counts.twice, counts.overtaken, counts.late] {
        assert!((120..280).contains(&count), "{counts:?}");
    }
    assert!(!got.is_sorted());
    got.sort_unstable();
    got.dedup();
    assert_eq!(got.len() as u64, counts.came - counts.lost);
}

#[test]
fn dropping_it_ends_its_thread() {
    let (_, address) = socket("127.0.0.1");
    let net = Lossy::before(address, |_, _| panic!("nothing comes")).unwrap();
    drop(net);
}
