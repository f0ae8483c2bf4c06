//! A session of the client, event by event, with a clock that the test holds.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use capstone_chat::client::Options;
use capstone_chat::client::session::Prompt::Text;
use capstone_chat::client::session::{Action, Event, Session};

pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// A session, and the moment at which it is.
pub(crate) struct Story {
    pub(crate) session: Session,
    pub(crate) now: Instant,
}

#[allow(clippy::needless_pass_by_value, reason = "a list that is written in place reads best")]
impl Story {
    pub(crate) fn new(name: Option<&str>) -> Self {
        let server = SocketAddr::from(([127, 0, 0, 1], 9999));
        let now = Instant::now();
        let options = Options { patience: PATIENCE, attempts: 3 };
        Self { session: Session::new(server, name, options, now), now }
    }

    /// Logged in as ann.
    pub(crate) fn inside() -> Self {
        let mut story = Self::new(Some("ann"));
        story.wants([send("L ann")]);
        story.after(Event::Datagram(b"OK"), [show("您已进入聊天室"), Action::Ask(Text)]);
        story
    }

    #[track_caller]
    pub(crate) fn wants<const N: usize>(&mut self, actions: [Action; N]) {
        assert_eq!(self.session.actions(), actions);
    }

    #[track_caller]
    pub(crate) fn after<const N: usize>(&mut self, event: Event<'_>, actions: [Action; N]) {
        self.session.handle(event, self.now);
        assert_eq!(self.session.actions(), actions, "after {event:?}");
    }

    #[track_caller]
    pub(crate) fn typed<const N: usize>(&mut self, line: &str, actions: [Action; N]) {
        assert!(self.session.takes_lines());
        self.after(Event::Line(line.as_bytes()), actions);
    }

    #[track_caller]
    pub(crate) fn told<const N: usize>(&mut self, text: &str, actions: [Action; N]) {
        self.after(Event::Datagram(text.as_bytes()), actions);
    }

    /// Nobody answers until the session wants to do something.
    #[track_caller]
    pub(crate) fn silence<const N: usize>(&mut self, actions: [Action; N]) {
        let due = self.session.deadline().expect("an answer is waited for");
        self.now = due.checked_sub(Duration::from_millis(1)).unwrap();
        self.after(Event::Time, []);
        self.now = due;
        self.after(Event::Time, actions);
    }

    /// It ends with a sentence; what else it wants is no matter.
    #[track_caller]
    pub(crate) fn fails(&mut self, part: &str) {
        let actions = self.session.actions();
        match actions.last() {
            Some(Action::End(Err(why))) if why.contains(part) => {}
            _ => panic!("not the end with {part:?}: {actions:?}"),
        }
    }

    /// What it notes about an event, and nothing else.
    #[track_caller]
    pub(crate) fn notes(&mut self, event: Event<'_>, parts: &[&str]) {
        self.session.handle(event, self.now);
        let actions = self.session.actions();
        let mut all = String::new();
        for action in &actions {
            match action {
                Action::Note(text) => all.extend([text.as_str(), "\n"]),
                other => panic!("no note: {other:?} in {actions:?}"),
            }
        }
        assert!(parts.iter().all(|part| all.contains(part)), "{parts:?} in {all}");
    }
}

pub(crate) fn send(bytes: &str) -> Action {
    Action::Send(bytes.as_bytes().to_vec())
}

pub(crate) fn show(text: &str) -> Action {
    Action::Show(text.to_owned())
}

pub(crate) const DONE: Action = Action::End(Ok(()));
