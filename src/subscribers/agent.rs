//! What a client says of itself in its User-Agent: what it is, whom it reads for, and how many they are.
//!
//! Aggregators fetch a feed once for all of their readers and state how many those are: `Feedly/1.0 (…; 123 subscribers; …)`.
//! There is no specification of it, only usage. Nothing here is proof: a client may call itself as it likes.

use serde::Serialize;

/// What a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Reads for many, and says for how many.
    Aggregator,
    /// Reads for many, and does not say for how many.
    Service,
    /// A person's feed reader, on a device or a server of its own.
    Reader,
    /// A browser: a person who looks, perhaps with a reader built in.
    Browser,
    /// A search engine, a crawler, a script.
    Bot,
    /// Watches whether the server is there.
    Monitor,
}

/// A client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub name: String,
    pub kind: Kind,
    /// For how many it reads, as it says.
    pub subscribers: Option<u32>,
    /// By which number it knows the feed: an aggregator may know one feed by several, each with readers of its own.
    pub feed_id: Option<String>,
}

/// Clients by what their User-Agent holds, in lower case: the first that fits counts. What is special comes before what is
/// general.
const KNOWN: &[(&str, &str, Kind)] = &[
    // Aggregators; what they read for is told apart by the number that they state.
    ("feedly", "Feedly", Kind::Service),
    ("newsblur", "NewsBlur", Kind::Service),
    ("inoreader", "Inoreader", Kind::Service),
    ("theoldreader", "The Old Reader", Kind::Service),
    ("feedbin", "Feedbin", Kind::Service),
    ("bazqux", "BazQux", Kind::Service),
    ("feedspot", "Feedspot", Kind::Service),
    ("netvibes", "Netvibes", Kind::Service),
    ("g2reader", "G2Reader", Kind::Service),
    ("feed wrangler", "Feed Wrangler", Kind::Service),
    ("feedhq", "FeedHQ", Kind::Service),
    ("commafeed", "CommaFeed", Kind::Service),
    ("flipboard", "Flipboard", Kind::Service),
    ("smartnews", "SmartNews", Kind::Service),
    ("feedfetcher-google", "Google", Kind::Service),
    ("superfeedr", "Superfeedr", Kind::Service),
    ("yahoofeedseeker", "Yahoo", Kind::Service),
    ("newsgatoronline", "NewsGator", Kind::Service),
    ("readwise", "Readwise Reader", Kind::Service),
    ("feeder.co", "Feeder.co", Kind::Service),
    ("feedpress", "FeedPress", Kind::Service),
    ("kill the newsletter", "Kill the Newsletter", Kind::Service),
    ("blogtrottr", "Blogtrottr", Kind::Service),
    ("ifttt", "IFTTT", Kind::Service),
    ("zapier", "Zapier", Kind::Service),
    ("slackbot", "Slack", Kind::Service),
    ("discordbot", "Discord", Kind::Service),
    ("telegrambot", "Telegram", Kind::Service),
    ("mailchimp", "Mailchimp", Kind::Service),
    ("follow.is", "Folo", Kind::Service),
    ("folo", "Folo", Kind::Service),
    ("overcast", "Overcast", Kind::Service),
    ("pocket casts", "Pocket Casts", Kind::Service),
    ("pocketcasts", "Pocket Casts", Kind::Service),
    ("itms", "Apple Podcasts", Kind::Service),
    ("spotify/", "Spotify", Kind::Service),
    // Readers, on a person's device or server.
    ("miniflux", "Miniflux", Kind::Reader),
    ("freshrss", "FreshRSS", Kind::Reader),
    ("tiny tiny rss", "Tiny Tiny RSS", Kind::Reader),
    ("netnewswire", "NetNewsWire", Kind::Reader),
    ("reeder", "Reeder", Kind::Reader),
    ("newsboat", "Newsboat", Kind::Reader),
    ("newsbeuter", "Newsbeuter", Kind::Reader),
    ("thunderbird", "Thunderbird", Kind::Reader),
    ("liferea", "Liferea", Kind::Reader),
    ("akregator", "Akregator", Kind::Reader),
    ("quiterss", "QuiteRSS", Kind::Reader),
    ("rss guard", "RSS Guard", Kind::Reader),
    ("rssguard", "RSS Guard", Kind::Reader),
    ("rssowl", "RSSOwl", Kind::Reader),
    ("rss2email", "rss2email", Kind::Reader),
    ("vienna", "Vienna", Kind::Reader),
    ("newsflash", "NewsFlash", Kind::Reader),
    ("newsify", "Newsify", Kind::Reader),
    ("unread", "Unread", Kind::Reader),
    ("nextcloud-news", "Nextcloud News", Kind::Reader),
    ("nextcloud news", "Nextcloud News", Kind::Reader),
    ("yarr", "yarr", Kind::Reader),
    ("stringer", "Stringer", Kind::Reader),
    ("selfoss", "selfoss", Kind::Reader),
    ("capyreader", "Capy Reader", Kind::Reader),
    ("readyou", "Read You", Kind::Reader),
    ("fluent reader", "Fluent Reader", Kind::Reader),
    ("feedbro", "Feedbro", Kind::Reader),
    ("feeddemon", "FeedDemon", Kind::Reader),
    ("antennapod", "AntennaPod", Kind::Reader),
    ("gpodder", "gPodder", Kind::Reader),
    ("elfeed", "Elfeed", Kind::Reader),
    ("universalfeedparser", "feedparser", Kind::Reader),
    ("feedparser", "feedparser", Kind::Reader),
    ("simplepie", "SimplePie", Kind::Reader),
    ("outlook", "Outlook", Kind::Reader),
    ("windows-rss-platform", "Windows RSS Platform", Kind::Reader),
    // Monitors.
    ("uptimerobot", "UptimeRobot", Kind::Monitor),
    ("pingdom", "Pingdom", Kind::Monitor),
    ("statuscake", "StatusCake", Kind::Monitor),
    ("site24x7", "Site24x7", Kind::Monitor),
    ("better uptime", "Better Uptime", Kind::Monitor),
    ("betterstack", "Better Stack", Kind::Monitor),
    ("updown.io", "updown.io", Kind::Monitor),
    ("hetrixtools", "HetrixTools", Kind::Monitor),
    ("uptime-kuma", "Uptime Kuma", Kind::Monitor),
    ("freshping", "Freshping", Kind::Monitor),
    ("nodeping", "NodePing", Kind::Monitor),
    ("monitis", "Monitis", Kind::Monitor),
    ("check_http", "Nagios", Kind::Monitor),
    ("nagios", "Nagios", Kind::Monitor),
    ("zabbix", "Zabbix", Kind::Monitor),
    ("icinga", "Icinga", Kind::Monitor),
    ("blackbox exporter", "Prometheus", Kind::Monitor),
    ("kube-probe", "Kubernetes", Kind::Monitor),
    ("elb-healthchecker", "AWS health check", Kind::Monitor),
    ("googlehc", "Google health check", Kind::Monitor),
    ("google-monitoring", "Google monitoring", Kind::Monitor),
    ("monitor", "another monitor", Kind::Monitor),
    ("uptime", "another monitor", Kind::Monitor),
    ("validator", "a validator", Kind::Bot),
    // Search engines, crawlers and scripts.
    ("googlebot", "Googlebot", Kind::Bot),
    ("bingbot", "Bingbot", Kind::Bot),
    ("coccoc", "Cốc Cốc", Kind::Bot),
    ("applebot", "Applebot", Kind::Bot),
    ("yandex", "Yandex", Kind::Bot),
    ("baiduspider", "Baidu", Kind::Bot),
    ("petalbot", "PetalBot", Kind::Bot),
    ("duckduckbot", "DuckDuckBot", Kind::Bot),
    ("gptbot", "GPTBot", Kind::Bot),
    ("claudebot", "ClaudeBot", Kind::Bot),
    ("ccbot", "CCBot", Kind::Bot),
    ("bytespider", "Bytespider", Kind::Bot),
    ("amazonbot", "Amazonbot", Kind::Bot),
    ("facebookexternalhit", "Facebook", Kind::Bot),
    ("meta-externalagent", "Meta", Kind::Bot),
    ("ahrefs", "Ahrefs", Kind::Bot),
    ("semrush", "Semrush", Kind::Bot),
    ("mj12bot", "MJ12bot", Kind::Bot),
    ("dotbot", "DotBot", Kind::Bot),
    ("archive.org", "Internet Archive", Kind::Bot),
    ("headlesschrome", "Headless Chrome", Kind::Bot),
    ("bantin", "bantin", Kind::Bot),
    ("curl/", "curl", Kind::Bot),
    ("wget/", "Wget", Kind::Bot),
    ("python-requests", "python-requests", Kind::Bot),
    ("python-urllib", "Python", Kind::Bot),
    ("aiohttp", "Python", Kind::Bot),
    ("httpx", "Python", Kind::Bot),
    ("go-http-client", "Go", Kind::Bot),
    ("okhttp", "OkHttp", Kind::Bot),
    ("apache-httpclient", "Java", Kind::Bot),
    ("java/", "Java", Kind::Bot),
    ("libwww-perl", "Perl", Kind::Bot),
    ("node-fetch", "Node.js", Kind::Bot),
    ("axios", "Node.js", Kind::Bot),
    ("guzzle", "PHP", Kind::Bot),
    ("scrapy", "Scrapy", Kind::Bot),
    ("postman", "Postman", Kind::Bot),
    ("zgrab", "a scanner", Kind::Bot),
    ("nmap", "a scanner", Kind::Bot),
    ("masscan", "a scanner", Kind::Bot),
    ("crawl", "another crawler", Kind::Bot),
    ("spider", "another crawler", Kind::Bot),
    ("scan", "a scanner", Kind::Bot),
    ("bot/", "another bot", Kind::Bot),
    ("bot;", "another bot", Kind::Bot),
    ("bot ", "another bot", Kind::Bot),
    ("slurp", "another crawler", Kind::Bot),
];

