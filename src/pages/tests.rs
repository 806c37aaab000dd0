//! The pages as a browser's parser sees them, and the style sheet's colours.

use super::testing::{ATOM, Element, JSON, RSS, address, bare, elements, entry, feed, listed, moment, site};
use super::*;
use crate::feed::Prose;
use std::collections::BTreeSet;

const FORMATS: &[&dyn Format] = &[&RSS, &ATOM, &JSON];

fn page_of(feed: &Feed) -> String {
    let address = address();
    feed_page(&site(&address), feed, FORMATS)
}

fn index_of(feeds: &[Listed]) -> String {
    let address = address();
    index_page(&site(&address), feeds, FORMATS)
}

fn named<'a>(elements: &'a [Element], name: &str) -> Vec<&'a Element> {
    elements.iter().filter(|element| element.name == name).collect()
}

fn classed<'a>(elements: &'a [Element], class: &str) -> Vec<&'a Element> {
    elements
        .iter()
        .filter(|element| element.get("class").is_some_and(|c| c.split(' ').any(|c| c == class)))
        .collect()
}

/// What holds of every page.
fn assert_sound(page: &str) -> Vec<Element> {
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(page.contains(GENERATOR), "pages are known by it for this program's");
    let elements = elements(page);
    assert_eq!(named(&elements, "h1").len(), 1);
    assert_eq!(named(&elements, "title").len(), 1);
    assert_eq!(named(&elements, "main").len(), 1);
    assert!(named(&elements, "html")[0].get("lang").is_some_and(|lang| !lang.is_empty()));
    let metas = named(&elements, "meta");
    assert!(metas.iter().any(|meta| meta.get("charset") == Some("utf-8")));
    assert!(metas.iter().any(|meta| meta.get("name") == Some("viewport")));
    assert!(metas.iter().any(|meta| meta.get("content") == Some("bantin")));
    let ids: Vec<&str> = elements.iter().filter_map(|element| element.get("id")).collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "an id stands twice");
    for element in &elements {
        assert!(!matches!(element.name.as_str(), "style" | "iframe" | "object"), "{element:?}");
        if element.name == "script" {
            assert_eq!((element.get("src"), element.text.as_str()), (Some("../assets/page.js"), ""));
        }
        for (name, value) in &element.attributes {
            assert!(name != "style" && !name.starts_with("on"), "{element:?}");
            if name == "aria-labelledby" {
                assert!(value.split(' ').all(|id| ids.contains(&id)), "{value} labels, and is not there");
            }
            if name == "href" || name == "src" {
                let target = value.strip_prefix('#');
                let known = target.is_some_and(|target| ids.contains(&target))
                    || value.starts_with("https://bao.example/")
                    || value.starts_with("feed:https://bao.example/")
                    || Reader::usual().iter().any(|reader| {
                        value.starts_with(reader.url.trim_end_matches("{url}")) && value.ends_with(".xml")
                    })
                    || [
                        "../assets/style.css",
                        "assets/style.css",
                        "../assets/page.js",
                        "../index.html",
                        "feeds.opml",
                    ]
                    .contains(&value.as_str())
                    || ["", "thoi-su/", "van-hoa/", "francais/"].iter().any(|folder| {
                        value.strip_prefix(folder).is_some_and(|file| {
                            ["index.html", "rss.xml", "atom.xml", "feed.json"].contains(&file)
                        })
                    });
                assert!(known, "{name} of {} leads to {value}", element.name);
            }
        }
        if element.name == "img" {
            assert!(element.get("alt").is_some(), "{element:?}");
        }
        if element.name == "a" {
            assert!(!element.text.trim().is_empty() || element.get("class") == Some("site"), "{element:?}");
        }
    }
    // Headings leave no level out.
    let mut level = 0;
    for element in &elements {
        if let Some(next) = element.name.strip_prefix('h').and_then(|digit| digit.parse::<u32>().ok()) {
            assert!(next <= level + 1, "h{next} after h{level}");
            level = next;
        }
    }
    elements
}

