//! What crosses the border between two processes arrives, and nothing else does.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fmt::Debug;

use process::Wire;
use process::wire::{Malformed, from_bytes, to_bytes};

/// There and back; and no part of the bytes, and no bytes more, are a value.
#[track_caller]
fn crosses<T: Wire + PartialEq + Debug>(value: T) {
    let mut bytes = to_bytes(&value);
    assert!(!bytes.is_empty());
    assert_eq!(from_bytes::<T>(&bytes), Ok(value));
    for length in 0..bytes.len() {
        assert!(from_bytes::<T>(&bytes[..length]).is_err(), "{length} bytes of {bytes:?}");
    }
    bytes.push(0);
    assert_eq!(from_bytes::<T>(&bytes), Err(Malformed("the end")));
}

#[test]
fn values_cross() {
    crosses(u8::MAX);
    crosses(0x0102_u16);
    crosses(i32::MIN);
    crosses(u64::MAX);
    crosses(i128::MIN);
    crosses(usize::MAX);
    crosses(isize::MIN);
    crosses(-0.5_f64);
    crosses(true);
    crosses('é');
    crosses(());
    crosses(String::from("管理员"));
    crosses(vec![0_u8, 255]);
    crosses(vec![String::new(), "b".into()]);
    crosses(Vec::<Vec<u32>>::new());
    crosses(Some((1_u8, -1_i64)));
    crosses(None::<u8>);
    crosses(Ok::<u8, String>(1));
    crosses(Err::<u8, String>("no".into()));
    crosses((1_u8, 2_u16, 3_u32, 4_u64, (5_u8,), "6".to_owned()));
}

#[test]
fn the_bytes_are_these_on_every_machine() {
    assert_eq!(to_bytes(&0x0102_u16), [2, 1]);
    assert_eq!(to_bytes(&(true, 7_u8)), [1, 7]);
    assert_eq!(to_bytes(&"ab".to_owned()), [2, 0, 0, 0, 0, 0, 0, 0, b'a', b'b']);
    assert_eq!(to_bytes(&Err::<u8, u8>(3)), [0, 3]);
}

#[test]
fn what_is_no_value_is_malformed() {
    assert_eq!(from_bytes::<bool>(&[2]), Err(Malformed("a bool")));
    assert_eq!(from_bytes::<()>(&[1]), Err(Malformed("()")));
    assert_eq!(from_bytes::<char>(&[0, 0xd8, 0, 0]), Err(Malformed("a char")));
    assert_eq!(from_bytes::<Option<u8>>(&[7, 1]), Err(Malformed("a bool")));
    let text = [&to_bytes(&1_usize)[..], &[0xff]].concat();
    assert_eq!(from_bytes::<String>(&text), Err(Malformed("text in UTF-8")));
    let error = from_bytes::<u32>(&[1]).unwrap_err();
    assert_eq!(error.to_string(), "malformed bytes: a number of type u32 was expected");
}

/// Before any memory is taken: this would be all there is, and more.
#[test]
fn a_length_is_no_more_than_what_follows() {
    let long = to_bytes(&u64::MAX);
    assert_eq!(from_bytes::<Vec<u64>>(&long), Err(Malformed("a length")));
    assert_eq!(from_bytes::<Vec<()>>(&long), Err(Malformed("a length")));
    let long = [&to_bytes(&(1_u64 << 40))[..], &[0; 100]].concat();
    assert_eq!(from_bytes::<String>(&long), Err(Malformed("a length")));
    assert_eq!(from_bytes::<Vec<u8>>(&long), Err(Malformed("a length")));
}
