//! The form of the tables: elements, the places they may stand in, their values and attributes.

use super::super::names::Ns;
use super::super::rule::Rule;
use super::super::rules as r;
use super::{rows_core, rows_extensions};

/// A place in a document, as far as the grammar tells places apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub(crate) enum Ctx {
    #[default]
    Document,
    Rss,
    Channel,
    Item,
    Image,
    TextInput,
    SkipHours,
    SkipDays,
    Rdf,
    RdfItems,
    Feed,
    Entry,
    Source,
    Person,
    Group,
    MediaContent,
    /// What the public says of a medium.
    Community,
    /// Where a medium was made; text is let pass there.
    MediaLocation,
    /// Lists of Media RSS, each of one kind of element.
    MediaComments,
    MediaResponses,
    MediaBackLinks,
    MediaScenes,
    MediaScene,
    Owner,
    Category,
    Service,
    Workspace,
    Collection,
    Categories,
    Control,
    Opml,
    Head,
    Body,
    Outline,
    Point,
    /// A place, described in GML.
    Gml,
    Deleted,
    /// Text that is XHTML: every element is looked at.
    Xhtml,
    /// A text construct of Atom: what may stand in it depends on its type.
    Construct,
    /// An element that holds no elements.
    Leaf,
    /// Anything goes.
    Foreign,
}

/// A set of places.
pub(crate) type Places = u64;

/// The set of one place.
pub(crate) const fn at(ctx: Ctx) -> Places {
    1 << ctx as u8
}

pub(crate) const CHANNEL: Places = at(Ctx::Channel);
pub(crate) const ITEM: Places = at(Ctx::Item);
pub(crate) const FEED: Places = at(Ctx::Feed);
pub(crate) const ENTRY: Places = at(Ctx::Entry);
pub(crate) const SOURCE: Places = at(Ctx::Source);
pub(crate) const IMAGE: Places = at(Ctx::Image);
pub(crate) const TEXT_INPUT: Places = at(Ctx::TextInput);
/// The feed as a whole, in either format.
pub(crate) const WHOLE: Places = CHANNEL | FEED | SOURCE;
/// One article, in either format.
pub(crate) const ONE: Places = ITEM | ENTRY;
/// Anywhere that metadata may stand.
pub(crate) const ANY: Places = WHOLE | ONE | IMAGE | TEXT_INPUT;

/// What kind of value an element or attribute holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value {
    /// Anything.
    Free,
    /// Elements only.
    Elements,
    /// Plain text that must not be empty.
    Text,
    /// Plain text.
    MaybeText,
    /// HTML, escaped.
    Html,
    AtomText,
    AtomContent,
    AtomLink,
    PersonName,
    AtomId,
    AtomUri,
    Date3339,
    Date822,
    W3cDate,
    /// An absolute address.
    Url,
    /// An address, relative or absolute.
    Reference,
    /// An absolute address in an attribute of RSS.
    UrlAttribute,
    Guid,
    Language,
    Positive,
    Natural,
    /// The length of an enclosure.
    Length,
    Float,
    Within(u32, &'static Rule),
    Hour,
    FormName,
    Contact,
    Address,
    CommaIntegers,
    Latitude,
    Longitude,
    /// Pairs of coordinates: at least so many, and exactly so many where the second says so.
    Coordinates(usize, bool),
    /// Pairs of coordinates, the last of which is the first.
    Ring,
    /// A pair of coordinates and a radius.
    Circle,
    /// Positions of GML: at least so many, and exactly so many where the second says so.
    Positions(usize, bool),
    /// A date of W3C-DTF or a period of Dublin Core; other words say what they like.
    Period,
    /// A whole number, below zero too.
    Integer,
    /// The port of a server.
    Port,
    /// The lines of an outline that are open.
    ExpansionState,
    /// An address, in the element or in `rdf:resource`.
    Resource,
    TrueFalse,
    YesNo,
    YesNoClean,
    /// Plain text of at most so many characters.
    AtMost(usize),
    Keywords,
    Duration,
    Mime,
    MimeAttribute,
    /// One of these words, else this rule.
    OneOf(&'static [&'static str], &'static Rule),
    /// A boolean attribute of RSS.
    Boolean,
    MediaText,
    MediaRating,
    MediaHash,
    MediaCredit,
    MediaRestriction,
    Npt,
    PodcastCategory,
    ImageUrl,
    Uuid,
}

/// An attribute an element may have.
#[derive(Debug)]
pub(crate) struct Attr {
    pub name: &'static str,
    pub required: bool,
    pub value: Value,
}

pub(crate) const fn must(name: &'static str, value: Value) -> Attr {
    Attr { name, required: true, value }
}

pub(crate) const fn may(name: &'static str, value: Value) -> Attr {
    Attr { name, required: false, value }
}

