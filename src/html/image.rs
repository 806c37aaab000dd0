//! Images: where the real one is when a script was to load it, and which are no pictures but counters.

use markup5ever_rcdom::{Handle, Node};
use url::Url;

use super::repair::{attribute, descendants, name, new_element, set};
use crate::link;

/// Where scripts for lazy loading look for the address, the commonest first.
const LAZY_SRC: [&str; 10] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-original-src",
    "data-orig-file",
    "data-full-url",
    "data-url",
    "data-image",
    "data-img-src",
];
const LAZY_SRCSET: [&str; 3] = ["data-srcset", "data-lazy-srcset", "data-original-set"];

/// Parts of the names of pictures that often stand where the real one comes later: another address is better than such.
const PLACEHOLDERS: [&str; 9] =
    ["1x1", "blank", "pixel", "spacer", "transparent", "loading", "loader", "lazy", "placeholder"];

/// Names of pictures that show nothing.
const SPACERS: [&str; 14] = [
    "1x1",
    "blank",
    "clear",
    "dot",
    "empty",
    "gray",
    "grey",
    "lazyload",
    "loader",
    "loading",
    "pixel",
    "placeholder",
    "spacer",
    "transparent",
];

/// Hosts (and hosts below them) whose pictures count visits.
const TRACKERS: [&str; 15] = [
    "pixel.wp.com",
    "stats.wordpress.com",
    "stats.wp.com",
    "feedads.g.doubleclick.net",
    "doubleclick.net",
    "google-analytics.com",
    "googletagmanager.com",
    "googlesyndication.com",
    "googleadservices.com",
    "scorecardresearch.com",
    "quantserve.com",
    "feedsportal.com",
    "pheedo.com",
    "pixel.facebook.com",
    "bat.bing.com",
];

/// Gives an image its real address and makes all its addresses absolute. False where it has none, or counts visits.
pub(super) fn restore(image: &Node, base: &Url) -> bool {
    let lazy = LAZY_SRC.iter().find_map(|name| attribute(image, name).and_then(|src| picture(&src, base)));
    let lazy_set =
        LAZY_SRCSET.iter().find_map(|name| attribute(image, name).and_then(|set| srcset(&set, base)));
    let set_now = attribute(image, "srcset").and_then(|set| srcset(&set, base)).or(lazy_set);
    let own = attribute(image, "src").and_then(|src| picture(&src, base));
    // A script of the page that marks its images so leaves a small or blurred one in src.
    let waits =
        attribute(image, "class").is_some_and(|class| class.split_whitespace().any(|word| word == "lazy"));
    let real = own.clone().filter(|src| !(is_placeholder(src) || waits && lazy.is_some()));
    // What a script was to load may be a stand-in, too.
    let loaded = lazy.clone().filter(|src| !is_placeholder(src));
    let src = real.or(loaded).or_else(|| set_now.as_deref().and_then(largest)).or(lazy).or(own);
    let Some(src) = src else { return false };
    if is_tracker(&src) || is_dot(image) {
        return false;
    }
    // A set of the one address says nothing that src does not.
    let set_now = set_now.filter(|set| *set != src);
    set(image, "srcset", set_now.as_deref());
    if set_now.is_none() {
        set(image, "sizes", None);
    }
    set(image, "src", Some(&src));
    true
}

/// Whether [`restore`] would keep the image.
pub(super) fn is_shown(image: &Node, base: &Url) -> bool {
    let candidates = ["src"].iter().chain(&LAZY_SRC).filter_map(|name| attribute(image, name));
    let mut pictures = candidates.filter_map(|src| picture(&src, base));
    !is_dot(image) && pictures.next().is_some_and(|src| !is_tracker(&src))
}

/// Whether the image waited for a script.
pub(super) fn was_lazy(node: &Node) -> bool {
    name(node) == "img" && LAZY_SRC.iter().chain(&LAZY_SRCSET).any(|name| attribute(node, name).is_some())
}

