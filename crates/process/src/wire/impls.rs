//! The types of the language and of std.

use super::{Malformed, Wire, bytes, length};

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Wire for $number {
            fn put(&self, to: &mut Vec<u8>) {
                to.extend_from_slice(&self.to_le_bytes());
            }

            fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
                let what = concat!("a number of type ", stringify!($number));
                let bytes = bytes(size_of::<Self>(), from, what)?;
                Ok(Self::from_le_bytes(bytes.try_into().map_err(|_| Malformed(what))?))
            }
        }
    )*};
}

numbers!(u16, u32, u64, u128, i8, i16, i32, i64, i128, f32, f64);

/// By itself, because a run of bytes need not be walked through.
impl Wire for u8 {
    fn put(&self, to: &mut Vec<u8>) {
        to.push(*self);
    }

    fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
        Ok(bytes(1, from, "a byte")?[0])
    }

    fn put_all(items: &[Self], to: &mut Vec<u8>) {
        to.extend_from_slice(items);
    }

    fn take_all(count: usize, from: &mut &[u8]) -> Result<Vec<Self>, Malformed> {
        Ok(bytes(count, from, "bytes")?.to_vec())
    }
}

impl Wire for usize {
    fn put(&self, to: &mut Vec<u8>) {
        (*self as u64).put(to);
    }

    fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
        Self::try_from(u64::take(from)?).map_err(|_| Malformed("a number of type usize"))
    }
}

impl Wire for isize {
    fn put(&self, to: &mut Vec<u8>) {
        (*self as i64).put(to);
    }

    fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
        Self::try_from(i64::take(from)?).map_err(|_| Malformed("a number of type isize"))
    }
}

impl Wire for bool {
    fn put(&self, to: &mut Vec<u8>) {
        u8::from(*self).put(to);
    }

    fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
        match bytes(1, from, "a bool")? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(Malformed("a bool")),
        }
    }
}

impl Wire for char {
    fn put(&self, to: &mut Vec<u8>) {
        u32::from(*self).put(to);
    }

    fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
        Self::from_u32(u32::take(from)?).ok_or(Malformed("a char"))
    }
}

/// One byte of 0: see [`Wire::put`].
impl Wire for () {
    fn put(&self, to: &mut Vec<u8>) {
        to.push(0);
    }

    fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
        if bytes(1, from, "()")? == [0] { Ok(()) } else { Err(Malformed("()")) }
    }
}

impl Wire for String {
    fn put(&self, to: &mut Vec<u8>) {
        self.len().put(to);
        to.extend_from_slice(self.as_bytes());
    }

    fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
        let count = length(from)?;
        let bytes = bytes(count, from, "text")?;
        Self::from_utf8(bytes.to_vec()).map_err(|_| Malformed("text in UTF-8"))
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, to: &mut Vec<u8>) {
        self.len().put(to);
        T::put_all(self, to);
    }

    fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
        let count = length(from)?;
        T::take_all(count, from)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, to: &mut Vec<u8>) {
        self.is_some().put(to);
        if let Some(value) = self {
            value.put(to);
        }
    }

    fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
        Ok(if bool::take(from)? { Some(T::take(from)?) } else { None })
    }
}

impl<T: Wire, E: Wire> Wire for Result<T, E> {
    fn put(&self, to: &mut Vec<u8>) {
        self.is_ok().put(to);
        match self {
            Ok(value) => value.put(to),
            Err(error) => error.put(to),
        }
    }

    fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
        Ok(if bool::take(from)? { Ok(T::take(from)?) } else { Err(E::take(from)?) })
    }
}
