//! Items of a file, and of what is none.

use super::*;

const SOURCE: &str = r#"
//! The file.

use std::io;

const ONE: &str = "a { in a text";

/// Serves.
#[inline]
pub(crate) fn serve(
    listener: &Listener,
) -> Outcome {
    // a } in a comment
    let open = '{';
    if x { '\'' } else { "\"{" }
}

struct Client<'a> {
    stream: &'a Stream,
}

impl Client<'_> {
    /// Acts.
    pub(in crate::shop) fn act(&mut self) {
        serve();
    }
}

impl Drop for Client<'_> {
    fn drop(&mut self) {}
}
"#;

#[test]
fn an_item_comes_with_what_stands_above_it_and_ends_where_it_ends() {
    let serve = item(SOURCE, "serve").unwrap();
    assert!(serve.starts_with("/// Serves.\n#[inline]\npub(crate) fn serve("), "{serve}");
    assert!(serve.ends_with("\"\\\"{\" }\n}"), "{serve}");
    assert_eq!(item(SOURCE, "ONE").unwrap(), "const ONE: &str = \"a { in a text\";");
    let client = "struct Client<'a> {\n    stream: &'a Stream,\n}";
    assert_eq!(item(SOURCE, "Client").unwrap(), client);
    assert_eq!(item(SOURCE, "struct Client").unwrap(), client);
}

#[test]
fn a_method_moves_to_the_margin() {
    let act = "/// Acts.\npub(in crate::shop) fn act(&mut self) {\n    serve();\n}";
    assert_eq!(item(SOURCE, "Client::act").unwrap(), act);
    assert_eq!(item(SOURCE, "Client::drop").unwrap(), "fn drop(&mut self) {}");
    let whole = "impl Drop for Client<'_> {\n    fn drop(&mut self) {}\n}";
    assert_eq!(item(SOURCE, "impl Drop for Client<'_>").unwrap(), whole);
}

#[test]
fn what_is_not_there_is_said() {
    assert_eq!(item(SOURCE, "serv").unwrap_err(), "no item is called 'serv'");
    assert_eq!(item(SOURCE, "Client::go").unwrap_err(), "no item is called 'Client::go'");
    let twice = "fn a() {}\nmod a {}\n";
    assert_eq!(item(twice, "a").unwrap_err(), "2 items are called 'a'");
}

#[test]
fn a_piece_goes_on_until_what_it_has_opened_is_closed() {
    let lines = ["loop {", "    // a } in a comment", "    one();", "    two();", "}", "three();"];
    assert_eq!(closed(&lines, 2), 4);
    assert_eq!(closed(&lines[2..], 0), 0);
    // What was opened before it is not its own.
    assert_eq!(closed(&lines[2..], 2), 2);
    assert_eq!(closed(&["loop {", "one();"], 1), 1);
}
