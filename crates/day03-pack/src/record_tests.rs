//! Values in, bytes out, and back.

use super::*;

fn reading(id: u32, name: &str, level: f32) -> Reading {
    Reading { id, name: Name::new(name).unwrap(), level }
}

#[test]
fn every_byte_has_its_place() {
    let bytes = reading(0x0102_0304, "ab", 1.0).pack();
    assert_eq!(bytes, b"\x01\x02\x03\x04ab\0\0\x3f\x80\0\0");
    assert_eq!(bytes.len(), Reading::SIZE);
    let bytes = Pair { letter: b'c', number: -2 }.pack();
    assert_eq!(bytes, b"c\xff\xff\xff\xfe");
    assert_eq!(bytes.len(), Pair::SIZE);
}

#[test]
fn what_goes_out_comes_back_to_the_bit() {
    let payload = f32::from_bits(0x7fc0_1234);
    for level in [0.0, -0.0, 1.5, f32::MIN_POSITIVE, f32::INFINITY, f32::NAN, payload] {
        for id in [0, 1, u32::MAX] {
            let back = Reading::unpack(&reading(id, "水1", level).pack()).unwrap();
            assert_eq!((back.id, back.name.to_string()), (id, "水1".into()));
            assert_eq!(back.level.to_bits(), level.to_bits());
        }
    }
    for number in [0, -1, i32::MIN, i32::MAX] {
        let pair = Pair { letter: 0xff, number };
        assert_eq!(Pair::unpack(&pair.pack()), Ok(pair));
    }
}

#[test]
fn any_other_size_is_refused() {
    for got in [0, 1, 11, 13, 500] {
        let bytes = vec![0; got];
        assert_eq!(Reading::unpack(&bytes), Err(WrongSize { wanted: 12, got }));
        assert_eq!(Pair::unpack(&bytes), Err(WrongSize { wanted: 5, got }));
    }
}

#[test]
fn a_name_fits_or_is_refused_and_is_harmless() {
    assert_eq!(Name::new("").unwrap().to_string(), "");
    assert_eq!(Name::new("abcd").unwrap().to_string(), "abcd");
    assert_eq!(Name::new("abcde"), Err(TooLong("abcde".into())));
    assert!(Name::new("你好").is_err(), "two characters, six bytes");
    assert_eq!(Name(*b"\x1b[2\xff").to_string(), "\u{fffd}[2\u{fffd}");
}
