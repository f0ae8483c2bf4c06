//! put, as scripts use it.

use std::fs;
use std::io::{self, Write as _};

use crate::common::{Here, Server, big, names};

#[test]
fn a_file_goes_under_its_own_name_or_another() {
    let (server, here) = (Server::start(), Here::new());
    let at = server.address();
    fs::create_dir(here.path("from")).unwrap();
    fs::write(here.path("from/big"), big()).unwrap();
    here.run(&["put", &at, "from/big"]).succeeded();
    here.run(&["put", &at, "from/big", "other"]).succeeded();
    for name in ["big", "other"] {
        assert!(fs::read(server.path(name)).unwrap() == big(), "{name}");
    }
    here.run(&["put", &at, "from/big"]).failed(1, "'big': a file of this name exists");
    assert_eq!(names(server.folder.path()), ["big", "other"]);
}

#[test]
fn standard_input_goes_under_the_name_that_it_is_given() {
    let (server, here) = (Server::start(), Here::new());
    let at = server.address();
    let (reader, mut writer) = io::pipe().unwrap();
    writer.write_all(b"piped").unwrap();
    drop(writer);
    here.program(&["put", &at, "-", "a"]).stdin(reader).run().succeeded();
    assert_eq!(fs::read(server.path("a")).unwrap(), b"piped");
    here.run(&["put", &at, "-"]).failed(2, "put - needs a NAME");
}

#[test]
fn what_goes_wrong_names_the_file_and_the_reason() {
    let (server, here) = (Server::with(&["--max-upload", "10", "--max-files", "1"]), Here::new());
    let at = server.address();
    fs::write(here.path("small"), "x").unwrap();
    fs::write(here.path("large"), "x".repeat(11)).unwrap();
    here.run(&["put", &at, "nothing"]).failed(1, "'nothing': No such file");
    here.run(&["put", &at, "."]).failed(2, "needs a NAME");
    here.run(&["put", &at, ".", "a"]).failed(1, "'.': ");
    here.run(&["put", &at, "large"]).failed(1, "'large': the file is too large");
    here.run(&["put", &at, "small", "../a"]).failed(1, "'../a': this is not a name");
    here.run(&["put", &at, "small"]).succeeded();
    here.run(&["put", &at, "small", "other"]).failed(1, "'other': there are too many files");
    assert_eq!(names(server.folder.path()), ["small"]);
    let read_only = Server::with(&["--read-only"]);
    here.run(&["put", &read_only.address(), "small"]).failed(1, "can be read here, not written");
    let server = Server::with(&["--overwrite"]);
    for text in ["one", "two"] {
        fs::write(here.path("small"), text).unwrap();
        here.run(&["put", &server.address(), "small"]).succeeded();
        assert_eq!(fs::read_to_string(server.path("small")).unwrap(), text);
    }
}