#[test]
fn a_feed_has_its_page() {
    let elements = assert_sound(&page_of(&feed(vec![entry()])));
    assert_eq!(named(&elements, "html")[0].get("lang"), Some("vi"));
    let title = "Thời sự <script>alert(1)</script> & \"Chính trị\"";
    assert_eq!(named(&elements, "h1")[0].text, title);
    assert_eq!(named(&elements, "title")[0].text, format!("{title} – Báo Thử"));
    let canonical =
        named(&elements, "link").into_iter().find(|link| link.get("rel") == Some("canonical")).unwrap();
    assert_eq!(canonical.get("href"), Some("https://bao.example/feeds/thoi-su/"));
    let codes: Vec<&str> = named(&elements, "code").iter().map(|code| code.text.as_str()).collect();
    assert_eq!(
        codes,
        [
            "https://bao.example/feeds/thoi-su/atom.xml",
            "https://bao.example/feeds/thoi-su/rss.xml",
            "https://bao.example/feeds/thoi-su/feed.json",
        ],
        "the one to take when in doubt is first"
    );
    assert!(elements.iter().any(|e| e.get("href") == Some("https://bao.example/thoi-su?a=1&b=2")));
    assert!(elements.iter().any(|e| e.get("src") == Some("https://bao.example/thoi-su.png")));
}

#[test]
fn readers_find_every_format_from_the_page() {
    let elements = elements(&page_of(&feed(vec![])));
    let found: Vec<_> = named(&elements, "link")
        .into_iter()
        .filter(|link| link.get("rel") == Some("alternate"))
        .map(|link| (link.get("type").unwrap(), link.get("href").unwrap(), link.get("title").unwrap()))
        .collect();
    let title = "Báo Thử: Thời sự <script>alert(1)</script> & \"Chính trị\"";
    let (rss, atom, json) =
        (format!("{title} (RSS 2.0)"), format!("{title} (Atom 1.0)"), format!("{title} (JSON Feed 1.1)"));
    assert_eq!(
        found,
        [
            ("application/rss+xml", "https://bao.example/feeds/thoi-su/rss.xml", rss.as_str()),
            ("application/atom+xml", "https://bao.example/feeds/thoi-su/atom.xml", atom.as_str()),
            ("application/feed+json", "https://bao.example/feeds/thoi-su/feed.json", json.as_str()),
        ]
    );
}

#[test]
fn the_page_shows_what_an_article_is() {
    let elements = assert_sound(&page_of(&feed(vec![entry()])));
    let heading = named(&elements, "h3")[0];
    assert_eq!(heading.text, "Gió >10 & mưa <script>alert(\"1\")</script> 🌧️");
    assert!(
        elements
            .iter()
            .any(|e| e.name == "a" && e.get("href") == Some("https://bao.example/tin?id=1&a=%22b"))
    );
    let time = named(&elements, "time")[1];
    assert_eq!(
        (time.get("datetime"), time.text.as_str()),
        (Some("2024-11-05T08:30:00+07:00"), "5/11/2024 08:30")
    );
    assert_eq!(classed(&elements, "summary")[0].text, "Tóm tắt & mưa.");
    let image = elements.iter().find(|e| e.get("loading") == Some("lazy")).unwrap();
    assert_eq!(image.get("src"), Some("https://bao.example/anh%201.jpg"));
    assert_eq!(image.get("alt"), Some("Cầu \"mới\""));
    assert_eq!((image.get("width"), image.get("height")), (Some("1200"), Some("800")));
    let author = elements.iter().find(|e| e.get("rel") == Some("author")).unwrap();
    assert_eq!(author.text, "Lò Văn <Thử>");
    assert_eq!(
        classed(&elements, "facts")[1].text,
        "5/11/2024 08:30 · Tác giả: Lò Văn <Thử>, Hà · Giao thông"
    );
    let file = elements.iter().find(|e| e.get("type") == Some("audio/mpeg")).unwrap();
    assert_eq!(
        (file.text.as_str(), file.get("href")),
        ("so-1.mp3", Some("https://bao.example/nghe/so-1.mp3?x=/y"))
    );
}

