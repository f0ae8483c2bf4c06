//! Names in calls about files, memory and readiness.

#![allow(
    clippy::cast_sign_loss,
    clippy::cast_lossless,
    clippy::unnecessary_cast,
    reason = "libc gives its constants many types; here all are bits"
)]

use super::{Names, names};

/// O_LARGEFILE as the kernel tells it; to a program of 64 bits libc says 0.
const LARGE: u64 = if cfg!(target_arch = "x86_64") { 0o100_000 } else { 0o400_000 };

/// open(2), and what F_GETFL tells. O_TMPFILE includes O_DIRECTORY, and O_SYNC O_DSYNC: the
/// larger comes first.
pub(in crate::decode) const OPEN: &Names = &Names::both(
    0b11,
    names![O_RDONLY O_WRONLY O_RDWR],
    names![
        O_CREAT O_EXCL O_TRUNC O_APPEND O_NONBLOCK O_TMPFILE O_DIRECTORY O_NOFOLLOW O_NOCTTY
        O_SYNC O_DSYNC O_ASYNC O_DIRECT O_PATH O_CLOEXEC; O_LARGEFILE = LARGE
    ],
);
/// How openat2(2) is to follow a name.
pub(in crate::decode) const RESOLVE: &Names = &Names::flags(names![
    RESOLVE_BENEATH RESOLVE_IN_ROOT RESOLVE_NO_SYMLINKS RESOLVE_NO_MAGICLINKS RESOLVE_NO_XDEV
    RESOLVE_CACHED
]);
/// pipe2(2), dup3(2): no access mode.
pub(in crate::decode) const PIPE: &Names = &Names::flags(names![O_NONBLOCK O_CLOEXEC O_DIRECT]);
/// mq_flags of a queue.
pub(in crate::decode) const QUEUE: &Names = &Names::flags(names![O_NONBLOCK]);
/// The `at` calls.
pub(in crate::decode) const AT: &Names = &Names::flags(names![
    AT_SYMLINK_NOFOLLOW AT_SYMLINK_FOLLOW AT_EMPTY_PATH AT_NO_AUTOMOUNT
    AT_STATX_FORCE_SYNC AT_STATX_DONT_SYNC
]);
/// unlinkat(2).
pub(in crate::decode) const UNLINK: &Names = &Names::flags(names![AT_REMOVEDIR]);
/// faccessat2(2).
pub(in crate::decode) const ACCESS_AT: &Names =
    &Names::flags(names![AT_EACCESS AT_SYMLINK_NOFOLLOW AT_EMPTY_PATH]);
/// access(2); F_OK is the absence of the others.
pub(in crate::decode) const ACCESS: &Names =
    &Names::both(u64::MAX, names![F_OK], names![R_OK W_OK X_OK]);
/// renameat2(2).
pub(in crate::decode) const RENAME: &Names =
    &Names::flags(names![RENAME_NOREPLACE RENAME_EXCHANGE RENAME_WHITEOUT]);
/// statx(2).
pub(in crate::decode) const STATX: &Names =
    &Names::flags(names![STATX_ALL STATX_BASIC_STATS STATX_TYPE STATX_MODE STATX_SIZE]);
/// lseek(2), and a lock's l_whence.
pub(in crate::decode) const WHENCE: &Names =
    &Names::one_of(names![SEEK_SET SEEK_CUR SEEK_END SEEK_DATA SEEK_HOLE]);
/// fallocate(2).
pub(in crate::decode) const ALLOCATE: &Names =
    &Names::flags(names![FALLOC_FL_KEEP_SIZE FALLOC_FL_PUNCH_HOLE FALLOC_FL_ZERO_RANGE]);
/// splice(2).
pub(in crate::decode) const SPLICE: &Names =
    &Names::flags(names![SPLICE_F_MOVE SPLICE_F_NONBLOCK SPLICE_F_MORE SPLICE_F_GIFT]);
/// flock(2).
pub(in crate::decode) const FLOCK: &Names =
    &Names::both(0xb, names![LOCK_SH LOCK_EX LOCK_UN], names![LOCK_NB]);
/// A lock's l_type.
pub(in crate::decode) const LOCK: &Names = &Names::one_of(names![F_RDLCK F_WRLCK F_UNLCK]);
/// fcntl(2).
pub(in crate::decode) const FCNTL: &Names = &Names::one_of(names![
    F_DUPFD F_DUPFD_CLOEXEC F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_OFD_GETLK
    F_OFD_SETLK F_OFD_SETLKW F_GETOWN F_SETOWN F_GETPIPE_SZ F_SETPIPE_SZ F_ADD_SEALS F_GET_SEALS
    F_GETLEASE F_SETLEASE F_NOTIFY; F_SETSIG = 10, F_GETSIG = 11
]);
/// F_SETFD.
pub(in crate::decode) const CLOSE_ON_EXEC: &Names = &Names::flags(names![FD_CLOEXEC]);
/// F_ADD_SEALS.
pub(in crate::decode) const SEALS: &Names = &Names::flags(names![
    F_SEAL_SEAL F_SEAL_SHRINK F_SEAL_GROW F_SEAL_WRITE; F_SEAL_FUTURE_WRITE = 16
]);
/// memfd_create(2).
pub(in crate::decode) const MEMFD: &Names =
    &Names::flags(names![MFD_CLOEXEC MFD_ALLOW_SEALING MFD_HUGETLB]);
