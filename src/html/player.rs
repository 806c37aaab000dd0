//! Players: the page where people watch or hear what an iframe would have embedded.

use markup5ever_rcdom::Node;
use url::Url;

use super::image::length;
use super::repair::{attribute, name};
use crate::link;

/// Frames that show nothing to people: counters, advertisements, buttons.
const UNSEEN: [&str; 8] = [
    "googletagmanager.com",
    "doubleclick.net",
    "googlesyndication.com",
    "google-analytics.com",
    "adservice.google.com",
    "platform.twitter.com/widgets/follow_button",
    "facebook.com/plugins/like",
    "facebook.com/plugins/share_button",
];

/// The address that a link in place of an iframe, embed or object leads to. Nothing where it has none for people.
pub(super) fn watch_url(node: &Node, base: &Url) -> Option<String> {
    let names: &[&str] = match name(node) {
        "object" => &["data"],
        "oembed" => &["url"],
        _ => &["src", "data-src", "data-lazy-src"],
    };
    let url = names
        .iter()
        .filter_map(|name| attribute(node, name))
        .find_map(|src| link::absolute(&src, base).ok())?;
    let tiny =
        |side| attribute(node, side).and_then(|value| length(&value)).is_some_and(|n| n == "0" || n == "1");
    let hosted = url.split_once("//").map_or("", |(_, rest)| rest);
    let unseen = UNSEEN.iter().any(|part| {
        hosted
            .split_once(part)
            .is_some_and(|(before, _)| before.is_empty() || (before.ends_with('.') && !before.contains('/')))
    });
    if tiny("width") || tiny("height") || unseen {
        return None;
    }
    let known = Url::parse(&url).ok().and_then(|url| known(&url));
    // Only players are worth a link where a plug-in was to run.
    if known.is_none() && matches!(name(node), "object" | "embed") {
        return None;
    }
    let page = known.and_then(|page| link::absolute(&page, base).ok());
    Some(page.unwrap_or(url))
}

/// The page of a known service's player.
fn known(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").or_else(|| host.strip_prefix("m.")).unwrap_or(host);
    let mut path = url.path_segments()?.filter(|part| !part.is_empty());
    let (first, second, third) = (path.next().unwrap_or_default(), path.next(), path.next());
    match host {
        "youtube.com" | "youtube-nocookie.com" => match (first, second) {
            ("embed", Some("videoseries")) => {
                query(url, "list").map(|list| format!("https://www.youtube.com/playlist?list={list}"))
            }
            ("embed" | "v" | "shorts" | "live", Some(video)) => {
                // Old players have their settings in the path: /v/ID&fs=1.
                let video = video.split('&').next().unwrap_or(video);
                let start = query(url, "start").filter(|start| start.bytes().all(|b| b.is_ascii_digit()));
                let start = start.map(|start| format!("&t={start}s")).unwrap_or_default();
                Some(format!("https://www.youtube.com/watch?v={video}{start}"))
            }
            _ => None,
        },
        "player.vimeo.com" if first == "video" => {
            let hash = query(url, "h").map(|hash| format!("/{hash}")).unwrap_or_default();
            second.map(|video| format!("https://vimeo.com/{video}{hash}"))
        }
        "dailymotion.com" if first == "embed" && second == Some("video") => {
            third.map(|video| format!("https://www.dailymotion.com/video/{video}"))
        }
        "geo.dailymotion.com" => {
            query(url, "video").map(|video| format!("https://www.dailymotion.com/video/{video}"))
        }
        "facebook.com" if first == "plugins" => query(url, "href").filter(|href| is_web(href)),
        "open.spotify.com" if first.starts_with("embed") => {
            let path = url.path().trim_start_matches('/').split_once('/').map(|(_, path)| path)?;
            Some(format!("https://open.spotify.com/{path}"))
        }
        "w.soundcloud.com" => {
            query(url, "url").filter(|page| is_web(page) && !page.contains("://api.soundcloud.com"))
        }
        _ => None,
    }
}

fn query(url: &Url, wanted: &str) -> Option<String> {
    url.query_pairs()
        .find(|(name, value)| name == wanted && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
