//! Files, descriptors, memory.

use std::mem::{offset_of, size_of};

use super::super::fake::{Fake, Raw, negative};

#[test]
fn a_name_is_read_to_its_nul_and_permissions_only_where_a_file_is_made() {
    let mut memory = Fake::default();
    let name = memory.put(*b"/dev/shm/counter\0");
    let here = negative(libc::AT_FDCWD);
    let create = (libc::O_RDWR | libc::O_CREAT).cast_unsigned().into();
    assert_eq!(
        memory.show("openat", &[here, name, create, 0o600], None),
        "openat(AT_FDCWD, \"/dev/shm/counter\", O_RDWR|O_CREAT, 0600)"
    );
    assert_eq!(
        memory.show("openat", &[5, name, 0, 0o777], None),
        "openat(5, \"/dev/shm/counter\", O_RDONLY)"
    );
    let flags: u64 = (libc::O_PATH | libc::O_CLOEXEC).cast_unsigned().into();
    let how = memory.put_all([&flags as &dyn Raw, &0_u64, &libc::RESOLVE_BENEATH]);
    assert_eq!(
        memory.show("openat2", &[5, name, how, 24], None),
        "openat2(5, \"/dev/shm/counter\", {flags=O_RDONLY|O_PATH|O_CLOEXEC, resolve=RESOLVE_BENEATH})"
    );
    assert_eq!(memory.show("unlinkat", &[here, 8, 0], None), "unlinkat(AT_FDCWD, &…, 0)");
    let endless = memory.put([b'x'; 1000]);
    let shown = memory.show("chdir", &[endless], None);
    assert_eq!(shown, format!("chdir(\"{}…\")", "x".repeat(256)));
}

#[test]
fn several_buffers_are_shown_each_and_the_result_says_how_full_they_are() {
    let mut memory = Fake::default();
    let (one, two) = (memory.put(*b"hello, "), memory.put(*b"world"));
    let parts = memory.put_all([&one as &dyn Raw, &7_u64, &two, &5_u64]);
    let args = [1, parts, 2];
    assert_eq!(memory.show("writev", &args, None), "writev(1, [\"hello, \", \"world\"], 2)");
    assert_eq!(memory.show("readv", &args, None), "readv(1, …, 2)");
    assert_eq!(memory.show("readv", &args, Some(9)), "readv(1, [\"hello, \", \"wo\"], 2)");
}

#[test]
fn an_operation_says_what_its_argument_is() {
    let mut memory = Fake::default();
    let lock = memory.put_all([&1_i16 as &dyn Raw, &0_i16, &0_i32, &0_i64, &10_i64, &0_u64]);
    let number = memory.put_all([&12_i32 as &dyn Raw, &0_i32]);
    let window = memory.put_all([&24_u16 as &dyn Raw, &80_u16, &0_u16, &0_u16]);
    for (name, args, result, text) in [
        ("fcntl", [3, 1, 77], None, "fcntl(3, F_GETFD)"),
        ("fcntl", [3, 2, 1], None, "fcntl(3, F_SETFD, FD_CLOEXEC)"),
        ("fcntl", [3, 4, 0o4002], None, "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK)"),
        ("fcntl", [3, 1030, 3], None, "fcntl(3, F_DUPFD_CLOEXEC, 3)"),
        (
            "fcntl",
            [3, 37, lock],
            None,
            "fcntl(3, F_OFD_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=10})",
        ),
        ("ioctl", [3, libc::FIONBIO, number], None, "ioctl(3, FIONBIO, 12)"),
        ("ioctl", [3, libc::FIONREAD, number], None, "ioctl(3, FIONREAD, …)"),
        ("ioctl", [3, libc::FIONREAD, number], Some(0), "ioctl(3, FIONREAD, 12)"),
        ("ioctl", [1, libc::TCGETS, number], Some(-25), "ioctl(1, TCGETS, &…)"),
        (
            "ioctl",
            [1, libc::TIOCGWINSZ, window],
            Some(0),
            "ioctl(1, TIOCGWINSZ, {ws_row=24, ws_col=80})",
        ),
        ("ioctl", [0, libc::TIOCSCTTY, 0], None, "ioctl(0, TIOCSCTTY, 0)"),
        ("ioctl", [0, 0x1234_5678, 0], None, "ioctl(0, 0x12345678, NULL)"),
        ("flock", [3, 6, 0], None, "flock(3, LOCK_EX|LOCK_NB)"),
        ("lseek", [3, negative(-1) | 0xffff_ffff << 32, 1], None, "lseek(3, -1, SEEK_CUR)"),
    ] {
        assert_eq!(memory.show(name, &args, result), text);
    }
}