/// An element in a place.
#[derive(Debug)]
pub(crate) struct Row {
    pub name: &'static str,
    pub places: Places,
    /// No more than one in its parent.
    pub once: bool,
    pub value: Value,
    pub attrs: &'static [Attr],
    /// The place that its own content is.
    pub inside: Ctx,
    /// It holds a text whose kind says all there is to say of it, or a person, and asks for no attribute.
    pub simple: bool,
}

/// An element that may come once, without attributes, holding a value.
pub(crate) const fn one(name: &'static str, places: Places, value: Value) -> Row {
    Row { name, places, once: true, value, attrs: &[], inside: Ctx::Leaf, simple: false }.settled()
}

/// The same, any number of times.
pub(crate) const fn many(name: &'static str, places: Places, value: Value) -> Row {
    Row { once: false, ..one(name, places, value) }
}

impl Row {
    pub(crate) const fn with(self, attrs: &'static [Attr]) -> Row {
        Row { attrs, ..self }.settled()
    }

    pub(crate) const fn holding(self, inside: Ctx) -> Row {
        Row { inside, ..self }.settled()
    }

    /// The row with `simple` as what else it says has it.
    const fn settled(self) -> Row {
        let holder = matches!(self.inside, Ctx::Person) && matches!(self.value, Value::Elements);
        let text = matches!(self.inside, Ctx::Leaf | Ctx::Foreign | Ctx::Construct)
            && matches!(
                self.value,
                Value::Text
                    | Value::MaybeText
                    | Value::Html
                    | Value::AtomText
                    | Value::AtomId
                    | Value::AtomUri
                    | Value::PersonName
                    | Value::Url
                    | Value::Language
                    | Value::Date822
                    | Value::Date3339
                    | Value::W3cDate
            );
        let (mut simple, mut index) = (holder || text, 0);
        while index < self.attrs.len() {
            simple &= !self.attrs[index].required;
            index += 1;
        }
        Row { simple, ..self }
    }
}

/// The rows of a namespace; `None` where its elements are not described, and so let pass.
fn rows(ns: Ns) -> Option<&'static [Row]> {
    Some(match ns {
        Ns::Rss => rows_core::RSS,
        Ns::Atom => rows_core::ATOM,
        Ns::App => rows_core::APP,
        Ns::Content => rows_extensions::CONTENT,
        Ns::Dc => rows_extensions::DC,
        Ns::Dcterms => rows_extensions::DCTERMS,
        Ns::Sy => rows_extensions::SY,
        Ns::Slash => rows_extensions::SLASH,
        Ns::Wfw => rows_extensions::WFW,
        Ns::Thr => rows_extensions::THR,
        Ns::Fh => rows_extensions::FH,
        Ns::At => rows_extensions::AT,
        Ns::Media => rows_extensions::MEDIA,
        Ns::Itunes => rows_extensions::ITUNES,
        Ns::GeoRss => rows_extensions::GEORSS,
        Ns::Geo => rows_extensions::GEO,
        Ns::Gml => rows_extensions::GML,
        Ns::Event => rows_extensions::EVENT,
        Ns::Icbm => rows_extensions::ICBM,
        Ns::GeoUrl => rows_extensions::ICBM,
        Ns::FeedBurner => rows_extensions::FEEDBURNER,
        Ns::Podcast => rows_extensions::PODCAST,
        Ns::CreativeCommons => rows_extensions::CREATIVE_COMMONS,
        Ns::Trackback => rows_extensions::TRACKBACK,
        Ns::BlogChannel => rows_extensions::BLOG_CHANNEL,
        Ns::Admin => rows_extensions::ADMIN,
        Ns::Access => rows_extensions::ACCESS,
        Ns::OpenSearch => rows_extensions::OPEN_SEARCH,
        _ => return None,
    })
}