/// close_range(2).
pub(in crate::decode) const CLOSE_RANGE: &Names =
    &Names::flags(names![CLOSE_RANGE_UNSHARE CLOSE_RANGE_CLOEXEC]);
/// What ioctl(2) is asked for.
pub(in crate::decode) const IOCTL: &Names = &Names::one_of(names![
    FIONREAD FIONBIO FIOASYNC FIOCLEX FIONCLEX TIOCGWINSZ TIOCSWINSZ TIOCSCTTY TIOCNOTTY TIOCGPGRP
    TIOCSPGRP TIOCGSID TIOCOUTQ TIOCSTI TIOCGPTN TIOCSPTLCK TIOCGPTPEER TCGETS TCSETS TCSETSW
    TCSETSF SIOCGIFCONF SIOCGIFADDR SIOCGIFFLAGS SIOCGIFINDEX
]);
/// The kind of a file, from st_mode.
pub(in crate::decode) const FILE_KIND: &Names =
    &Names::one_of(names![S_IFREG S_IFDIR S_IFLNK S_IFIFO S_IFSOCK S_IFCHR S_IFBLK]);

/// mmap(2), mprotect(2); PROT_NONE is the absence of the others.
pub(in crate::decode) const PROTECTION: &Names =
    &Names::both(u64::MAX, names![PROT_NONE], names![PROT_READ PROT_WRITE PROT_EXEC]);
/// mmap(2).
pub(in crate::decode) const MAP: &Names = &Names::both(
    0xf,
    names![MAP_SHARED MAP_PRIVATE MAP_SHARED_VALIDATE],
    names![
        MAP_ANONYMOUS MAP_FIXED MAP_FIXED_NOREPLACE MAP_STACK MAP_NORESERVE MAP_POPULATE MAP_LOCKED
        MAP_GROWSDOWN MAP_DENYWRITE MAP_HUGETLB
    ],
);
/// mremap(2).
pub(in crate::decode) const REMAP: &Names = &Names::flags(names![MREMAP_MAYMOVE MREMAP_FIXED]);
/// madvise(2).
pub(in crate::decode) const ADVICE: &Names = &Names::one_of(names![
    MADV_NORMAL MADV_RANDOM MADV_SEQUENTIAL MADV_WILLNEED MADV_DONTNEED MADV_FREE MADV_HUGEPAGE
    MADV_NOHUGEPAGE MADV_DONTFORK MADV_DOFORK MADV_DONTDUMP
]);
/// msync(2).
pub(in crate::decode) const SYNC: &Names = &Names::flags(names![MS_ASYNC MS_SYNC MS_INVALIDATE]);
/// getrandom(2).
pub(in crate::decode) const RANDOM: &Names =
    &Names::flags(names![GRND_NONBLOCK GRND_RANDOM GRND_INSECURE]);

/// poll(2).
pub(in crate::decode) const POLL: &Names =
    &Names::flags(names![POLLIN POLLPRI POLLOUT POLLRDHUP POLLERR POLLHUP POLLNVAL]);
/// epoll_create1(2).
pub(in crate::decode) const EPOLL_CREATE: &Names = &Names::flags(names![EPOLL_CLOEXEC]);
/// epoll_ctl(2).
pub(in crate::decode) const EPOLL_CTL: &Names =
    &Names::one_of(names![EPOLL_CTL_ADD EPOLL_CTL_DEL EPOLL_CTL_MOD]);
/// The events of epoll(7).
pub(in crate::decode) const EPOLL: &Names = &Names::flags(names![
    EPOLLIN EPOLLPRI EPOLLOUT EPOLLRDHUP EPOLLERR EPOLLHUP EPOLLET EPOLLONESHOT EPOLLEXCLUSIVE
    EPOLLWAKEUP
]);
/// eventfd2(2).
pub(in crate::decode) const EVENTFD: &Names =
    &Names::flags(names![EFD_CLOEXEC EFD_NONBLOCK EFD_SEMAPHORE]);
/// timerfd_create(2).
pub(in crate::decode) const TIMERFD: &Names = &Names::flags(names![TFD_CLOEXEC TFD_NONBLOCK]);
/// timerfd_settime(2).
pub(in crate::decode) const TIMERFD_SET: &Names =
    &Names::flags(names![TFD_TIMER_ABSTIME TFD_TIMER_CANCEL_ON_SET]);
