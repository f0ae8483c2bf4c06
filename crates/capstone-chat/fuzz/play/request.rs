//! What holds for any bytes that somebody takes for a request.

use capstone_chat::wire::{Message, Name, Request, harmless};

/// Panics when something does not hold.
pub(crate) fn play(bytes: &[u8]) {
    let shown = harmless(bytes);
    assert!(!shown.contains(|c: char| c.is_control() && c != '\t'), "{shown:?}");
    let Ok(request) = Request::parse(bytes) else { return };
    // What is written again is what was read.
    assert_eq!(Request::parse(&request.to_vec()), Ok(request));
    let (Request::Login { name } | Request::Chat { name, .. } | Request::Quit { name }) = request;
    assert!(!name.contains(' '));
    let Ok(name) = Name::new(name) else { return };
    assert!((1..=Name::LONGEST).contains(&name.as_str().len()));
    assert_eq!(harmless(name.as_str().as_bytes()), name.as_str());
    let Request::Chat { text, .. } = request else { return };
    let said = Message::Said { name: name.as_str(), text }.to_vec();
    let said = str::from_utf8(&said).expect("a message is UTF-8");
    let line = said.strip_prefix('\n').expect("a notice begins with a newline");
    assert!(!line.contains(|c: char| c.is_control() && c != '\t'), "{line:?}");
    let (who, _) = line.split_once(" 说:").expect("somebody has said it");
    assert_eq!(who, name.as_str());
}
