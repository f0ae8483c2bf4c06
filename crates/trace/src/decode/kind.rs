//! How an argument is to be read: the vocabulary of the table.

use super::names::Names;

/// What an argument of a call is. A `usize` is the place of another argument that belongs to it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Not shown: a length that another argument shows, or nothing that anybody asks for.
    Skip,
    /// An `int`.
    Int,
    /// An `unsigned int`.
    Unsigned,
    /// A `size_t`, an `off_t`: 64 bits.
    Long,
    /// Constants and flags.
    Named(&'static Names),
    /// Permissions, in octal.
    Mode,
    /// The same, when the flags there say O_CREAT; nothing without it.
    ModeOf(usize),
    /// A descriptor.
    Fd,
    /// A directory's descriptor, or AT_FDCWD.
    At,
    /// A process, a thread or (negative) a process group.
    Pid,
    /// A signal.
    Signal,
    /// An address that says nothing.
    Pointer,
    /// A text that ends with a NUL.
    Text,
    /// A text that the kernel stores; its length is the result.
    TextOut,
    /// Texts, in an array that ends with NULL.
    Texts,
    /// Bytes of this length.
    Bytes(usize),
    /// Room of this length for bytes; the result is how many there are.
    Buffer(usize),
    /// So many struct iovec with bytes.
    Gather(usize),
    /// So many struct iovec with room for bytes.
    Scatter(usize),
    /// A struct that the caller has filled in.
    In(Layout),
    /// A struct that the kernel fills in.
    Out(Layout),
    /// A socket's address of this length.
    Address(usize),
    /// A socket's address that the kernel stores, with its length there.
    Peer(usize),
    /// A struct msghdr with bytes.
    Message,
    /// A struct msghdr with room for bytes.
    MessageRoom,
    /// So many struct mmsghdr with bytes.
    Messages(usize),
    /// Several struct mmsghdr with room for bytes; the result is how many messages there are.
    MessagesRoom,
    /// A socket option's name; its level stands before it.
    OptionName,
    /// A socket option's value.
    OptionIn,
    /// A socket option's value, which the kernel stores.
    OptionOut,
    /// So many struct pollfd.
    Poll(usize),
    /// Room for struct epoll_event; the result is how many there are.
    Events,
    /// A set of descriptors for select(2): what is asked, then what is ready.
    FdSet,
    /// Directory entries; the result is how many bytes of them.
    Entries,
    /// A time limit in milliseconds; negative is none.
    Millis,
    /// A span in seconds.
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "a call of x86-64 alone"))]
    Seconds,
    /// A struct timespec as a time limit; NULL is none.
    Limit,
    /// A struct timeval as a time limit; NULL is none.
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "a call of x86-64 alone"))]
    LimitMicros,
    /// A struct timespec that is a moment; NULL is no limit.
    Deadline,
    /// A struct timespec: a moment if the flags there say TIMER_ABSTIME, else a span.
    Until(usize),
    /// A struct itimerspec, whose value is a moment if the flags there say TFD_TIMER_ABSTIME.
    Timer(usize),
    /// Whom waitid(2) waits for: what kind of number it is stands before it.
    Whom,
    /// The rest of the arguments of fcntl(2).
    Control,
    /// The rest of the arguments of ioctl(2).
    Request,
    /// The rest of the arguments of futex(2).
    Futex,
    /// The rest of the arguments of prctl(2).
    Property,
}

/// What lies at an address.
#[derive(Clone, Copy, Debug)]
pub(super) enum Layout {
    /// An int.
    Number,
    /// An off_t.
    Offset,
    /// An int that is a process.
    Process,
    /// Two ints that are descriptors.
    FdPair,
    /// A wait status.
    Status,
    /// A sigset_t of the kernel: 64 bits.
    Sigset,
    /// A struct sigaction of the kernel.
    Action,
    /// A siginfo_t.
    Info,
    /// A struct sigevent.
    Notification,
    /// A struct timespec that is a span.
    Span,
    /// A struct timeval that is a span.
    Micros,
    /// A moment.
    Clock,
    /// A struct itimerspec with spans.
    Timers,
    /// A struct itimerval.
    Intervals,
    /// A struct epoll_event.
    Epoll,
    /// A struct mq_attr.
    Queue,
    /// A struct rlimit.
    Resource,
    /// A struct flock.
    Lock,
    /// A struct winsize.
    Window,
    /// A struct stat.
    Stat,
    /// A struct statx.
    Statx,
    /// A struct clone_args.
    Clone,
    /// A struct open_how.
    OpenHow,
}

/// What a result is, when it is no errno.
#[derive(Clone, Copy, Debug)]
pub(super) enum Gives {
    /// A number: of bytes, of events, or 0.
    Number,
    /// A new descriptor.
    Fd,
    /// A process or a thread; 0 is none.
    Pid,
    /// A signal.
    Signal,
    /// An address.
    Pointer,
    /// What the operation of fcntl(2) says.
    Control,
}
