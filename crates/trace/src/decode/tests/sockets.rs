//! Addresses, options, messages.

use super::super::fake::{Fake, Raw, family, registers};
use super::super::{finish, number};

fn v4(port: u16) -> Vec<u8> {
    [family(libc::AF_INET).to_ne_bytes().as_slice(), &port.to_be_bytes(), &[127, 0, 0, 1], &[0; 8]]
        .concat()
}

fn unix(name: &[u8]) -> Vec<u8> {
    [family(libc::AF_UNIX).to_ne_bytes().as_slice(), name].concat()
}

#[test]
fn addresses_of_every_family() {
    let mut v6 = [family(libc::AF_INET6).to_ne_bytes().as_slice(), &80_u16.to_be_bytes()].concat();
    v6.extend([0; 4]);
    v6.extend(std::net::Ipv6Addr::LOCALHOST.octets());
    v6.extend(3_u32.to_ne_bytes());
    for (address, text) in [
        (v4(8888), "127.0.0.1:8888"),
        (v6.clone(), "[::1%3]:80"),
        (unix(b"/tmp/socket\0junk"), "\"/tmp/socket\""),
        (unix(b"/tmp/socket"), "\"/tmp/socket\""),
        (unix(b"\0name"), "@\"name\""),
        (unix(b""), "unnamed"),
        (family(libc::AF_UNSPEC).to_ne_bytes().into(), "AF_UNSPEC"),
        (family(libc::AF_NETLINK).to_ne_bytes().into(), "AF_NETLINK"),
        (v6[..20].into(), "&…"),
        (v4(1)[..8].into(), "&…"),
        (vec![2], "&…"),
    ] {
        let mut memory = Fake::default();
        let length = address.len() as u64;
        let at = memory.put(address);
        assert_eq!(memory.show("bind", &[3, at, length], None), format!("bind(3, {text})"));
    }
}

#[test]
fn an_address_that_the_kernel_stores_has_the_length_that_it_stores() {
    let mut memory = Fake::default();
    let address = memory.put(v4(40000));
    let length = memory.put(16_u32.to_ne_bytes());
    let cloexec = libc::SOCK_CLOEXEC.cast_unsigned().into();
    let args = [3, address, length, cloexec];
    assert_eq!(memory.show("accept4", &args, None), "accept4(3, …, SOCK_CLOEXEC)");
    assert_eq!(memory.show("accept4", &args, Some(4)), "accept4(3, 127.0.0.1:40000, SOCK_CLOEXEC)");
    assert_eq!(memory.show("accept4", &[3, 0, 0, 0], Some(4)), "accept4(3, NULL, 0)");
    memory.set(length, &0_u32.to_ne_bytes());
    assert_eq!(memory.show("accept4", &args, Some(4)), "accept4(3, unnamed, SOCK_CLOEXEC)");
    memory.set(length, &(-1_i32).to_ne_bytes());
    assert_eq!(memory.show("accept4", &args, Some(4)), "accept4(3, &…, SOCK_CLOEXEC)");
}

#[test]
fn an_option_has_the_value_of_its_type() {
    let mut memory = Fake::default();
    let one = memory.put(1_i32.to_ne_bytes());
    let time = memory.put_all([&1_i64 as &dyn Raw, &500_000_i64]);
    let linger = memory.put_all([&1_i32 as &dyn Raw, &5_i32]);
    let error = memory.put(libc::ECONNREFUSED.to_ne_bytes());
    let peer = memory.put_all([&77_i32 as &dyn Raw, &1000_i32, &100_i32]);
    let info = memory.put([10_u8; 104]);
    let name = memory.put(*b"eth0");
    let length = memory.put(4_u32.to_ne_bytes());
    let (socket, tcp) = (1, 6);
    for (level, option, value, size, text) in [
        (socket, libc::SO_REUSEADDR, one, 4, "SOL_SOCKET, SO_REUSEADDR, 1"),
        (socket, libc::SO_RCVTIMEO, time, 16, "SOL_SOCKET, SO_RCVTIMEO, 1.5s"),
        (socket, libc::SO_LINGER, linger, 8, "SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}"),
        (socket, libc::SO_BINDTODEVICE, name, 4, "SOL_SOCKET, SO_BINDTODEVICE, \"eth0\""),
        (tcp, libc::TCP_NODELAY, one, 4, "IPPROTO_TCP, TCP_NODELAY, 1"),
        (17, libc::UDP_GRO, one, 4, "IPPROTO_UDP, UDP_GRO, 1"),
        (0, libc::IP_TTL, one, 4, "IPPROTO_IP, IP_TTL, 1"),
        (41, libc::IPV6_V6ONLY, one, 4, "IPPROTO_IPV6, IPV6_V6ONLY, 1"),
        (255, 9, one, 1, "0xff, 9, \"\\x01\""),
    ] {
        let args = [3, level, u64::from(option.cast_unsigned()), value, size];
        assert_eq!(memory.show("setsockopt", &args, None), format!("setsockopt(3, {text})"));
    }
    for (level, option, value, text) in [
        (socket, libc::SO_ERROR, error, "SOL_SOCKET, SO_ERROR, ECONNREFUSED"),
        (socket, libc::SO_TYPE, one, "SOL_SOCKET, SO_TYPE, SOCK_STREAM"),
        (socket, libc::SO_DOMAIN, one, "SOL_SOCKET, SO_DOMAIN, AF_UNIX"),
        (socket, libc::SO_PROTOCOL, one, "SOL_SOCKET, SO_PROTOCOL, IPPROTO_ICMP"),
        (socket, libc::SO_PEERCRED, peer, "SOL_SOCKET, SO_PEERCRED, {pid=77, uid=1000, gid=100}"),
        (tcp, libc::TCP_INFO, info, "IPPROTO_TCP, TCP_INFO, {tcpi_state=TCP_LISTEN}"),
    ] {
        let args = [3, level, u64::from(option.cast_unsigned()), value, length];
        assert_eq!(memory.show("getsockopt", &args, Some(0)), format!("getsockopt(3, {text})"));
    }
    let args = [3, 1, 4, error, length];
    assert_eq!(memory.show("getsockopt", &args, None), "getsockopt(3, SOL_SOCKET, SO_ERROR, …)");
}

