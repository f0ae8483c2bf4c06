//! Moments in fields (RFC 9110, 5.6.7).
//!
//! One spelling is written, `Sun, 06 Nov 1994 08:49:37 GMT`; two older ones are read as well. The
//! crate `httpdate` does both; here is what it does not: a date is formatted once per second, not
//! once per answer.

use std::io::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Bytes of a written date.
pub const LENGTH: usize = 29;

/// A moment in any of the three spellings. `None` for what is no date: who sent it is treated as if
/// he had not (RFC 9110, 13.1.3).
pub fn parse(value: &[u8]) -> Option<SystemTime> {
    httpdate::parse_http_date(str::from_utf8(value).ok()?).ok()
}

/// The date as it is written now, and kept until the second is over.
#[derive(Debug, Clone)]
pub struct Clock {
    second: u64,
    text: [u8; LENGTH],
}

impl Clock {
    /// One that has not been looked at.
    pub const fn new() -> Self {
        Self { second: u64::MAX, text: [b' '; LENGTH] }
    }

    /// `now`, written.
    #[inline]
    pub fn text(&mut self, now: SystemTime) -> &[u8; LENGTH] {
        let second = seconds(now);
        if second != self.second {
            self.second = second;
            self.text = text(now);
        }
        &self.text
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// A moment, written. Before 1970 and after 9999 there is nothing to write: the nearest is.
pub fn text(moment: SystemTime) -> [u8; LENGTH] {
    /// 31 December 9999, 23:59:59.
    const LAST: u64 = 253_402_300_799;
    let moment = UNIX_EPOCH + Duration::from_secs(seconds(moment).min(LAST));
    let mut text = [b' '; LENGTH];
    // It is 29 bytes long for every moment between the two.
    let _ = write!(&mut text[..], "{}", httpdate::HttpDate::from(moment));
    text
}

fn seconds(moment: SystemTime) -> u64 {
    moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