#[test]
fn links_lead_to_the_web_alone() {
    for address in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//bao.example/",
        "",
        "h",
        "http:/ả",
    ] {
        assert_eq!(web(address), None, "{address}");
        let mut article = entry();
        article.url = Some(address.into());
        article.images[0].url = address.into();
        article.attachments[0].url = address.into();
        article.authors[0].url = Some(address.into());
        let mut feed = feed(vec![article]);
        feed.home = address.into();
        feed.image = Some(address.into());
        assert_sound(&page_of(&feed));
    }
    assert_eq!(web("HTTPS://bao.example/"), Some("HTTPS://bao.example/"));
}

#[test]
fn an_article_without_a_title_is_called_by_its_beginning() {
    let mut article = bare("tag:bao.example,2024:2");
    assert_eq!(called(&article), "tag:bao.example,2024:2");
    article.url = Some("https://bao.example/2".into());
    assert_eq!(called(&article), "https://bao.example/2");
    article.summary = Some(Prose::Html("<p><img src=\"https://bao.example/1.jpg\" alt=\"\"></p>".into()));
    assert_eq!(called(&article), "https://bao.example/2", "a picture alone has no words");
    assert_eq!(called(&Entry { url: None, ..article.clone() }), "tag:bao.example,2024:2");
    article.summary = Some(Prose::Text(Text::block("Mưa lớn\nở vùng cao.")));
    assert_eq!(called(&article), "Mưa lớn ở vùng cao.");
    let elements = assert_sound(&page_of(&feed(vec![article.clone()])));
    assert_eq!(named(&elements, "h3")[0].text, "Mưa lớn ở vùng cao.");
    assert!(classed(&elements, "summary").is_empty(), "the same is not said twice");
    article.summary = Some(Prose::Text(Text::line(&"Mưa rất lớn ".repeat(40))));
    let elements = assert_sound(&page_of(&feed(vec![article])));
    let heading = &named(&elements, "h3")[0].text;
    assert!(heading.ends_with(" rất…") && heading.chars().count() == 80, "{heading}");
    let summary = &classed(&elements, "summary")[0].text;
    assert!(
        summary.chars().count() <= 301 && summary.starts_with(heading.trim_end_matches('…')),
        "{summary}"
    );
}

#[test]
fn beginnings_end_with_a_word() {
    assert_eq!(beginning("  một \n hai  ba ", 11), "một hai ba");
    assert_eq!(beginning("một hai ba", 10), "một hai ba");
    assert_eq!(beginning("một hai ba", 9), "một hai…");
    assert_eq!(beginning("mộthaiba bốn", 3), "một…");
    // No dots after the end of a sentence, and no comma before them.
    assert_eq!(beginning("Một. Hai ba", 8), "Một. Hai…");
    assert_eq!(beginning("Một hai. Ba", 8), "Một hai.");
    assert_eq!(beginning("Một, hai ba", 5), "Một…");
    assert_eq!(beginning("Một – hai ba", 5), "Một…");
    assert_eq!(beginning("", 3), "");
    assert_eq!(beginning("một", 0), "…");
}

#[test]
fn a_long_feed_shows_its_newest() {
    let entries: Vec<Entry> =
        (0..32).map(|number| Entry { id: format!("tag:bao.example,2024:{number}"), ..entry() }).collect();
    let elements = assert_sound(&page_of(&feed(entries)));
    assert_eq!(named(&elements, "article").len(), 30);
    assert_eq!(classed(&elements, "more")[0].text, "Còn 2 bài nữa trong kênh tin.");
    assert!(classed(&elements, "facts")[0].text.starts_with("32 bài"));
}

