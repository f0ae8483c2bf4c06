//! Which steps of two recordings belong together: the longest common subsequence.

/// What becomes of a step, by its index in the old and in the new list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    Same(usize, usize),
    Old(usize),
    New(usize),
}

/// A table of more cells than this would take longer than anybody waits. What is between the
/// common beginning and the common end is then taken as wholly different.
const CELLS: usize = 8_000_000;

pub(super) fn align(old: &[String], new: &[String]) -> Vec<Edit> {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let rest = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = rest.take_while(|(old, new)| old == new).count();
    let (old_end, new_end) = (old.len() - end, new.len() - end);

    let mut edits: Vec<Edit> = (0..start).map(|index| Edit::Same(index, index)).collect();
    middle(&old[start..old_end], &new[start..new_end], start, &mut edits);
    edits.extend((0..end).map(|index| Edit::Same(old_end + index, new_end + index)));
    edits
}

fn middle(old: &[String], new: &[String], start: usize, edits: &mut Vec<Edit>) {
    let width = new.len() + 1;
    let small = old.len().saturating_mul(new.len()) <= CELLS;
    // common[i * width + j]: how long the common subsequence of old[i..] and new[j..] is.
    let mut common = vec![0u32; if small { (old.len() + 1) * width } else { 0 }];
    if small {
        for (i, left) in old.iter().enumerate().rev() {
            for (j, right) in new.iter().enumerate().rev() {
                common[i * width + j] = if left == right {
                    common[(i + 1) * width + j + 1] + 1
                } else {
                    common[(i + 1) * width + j].max(common[i * width + j + 1])
                };
            }
        }
    }
    let length = |i: usize, j: usize| common.get(i * width + j).copied().unwrap_or(0);
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if small && i < old.len() && j < new.len() && old[i] == new[j] {
            edits.push(Edit::Same(start + i, start + j));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && length(i + 1, j) >= length(i, j + 1) {
            edits.push(Edit::Old(start + i));
            i += 1;
        } else {
            edits.push(Edit::New(start + j));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(old: &str, new: &str) -> String {
        let [old, new] = [old, new].map(|text| text.chars().map(String::from).collect::<Vec<_>>());
        let mark = |edit| match edit {
            Edit::Same(_, new_index) => format!(" {}", new[new_index]),
            Edit::Old(index) => format!("-{}", old[index]),
            Edit::New(index) => format!("+{}", new[index]),
        };
        align(&old, &new).into_iter().map(mark).collect()
    }

    #[test]
    fn what_is_common_stays_together() {
        assert_eq!(diff("abc", "abc"), " a b c");
        assert_eq!(diff("abc", "axc"), " a-b+x c");
        assert_eq!(diff("abcd", "acd"), " a-b c d");
        assert_eq!(diff("", "ab"), "+a+b");
        assert_eq!(diff("ab", ""), "-a-b");
        assert_eq!(diff("xabcabcy", "zabcw"), "-x-a-b-c+z a b c-y+w");
    }

    #[test]
    fn lists_that_are_too_long_are_wholly_different_in_their_middle() {
        let list = |first: usize| (first..first + 4000).map(|n| n.to_string()).collect::<Vec<_>>();
        let edits = align(&list(0), &list(1));
        assert_eq!(edits.len(), 8000);
        assert_eq!((edits[0], edits[7999]), (Edit::Old(0), Edit::New(3999)));
    }
}