#[test]
fn of_a_file_its_kind_permissions_and_size_are_shown() {
    let mut memory = Fake::default();
    let name = memory.put(*b"f\0");
    let stat = memory.put([0; size_of::<libc::stat>()]);
    memory.set(stat + offset_of!(libc::stat, st_mode) as u64, &0o100_644_u32.to_ne_bytes());
    memory.set(stat + offset_of!(libc::stat, st_size) as u64, &42_i64.to_ne_bytes());
    let show = memory.show("newfstatat", &[3, name, stat, 0x100], Some(0));
    let text = "newfstatat(3, \"f\", {st_mode=S_IFREG|0644, st_size=42}, AT_SYMLINK_NOFOLLOW)";
    assert_eq!(show, text);

    let statx = memory.put([0; size_of::<libc::statx>()]);
    memory.set(statx + offset_of!(libc::statx, stx_mode) as u64, &0o040_755_u16.to_ne_bytes());
    let show = memory.show("statx", &[3, name, 0, 0xfff, statx], Some(0));
    assert_eq!(show, "statx(3, \"f\", 0, STATX_ALL, {stx_mode=S_IFDIR|0755, stx_size=0})");
}

#[test]
fn a_directory_is_a_list_of_names() {
    let entry = |name: &[u8], size: u16| {
        let mut bytes = [&1_u64 as &dyn Raw, &2_u64, &size, &8_u8, &name]
            .iter()
            .flat_map(|part| part.raw())
            .collect::<Vec<_>>();
        bytes.resize(size.into(), 0);
        bytes
    };
    let mut memory = Fake::default();
    let all = [entry(b".\0", 24), entry(b"a file\0", 32)].concat();
    let entries = memory.put(all.clone());
    let args = [3, entries, 32768];
    assert_eq!(memory.show("getdents64", &args, None), "getdents64(3, …, 32768)");
    assert_eq!(
        memory.show("getdents64", &args, Some(56)),
        "getdents64(3, [\".\", \"a file\"], 32768)"
    );
    assert_eq!(memory.show("getdents64", &args, Some(0)), "getdents64(3, [], 32768)");
    let many = memory.put(all.repeat(40));
    let shown = memory.show("getdents64", &[3, many, 32768], Some(40 * 56));
    assert!(shown.ends_with(", …], 32768)"), "{shown}");
    let broken = memory.put(vec![0; 100]);
    assert_eq!(memory.show("getdents64", &[3, broken, 100], Some(100)), "getdents64(3, […], 100)");
}

#[test]
fn other_things_that_lie_in_memory() {
    let mut memory = Fake::default();
    let offset = memory.put(100_i64.to_ne_bytes());
    let link = memory.put(*b"target and junk");
    let queue = memory.put_all([&0_i64 as &dyn Raw, &10_i64, &8192_i64, &0_i64]);
    let name = memory.put(*b"queue\0");
    let limit = memory.put_all([&1024_u64 as &dyn Raw, &u64::MAX]);
    let pair = memory.put_all([&3_i32 as &dyn Raw, &4_i32]);
    for (name, args, result, text) in [
        ("splice", vec![3, offset, 4, 0, 9, 1], None, "splice(3, 100, 4, NULL, 9, SPLICE_F_MOVE)"),
        ("sendfile", vec![3, 4, offset, 9], None, "sendfile(3, 4, 100, 9)"),
        (
            "readlinkat",
            vec![3, name, link, 99],
            Some(6),
            "readlinkat(3, \"queue\", \"target\", 99)",
        ),
        (
            "mq_open",
            vec![name, 0o102, 0o600, queue],
            None,
            "mq_open(\"queue\", O_RDWR|O_CREAT, 0600, \
             {mq_flags=0, mq_maxmsg=10, mq_msgsize=8192, mq_curmsgs=0})",
        ),
        (
            "prlimit64",
            vec![0, 7, 0, limit],
            Some(0),
            "prlimit64(0, RLIMIT_NOFILE, NULL, {rlim_cur=1024, rlim_max=RLIM_INFINITY})",
        ),
        ("pipe2", vec![pair, 0o2_000_000], None, "pipe2(…, O_CLOEXEC)"),
        ("pipe2", vec![pair, 0o2_000_000], Some(0), "pipe2([3, 4], O_CLOEXEC)"),
        (
            "mmap",
            vec![0, 4096, 3, 0x21, negative(-1), 0],
            None,
            "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0)",
        ),
        (
            "close_range",
            vec![3, 0xffff_ffff, 4],
            None,
            "close_range(3, 4294967295, CLOSE_RANGE_CLOEXEC)",
        ),
    ] {
        assert_eq!(memory.show(name, &args, result), text);
    }
}
