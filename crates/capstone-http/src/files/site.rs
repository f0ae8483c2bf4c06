//! The site: a folder and its rules. The only file of this room that asks the file system.

use std::path::Path;
use std::time::SystemTime;

use jail::{Dir, Error};
use syscall::Errno;

use crate::files::answer::Answer;
use crate::files::listing::Order;
use crate::files::options::Rules;
use crate::files::{Cache, Options, Resource, folder, preflight, respond};
use crate::message::{Fields, Head, Method, Status, uri};

/// What a folder's own page is called.
const INDEX: &[u8] = b"index.html";

/// Where the cache keeps the page for what does not exist: no path of a request, because each of
/// those begins with a slash.
const NOT_FOUND: &[u8] = b"404";

/// A folder that is served. All workers share one.
#[derive(Debug)]
pub struct Site {
    jail: Dir,
    options: Options,
    rules: Rules,
}

/// What a path leads to that is no file.
enum Other {
    /// A folder that was asked for as if it were a file: where it is.
    Moved(Vec<u8>),
    /// A folder without a page of its own: its name.
    Folder(Vec<u8>),
    Failed(Status),
}

impl Site {
    /// Opens the folder.
    ///
    /// # Errors
    /// ENOENT, ENOTDIR, EACCES and others of open(2).
    pub fn open(folder: &Path, options: Options) -> syscall::Result<Self> {
        let rules = Rules::new(&options);
        Ok(Self { jail: Dir::open(folder)?, options, rules })
    }

    /// Answers a request. What was found for another one within the last second is in the worker's
    /// `cache`; then no system call is made, and nothing allocated.
    pub fn answer(&self, head: &Head<'_>, now: SystemTime, cache: &mut Cache, out: &mut Answer) {
        let bodiless = match head.method {
            Method::Get => false,
            Method::Head => true,
            _ => return preflight::other(head, &self.rules, out),
        };
        let Some(path) = head.target.path() else {
            return self.refuse(Status::BadRequest, bodiless, now, cache, out);
        };
        if let Some(resource) = cache.fresh(path, now) {
            return respond::file(resource, &head.fields, bodiless, (&self.rules, now), out);
        }
        let query = head.target.query();
        let resource = match self.find(path, query, cache.take(path), now) {
            Ok(resource) => cache.put(path, resource, now),
            Err(Other::Folder(name)) => match self.list(path, &name, query, now, cache) {
                Ok(page) => page,
                Err(error) => return self.refuse(status(&error), bodiless, now, cache, out),
            },
            Err(Other::Moved(to)) => {
                let writer = out.begin(Status::MovedPermanently).lines(&self.rules.sharing);
                writer.field("Location", &to).pause();
                return out.explain(bodiless);
            }
            Err(Other::Failed(status)) => return self.refuse(status, bodiless, now, cache, out),
        };
        respond::file(resource, &head.fields, bodiless, (&self.rules, now), out);
    }

    /// Answers OPTIONS for what is no file: these are the methods that it understands.
    pub fn options(&self, fields: &Fields<'_>, allowed: &str, out: &mut Answer) {
        preflight::options(fields, allowed.as_bytes(), &self.rules, out);
    }

    /// Lets the scripts of other sites read an answer that came from elsewhere.
    pub fn share(&self, out: &mut Answer) {
        out.go_on().lines(&self.rules.sharing).pause();
    }

    fn find(
        &self,
        path: &[u8],
        query: Option<&[u8]>,
        before: Option<Resource>,
        now: SystemTime,
    ) -> Result<Resource, Other> {
        let mut room = Vec::new();
        let path = uri::clean(path, &mut room).map_err(|refusal| Other::Failed(refusal.status))?;
        if folder::is_hidden(path.name) {
            return Err(Other::Failed(Status::NotFound));
        }
        let name = match (path.folder, path.name) {
            (false, name) => name.to_vec(),
            (true, b"") => INDEX.to_vec(),
            (true, name) => [name, b"/", INDEX].concat(),
        };
        let found = Resource::find(&self.jail, name, before, (&self.rules, now));
        found.map_err(|error| match error {
            Error::Folder if !path.folder => Other::Moved(folder::location(path.name, query)),
            Error::Folder | Error::NotFound if path.folder && self.options.listing => {
                Other::Folder(path.name.to_vec())
            }
            error => Other::Failed(status(&error)),
        })
    }

    /// The listing of a folder: it takes its time, so it is kept for a second as files are, behind a
    /// question mark, which no path has.
    fn list<'cache>(
        &self,
        path: &[u8],
        name: &[u8],
        query: Option<&[u8]>,
        now: SystemTime,
        cache: &'cache mut Cache,
    ) -> jail::Result<&'cache Resource> {
        let order = Order::of(query);
        let key = [path, b"?", order.query().as_bytes()].concat();
        if cache.fresh(&key, now).is_none() {
            let page = folder::list(&self.jail, name, order)?;
            return Ok(cache.put(&key, Resource::page(page, &self.rules), now));
        }
        cache.fresh(&key, now).ok_or(Error::NotFound)
    }

    fn refuse(
        &self,
        status: Status,
        bodiless: bool,
        now: SystemTime,
        cache: &mut Cache,
        out: &mut Answer,
    ) {
        if status == Status::NotFound
            && let Some(page) = self.not_found(now, cache)
        {
            return respond::not_found(page, bodiless, &self.rules, out);
        }
        let writer = out.begin(status).lines(&self.rules.sharing);
        if status == Status::ServiceUnavailable {
            writer.field("Retry-After", b"1").pause();
            cache.clear();
        } else {
            writer.pause();
        }
        out.explain(bodiless);
    }

    fn not_found<'cache>(
        &self,
        now: SystemTime,
        cache: &'cache mut Cache,
    ) -> Option<&'cache Resource> {
        let name = self.options.not_found.as_ref()?;
        if cache.fresh(NOT_FOUND, now).is_none() {
            let before = cache.take(NOT_FOUND);
            let page = Resource::find(&self.jail, name.clone(), before, (&self.rules, now)).ok()?;
            return Some(cache.put(NOT_FOUND, page, now));
        }
        cache.fresh(NOT_FOUND, now)
    }
}

/// What lies outside, or is no file, does not exist for strangers.
fn status(error: &Error) -> Status {
    match error {
        Error::Denied => Status::Forbidden,
        Error::Call(error) => match error.errno() {
            // It may be better soon: too many open files, no memory, a lease.
            Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM | Errno::EWOULDBLOCK => {
                Status::ServiceUnavailable
            }
            _ => Status::InternalServerError,
        },
        _ => Status::NotFound,
    }
}
