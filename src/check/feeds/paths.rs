//! Paths of elements as findings show them: `/rss/channel/item[3]/guid`.

use super::super::across::Piece;
use super::super::names::prefix_of;
use super::frame::Family;
use super::walk::Walk;

/// How many elements a path names.
const DEPTH: usize = 24;

impl Walk<'_, '_> {
    /// The path of the innermost element, an entry, without its number, and that. What holds it is spelt out once for all that
    /// it holds.
    pub(super) fn path_of_entry(&mut self) -> (Piece, usize) {
        let [above @ .., entry] = &*self.frames else { return (Piece::default(), 0) };
        let key = (above.last().map_or(0, |above| above.offset), entry.name, entry.ns);
        let number = usize::try_from(entry.index).unwrap_or_default();
        if let Some((known, piece)) = self.above
            && known == key
            && number > 0
        {
            return (piece, number);
        }
        let mut path = self.path("");
        if number > 0 {
            path.truncate(path.rfind('[').unwrap_or_default());
        }
        let piece = self.facts.keep(&path);
        self.above = (number > 0).then_some((key, piece));
        (piece, number)
    }

    /// The path of the innermost element and what follows it.
    pub(super) fn path(&self, tail: &str) -> String {
        let mut path = String::with_capacity(48);
        let skip = self.frames.len().saturating_sub(DEPTH);
        if skip > 0 {
            path.push_str("/…");
        }
        for frame in self.frames.iter().skip(skip) {
            path.push('/');
            let prefix = prefix_of(frame.ns);
            if !prefix.is_empty() && self.doc.family != Family::App {
                path.push_str(prefix);
                path.push(':');
            }
            path.push_str(frame.name);
            if frame.index > 0 {
                path.push('[');
                push_number(&mut path, frame.index);
                path.push(']');
            }
        }
        path.push_str(tail);
        path
    }
}

/// Appends a number in digits: every entry has one in its path, and formatting them costs more than the path.
fn push_number(path: &mut String, number: u32) {
    if number >= 10 {
        push_number(path, number / 10);
    }
    path.extend(char::from_digit(number % 10, 10));
}

#[cfg(test)]
mod tests {
    use super::push_number;

    #[test]
    fn numbers_are_written_in_digits() {
        for number in [0, 7, 10, 409, u32::MAX] {
            let mut path = String::new();
            push_number(&mut path, number);
            assert_eq!(path, number.to_string());
        }
    }
}
