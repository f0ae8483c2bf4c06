//! What the twin shares with the demo.

#[path = "../../src/echo.rs"]
pub(crate) mod echo;
#[path = "../../src/facts.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
pub(crate) mod facts;
#[path = "../../src/listener.rs"]
pub(crate) mod listener;
#[path = "../../src/report.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
pub(crate) mod report;
