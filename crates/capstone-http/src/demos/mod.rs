//! The example of a [`Handler`]: the course's list of demos as JSON, to be read and added to. The
//! notes end with "add a function that fetches data"; this is such a function.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api` | all, as `{"demos": [{"name": …, "day": …, "minutes": …, "title": …}, …]}` |
//! | `GET /api/day04-poll` | one of them |
//! | `PUT /api/NAME` | 201 or 200: it is what was sent, an object with the same members |
//! | `POST /api` | 201 and its Location: the same, with its name in the object; 409 if it is there |
//!
//! What is written is kept in memory, up to a limit, and gone with the process. With a process for
//! each client it is gone with the connection: that is what the model is like.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use serde_json::{Map, Value, json};

use crate::connection::{Handler, Request};
use crate::files::Answer;
use crate::message::{Method, Status};

/// The demos of the course, as their manifests describe them; a test compares.
const COURSE: &str = include_str!("demos.json");

/// The most that are kept.
const MOST: usize = 1000;

const JSON: &str = "application/json";

/// What is kept of a demo.
#[derive(Clone, Debug)]
struct Demo {
    day: u64,
    minutes: u64,
    title: String,
}

/// The list.
#[derive(Debug, Default)]
pub struct Demos(RwLock<BTreeMap<String, Demo>>);

impl Demos {
    /// As the course has them.
    pub fn of_the_course() -> Self {
        let value: Value = serde_json::from_str(COURSE).unwrap_or_default();
        let rows = value["demos"].as_array().into_iter().flatten();
        let demos = rows.filter_map(|row| Some((row["name"].as_str()?.into(), demo(row)?)));
        Self(RwLock::new(demos.collect()))
    }

    fn all(&self) -> Value {
        let demos = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let rows: Vec<Value> = demos.iter().map(|(name, demo)| row(name, demo)).collect();
        json!({ "demos": rows })
    }

    fn one(&self, name: &str) -> Option<Value> {
        let demos = self.0.read().unwrap_or_else(PoisonError::into_inner);
        demos.get(name).map(|demo| row(name, demo))
    }

    /// Whether it is new; `None` when there are too many.
    fn put(&self, name: &str, demo: Demo) -> Option<bool> {
        let mut demos = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = !demos.contains_key(name);
        if is_new && demos.len() >= MOST {
            return None;
        }
        demos.insert(name.into(), demo);
        Some(is_new)
    }
}

impl Handler for Demos {
    fn handle(&self, request: &Request<'_>, answer: &mut Answer) {
        let Ok(name) = str::from_utf8(request.path) else { return say(answer, Status::NotFound) };
        match (request.method, name) {
            (Method::Get | Method::Head, "") => found(answer, &self.all()),
            (Method::Get | Method::Head, name) => match self.one(name) {
                Some(demo) => found(answer, &demo),
                None => say(answer, Status::NotFound),
            },
            (Method::Post, "") => {
                let body = parse(request);
                let name = body.as_ref().and_then(|body| body["name"].as_str());
                match name.filter(|name| is_name(name)).map(str::to_owned) {
                    Some(name) if self.one(&name).is_some() => say(answer, Status::Conflict),
                    Some(name) => self.write(request, &name, body.as_ref(), answer),
                    None => say(answer, Status::UnprocessableContent),
                }
            }
            (Method::Put, name) if is_name(name) => {
                self.write(request, name, parse(request).as_ref(), answer);
            }
            _ => answer.not_allowed(self.allowed(request.path)),
        }
    }

    fn allowed(&self, path: &[u8]) -> &'static str {
        if path.is_empty() { "GET, HEAD, OPTIONS, POST" } else { "GET, HEAD, OPTIONS, PUT" }
    }
}

impl Demos {
    fn write(&self, request: &Request<'_>, name: &str, body: Option<&Value>, answer: &mut Answer) {
        let kind = request.fields.get("content-type").unwrap_or(JSON.as_bytes());
        let kind = kind.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii();
        if !kind.eq_ignore_ascii_case(JSON.as_bytes()) {
            return say(answer, Status::UnsupportedMediaType);
        }
        let Some(demo) = body.and_then(demo) else {
            return say(answer, Status::UnprocessableContent);
        };
        let told = row(name, &demo);
        match self.put(name, demo) {
            None => say(answer, Status::InsufficientStorage),
            Some(false) => found(answer, &told),
            Some(true) => {
                let place = [request.base, b"/", name.as_bytes()].concat();
                answer.begin(Status::Created).field("Location", &place).pause();
                answer.content(JSON, text(&told), false);
            }
        }
    }
}

fn parse(request: &Request<'_>) -> Option<Value> {
    serde_json::from_slice(request.body).ok()
}

/// Short, and nothing that would have to be escaped anywhere.
fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn demo(value: &Value) -> Option<Demo> {
    let title = value["title"].as_str().filter(|title| title.len() <= 200)?;
    let (day, minutes) = (value["day"].as_u64()?, value["minutes"].as_u64()?);
    Some(Demo { day, minutes, title: title.into() })
}

fn row(name: &str, demo: &Demo) -> Value {
    let mut row = Map::new();
    row.insert("name".into(), name.into());
    row.insert("day".into(), demo.day.into());
    row.insert("minutes".into(), demo.minutes.into());
    row.insert("title".into(), demo.title.clone().into());
    row.into()
}

fn text(value: &Value) -> Vec<u8> {
    format!("{value}\n").into_bytes()
}

fn found(answer: &mut Answer, value: &Value) {
    answer.begin(Status::Ok).field("Cache-Control", b"no-cache").pause();
    answer.content(JSON, text(value), false);
}

fn say(answer: &mut Answer, status: Status) {
    answer.begin(status).pause();
    answer.content(JSON, text(&json!({ "error": status.phrase() })), false);
}
