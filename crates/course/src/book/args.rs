//! The arguments of `cargo course book`, and of what mdBook calls.

use std::ffi::OsString;

use cli::Usage;

/// What is wanted of the book.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Book {
    Build {
        open: bool,
    },
    /// Only what has one of these in its name, when there are any: chapters and transcripts.
    Check {
        parts: Vec<String>,
    },
    Renew {
        parts: Vec<String>,
    },
    /// mdBook asks whether we know a renderer …
    Supports {
        renderer: String,
    },
    /// … and hands over the book.
    Preprocess,
}

/// Nothing when the words are not about the book.
pub(crate) fn parse(words: &[OsString]) -> Option<Result<Book, Usage>> {
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let parts = |rest: &[&str]| rest.iter().map(|part| (*part).to_owned()).collect();
    Some(Ok(match words[..] {
        ["book"] => Book::Build { open: false },
        ["book", "--open"] => Book::Build { open: true },
        ["book", "--check", ref rest @ ..] => Book::Check { parts: parts(rest) },
        ["book", "--renew", ref rest @ ..] => Book::Renew { parts: parts(rest) },
        ["book", "--help" | "-h"] => return None,
        ["book", unknown, ..] => {
            let known = "book understands --open, --check and --renew";
            return Some(Err(Usage(format!("{known}, not '{unknown}' (try: cargo course help)"))));
        }
        ["book-preprocess"] => Book::Preprocess,
        ["book-preprocess", "supports", renderer] => Book::Supports { renderer: renderer.into() },
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(words: &[&str]) -> Option<Result<Book, String>> {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        parse(&words).map(|book| book.map_err(|usage| usage.0))
    }

    #[test]
    fn each_wish_is_understood_and_no_other() {
        assert_eq!(asked(&["book"]), Some(Ok(Book::Build { open: false })));
        assert_eq!(asked(&["book", "--open"]), Some(Ok(Book::Build { open: true })));
        let parts = vec!["day04".to_owned()];
        assert_eq!(asked(&["book", "--renew", "day04"]), Some(Ok(Book::Renew { parts })));
        assert_eq!(asked(&["book", "--check"]), Some(Ok(Book::Check { parts: vec![] })));
        let html = Book::Supports { renderer: "html".into() };
        assert_eq!(asked(&["book-preprocess", "supports", "html"]), Some(Ok(html)));
        assert_eq!(asked(&["book-preprocess"]), Some(Ok(Book::Preprocess)));
        assert_eq!(asked(&["list"]), None);
        assert_eq!(asked(&["book", "--help"]), None);
        let said = asked(&["book", "--opne"]).unwrap().unwrap_err();
        assert!(said.contains("not '--opne'"), "{said}");
    }
}
