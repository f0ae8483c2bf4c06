//! One page of the browser, and all that it has asked for.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::chromium::Chromium;

/// A page, and what has happened to it.
pub(crate) struct Page {
    pub(crate) browser: Chromium,
    /// What names it in commands.
    session: String,
    /// How often one has come with everything that belongs to it.
    loaded: u32,
    /// What was asked for, by the numbers of requests.
    paths: BTreeMap<String, String>,
    /// Answers as they came from the server. They are told by another process of the browser than
    /// the requests are, and may be told earlier.
    answers: Vec<(String, Answer)>,
    /// Whatever a person would find in red.
    complaints: Vec<String>,
}

/// An answer of the server.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) path: String,
    pub(crate) status: u64,
    /// Content-Range.
    range: Option<String>,
}

impl Answer {
    /// Where a part begins.
    pub(crate) fn start(&self) -> Option<u64> {
        self.range.as_ref()?.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
    }
}

impl Page {
    pub(crate) fn open(mut browser: Chromium) -> Self {
        let blank = json!({ "url": "about:blank" });
        let target = browser.call(None, "Target.createTarget", &blank)["targetId"].take();
        let attach = json!({ "targetId": target, "flatten": true });
        let attached = browser.call(None, "Target.attachToTarget", &attach);
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        let mut page = Self {
            browser,
            session,
            loaded: 0,
            paths: BTreeMap::new(),
            answers: Vec::new(),
            complaints: Vec::new(),
        };
        for domain in ["Network", "Page", "Runtime", "Log"] {
            page.call(&format!("{domain}.enable"), &json!({}));
        }
        page
    }

    pub(crate) fn call(&mut self, method: &str, params: &Value) -> Value {
        self.browser.call(Some(&self.session), method, params)
    }

    /// Does what leads to another page, and waits until that is there.
    #[track_caller]
    pub(crate) fn goes(&mut self, leave: impl FnOnce(&mut Self)) {
        let before = self.loaded;
        leave(self);
        self.until(|page| page.loaded > before);
    }

    pub(crate) fn visits(&mut self, url: &str) {
        self.goes(|page| drop(page.call("Page.navigate", &json!({ "url": url }))));
    }

    /// So many pages back, or forward.
    pub(crate) fn goes_by(&mut self, steps: i64) {
        let history = self.call("Page.getNavigationHistory", &json!({}));
        let at = history["currentIndex"].as_i64().unwrap() + steps;
        let entry = json!({ "entryId": history["entries"][usize::try_from(at).unwrap()]["id"] });
        self.goes(|page| drop(page.call("Page.navigateToHistoryEntry", &entry)));
    }

    /// Runs a script to the end of what it has promised.
    pub(crate) fn runs(&mut self, script: &str) -> Value {
        let ask = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let mut result = self.call("Runtime.evaluate", &ask);
        assert!(result["exceptionDetails"].is_null(), "{result}");
        result["result"]["value"].take()
    }

    /// What the server has answered since this was asked last, as soon as it is enough.
    #[track_caller]
    pub(crate) fn answers(&mut self, enough: impl Fn(&[Answer]) -> bool) -> Vec<Answer> {
        self.until(|page| enough(&page.known()));
        let known = self.known();
        self.answers.retain(|(request, _)| !self.paths.contains_key(request));
        known
    }

    /// Answers to requests that have been told, too.
    fn known(&self) -> Vec<Answer> {
        let known = |(request, answer): &(String, Answer)| {
            Some(Answer { path: self.paths.get(request)?.clone(), ..answer.clone() })
        };
        self.answers.iter().filter_map(known).collect()
    }

    /// The same for what was wrong.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        std::mem::take(&mut self.complaints)
    }

    #[track_caller]
    fn until(&mut self, is_so: impl Fn(&Self) -> bool) {
        while !is_so(self) {
            let Some(event) = self.browser.event() else {
                panic!("nothing more happens: {:#?} {:#?}", self.known(), self.complaints)
            };
            self.take(&event);
        }
    }

    fn take(&mut self, event: &Value) {
        let what = &event["params"];
        let request = || what["requestId"].as_str().unwrap().to_owned();
        match event["method"].as_str().unwrap_or_default() {
            "Page.loadEventFired" => self.loaded += 1,
            "Network.requestWillBeSent" => {
                let url = what["request"]["url"].as_str().unwrap();
                // Behind the scheme and the host.
                let path = url.splitn(4, '/').nth(3).unwrap_or(url);
                self.paths.insert(request(), format!("/{path}"));
            }
            // Other than Network.responseReceived, which makes one answer of a 304 and what was kept.
            "Network.responseReceivedExtraInfo" => {
                let status = what["statusCode"].as_u64().unwrap();
                let range = what["headers"]["Content-Range"].as_str().map(str::to_owned);
                self.answers.push((request(), Answer { path: String::new(), status, range }));
            }
            // What the browser itself has ended did not fail: a player that seeks, a page that is left.
            "Network.loadingFailed" if what["canceled"] != true => {
                let path = self.paths.get(&request());
                self.complaints.push(format!("{path:?}: {what}"));
            }
            "Runtime.exceptionThrown" => self.complaints.push(what.to_string()),
            "Runtime.consoleAPICalled" if what["type"] == "error" => {
                self.complaints.push(what.to_string());
            }
            "Log.entryAdded" if what["entry"]["level"] == "error" => {
                self.complaints.push(what["entry"].to_string());
            }
            _ => {}
        }
    }
}
