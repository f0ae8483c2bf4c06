//! # The course's file protocol
//!
//! For a stream that keeps the order of bytes, such as TCP. The client asks, the server answers,
//! one answer for each request and in their order. Everything that is not a file's content is a
//! frame; a file's content follows its announcement as it is, without frames.
//!
//! ```text
//! client                                    server
//!   │ L ──────────────────────────────────────► │
//!   │ ◄─────────────────── L, F, F … one F each │
//!   │ G "notes.txt" ──────────────────────────► │
//!   │ ◄───────────── G size version, content, D │
//!   │ P "new.txt" size ───────────────────────► │
//!   │ ◄─────────────────────────────────── P go │
//!   │ content, D ─────────────────────────────► │
//!   │ ◄────────────────────────────────────── D │
//!   │ Q ──────────────────────────────────────► │
//!   │ ◄───────────────────────── Q, and the end │
//! ```
//!
//! ## Frames
//!
//! Four bytes, the length, say how many bytes follow: at least 1, at most 4,096. The first of them is
//! a letter, then come the fields that the letter has, and nothing else. All numbers are unsigned and
//! in network order (big-endian); `name` and `text` are the rest of the frame. A name is bytes, in no
//! particular encoding; [the store](crate::store) says which there can be.
//!
//! | from the client | fields | answer |
//! |---|---|---|
//! | `L` list | | `L`, then as many `F` as it says; or `E` |
//! | `S` state | name | `G` without content; or `E` |
//! | `G` get | flags 1, offset 8, version 40, name | `G`, content, then `D` or `E`; or `E` at once |
//! | `P` put | flags 1, size 8, name | `P`, and after content and `D` a `D`; or `E` |
//! | `D` the content is complete | checksum 4, or nothing | see `P` |
//! | `Q` quit | | `Q`, then the end of the stream |
//!
//! | from the server | fields |
//! |---|---|
//! | `L` the list | count 4 |
//! | `F` one file of it | size 8, modified 8, name |
//! | `G` here it is | size 8, version 40 |
//! | `P` go on | |
//! | `D` the content was complete | checksum 4, or nothing |
//! | `E` no | code 1, text |
//! | `Q` good-bye | |
//!
//! `modified` is in seconds since 1970, before that 0. Of the flags, bit 0 asks for the checksum; the
//! others are 0. The checksum is the CRC-32 of Ethernet and gzip, of the whole file.
//!
//! ## List
//!
//! The ordinary files of the folder, ordered by the bytes of their names. A name may contain anything,
//! also a newline and what a terminal obeys.
//!
//! ## Get, and its resumption
//!
//! The content is `size - offset` bytes, from `offset` on. A client that begins asks with offset 0 and
//! any version. One that was interrupted asks with the number of bytes that it has and the version that
//! it was told with them: 40 bytes that have a meaning for the server only. If the file is another
//! one now, the answer is `E` with code 11, and the client begins anew; an offset beyond the end is
//! code 12. `S` asks for size and version alone, to look for the beginning of that version.
//!
//! Behind the content, `D` says that the file has not been written to meanwhile; if it was, `E` says so,
//! with code 11, and the content is to be thrown away. (An upload does not write to a file, it replaces
//! it; whoever reads goes on reading the old one.) When the file turns out to be shorter than it was,
//! the server ends the stream, since it has nothing to send for what it has announced. The checksum is
//! that of the whole file, also of the part before `offset`: so it finds as well what has become of the
//! part that the client had.
//!
//! ## Put
//!
//! The client waits for `P`, which says go on: so a refused file costs no content, and what follows
//! is the next request. Then it sends exactly `size` bytes and a `D`, with the checksum if it had
//! asked for one. The file appears under its name when `D` has come, whole and at once; before that
//! there is nothing, and nothing remains when the stream ends. If something goes wrong meanwhile,
//! such as a full disk, `E` comes at once and instead of the last `D`: the client may send what it
//! has announced, and go on with another request, or end the stream.
//!
//! ## Errors
//!
//! `text` is a sentence in UTF-8; programs look at the code. Behind an `E` the stream can be used as
//! before, with one exception: 0 means that the server has not understood, cannot know where the next
//! frame begins, and ends the stream.
//!
//! | code | |
//! |---|---|
//! | 0 | no frame of this protocol: a length of 0 or above 4,096, a letter or a flag that is unknown, a field too few or too many, or at the wrong moment |
//! | 1 | not a name for a file here |
//! | 2 | no such file |
//! | 3 | not an ordinary file |
//! | 4 | permission denied |
//! | 5 | nothing can be written here |
//! | 6 | the name is taken |
//! | 7 | the file is too large |
//! | 8 | there are too many files |
//! | 9 | the disk is full |
//! | 10 | anything else that is the server's trouble |
//! | 11 | the file has changed |
//! | 12 | the offset is beyond the end |
//! | 13 | the checksum is wrong |
//!
//! ## Many requests
//!
//! A client need not wait for an answer before the next request, except behind `P`. A server may let
//! it wait, and read nothing from it while it does not take its answers. When the client ends its
//! side (a half-close), it still gets all answers.
//!
//! ## Time
//!
//! A server ends the stream of a client that does not get ahead for a while (a minute, if nobody says
//! otherwise): that begins no request, completes none, sends less than 4 KiB of content, or takes
//! nothing of what it is owed. There is no limit for the whole.
//!
//! ## Examples
//!
//! ```
//! use capstone_tftp::wire::{Answer, Code, Request};
//!
//! let bytes = |request: Request<'_>| request.to_bytes();
//! assert_eq!(bytes(Request::List), b"\0\0\0\x01L");
//! let put = Request::Put { checksum: true, size: 5, name: b"a" };
//! assert_eq!(bytes(put), b"\0\0\0\x0bP\x01\0\0\0\0\0\0\0\x05a");
//! // Then "hello", and its checksum:
//! let done = Request::Done { checksum: Some(crc32fast::hash(b"hello")) };
//! assert_eq!(bytes(done), b"\0\0\0\x05D\x36\x10\xa6\x86");
//!
//! let no = Answer::parse(b"E\x06a file of this name exists")?;
//! assert_eq!(no, Answer::No { code: Code::Exists, text: b"a file of this name exists" });
//! # Ok::<(), capstone_tftp::wire::Malformed>(())
//! ```

mod answer;
mod code;
mod fields;
mod request;

pub use answer::Answer;
pub use code::Code;
pub use fields::Malformed;
pub use request::Request;

/// The longest frame in bytes, its length not counted.
pub const LONGEST: usize = 4096;

/// Which content a file has: nobody but the server knows what is in it.
pub type Version = [u8; 40];

/// The version of a client that has nothing yet.
pub const NONE: Version = [0; 40];
