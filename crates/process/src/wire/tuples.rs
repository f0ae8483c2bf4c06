//! Tuples, by which a function of several arguments becomes a function of one.

use super::{Malformed, Wire};

macro_rules! tuples {
    ($(($($part:ident),+))*) => {$(
        impl<$($part: Wire),+> Wire for ($($part,)+) {
            fn put(&self, to: &mut Vec<u8>) {
                #[allow(non_snake_case, reason = "the names of the types")]
                let ($($part,)+) = self;
                $($part.put(to);)+
            }

            fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
                Ok(($($part::take(from)?,)+))
            }
        }
    )*};
}

tuples! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) }
