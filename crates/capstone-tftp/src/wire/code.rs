//! Why a server says no.

macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $number:literal,)+) => {
        /// Why a server says no. The table of the [module](super) has their numbers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $($(#[$doc])+ $name,)+
            /// A number that only newer servers know.
            Other(u8),
        }

        impl From<u8> for Code {
            fn from(number: u8) -> Self {
                match number {
                    $($number => Self::$name,)+
                    number => Self::Other(number),
                }
            }
        }

        impl From<Code> for u8 {
            fn from(code: Code) -> Self {
                match code {
                    $(Code::$name => $number,)+
                    Code::Other(number) => number,
                }
            }
        }
    };
}

codes! {
    /// No frame of this protocol. The stream ends.
    Malformed = 0,
    /// Not a name for a file here.
    BadName = 1,
    /// No such file.
    NotFound = 2,
    /// A folder, a device and the like.
    NotOrdinary = 3,
    /// Permission denied.
    Denied = 4,
    /// Nothing can be written here.
    ReadOnly = 5,
    /// The name is taken.
    Exists = 6,
    /// The file is too large.
    TooLarge = 7,
    /// There are too many files.
    TooMany = 8,
    /// The disk is full.
    Full = 9,
    /// Anything else that is the server's trouble.
    Trouble = 10,
    /// The file has changed.
    Changed = 11,
    /// The offset is beyond the end.
    Beyond = 12,
    /// The checksum is wrong.
    Checksum = 13,
}
