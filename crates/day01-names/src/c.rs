//! Three functions of the C library that std does without.

use std::ffi::{CStr, CString, c_char, c_int};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use cli::{Outcome, Usage};
use socket2::SockAddr;

// SAFETY: the signature is that of inet(3); the libc crate leaves it out.
unsafe extern "C" {
    fn inet_aton(text: *const c_char, to: *mut libc::in_addr) -> c_int;
}

/// inet_aton(3): text to four bytes in network order, by rules of 1983.
pub(crate) fn aton(text: &str) -> Outcome<Option<Ipv4Addr>> {
    let text = CString::new(text).map_err(Usage::of)?;
    let mut to = libc::in_addr { s_addr: 0 };
    // SAFETY: `text` ends with a NUL, `to` is one in_addr, and both live until the call is over.
    let valid = unsafe { inet_aton(text.as_ptr(), &raw mut to) } != 0;
    // The number lies in memory in network order, whatever the order of this machine.
    Ok(valid.then(|| Ipv4Addr::from(to.s_addr.to_ne_bytes())))
}

/// getnameinfo(3): the reverse look-up, from an address to a name. gethostbyaddr is its ancestor.
/// An address without a name is an error; its text is the resolver's.
pub(crate) fn name_of(address: IpAddr) -> Result<String, String> {
    let address = SockAddr::from(SocketAddr::new(address, 0));
    let mut name = [0; 1025];
    // SAFETY: `address` holds a socket address of `len()` bytes; at most 1025 bytes, the length
    // of `name`, are written to it; a service is not asked for.
    let code = unsafe {
        libc::getnameinfo(
            address.as_ptr().cast(),
            address.len(),
            name.as_mut_ptr(),
            1025,
            std::ptr::null_mut(),
            0,
            libc::NI_NAMEREQD,
        )
    };
    if code == 0 {
        // SAFETY: on success the name in the buffer ends with a NUL.
        return Ok(unsafe { CStr::from_ptr(name.as_ptr()) }.to_string_lossy().into_owned());
    }
    // SAFETY: takes any number, gives a text that is never freed.
    let text = unsafe { libc::gai_strerror(code) };
    // SAFETY: that text is never null and ends with a NUL.
    Err(unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// getservbyname(3): what /etc/services says.
pub(crate) fn service(name: &str, protocol: &CStr) -> Outcome<Option<u16>> {
    let name = CString::new(name).map_err(Usage::of)?;
    // SAFETY: both texts end with a NUL. The answer lies in one place for the whole process;
    // this program has one thread.
    let entry = unsafe { libc::getservbyname(name.as_ptr(), protocol.as_ptr()) };
    // SAFETY: null, or a servent that stays as it is until the next such call.
    let entry = unsafe { entry.as_ref() };
    // An int that holds 16 bits in network order: its first two bytes in memory.
    Ok(entry.map(|entry| {
        let [high, low, ..] = entry.s_port.to_ne_bytes();
        u16::from_be_bytes([high, low])
    }))
}
