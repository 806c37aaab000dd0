//! Places on the earth: the simple form of GeoRSS, and the part of GML that it takes up.
//!
//! Specifications: <https://www.ogc.org/publications/standard/georss/>, <https://docs.ogc.org/is/17-002r1/17-002r1.html>,
//! GML <https://www.ogc.org/standards/gml/>. Latitude comes first; other axes and further dimensions are for those who name a
//! reference system (`srsName`) or a dimension (`srsDimension`).

use super::super::names::Ns;
use super::super::rules as r;
use super::super::values::words;
use super::super::xml::Attribute;
use super::walk::Walk;

/// How the positions of the GML that is open are to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct System {
    /// How many numbers make a position.
    dimension: usize,
    /// Another reference system may be meant than latitude and longitude in degrees.
    named: bool,
}

impl Default for System {
    fn default() -> Self {
        Self { dimension: 2, named: false }
    }
}

/// The positions of a list: how many, and whether the last is the first.
struct Positions {
    count: usize,
    closed: bool,
}

/// Reads positions of `dimension` numbers each; `None`: they are not that. `degrees`: the first two are latitude and longitude.
fn positions<'t>(
    numbers: impl Iterator<Item = &'t str>,
    dimension: usize,
    degrees: bool,
) -> Option<Positions> {
    let (mut first, mut last) = ([0.0; 2], [0.0; 2]);
    let mut count = 0usize;
    for part in numbers {
        let number = words::float(part)?;
        let axis = count % dimension;
        if degrees && axis < 2 && number.abs() > [90.0, 180.0].get(axis).copied().unwrap_or(f64::MAX) {
            return None;
        }
        if let Some(slot) = last.get_mut(axis) {
            *slot = number;
        }
        if let Some(slot) = first.get_mut(axis).filter(|_| count < dimension) {
            *slot = number;
        }
        count += 1;
    }
    let whole = count > 0 && count.is_multiple_of(dimension);
    whole.then(|| Positions { count: count / dimension, closed: first == last })
}

impl<'d> Walk<'d, '_> {
    /// Coordinates as GeoRSS simple writes them: `least` pairs or more, exactly so many, or closed to a ring.
    pub(super) fn coordinates(&mut self, text: &str, least: usize, exact: bool, ring: bool, offset: usize) {
        let numbers = text.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty());
        let found = positions(numbers, 2, true);
        let rule = if exact && least == 1 { &r::INVALID_COORD } else { &r::INVALID_COORD_LIST };
        match found {
            Some(found) if found.count >= least && !(exact && found.count > least) => {
                if ring && !found.closed {
                    self.fault(rule, offset, text, "a polygon that does not end where it began");
                }
            }
            _ => self.fault(rule, offset, text, "not coordinates, latitude before longitude"),
        }
    }

    /// Positions as GML writes them.
    pub(super) fn positions(&mut self, text: &str, least: usize, exact: bool, offset: usize) {
        let System { dimension, named } = self.doc.system;
        let ring = self
            .frames
            .len()
            .checked_sub(2)
            .and_then(|at| self.frames.get(at))
            .is_some_and(|f| f.name == "LinearRing");
        let least = if ring { 4 } else { least };
        let rule = if exact { &r::INVALID_COORD } else { &r::INVALID_COORD_LIST };
        match positions(text.split_whitespace(), dimension, !named) {
            Some(found) if found.count >= least && !(exact && found.count > least) => {
                if ring && !found.closed {
                    self.fault(rule, offset, text, "a ring that does not end where it began");
                }
            }
            _ => self.fault(rule, offset, text, "not positions, latitude before longitude"),
        }
    }

    /// An element of GML, or the place that holds it, begins: notes how positions are written.
    pub(super) fn begin_place(&mut self, attributes: &[Attribute<'d>]) {
        if self.frames.last().is_some_and(|frame| frame.ns == Ns::GeoRss) {
            self.doc.system = System::default();
        }
        for attribute in attributes {
            match attribute.local {
                "srsName" => self.doc.system.named = true,
                "srsDimension" | "dimension" => {
                    if let Some(dimension) =
                        attribute.value.trim().parse().ok().filter(|n| (2..=9).contains(n))
                    {
                        self.doc.system.dimension = dimension;
                    }
                }
                _ => {}
            }
        }
    }

    /// An element of GML, or the place that holds it, ends.
    pub(super) fn finish_place(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        let (ns, name, children) = (frame.ns, frame.name, frame.children);
        let geometry =
            matches!(name, "Point" | "LineString" | "Polygon" | "LinearRing" | "Envelope" | "exterior");
        if children == 0 && (ns == Ns::GeoRss || geometry) {
            self.report(&r::MISSING_ELEMENT, format!("`{name}` has no place in it"), "");
        } else if name == "Envelope" {
            let (lower, upper) = (self.has(Ns::Gml, "lowerCorner"), self.has(Ns::Gml, "upperCorner"));
            if lower != upper {
                let missing = if lower { "upperCorner" } else { "lowerCorner" };
                self.report(&r::MISSING_ELEMENT, format!("`Envelope` has no `{missing}`"), "");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::positions;

    #[test]
    fn positions_are_counted_and_compared() {
        let read = |text: &str, dimension, degrees| {
            positions(text.split_whitespace(), dimension, degrees).map(|found| (found.count, found.closed))
        };
        assert_eq!(read("21.3 103.9", 2, true), Some((1, true)));
        assert_eq!(read("1 2 3 4 1 2", 2, true), Some((3, true)));
        assert_eq!(read("1 2 3 4 1 3", 2, true), Some((3, false)));
        assert_eq!(read("1 2 500", 3, true), Some((1, true)));
        assert_eq!(read("103.9 21.3", 2, true), None);
        assert_eq!(read("103.9 21.3", 2, false), Some((1, true)));
        assert_eq!(read("1 2 3", 2, true), None);
        assert_eq!(read("", 2, true), None);
        assert_eq!(read("x y", 2, true), None);
    }
}
