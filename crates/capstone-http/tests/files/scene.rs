//! A folder, a site, and requests as bytes.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use capstone_http::files::{Answer, Cache, Options, Piece, Site};
use capstone_http::message::{Head, Limits, Parsed, parse};

/// The modification of every file of a scene, 6 November 1994.
pub(crate) const MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// A site, its folder, its cache and its clock.
pub(crate) struct Scene {
    /// Removed at the end.
    pub(crate) all: tempfile::TempDir,
    pub(crate) site: Site,
    pub(crate) cache: Cache,
    pub(crate) now: SystemTime,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Scene {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self::with(files, Options::default())
    }

    pub(crate) fn with(files: &[(&str, &str)], options: Options) -> Self {
        let all = tempfile::tempdir().unwrap();
        let root = all.path().join("site");
        fs::create_dir(&root).unwrap();
        let site = Site::open(&root, options).unwrap();
        let scene = Self { all, site, cache: Cache::default(), now: SystemTime::now() };
        for (name, text) in files {
            scene.write(name, text);
        }
        scene
    }

    /// A path in the folder that is served.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.all.path().join("site").join(name)
    }

    /// Writes a file, and the folders on its way.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::from_secs(784_111_777)).unwrap();
    }

    pub(crate) fn get(&mut self, path: &str, fields: &str) -> Reply {
        self.ask("GET", path, fields)
    }

    /// Each of the fields ends in a line end.
    pub(crate) fn ask(&mut self, method: &str, path: &str, fields: &str) -> Reply {
        let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\n{fields}\r\n");
        let mut answer = Answer::default();
        self.site.answer(&head(&request), self.now, &mut self.cache, &mut answer);
        Reply::of(&answer)
    }

    pub(crate) fn wait(&mut self, time: Duration) {
        self.now += time;
    }
}

/// The head of a request.
pub(crate) fn head(request: &str) -> Head<'_> {
    match parse(request.as_bytes(), &Limits::default()).unwrap() {
        Parsed::Done { head, .. } => head,
        Parsed::Partial => panic!("half a request: {request}"),
    }
}

impl Reply {
    /// Reads an answer as a client does.
    pub(crate) fn of(answer: &Answer) -> Self {
        let head = std::str::from_utf8(&answer.head).unwrap();
        let mut lines = head.strip_suffix("\r\n").unwrap().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        assert_eq!(status, answer.status.code());
        let field = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        };
        let body = answer.body.iter().flat_map(bytes).collect();
        Self { status, fields: lines.map(field).collect(), body }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut found = self.fields.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} twice in {self:?}");
        value
    }

    /// The body, whose length must be what was announced.
    pub(crate) fn text(&self) -> &str {
        let length = self.field("content-length").map(|text| text.parse().unwrap());
        assert_eq!(length.unwrap_or(0), self.body.len(), "{self:?}");
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn bytes(piece: &Piece) -> Vec<u8> {
    match piece {
        Piece::Made(bytes) => bytes.clone(),
        Piece::Shared(bytes, range) => bytes[range.clone()].to_vec(),
        Piece::File(file, range) => {
            let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap()];
            file.read_exact_at(&mut bytes, range.start).unwrap();
            bytes
        }
    }
}