#[test]
fn every_part_states_its_language() {
    // The words are English where nobody wrote French ones; what is French says so.
    let mut french = feed(vec![entry(), Entry { language: Some("vi".into()), ..entry() }]);
    french.language = "fr".into();
    let address = address();
    let site = Site { language: "fr", ..site(&address) };
    let elements = assert_sound(&feed_page(&site, &french, FORMATS));
    let languages =
        |name: &str| named(&elements, name).iter().map(|e| e.language.clone()).collect::<Vec<_>>();
    assert_eq!(languages("html"), ["en"]);
    assert_eq!(languages("title"), ["fr"]);
    assert_eq!(languages("h1"), ["fr"]);
    assert_eq!(languages("h2"), ["en", "en"]);
    assert_eq!(languages("h3"), ["fr", "vi"]);
    assert_eq!(languages("time"), ["en", "en", "en"]);
    assert_eq!(classed(&elements, "site")[0].language, "fr");
    let summaries: Vec<_> = classed(&elements, "summary").iter().map(|e| e.language.clone()).collect();
    assert_eq!(summaries, ["fr", "vi"]);
    assert_eq!(classed(&elements, "unseen")[0].language, "en");
    assert_eq!(elements.iter().find(|e| e.get("rel") == Some("author")).unwrap().language, "fr");

    // A feed in a language that the pages speak is introduced in it, on whatever site.
    let mut english = feed(vec![entry()]);
    english.language = "en-GB".into();
    let elements = assert_sound(&page_of(&english));
    assert_eq!(named(&elements, "html")[0].language, "en-GB");
    assert_eq!(classed(&elements, "site")[0].language, "vi");
    assert_eq!(named(&elements, "time")[1].text, "5 November 2024, 08:30");

    // A region does not make Vietnamese words foreign.
    let site = Site { language: "vi-VN", ..site };
    let elements = assert_sound(&index_page(&site, &listed(), FORMATS));
    assert_eq!(named(&elements, "html")[0].language, "vi-VN");
    assert_eq!(named(&elements, "h1")[0].text, "Kênh tin RSS");
}

#[test]
fn the_index_lists_every_feed() {
    let elements = assert_sound(&index_of(&listed()));
    let cards = classed(&elements, "card");
    assert_eq!(cards.len(), 3);
    assert!(
        cards[0].text.contains("Mới nhất: Gió >10 & mưa <script>alert(\"1\")</script> 🌧️"),
        "{}",
        cards[0].text
    );
    assert!(
        cards[0].text.contains("1 bài") && cards[0].text.contains("5/11/2024 09:00"),
        "{}",
        cards[0].text
    );
    assert!(
        cards[1].text.contains("Chưa có bài nào.") && !cards[1].text.contains("Cập nhật"),
        "{}",
        cards[1].text
    );
    let hrefs: Vec<&str> = named(&elements, "a").iter().filter_map(|a| a.get("href")).collect();
    for href in
        ["feeds.opml", "thoi-su/index.html", "thoi-su/rss.xml", "van-hoa/atom.xml", "francais/feed.json"]
    {
        assert!(hrefs.contains(&href), "{href} is not in {hrefs:?}");
    }
    let headings: Vec<_> = named(&elements, "h2").iter().skip(1).map(|h2| h2.text.as_str()).collect();
    assert_eq!(headings, ["Thời sự <script>alert(1)</script> & \"Chính trị\"", "Văn hóa", "Actualités"]);
    let french = elements.iter().find(|e| e.name == "a" && e.text == "Actualités").unwrap();
    assert_eq!(french.language, "fr");
    let alternates: Vec<_> =
        named(&elements, "link").into_iter().filter(|l| l.get("rel") == Some("alternate")).collect();
    assert_eq!(alternates.len(), 3, "one for each feed");
    assert!(alternates.iter().all(|link| link.get("type") == Some("application/atom+xml")));
}

#[test]
fn a_site_without_feeds_says_so() {
    let elements = assert_sound(&index_of(&[]));
    assert!(named(&elements, "p").iter().any(|p| p.text == "Chưa có bài nào."));
}

#[test]
fn pages_know_no_clock() {
    let feed = feed(vec![entry(), bare("tag:bao.example,2024:3")]);
    let page = page_of(&feed);
    assert_eq!(page, page_of(&feed));
    let known: Vec<String> =
        ["2024-11-05T08:30:00+07:00", "2024-11-05T09:00:00+07:00"].map(str::to_owned).into();
    for pages in [page, index_of(&[Listed::from(&feed)])] {
        let times: Vec<_> =
            elements(&pages).into_iter().filter_map(|e| e.get("datetime").map(str::to_owned)).collect();
        assert!(!times.is_empty() && times.iter().all(|time| known.contains(time)), "{times:?}");
    }
}

