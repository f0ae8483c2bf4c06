//! A site in the image of the course's book: pages that share a style and a script, pictures, a search
//! index that the script fetches; and a sound, which the book has not.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

/// The script shows that it has run and has read the index, in the title.
const SCRIPT: &str = "\
fetch('/searchindex.json').then(answer => answer.json()).then(index => {
    document.title += ' ' + index.words.length;
});
";

/// Seconds of the sound.
pub(crate) const SECONDS: u32 = 60;

/// What every page asks for.
pub(crate) const SHARED: [&str; 5] =
    ["/style.css", "/book.js", "/picture.svg", "/favicon.svg", "/searchindex.json"];

pub(crate) fn write(root: &Path) {
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M0 9L9 0\"/></svg>";
    for (name, text) in [
        ("index.html", page("first")),
        ("second.html", page("second")),
        ("404.html", page("nothing")),
        ("style.css", "body { background: url(/picture.svg) }".into()),
        ("book.js", SCRIPT.into()),
        ("picture.svg", picture.into()),
        ("favicon.svg", picture.into()),
        ("searchindex.json", "{ \"words\": [\"poll\", \"epoll\"] }".into()),
    ] {
        fs::write(root.join(name), text).unwrap();
    }
    silence(&root.join("silence.wav"));
}

fn page(title: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"/favicon.svg\">\n<link rel=\"stylesheet\" href=\"/style.css\">\n\
         <script src=\"/book.js\" defer></script>\n<h1>{title}</h1>\n<img src=\"/picture.svg\" alt=\"\">\n\
         <p><a href=\"/second.html\">next</a>\n"
    )
}

/// A minute of nothing in CD quality: 10 MiB, which is more than a player reads ahead.
fn silence(path: &Path) {
    let (rate, frame) = (44_100_u32, 4_u16);
    let length = rate * u32::from(frame) * SECONDS;
    let mut file = File::create(path).unwrap();
    let mut head = Vec::new();
    head.extend(b"RIFF");
    head.extend((36 + length).to_le_bytes());
    head.extend(b"WAVEfmt ");
    head.extend(16_u32.to_le_bytes());
    // PCM, two channels of 16 bits.
    head.extend([1_u16, 2].iter().flat_map(|word| word.to_le_bytes()));
    head.extend(rate.to_le_bytes());
    head.extend((rate * u32::from(frame)).to_le_bytes());
    head.extend([frame, 16].iter().flat_map(|word| word.to_le_bytes()));
    head.extend(b"data");
    head.extend(length.to_le_bytes());
    file.write_all(&head).unwrap();
    file.set_len(head.len() as u64 + u64::from(length)).unwrap();
}
