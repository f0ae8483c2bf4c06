//! RFC 9110, 14: what is selected, and how it is sent.

use capstone_http::files::range::{GAP, MOST, Selection, select};

use crate::scene::Scene;

#[test]
fn what_a_set_of_ranges_selects() {
    use Selection::{One, Unsatisfiable, Whole};
    let huge = "9".repeat(30);
    for (value, size, expected) in [
        ("bytes=0-4", 10, One(0..5)),
        ("bytes=0-", 10, One(0..10)),
        ("bytes=9-", 10, One(9..10)),
        ("bytes=4-4", 10, One(4..5)),
        ("bytes=5-100", 10, One(5..10)),
        ("bytes=-3", 10, One(7..10)),
        ("bytes=-100", 10, One(0..10)),
        ("Bytes=0-0", 10, One(0..1)),
        ("bytes= 0-0 ,, ", 10, One(0..1)),
        (&format!("bytes=1-{huge}"), 10, One(1..10)),
        (&format!("bytes=-{huge}"), 10, One(0..10)),
        ("bytes=0-18446744073709551615", u64::MAX, One(0..u64::MAX)),
        // Behind the end.
        ("bytes=10-", 10, Unsatisfiable),
        (&format!("bytes={huge}-"), 10, Unsatisfiable),
        ("bytes=-0", 10, Unsatisfiable),
        ("bytes=10-11,-0", 10, Unsatisfiable),
        ("bytes=10-11,2-3", 10, One(2..4)),
        ("bytes=0-", 0, Unsatisfiable),
        // Nothing is selected by what is no set of ranges.
        ("bytes=", 10, Whole),
        ("bytes=,", 10, Whole),
        ("bytes=-", 10, Whole),
        ("bytes=5-4", 10, Whole),
        ("bytes=+1-2", 10, Whole),
        ("bytes=1 -2", 10, Whole),
        ("bytes=1-2-3", 10, Whole),
        ("bytes=a-b", 10, Whole),
        ("bytes=0-1,x", 10, Whole),
        ("bytes 0-1", 10, Whole),
        ("lines=0-1", 10, Whole),
        ("", 10, Whole),
        // All of an empty file is nothing, and nothing has no place that could be named.
        ("bytes=-1", 0, Whole),
    ] {
        assert_eq!(select(value.as_bytes(), size), expected, "{value} of {size}");
    }
}

#[test]
fn ranges_that_touch_become_one_and_the_others_keep_their_order() {
    use Selection::{One, Several, Whole};
    let gap = GAP;
    for (value, expected) in [
        ("bytes=0-1,500-501".to_owned(), Several(vec![0..2, 500..502])),
        ("bytes=500-501,0-1".to_owned(), Several(vec![500..502, 0..2])),
        ("bytes=-1,0-0".to_owned(), Several(vec![999..1000, 0..1])),
        ("bytes=0-5,3-9".to_owned(), One(0..10)),
        (format!("bytes=0-9,{}-500", 10 + gap), One(0..501)),
        (format!("bytes=0-9,{}-500", 11 + gap), Several(vec![0..10, 11 + gap..501])),
        // The last one joins two that did not touch.
        ("bytes=0-9,500-509,700-709,5-505".to_owned(), Several(vec![0..510, 700..710])),
        ("bytes=0-,0-,0-,0-".to_owned(), One(0..1000)),
        (format!("bytes={}", "0-0,".repeat(MOST)), One(0..1)),
        // Too many are no ranges at all: the file goes out once, whatever is asked.
        (format!("bytes={}", "0-0,".repeat(MOST + 1)), Whole),
    ] {
        assert_eq!(select(value.as_bytes(), 1000), expected, "{value}");
    }
}