/// struct msghdr with one buffer, and room for control messages.
fn header(name: u64, name_length: u32, parts: u64, control: (u64, u64)) -> [Box<dyn Raw>; 9] {
    [
        Box::new(name),
        Box::new(name_length),
        Box::new(0_u32),
        Box::new(parts),
        Box::new(1_u64),
        Box::new(control.0),
        Box::new(control.1),
        Box::new(libc::MSG_CTRUNC),
        Box::new(0_u32),
    ]
}

fn credentials_and_rights() -> Vec<u8> {
    let parts: [&dyn Raw; 12] = [
        // Who: 16 + 12 bytes, and four until the next multiple of 8.
        &28_u64,
        &libc::SOL_SOCKET,
        &libc::SCM_CREDENTIALS,
        &77_i32,
        &1000_i32,
        &100_i32,
        &0_i32,
        // Two descriptors: 16 + 8 bytes.
        &24_u64,
        &libc::SOL_SOCKET,
        &libc::SCM_RIGHTS,
        &5_i32,
        &6_i32,
    ];
    parts.iter().flat_map(|part| part.raw()).collect()
}

#[test]
fn a_message_carries_bytes_descriptors_and_credentials() {
    let mut memory = Fake::default();
    let buffer = memory.put(*b"hello");
    let parts = memory.put_all([&buffer as &dyn Raw, &5_u64]);
    let control = credentials_and_rights();
    let control = (memory.put(control.clone()), control.len() as u64);
    let message = memory.put_all(header(0, 0, parts, control).iter().map(|part| &**part));
    let control = "msg_control=[\
        {cmsg_level=SOL_SOCKET, cmsg_type=SCM_CREDENTIALS, \
        cmsg_data={pid=77, uid=1000, gid=100}}, \
        {cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5, 6]}]";
    assert_eq!(
        memory.show("sendmsg", &[3, message, 0x4000], None),
        format!("sendmsg(3, {{msg_name=NULL, msg_iov=[\"hello\"], {control}}}, MSG_NOSIGNAL)")
    );
    assert_eq!(
        memory.show("recvmsg", &[3, message, 0], None),
        "recvmsg(3, {msg_name=NULL, msg_iov=…, msg_control=…, msg_flags=…}, 0)"
    );
    let received = format!(
        "recvmsg(3, {{msg_name=NULL, msg_iov=[\"hell\"], {control}, msg_flags=MSG_CTRUNC}}, 0)"
    );
    assert_eq!(memory.show("recvmsg", &[3, message, 0], Some(4)), received);
    assert_eq!(memory.show("recvmsg", &[3, message, 0], Some(-11)), "recvmsg(3, &…, 0)");

    let (number, args) = (number("recvmsg").unwrap(), registers(&[3, message, 0]));
    let mut call = memory.call("recvmsg", &args, None);
    finish(&mut call, number, &args, &memory, 4);
    assert_eq!(call.to_string(), received);
}

#[test]
fn several_messages_each_with_its_length() {
    let mut memory = Fake::default();
    let buffer = memory.put(*b"hello");
    let parts = memory.put_all([&buffer as &dyn Raw, &5_u64]);
    let name = memory.put(v4(9));
    let one = |length: u32| {
        let parts = header(name, 16, parts, (0, 0));
        let bytes = parts.iter().flat_map(|part| part.raw());
        bytes.chain(length.raw()).chain([0; 4]).collect::<Vec<_>>()
    };
    let all = memory.put([one(2), one(3)].concat());
    let text = "{msg_name=127.0.0.1:9, msg_iov=[\"hello\"]}";
    assert_eq!(
        memory.show("sendmmsg", &[3, all, 2, 0], None),
        format!("sendmmsg(3, [{text}, {text}], 2, 0)")
    );
    let text = "{msg_name=127.0.0.1:9, msg_iov=[\"he\"], msg_flags=MSG_CTRUNC}";
    let received = memory.show("recvmmsg", &[3, all, 2, 0, 0], Some(1));
    assert_eq!(received, format!("recvmmsg(3, [{text}], 2, 0, forever)"));
}

#[test]
fn a_control_message_that_lies_about_its_length_ends_the_list() {
    for length in [0_u64, 15, 25, u64::MAX] {
        let mut memory = Fake::default();
        let control = memory.put_all([&length as &dyn Raw, &1_i32, &1_i32, &5_i32, &6_i32]);
        let header = header(0, 0, 0, (control, 24));
        let message = memory.put_all(header.iter().map(|part| &**part));
        let shown = memory.show("sendmsg", &[3, message, 0], None);
        assert_eq!(shown, "sendmsg(3, {msg_name=NULL, msg_iov=NULL, msg_control=[]}, 0)");
    }
}
