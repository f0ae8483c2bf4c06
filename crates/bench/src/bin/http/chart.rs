//! The chart of the book, in the language of its pictures (docs/pictures/README.md).

use std::fmt::Write as _;

use crate::case::{Case, Figure};
use crate::peer::Peer;
use crate::report::has;
use crate::turns::Row;
use crate::wire::Keep;

/// Where bars begin, and how long the longest one is.
const LEFT: f64 = 150.0;
const LONGEST: f64 = 430.0;
const STEP: usize = 20;
const NAME: &str = "http-servers";

/// Bars for two cases: requests in a second of the server's processor.
pub(crate) fn svg(rows: &[Row]) -> String {
    let panels = rows.iter().filter_map(|row| Some((heading(row.case)?, row)));
    let (mut body, mut y) = (String::new(), 10);
    for (heading, row) in panels {
        y += 30;
        // A String takes everything.
        let _ = writeln!(body, "  <text class=\"h\" x=\"20\" y=\"{y}\">{heading}</text>");
        y += 10;
        let peers = || Peer::ALL.into_iter().filter(|&peer| has(row, peer));
        let value = |peer| row.median(peer, Figure::PerCpu);
        let most = peers().map(value).fold(1.0, f64::max);
        for peer in peers() {
            let length = LONGEST * value(peer) / most;
            let (colour, text) = if peer.is_ours() { ("a fa", "t ta e") } else { ("b fb", "t e") };
            let (base, name, count) = (y + 14, peer.title(), Figure::PerCpu.text(value(peer)));
            let _ = writeln!(
                body,
                "  <text class=\"{text}\" x=\"{}\" y=\"{base}\">{name}</text>",
                LEFT - 10.0
            );
            let _ = writeln!(
                body,
                "  <rect class=\"{colour}\" x=\"{LEFT}\" y=\"{}\" width=\"{length:.0}\" height=\"14\"/>",
                y + 3
            );
            let _ = writeln!(
                body,
                "  <text class=\"s\" x=\"{:.0}\" y=\"{base}\">{count}</text>",
                LEFT + length + 10.0
            );
            y += STEP;
        }
    }
    let height = y + 20;
    format!(
        "<?xml-stylesheet href=\"pictures.css\" type=\"text/css\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 {height}\" role=\"img\" \
         aria-labelledby=\"{NAME}-title {NAME}-desc\">\n  \
         <title>1 KiB, many times: how many requests a second of a server's processor is good for</title>\n  \
         <desc>Bars, one for each server: the five models of capstone-http, and others beside them. \
         Above with connections that are kept, below with a new one for each request. The numbers \
         stand in the table of this chapter.</desc>\n{body}</svg>\n"
    )
}

fn heading(case: Case) -> Option<&'static str> {
    match case {
        Case::Load { keep: Keep::Alive, connections: 64, .. } => {
            Some("64 connections that are kept: requests in a second of the server's processor")
        }
        Case::Load { keep: Keep::Close, .. } => Some("A connection for each request"),
        _ => None,
    }
}