#[test]
fn a_feed_is_listed_by_what_is_known_of_it() {
    let feed = feed(vec![entry(), bare("tag:bao.example,2024:3")]);
    let Listed { slug, title, description, language, address, home, updated, entries, newest } =
        Listed::from(&feed);
    assert_eq!(
        (slug, title, description, language),
        (feed.slug, feed.title, feed.description, feed.language)
    );
    assert_eq!((address, home, entries), (feed.address, feed.home, 2));
    assert_eq!(updated, moment("2024-11-05T09:00:00+07:00"));
    assert_eq!(newest.as_deref(), Some("Gió >10 & mưa <script>alert(\"1\")</script> 🌧️"));
    assert_eq!(Listed::from(&super::testing::feed(vec![])).newest, None);
}

#[test]
fn the_newspaper_s_own_pages_name_every_feed() {
    let address = address();
    let lines = head_links(&site(&address), &listed(), FORMATS);
    assert_eq!(lines.lines().count(), 9);
    assert_eq!(
        lines.lines().nth(3),
        Some(
            "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"Báo Thử: Văn hóa (RSS 2.0)\" \
             href=\"https://bao.example/feeds/van-hoa/rss.xml\">"
        )
    );
    let page = elements(&format!("<!DOCTYPE html><title>x</title>{lines}"));
    let titles: BTreeSet<_> =
        named(&page, "link").into_iter().map(|link| link.get("title").unwrap().to_owned()).collect();
    assert_eq!(titles.len(), 9, "no two titles are alike");
    // A title that names the site already does not name it twice.
    let mut own = listed();
    own[1].title = Text::line("Báo Thử - Văn hóa");
    assert!(head_links(&site(&address), &own, FORMATS).contains("title=\"Báo Thử - Văn hóa (RSS 2.0)\""));
}

mod colours {
    use super::STYLESHEET;
    use std::collections::BTreeMap;

    /// The custom properties of the two schemes, light first; dark ones stand over the light ones.
    fn schemes() -> [BTreeMap<&'static str, [f64; 3]>; 2] {
        let (_, after) = STYLESHEET.split_once("@media (prefers-color-scheme: dark)").unwrap();
        let (light, _) = STYLESHEET.split_once("@media").unwrap();
        let (dark, _) = after.split_once("\n}\n").unwrap();
        [light, dark].map(|block| {
            block
                .lines()
                .filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #"))
                .map(|(name, hex)| {
                    assert_eq!(hex.len(), 6, "{name}");
                    (
                        name,
                        [0, 2, 4]
                            .map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0),
                    )
                })
                .collect()
        })
    }

    /// Relative luminance, as WCAG 2.2 defines it.
    fn luminance(colour: [f64; 3]) -> f64 {
        let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
        colour.into_iter().zip([0.2126, 0.7152, 0.0722]).map(|(c, weight)| linear(c) * weight).sum()
    }

    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
        assert!(
            (contrast([119.0 / 255.0; 3], [1.0; 3]) - 4.48).abs() < 0.01,
            "#777 on white is the well-known miss"
        );
    }

    #[test]
    fn text_stands_out_in_both_schemes() {
        let schemes = schemes();
        assert!(schemes[0].keys().eq(schemes[1].keys()), "a scheme leaves a colour out");
        for scheme in &schemes {
            for ground in ["paper", "sheet"] {
                for text in ["ink", "quiet", "link", "visited"] {
                    let contrast = contrast(scheme[text], scheme[ground]);
                    assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
                }
                // The frame of what has the focus (WCAG 2.2, 1.4.11).
                assert!(contrast(scheme["accent"], scheme[ground]) >= 3.0, "accent on {ground}");
            }
            assert!(contrast(scheme["on-accent"], scheme["accent"]) >= 4.5, "on-accent on accent");
        }
    }

    #[test]
    fn the_style_sheet_loads_nothing_and_styles_by_names_alone() {
        assert!(!STYLESHEET.contains("url(") && !STYLESHEET.contains("@import"));
        let properties: Vec<&str> =
            STYLESHEET.split("var(--").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert!(!properties.is_empty());
        for property in properties {
            assert!(schemes()[0].contains_key(property), "--{property} is not defined");
        }
        assert_eq!(STYLESHEET.matches('{').count(), STYLESHEET.matches('}').count());
    }
}
