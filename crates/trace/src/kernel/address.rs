//! Whether a socket has an address.

use crate::call::Address;

/// Without the address of a socket that has none yet: an Internet socket's port is 0, a Unix
/// socket has no name.
pub(super) fn bound(address: Address) -> Option<Address> {
    let bound = match &address {
        Address::V4(address) => address.port() != 0,
        Address::V6(address) => address.port() != 0,
        Address::Unnamed => false,
        _ => true,
    };
    bound.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_0_is_no_address() {
        assert_eq!(bound(Address::V4("0.0.0.0:0".parse().unwrap())), None);
        assert_eq!(bound(Address::V6("[::]:0".parse().unwrap())), None);
        assert_eq!(bound(Address::Unnamed), None);
        let any = Address::V4("0.0.0.0:1".parse().unwrap());
        assert_eq!(bound(any.clone()), Some(any));
    }
}