/// What the tables say of an element in a place.
pub(crate) enum Lookup {
    Row(&'static Row),
    /// The namespace is described and does not have the element, or not here.
    Undefined,
    /// The namespace is not described.
    Open,
}

/// Looks an element up.
pub(crate) fn lookup(ns: Ns, name: &str, place: Ctx) -> Lookup {
    let Some(rows) = rows(ns) else { return Lookup::Open };
    let name = if ns == Ns::Dc || ns == Ns::Dcterms { name.split('.').next().unwrap_or(name) } else { name };
    let found = rows
        .iter()
        .find(|row| row.places & at(place) != 0 && row.name.len() == name.len() && row.name == name);
    match found {
        Some(row) => Lookup::Row(row),
        // The podcast namespace grows by design; what is not known may be new.
        None if matches!(ns, Ns::Podcast | Ns::Gml) => Lookup::Open,
        None => Lookup::Undefined,
    }
}

/// The elements looked up lately, by the place that the reader gives their names. A document has few, again and again.
#[derive(Debug)]
pub(crate) struct Recent {
    slots: [Option<(Ns, Ctx, &'static Row)>; Recent::SLOTS],
}

impl Recent {
    const SLOTS: usize = 32;

    pub(crate) fn new() -> Self {
        Self { slots: [None; Self::SLOTS] }
    }

    /// A slot has another name from now on.
    pub(crate) fn forget(&mut self, slot: usize) {
        if let Some(known) = self.slots.get_mut(slot) {
            *known = None;
        }
    }

    /// [`lookup`], without going over the table where the element was met lately in that place.
    pub(crate) fn lookup(&mut self, slot: usize, ns: Ns, name: &str, place: Ctx) -> Lookup {
        let Some(slot) = self.slots.get_mut(slot) else { return lookup(ns, name, place) };
        if let Some((known_ns, known_place, row)) = *slot
            && known_ns == ns
            && known_place == place
        {
            return Lookup::Row(row);
        }
        let found = lookup(ns, name, place);
        if let Lookup::Row(row) = &found {
            *slot = Some((ns, place, row));
        }
        found
    }
}

/// An element that must stand in a place, and the rule that asks for it.
pub(crate) struct Required {
    pub place: Ctx,
    pub ns: Ns,
    pub name: &'static str,
    pub rule: &'static Rule,
}

const fn required(place: Ctx, ns: Ns, name: &'static str, rule: &'static Rule) -> Required {
    Required { place, ns, name, rule }
}

/// How many places there are.
const PLACES: usize = Ctx::Foreign as usize + 1;

/// Where the elements begin and end in [`REQUIRED`] that must stand in a place.
static DEMANDED: [(usize, usize); PLACES] = {
    let (mut ranges, mut index) = ([(0, 0); PLACES], 0);
    while index < REQUIRED.len() {
        let place = REQUIRED[index].place as usize;
        assert!(ranges[place].1 == 0 || ranges[place].1 == index, "the elements of a place stand together");
        ranges[place] = (if ranges[place].1 == 0 { index } else { ranges[place].0 }, index + 1);
        index += 1;
    }
    ranges
};

/// The elements that must stand in a place.
pub(crate) fn required_in(place: Ctx) -> &'static [Required] {
    let (from, to) = DEMANDED.get(place as usize).copied().unwrap_or_default();
    REQUIRED.get(from..to).unwrap_or_default()
}

/// Elements that must be there.
const REQUIRED: &[Required] = &[
    required(Ctx::Rss, Ns::Rss, "channel", &r::MISSING_ELEMENT),
    required(Ctx::Rdf, Ns::Rss, "channel", &r::MISSING_ELEMENT),
    required(Ctx::Channel, Ns::Rss, "title", &r::MISSING_TITLE),
    required(Ctx::Channel, Ns::Rss, "link", &r::MISSING_LINK),
    required(Ctx::Channel, Ns::Rss, "description", &r::MISSING_DESCRIPTION),
    required(Ctx::Image, Ns::Rss, "title", &r::MISSING_TITLE),
    required(Ctx::Image, Ns::Rss, "link", &r::MISSING_LINK),
    required(Ctx::Image, Ns::Rss, "url", &r::MISSING_ELEMENT),
    required(Ctx::TextInput, Ns::Rss, "title", &r::MISSING_TITLE),
    required(Ctx::TextInput, Ns::Rss, "link", &r::MISSING_LINK),
    required(Ctx::TextInput, Ns::Rss, "description", &r::MISSING_DESCRIPTION),
    required(Ctx::TextInput, Ns::Rss, "name", &r::MISSING_ELEMENT),
    required(Ctx::SkipHours, Ns::Rss, "hour", &r::MISSING_ELEMENT),
    required(Ctx::SkipDays, Ns::Rss, "day", &r::MISSING_ELEMENT),
    required(Ctx::Feed, Ns::Atom, "title", &r::MISSING_ELEMENT),
    required(Ctx::Feed, Ns::Atom, "id", &r::MISSING_ELEMENT),
    required(Ctx::Feed, Ns::Atom, "updated", &r::MISSING_ELEMENT),
    required(Ctx::Entry, Ns::Atom, "title", &r::MISSING_ELEMENT),
    required(Ctx::Entry, Ns::Atom, "id", &r::MISSING_ELEMENT),
    required(Ctx::Entry, Ns::Atom, "updated", &r::MISSING_ELEMENT),
    required(Ctx::Source, Ns::Atom, "title", &r::MISSING_SOURCE_ELEMENT),
    required(Ctx::Source, Ns::Atom, "id", &r::MISSING_SOURCE_ELEMENT),
    required(Ctx::Source, Ns::Atom, "updated", &r::MISSING_SOURCE_ELEMENT),
    required(Ctx::Person, Ns::Atom, "name", &r::MISSING_ELEMENT),
    required(Ctx::Owner, Ns::Itunes, "email", &r::MISSING_ELEMENT),
    required(Ctx::Service, Ns::App, "workspace", &r::MISSING_ELEMENT),
    required(Ctx::Workspace, Ns::Atom, "title", &r::MISSING_ELEMENT),
    required(Ctx::Collection, Ns::Atom, "title", &r::MISSING_ELEMENT),
    required(Ctx::Opml, Ns::Rss, "head", &r::MISSING_ELEMENT),
    required(Ctx::Opml, Ns::Rss, "body", &r::MISSING_ELEMENT),
];