/// Whatever is asked: what is selected lies in the file, no byte twice, none that nobody asked for
/// but in the gaps, and each that was.
#[test]
fn every_byte_that_was_asked_for_and_none_twice() {
    let mut random = fastrand::Rng::with_seed(9110);
    for _ in 0..5000 {
        let size = random.u64(1..2000);
        let mut wanted = vec![false; usize::try_from(size).unwrap()];
        let mut value = String::from("bytes=");
        for _ in 0..random.usize(1..8) {
            let (first, length) = (random.u64(0..2 * size), random.u64(0..300));
            let (spec, range) = match random.u8(0..3) {
                0 => (format!("{first}-{},", first + length), first..first + length + 1),
                1 => (format!("{first}-,"), first..size),
                _ => (format!("-{length},"), size.saturating_sub(length)..size),
            };
            value += &spec;
            range
                .filter(|&at| at < size)
                .for_each(|at| wanted[usize::try_from(at).unwrap()] = true);
        }
        let ranges = match select(value.as_bytes(), size) {
            Selection::One(range) => vec![range],
            Selection::Several(ranges) => ranges,
            Selection::Unsatisfiable => vec![],
            Selection::Whole => panic!("{value}"),
        };
        let mut sent = vec![false; wanted.len()];
        for at in ranges.iter().cloned().flatten() {
            let at = usize::try_from(at).unwrap();
            assert!(!std::mem::replace(&mut sent[at], true), "{value} of {size}: {at} twice");
        }
        let missing = wanted.iter().zip(&sent).any(|(&wanted, &sent)| wanted && !sent);
        assert!(!missing, "{value} of {size}: {ranges:?}");
        for range in &ranges {
            let at = |at: u64| usize::try_from(at).unwrap();
            assert!(wanted[at(range.start)] && wanted[at(range.end - 1)], "{value} of {size}");
        }
    }
}

#[test]
fn a_part_is_sent_as_it_is() {
    for content in ["0123456789".to_owned(), "0123456789".repeat(5000)] {
        let mut scene = Scene::new(&[("a.txt", &content)]);
        let size = content.len();
        let whole = scene.get("/a.txt", "");
        let part = scene.get("/a.txt", "Range: bytes=2-4\r\n");
        assert_eq!((part.status, part.text()), (206, "234"));
        assert_eq!(part.field("content-range"), Some(&*format!("bytes 2-4/{size}")));
        for name in ["etag", "last-modified", "content-type", "accept-ranges"] {
            assert_eq!(part.field(name), whole.field(name), "{name}");
            assert!(part.field(name).is_some(), "{name}");
        }
        let none = scene.get("/a.txt", &format!("Range: bytes={size}-\r\n"));
        assert_eq!(none.status, 416);
        assert_eq!(none.field("content-range"), Some(&*format!("bytes */{size}")));
        assert_eq!(none.text(), "416 Range Not Satisfiable\n");
        // Without a range that is understood, and for HEAD, it is the whole.
        for fields in ["Range: lines=1-\r\n", "Range: bytes=0-0\r\nRange: bytes=1-1\r\n"] {
            let reply = scene.get("/a.txt", fields);
            assert_eq!((reply.status, reply.text()), (200, &*content), "{fields}");
        }
        let head = scene.ask("HEAD", "/a.txt", "Range: bytes=2-4\r\n");
        assert_eq!((head.status, head.fields), (200, whole.fields.clone()));
        // If-Range, both ways.
        let etag = whole.field("etag").unwrap();
        let ask = |etag: &str| format!("Range: bytes=-1\r\nIf-Range: {etag}\r\n");
        assert_eq!(scene.get("/a.txt", &ask(etag)).text(), "9");
        assert_eq!(scene.get("/a.txt", &ask("\"other\"")).text(), content);
        // A condition that fails counts more than a range that would do.
        let both = scene.get("/a.txt", &format!("Range: bytes=0-0\r\nIf-None-Match: {etag}\r\n"));
        assert_eq!(both.status, 304);
    }
}

#[test]
fn several_parts_are_a_multipart() {
    let content: String = ('a'..='z').map(|letter| letter.to_string().repeat(100)).collect();
    let mut scene = Scene::new(&[("a.txt", &content)]);
    let reply = scene.get("/a.txt", "Range: bytes=-2,0-1\r\n");
    assert_eq!(reply.status, 206);
    assert_eq!(reply.field("content-range"), None);
    let kind = reply.field("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/byteranges; boundary=").unwrap();
    let part = |range, text| {
        format!(
            "--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Range: bytes {range}/2600\r\n\r\n{text}\r\n"
        )
    };
    let expected = [part("2598-2599", "zz"), part("0-1", "aa"), format!("--{boundary}--\r\n")];
    assert_eq!(reply.text(), expected.concat());
    let other = Scene::new(&[("a.txt", &content)]).get("/a.txt", "Range: bytes=-2,0-1\r\n");
    assert_ne!(other.field("content-type"), Some(kind), "anybody could know the boundary");
}
