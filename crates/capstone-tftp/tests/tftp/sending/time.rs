//! When it is said again, and for how long.

use std::time::Duration;

use capstone_tftp::tftp::End;
use capstone_tftp::tftp::options::Agreed;

use super::Stage;

/// RFC 1350 section 2: what is lost is sent again by time; here each time after twice the pause,
/// until nobody is there.
#[test]
fn repeated_by_time_and_given_up() {
    let mut stage = Stage::new(Agreed::default(), &[7; 5000]);
    stage.sends();
    let pauses: Vec<f64> = (0..10)
        .map(|_| {
            let (sent, pause) = stage.waits();
            assert_eq!(sent, "1");
            pause.as_secs_f64()
        })
        .collect();
    assert_eq!(pauses, [1., 2., 4., 6., 6., 6., 6., 6., 6., 6.]);
    assert_eq!(stage.waits().0, "");
    assert_eq!(stage.sender.end(), Some(&End::GivenUp));
    assert!(stage.sender.over() && stage.sender.deadline().is_none());
}

/// Any progress is a new beginning; the pause comes from the round trip that was measured.
#[test]
fn the_pause_is_measured() {
    let mut stage = Stage::new(Agreed::default(), &[7; 5000]);
    stage.sends();
    stage.now += Duration::from_millis(300);
    assert_eq!(stage.ack(1), "2");
    // RFC 6298: the trip and four times half of it.
    assert_eq!(stage.waits(), ("2".to_owned(), Duration::from_millis(900)));
    // Karn: the answer may be to either of the two, and says nothing.
    stage.now += Duration::from_secs(3);
    assert_eq!(stage.ack(2), "3");
    assert_eq!(stage.waits().1, Duration::from_millis(900));
}

/// RFC 2349: the negotiated timeout is the pause, each time. A long one does not mean for ever.
#[test]
fn the_pause_that_was_agreed() {
    for (seconds, tries) in [(3, 10), (30, 2), (255, 2)] {
        let timeout = Duration::from_secs(seconds);
        let agreed = Agreed { timeout: Some(timeout), ..Agreed::default() };
        let mut stage = Stage::new(agreed, &[]);
        stage.sends();
        for _ in 0..tries {
            assert_eq!(stage.waits(), ("1".to_owned(), timeout));
        }
        stage.waits();
        assert_eq!(stage.sender.end(), Some(&End::GivenUp), "{seconds} s");
    }
}

/// Karn: of what was sent again because a window was cut, nobody knows which copy was answered.
#[test]
fn what_is_sent_again_is_not_measured() {
    let mut stage = Stage::window(4, &[7; 500]);
    stage.sends();
    stage.now += Duration::from_millis(300);
    assert_eq!(stage.ack(4), "5 6 7 8");
    stage.now += Duration::from_millis(300);
    assert_eq!(stage.ack(5), "6 7 8 9");
    let pause = stage.sender.deadline().unwrap() - stage.now;
    stage.now += Duration::from_millis(800);
    assert_eq!(stage.ack(9), "10 11 12 13");
    assert_eq!(stage.sender.deadline().unwrap() - stage.now, pause);
}
