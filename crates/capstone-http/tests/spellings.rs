//! All spellings of what frames a body, beside each other and in both orders: what we see must be what
//! a strict reading sees.

#[path = "common/agreed.rs"]
mod agreed;
#[path = "common/ours.rs"]
mod ours;
#[path = "common/strict/mod.rs"]
mod strict;

use agreed::agreed;

/// Every spelling of one field beside every spelling of the other, in both orders: never a second
/// request that only one of us sees, and never two framings at once.
#[test]
fn lengths_beside_codings() {
    let lengths = [
        "Content-Length: 5",
        "content-length:5",
        "CONTENT-LENGTH:\t5\t",
        "Content-Length: 05",
        "Content-Length: +5",
        "Content-Length: -5",
        "Content-Length: 0x5",
        "Content-Length: 5, 5",
        "Content-Length: 5 5",
        "Content-Length: \"5\"",
        "Content-Length: 5.0",
        "Content-Length:",
        "Content-Length : 5",
        " Content-Length: 5",
        "Content-Length\t: 5",
        "Content-Length\0: 5",
        "Content-Length: 5\0",
        "Content_Length: 5",
        "Content-Length: 18446744073709551616",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 0\r\nContent-Length: 5",
        "X: 1",
    ];
    let codings = [
        "Transfer-Encoding: chunked",
        "transfer-encoding:chunked",
        "Transfer-Encoding: CHUNKED",
        "Transfer-Encoding: \tchunked ",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding:",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding: \x0bchunked",
        "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "X: X\nTransfer-Encoding: chunked",
        "X: X\rTransfer-Encoding: chunked",
        "Transfer_Encoding: chunked",
        "Transfer-Encoding\r\n: chunked",
        "X-Transfer-Encoding: chunked",
        "X: 2",
    ];
    let body = "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut whole = 0;
    for length in lengths {
        for coding in codings {
            for (first, second) in [(length, coding), (coding, length)] {
                for version in ["1.1", "1.0"] {
                    let head =
                        format!("POST / HTTP/{version}\r\nHost: a\r\n{first}\r\n{second}\r\n\r\n");
                    let (all, _) = agreed((head + body).as_bytes());
                    whole += all.len();
                    let Some(first) = all.first() else { continue };
                    let names = first.fields.iter().map(|field| field.0.to_ascii_lowercase());
                    let framing =
                        |name: &String| name == "content-length" || name == "transfer-encoding";
                    assert!(names.filter(framing).count() <= 1, "{first:?}");
                }
            }
        }
    }
    assert!(whole > 100, "something was accepted: {whole}");
}

/// Sizes of chunks in all spellings, with everything that may stand behind one.
#[test]
fn sizes_of_chunks() {
    let sizes = [
        "5",
        "05",
        "0000000000000005",
        "+5",
        "-5",
        " 5",
        "5 ",
        "\t5",
        "0x5",
        "0X5",
        "5h",
        "5_",
        "",
        "g",
        "1_0",
        "fffffffffffffffff",
        "10000000000000005",
        "5\0",
        "\u{ff15}",
        "5\u{b}",
    ];
    let behind = [
        "",
        ";",
        ";a",
        ";a=b",
        ";a=\"b\"",
        ";a=\"b\r\n",
        ";a=\"\\\"\"",
        " ;a",
        ";a ;b",
        "; a = b ",
        ";a=",
        ";=b",
        ";a\0",
        ";a=\"\0\"",
        ";a=b;c",
        ",a",
        ";a b",
        ";a=\"b\"c",
        "\r",
        "\n",
        ";a\n",
        ";a\r",
    ];
    let ends = ["\r\n", "\n", "\r", "\r\r\n", ""];
    for size in sizes {
        for behind in behind {
            for end in ends {
                for end_of_chunk in ["\r\n", "\n", "", "xx"] {
                    let stream = format!(
                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
                         {size}{behind}{end}hello{end_of_chunk}0\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n"
                    );
                    agreed(stream.as_bytes());
                }
            }
        }
    }
}