/// Families of browsers, the special ones first: most of them call themselves Chrome and Safari, too.
const BROWSERS: &[(&str, &str)] = &[
    ("coc_coc_browser", "Cốc Cốc"),
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("opera", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("ucbrowser", "UC Browser"),
    ("firefox/", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome/", "Chrome"),
    ("safari/", "Safari"),
    ("applewebkit", "Safari"),
    ("msie", "Internet Explorer"),
    ("trident/", "Internet Explorer"),
    ("gecko/", "Firefox"),
];

/// What clients are called whose names the log does not have, ...
pub const NOT_LOGGED: &str = "(not logged)";

/// ... and those that give none.
pub const NO_NAME: &str = "(no name)";

/// The most that an aggregator is believed to read for.
const MOST: u32 = 100_000_000;

/// What the client is that calls itself so. `None`: the log does not say; then it counts as a reader.
pub fn of(user_agent: Option<&str>) -> Agent {
    let Some(user_agent) = user_agent else { return plain(NOT_LOGGED, Kind::Reader) };
    let user_agent = user_agent.trim();
    if user_agent.is_empty() || user_agent == "-" {
        return plain(NO_NAME, Kind::Bot);
    }
    let lower = user_agent.to_ascii_lowercase();
    let known = KNOWN.iter().find(|(part, ..)| lower.contains(part));
    if let Some(count) = subscribers(&lower) {
        let name = match known {
            Some((_, name, Kind::Service | Kind::Reader)) => (*name).to_owned(),
            _ => own_name(user_agent),
        };
        return Agent { name, kind: Kind::Aggregator, subscribers: Some(count), feed_id: feed_id(&lower) };
    }
    match known {
        Some((_, name, kind)) => Agent { feed_id: feed_id(&lower), ..plain(name, *kind) },
        None if lower.ends_with("bot") => plain(&own_name(user_agent), Kind::Bot),
        None if lower.starts_with("mozilla/") || lower.starts_with("opera/") => {
            let named = lower.contains("(compatible; ") && !lower.contains("msie");
            let browser = BROWSERS.iter().find(|(part, _)| lower.contains(part)).filter(|_| !named);
            match browser {
                Some((_, name)) => plain(name, Kind::Browser),
                None => plain(&own_name(user_agent), Kind::Reader),
            }
        }
        None => plain(&own_name(user_agent), Kind::Reader),
    }
}

fn plain(name: &str, kind: Kind) -> Agent {
    Agent { name: name.to_owned(), kind, subscribers: None, feed_id: None }
}

/// How many it reads for: the number before `subscribers`, `readers` or `users`, or behind one of them.
fn subscribers(lower: &str) -> Option<u32> {
    for word in ["subscriber", "reader", "users", "follower"] {
        for (at, _) in lower.match_indices(word) {
            let before = lower.get(..at)?.trim_end_matches(' ');
            let digits = before.len() - before.bytes().rev().take_while(u8::is_ascii_digit).count();
            let number = before.get(digits..)?;
            // Of `FeedReader 3 readers` the digits are a number, of `v3 readers` they are a version.
            let apart =
                before.get(..digits)?.chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '.');
            if let Some(count) = number.parse().ok().filter(|_| apart && before.len() < at) {
                return (count <= MOST).then_some(count);
            }
            // `subscribers: 5`, `subscribers=5`; of `users 5` the word is enough.
            let behind = lower.get(at + word.len()..)?.trim_start_matches('s');
            let value = behind.trim_start_matches([':', '=', ' ']);
            let stated = behind.starts_with([':', '=']) || (word == "users" && behind.starts_with(' '));
            let digits = value.bytes().take_while(u8::is_ascii_digit).count();
            if let Some(count) = value.get(..digits)?.parse().ok().filter(|_| stated && word != "reader") {
                return (count <= MOST).then_some(count);
            }
        }
    }
    None
}

/// By which number an aggregator knows the feed: `feed-id:5`, `feed-id=5`, `feedId: 5`, NewsBlur's `/site/5/`.
fn feed_id(lower: &str) -> Option<String> {
    let rest = ["feed-id", "feedid", "feed_id", "newsblur.com/site"]
        .iter()
        .find_map(|name| lower.split_once(name).map(|(_, rest)| rest))?;
    let value = rest.trim_start_matches([':', '=', '/', ' ']);
    let id: String = value.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
    (!id.is_empty() && value.len() < rest.len()).then_some(id)
}

/// What it calls itself first: `NetNewsWire` of `NetNewsWire (RSS Reader; …)`, `Own` of `Mozilla/5.0 (compatible; Own/1.0; …)`.
fn own_name(user_agent: &str) -> String {
    let compatible = user_agent.split_once("(compatible; ").map(|(_, rest)| rest);
    let start = compatible.filter(|_| user_agent.starts_with("Mozilla/")).unwrap_or(user_agent);
    let end = start.find(['/', '(', ';', ',', ')', '"', '<']).unwrap_or(start.len());
    let name = start.get(..end).unwrap_or_default().trim_matches([' ', '+', '-', '.', ':']);
    let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
    if name.is_empty() { NO_NAME.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aggregators_say_for_how_many_they_read() {
        for (user_agent, name, count, id) in [
            (
                "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 123 subscribers; like FeedFetcher-Google)",
                "Feedly",
                123,
                None,
            ),
            (
                "NewsBlur Feed Fetcher - 12 subscribers - http://www.newsblur.com/site/6077/bao (Mozilla/5.0)",
                "NewsBlur",
                12,
                Some("6077"),
            ),
            ("Mozilla/5.0 (compatible; inoreader.com; 5 subscribers)", "Inoreader", 5, None),
            ("Feedbin feed-id:1373711 - 142 subscribers", "Feedbin", 142, Some("1373711")),
            (
                "Mozilla/5.0 (compatible; theoldreader.com; 1 subscriber; feed-id=5a3b)",
                "The Old Reader",
                1,
                Some("5a3b"),
            ),
            ("YahooFeedSeeker/2.0 (compatible; Mozilla 4.0; MSIE 5.5; users 7; views 100)", "Yahoo", 7, None),
            (
                "Overcast/1.0 Podcast Sync (9 subscribers; feed-id=3; +http://overcast.fm/)",
                "Overcast",
                9,
                Some("3"),
            ),
            ("Báo/2.0 (subscribers=31)", "Báo", 31, None),
            ("Feed Reader/2.0 (4 readers)", "Feed Reader", 4, None),
            ("SomeBot/1.0 (0 subscribers)", "SomeBot", 0, None),
        ] {
            let agent = of(Some(user_agent));
            assert_eq!((agent.name.as_str(), agent.subscribers), (name, Some(count)), "{user_agent}");
            assert_eq!((agent.kind, agent.feed_id.as_deref()), (Kind::Aggregator, id), "{user_agent}");
        }
    }

    #[test]
    fn what_is_no_number_of_subscribers_is_none() {
        for user_agent in [
            "Reader/1.0 (+https://a.example/subscribers)",
            "Feedreader v3 readers",
            "RSS/2.1 readers",
            "x 99999999999 subscribers",
            "x 999999999 subscribers",
            "subscribers",
            "users",
            "5subscribersx ; đ subscriber",
        ] {
            assert_eq!(of(Some(user_agent)).subscribers, None, "{user_agent}");
        }
    }

    #[test]
    fn clients_are_told_apart() {
        for (user_agent, name, kind) in [
            ("NetNewsWire (RSS Reader; https://netnewswire.com/)", "NetNewsWire", Kind::Reader),
            ("Mozilla/5.0 (compatible; Miniflux/2.2.0; +https://miniflux.app)", "Miniflux", Kind::Reader),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.3",
                "Thunderbird",
                Kind::Reader,
            ),
            ("Mozilla/5.0 (compatible; TinHay/1.0; +https://tinhay.example)", "TinHay", Kind::Reader),
            ("Tin Hay/3 CFNetwork/1410 Darwin/22.6", "Tin Hay", Kind::Reader),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
                "Chrome",
                Kind::Browser,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) coc_coc_browser/110 Chrome/104.0 Safari/537.36",
                "Cốc Cốc",
                Kind::Browser,
            ),
            (
                "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
                "Internet Explorer",
                Kind::Browser,
            ),
            ("Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/)", "Cốc Cốc", Kind::Bot),
            (
                "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
                "UptimeRobot",
                Kind::Monitor,
            ),
            ("FlipboardRSS/1.2 (+http://flipboard.com/browserproxy)", "Flipboard", Kind::Service),
            ("curl/8.5.0", "curl", Kind::Bot),
            ("Sơn La bot", "Sơn La bot", Kind::Bot),
            ("-", "(no name)", Kind::Bot),
            ("/;", "(no name)", Kind::Reader),
        ] {
            let agent = of(Some(user_agent));
            assert_eq!((agent.name.as_str(), agent.kind), (name, kind), "{user_agent}");
        }
        assert_eq!(of(None).kind, Kind::Reader);
    }

    #[test]
    fn what_is_special_comes_before_what_is_general() {
        for (index, (part, name, _)) in KNOWN.iter().enumerate() {
            assert_eq!(*part, part.to_lowercase(), "{name}");
            let hidden = KNOWN[..index].iter().find(|(earlier, ..)| part.contains(earlier));
            assert_eq!(hidden, None, "{part} is never reached");
        }
    }
}
