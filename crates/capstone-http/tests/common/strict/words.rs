//! The words of the grammar: tokens, hosts, targets, extensions of chunks.

pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_token_char)
}

fn is_token_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char)
}

/// `*( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )`, taken off the front.
pub(crate) fn extensions(line: &[u8]) -> bool {
    let text: String = line.iter().copied().map(char::from).collect();
    let skip = |text: &str| text.trim_start_matches([' ', '\t']).to_owned();
    let mut rest = text;
    while !rest.is_empty() {
        let Some(name) = skip(&rest).strip_prefix(';').map(skip) else { return false };
        let Some(behind) = without_token(&name) else { return false };
        let Some(value) = skip(behind).strip_prefix('=').map(skip) else {
            rest = behind.into();
            continue;
        };
        let behind =
            if value.starts_with('"') { without_quoted(&value) } else { without_token(&value) };
        let Some(behind) = behind else { return false };
        rest = behind.into();
    }
    true
}

fn without_token(text: &str) -> Option<&str> {
    let behind = text.trim_start_matches(is_token_char);
    (behind.len() < text.len()).then_some(behind)
}

fn without_quoted(text: &str) -> Option<&str> {
    let mut inside = text.char_indices().skip(1);
    while let Some((at, char)) = inside.next() {
        let char = match char {
            '"' => return Some(&text[at + 1..]),
            '\\' => inside.next()?.1,
            other => other,
        };
        if char.is_ascii_control() && char != '\t' {
            return None;
        }
    }
    None
}

pub(crate) fn is_origin(target: &str) -> bool {
    let path = target.split('?').next().unwrap_or_default();
    path.starts_with('/') && !path.contains('\\') && target.chars().all(is_target_char)
}

pub(crate) fn is_absolute(target: &str) -> bool {
    let Some((scheme, rest)) = target.split_once("://") else { return false };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let good = ["http", "https"].contains(&&*scheme.to_ascii_lowercase());
    good && is_authority(authority) && (rest.is_empty() || is_origin(&format!("/{rest}")))
}

fn is_target_char(char: char) -> bool {
    char.is_ascii_graphic() && !"\"<>#".contains(char)
}

pub(crate) fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (text, ""),
    };
    let in_brackets = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=%".contains(c);
    let is_address = |c: char| c.is_ascii_hexdigit() || ":.".contains(c);
    let good_host = match in_brackets {
        Some(address) => !address.is_empty() && address.chars().all(is_address),
        None => !host.is_empty() && host.chars().all(is_name),
    };
    good_host && port.len() <= 5 && port.chars().all(|c| c.is_ascii_digit())
}