/// The one image that a `picture` comes to: its own img, with an address from its sources where it has none.
pub(super) fn from_picture(picture: &Node, base: &Url) -> Option<Handle> {
    let own = descendants(picture, &["img"]).into_iter().next();
    let image = own.unwrap_or_else(|| new_element("img", Vec::new()));
    image.children.borrow_mut().clear();
    if !is_shown(&image, base) && !is_dot(&image) {
        let sources = descendants(picture, &["source"]);
        let names = ["srcset"].iter().chain(&LAZY_SRCSET).chain(&LAZY_SRC);
        let best = names
            .flat_map(|name| sources.iter().filter_map(|source| attribute(source, name)))
            .find_map(|set| srcset(&set, base));
        if let Some(best) = best
            && let Some(src) = largest(&best)
        {
            set(&image, "src", Some(&src));
            set(&image, "srcset", Some(&best));
        }
    }
    restore(&image, base).then_some(image)
}

/// An absolute address of what shows something.
fn picture(src: &str, base: &Url) -> Option<String> {
    let url = link::absolute(src, base).ok()?;
    (!SPACERS.contains(&stem(&url).as_str())).then_some(url)
}

fn is_placeholder(url: &str) -> bool {
    let stem = stem(url);
    PLACEHOLDERS.iter().any(|part| stem.contains(part))
}

/// The file name in a URL without its extension, in lower case.
fn stem(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split('.').next().unwrap_or(file).to_ascii_lowercase()
}

fn is_tracker(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default();
    let below =
        |tracker: &str| host.strip_suffix(tracker).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    TRACKERS.iter().any(|tracker| below(tracker))
        || (below("feedburner.com") && (url.path().starts_with("/~r") || url.path().starts_with("/~f")))
        || (below("facebook.com") && url.path().starts_with("/tr"))
}

/// An image of no more than one pixel either way, or hidden, is not for people.
fn is_dot(image: &Node) -> bool {
    let tiny =
        |side| attribute(image, side).and_then(|value| length(&value)).is_some_and(|n| n == "0" || n == "1");
    let hidden = || {
        let style: String = attribute(image, "style").unwrap_or_default().split_whitespace().collect();
        style.to_ascii_lowercase().contains("display:none") && !was_lazy(image)
    };
    tiny("width") || tiny("height") || hidden()
}

/// A width or height as HTML has it: pixels, or a percentage. `600px` is read as 600, anything else dropped.
pub(super) fn length(value: &str) -> Option<String> {
    let value = value.trim();
    let value = value.strip_suffix("px").unwrap_or(value).trim_end();
    let digits = value.strip_suffix('%').unwrap_or(value);
    let whole = digits.split('.').next().unwrap_or(digits);
    let number = !whole.is_empty() && whole.len() <= 5 && whole.bytes().all(|b| b.is_ascii_digit());
    if !number {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if value.ends_with('%') { format!("{whole}%") } else { whole.to_owned() })
}

/// A srcset with every address absolute; candidates that cannot be read are left out. Nothing where none is left.
///
/// Specification: <https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute>
fn srcset(set: &str, base: &Url) -> Option<String> {
    let mut written = Vec::new();
    let mut rest = set;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (url, after) = rest.split_at(end);
        let bare = url.trim_end_matches(',');
        let descriptor;
        if bare.len() < url.len() {
            (descriptor, rest) = ("", after);
        } else {
            (descriptor, rest) = after.split_once(',').unwrap_or((after, ""));
        }
        let descriptor = descriptor.trim();
        if let Some(url) = picture(bare, base)
            && (descriptor.is_empty() || size(descriptor).is_some())
        {
            // A comma at either end would be read as the separator.
            let url = url.trim_end_matches(',');
            written.push(if descriptor.is_empty() { url.to_owned() } else { format!("{url} {descriptor}") });
        }
    }
    (!written.is_empty()).then(|| written.join(", "))
}

/// The number of a descriptor such as `640w` or `1.5x`.
fn size(descriptor: &str) -> Option<f64> {
    let number = descriptor.strip_suffix('w').or_else(|| descriptor.strip_suffix('x'))?;
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    number.parse().ok().filter(|_| plain)
}

/// The address of a written srcset's largest candidate, the first of equals.
fn largest(set: &str) -> Option<String> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in set.split(", ") {
        let (url, descriptor) = candidate.split_once(' ').unwrap_or((candidate, "1x"));
        let size = size(descriptor).unwrap_or(1.0);
        if best.is_none_or(|(largest, _)| size > largest) {
            best = Some((size, url));
        }
    }
    best.map(|(_, url)| url.to_owned())
}
