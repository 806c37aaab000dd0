//! Paths of elements as findings show them: `/rss/channel/item[3]/guid`.

use super::super::names::prefix_of;
use super::frame::Family;
use super::walk::Walk;

/// How many elements a path names.
const DEPTH: usize = 24;

impl Walk<'_, '_> {
    /// The path of the innermost element, an entry. What holds it is spelt out once for all of them.
    pub(super) fn path_of_entry(&mut self) -> String {
        let Some(([.., above], [entry])) = self.frames.split_last_chunk::<1>() else { return self.path("") };
        if !prefix_of(entry.ns).is_empty() || entry.index == 0 || self.frames.len() > DEPTH {
            return self.path("");
        }
        if self.above.0 != above.offset || self.above.1.is_empty() {
            let mut path = self.path("");
            path.truncate(path.rfind('/').unwrap_or_default());
            self.above = (above.offset, path);
        }
        let mut path = String::with_capacity(self.above.1.len() + entry.name.len() + 8);
        path.push_str(&self.above.1);
        path.push('/');
        path.push_str(entry.name);
        path.push('[');
        push_number(&mut path, entry.index);
        path.push(']');
        path
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
