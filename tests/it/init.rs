//! `init`: what it proposes for what lies in a folder can be built at once.

use crate::site::{Run, Site};
use serde_json::Value;

/// A folder with these files alone.
fn folder(files: &[(&str, &str)]) -> Site {
    let mut site = Site::new();
    std::fs::remove_file(site.path("feeds.toml")).unwrap();
    for (path, content) in files {
        site = site.file(path, content);
    }
    site
}

/// Runs `init`, then `build`, and gives back what was proposed and what was built.
#[track_caller]
fn init_and_build(site: &Site) -> (String, Value) {
    site.run(&["init"]).exits(0);
    let text = site.read("feeds.toml");
    let run = site.run(&["build", "--format", "json"]);
    assert_eq!(run.status, Some(0), "{text}\n{}", run.stderr);
    assert_eq!(run.stderr, "", "{text}");
    (text, run.json())
}

#[track_caller]
fn holds(text: &str, lines: &[&str]) {
    // Columns are for people.
    let plain: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in lines {
        assert!(plain.contains(line), "no {line:?} in:\n{text}");
    }
}

/// Titles and links of a feed's entries, newest first.
#[track_caller]
fn entries(site: &Site, feed: &str) -> Vec<(String, String)> {
    let feed: Value = serde_json::from_str(&site.read(feed)).unwrap();
    let word = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    feed["items"].as_array().unwrap().iter().map(|item| (word(item, "title"), word(item, "url"))).collect()
}

#[track_caller]
fn links(site: &Site, feed: &str) -> Vec<String> {
    entries(site, feed).into_iter().map(|(_, url)| url).collect()
}

#[test]
fn hugo() {
    let site = folder(&[
        (
            "hugo.toml",
            "baseURL = 'https://bao.example/'\nlanguageCode = 'vi-VN'\ntitle = 'Báo Thử'\ntimeZone = 'Asia/Ho_Chi_Minh'\n\
             [params]\n  description = 'Tin thử'\n  [params.author]\n    name = 'Tòa soạn'\n    email = 'a@bao.example'\n",
        ),
        ("content/_index.md", "---\ntitle: Trang nhất\n---\n"),
        ("content/about.md", "---\ntitle: Giới thiệu\n---\nChúng tôi\n"),
        ("content/thoi-su/_index.md", "---\ntitle: Thời sự\n---\n"),
        ("content/thoi-su/mua-lon.md", "---\ntitle: Mưa lớn\ndate: 2026-11-05T08:00:00+07:00\n---\nMưa.\n"),
        ("content/thoi-su/le-hoi/index.md", "+++\ntitle = 'Lễ hội'\ndate = 2026-11-04\n+++\nHội.\n"),
        (
            "content/the-thao/sau/bong-da.md",
            "---\ntitle: Bóng đá\ndate: 2026-11-03\nslug: bong\n---\nBóng.\n",
        ),
        ("content/the-thao/nhap.md", "---\ntitle: Nháp\ndate: 2026-11-06\ndraft: true\n---\nx\n"),
    ]);
    let (text, report) = init_and_build(&site);
    holds(
        &text,
        &[
            "title = \"Báo Thử\"",
            "url = \"https://bao.example/\"",
            "language = \"vi-VN\"",
            "timezone = \"Asia/Ho_Chi_Minh\"",
            "description = \"Tin thử\"",
            "author = { name = \"Tòa soạn\", email = \"a@bao.example\" }",
            "path = \"content/*/**/*.md\"",
            "dir = \"static/feeds\"",
            "state = \".bantin\"",
        ],
    );
    let titles: Vec<&str> =
        report["feeds"].as_array().unwrap().iter().filter_map(|feed| feed["title"].as_str()).collect();
    assert_eq!(titles, ["Tin mới", "Thời sự", "Sau"], "{text}");
    assert_eq!(
        links(&site, "static/feeds/tin-moi/feed.json"),
        [
            "https://bao.example/thoi-su/mua-lon/",
            "https://bao.example/thoi-su/le-hoi/",
            "https://bao.example/the-thao/sau/bong/",
        ]
    );
}

#[test]
fn hugo_with_permalinks_and_dated_names() {
    let site = folder(&[
        (
            "config.yaml",
            "baseURL: https://bao.example/vi/\ntitle: Báo\npermalinks:\n  tin: /:year/:month/:slug/\n",
        ),
        (
            "content/tin/2026-11-05-mua.md",
            "---\ntitle: Mưa\ndate: 2026-11-05\ncategories: [Thời tiết]\n---\nx\n",
        ),
        ("content/bai/2026-11-04-hoi.md", "---\ntitle: Hội\ndate: 2026-11-04\n---\nx\n"),
    ]);
    init_and_build(&site);
    assert_eq!(
        links(&site, "static/feeds/tin-moi/feed.json"),
        ["https://bao.example/vi/2026/11/mua/", "https://bao.example/vi/bai/2026-11-04-hoi/"]
    );
    assert_eq!(entries(&site, "static/feeds/thoi-tiet/feed.json").len(), 1);
}

#[test]
fn zola() {
    let site = folder(&[
        (
            "config.toml",
            "base_url = \"https://redox.example\"\ntitle = \"News of a system\"\ndefault_language = \"en\"\n",
        ),
        ("content/news/_index.md", "+++\n+++\n"),
        (
            "content/news/2026-11-05-release.md",
            "+++\ntitle = \"Release\"\n[taxonomies]\ntags = [\"a\"]\n+++\nx\n",
        ),
        ("content/news/deep/other.md", "+++\ntitle = \"Other\"\ndate = 2026-11-04\n+++\nx\n"),
    ]);
    let (text, _) = init_and_build(&site);
    holds(
        &text,
        &["title = \"News of a system\"", "language = \"en\"", "title = \"Latest\" slug = \"latest\""],
    );
    assert_eq!(
        entries(&site, "static/feeds/latest/feed.json"),
        [
            ("Release".to_owned(), "https://redox.example/news/release/".to_owned()),
            ("Other".to_owned(), "https://redox.example/news/deep/other/".to_owned()),
        ]
    );
}

#[test]
fn jekyll() {
    let post = |title: &str, more: &str| format!("---\ntitle: {title}\n{more}---\nx\n");
    let site = folder(&[
        (
            "_config.yml",
            "title: The Paper\nurl: https://paper.example\nbaseurl: /daily\ntimezone: Europe/Paris\nlang: fr\nauthor:\n  name: Staff\n",
        ),
        ("_posts/2026-11-05-rain.md", &post("Rain", "categories: [News, Local]\n")),
        ("_posts/2026-11-04-sun.markdown", &post("Sun", "")),
        ("_drafts/later.md", &post("Later", "")),
        ("README.md", "# About the repository\n"),
    ]);
    let (text, _) = init_and_build(&site);
    holds(
        &text,
        &["timezone = \"Europe/Paris\"", "author = { name = \"Staff\" }", "path = \"_posts/**/*.markdown\""],
    );
    assert_eq!(
        links(&site, "feeds/latest/feed.json"),
        [
            "https://paper.example/daily/news/local/2026/11/05/rain.html",
            "https://paper.example/daily/2026/11/04/sun.html",
        ]
    );
    let docs = folder(&[
        ("docs/_config.yml", "title: Docs\nurl: https://docs.example\npermalink: /blog/:year/:title/\n"),
        ("docs/_posts/2026-11-05-rain.md", &post("Rain", "")),
    ]);
    init_and_build(&docs);
    assert_eq!(links(&docs, "docs/feeds/latest/feed.json"), ["https://docs.example/blog/2026/rain/"]);
}

#[test]
fn pelican() {
    let site = folder(&[
        (
            "pelicanconf.py",
            "AUTHOR = 'Tòa soạn'\nSITENAME = 'Báo Thử'\nSITEURL = ''\nPATH = 'content'\nTIMEZONE = 'Asia/Ho_Chi_Minh'\nDEFAULT_LANG = 'vi'\n",
        ),
        ("publishconf.py", "SITEURL = 'https://bao.example'\n"),
        ("content/mua.md", "Title: Mưa lớn\nDate: 2026-11-05 08:00\nCategory: Thời sự\n\nx\n"),
        ("content/van-hoa/hoi.md", "Title: Lễ hội\nDate: 2026-11-04\n\nx\n"),
        ("content/pages/about.md", "Title: Giới thiệu\n\nx\n"),
    ]);
    init_and_build(&site);
    assert_eq!(
        links(&site, "output/feeds/tin-moi/feed.json"),
        ["https://bao.example/mua-lon.html", "https://bao.example/le-hoi.html"]
    );
    assert_eq!(entries(&site, "output/feeds/van-hoa/feed.json").len(), 1);
    assert_eq!(entries(&site, "output/feeds/thoi-su/feed.json").len(), 1);
}

#[test]
fn eleventy() {
    let site = folder(&[
        ("eleventy.config.js", "export default function (c) { return { dir: { input: \"src\" } }; }\n"),
        (
            "src/_data/metadata.js",
            "export default {\n  title: \"Site\",\n  url: \"https://e.example/\",\n  language: \"en\",\n  author: { name: \"Ed\" },\n};\n",
        ),
        ("src/posts/2026-11-05-rain.md", "---\ntitle: Rain\n---\nx\n"),
        ("src/notes/notes.json", "{\"permalink\": \"/n/{{ page.fileSlug }}/\"}"),
        ("src/notes/sun.md", "---\ntitle: Sun\ndate: 2026-11-04\n---\nx\n"),
        ("src/about.md", "---\ntitle: About\n---\nx\n"),
        ("node_modules/x/posts/a.md", "---\ntitle: No\ndate: 2026-11-05\n---\nx\n"),
    ]);
    let (text, _) = init_and_build(&site);
    holds(&text, &["title = \"Site\"", "author = { name = \"Ed\" }"]);
    assert_eq!(
        links(&site, "_site/feeds/latest/feed.json"),
        ["https://e.example/posts/rain/", "https://e.example/n/sun/"]
    );
}

#[test]
fn astro() {
    let site = folder(&[
        ("astro.config.mjs", "export default defineConfig({\n  site: 'https://astro.example',\n});\n"),
        (
            "src/consts.ts",
            "export const SITE_TITLE = 'My site';\nexport const SITE_DESCRIPTION = 'All of it';\n",
        ),
        ("src/pages/writing/[...slug].astro", "---\nconst posts = await getCollection('blog');\n---\n"),
        ("src/content/blog/first.md", "---\ntitle: First\npubDate: 'Nov 05 2026'\n---\nx\n"),
        ("src/content/blog/second.mdx", "---\ntitle: Second\npubDatetime: 2026-11-04T10:00:00Z\n---\nx\n"),
    ]);
    let (text, _) = init_and_build(&site);
    holds(&text, &["title = \"My site\"", "description = \"All of it\"", "date_published = \"pubDatetime\""]);
    assert_eq!(
        links(&site, "public/feeds/latest/feed.json"),
        ["https://astro.example/writing/first/", "https://astro.example/writing/second/"]
    );
}

#[test]
fn a_bare_tree_of_markdown() {
    let site = folder(&[
        ("README.md", "# Ghi chú\n"),
        ("CNAME", "bao.example\n"),
        ("bai/thoi-su/mua.md", "---\ntitle: Mưa lớn\ndate: 2026-11-05\n---\nx\n"),
        ("bai/hoi.md", "# Lễ hội đường phố\n\nx\n"),
    ]);
    let (text, report) = init_and_build(&site);
    holds(&text, &["url = \"https://bao.example/\"", "# change this: how the site makes addresses"]);
    assert_eq!(report["counts"]["articles"], 2);
    let links = links(&site, "public/tin-moi/feed.json");
    assert!(links.contains(&"https://bao.example/bai/thoi-su/mua/".to_owned()), "{links:?}");
    assert!(links.contains(&"https://bao.example/bai/hoi/".to_owned()), "{links:?}");
}

#[test]
fn a_vietnamese_table() {
    let site = folder(&[(
        "xuat/bai.csv",
        "Tiêu đề,duong_dan,Ngày đăng,chuyen_muc,tac_gia\n\
         Mưa lớn ở miền núi,https://bao.example/mua.html,17h30 05/11/2026,Thời sự,An\n\
         Lễ hội,https://bao.example/hoi.html,08h00 25/10/2026,Văn hoá,Bình\n",
    )]);
    let (text, _) = init_and_build(&site);
    holds(
        &text,
        &[
            "url = \"https://bao.example/\"",
            "language = \"vi\"",
            "timezone = \"Asia/Ho_Chi_Minh\"",
            "title = \"Tiêu đề\", url = \"duong_dan\", date_published = \"Ngày đăng\"",
            "authors = \"tac_gia\", categories = \"chuyen_muc\"",
        ],
    );
    assert_eq!(
        entries(&site, "public/tin-moi/feed.json"),
        [
            ("Mưa lớn ở miền núi".to_owned(), "https://bao.example/mua.html".to_owned()),
            ("Lễ hội".to_owned(), "https://bao.example/hoi.html".to_owned()),
        ]
    );
    let feed: Value = serde_json::from_str(&site.read("public/thoi-su/feed.json")).unwrap();
    assert_eq!(feed["items"][0]["date_published"], "2026-11-05T17:30:00+07:00");
}

#[test]
fn french_and_english_tables_and_american_dates() {
    let site = folder(&[(
        "articles.csv",
        "Titre;Lien;Date de publication;Rubrique\nPluie;https://journal.example/pluie;05/11/2026 08:00;Météo\n",
    )]);
    let (text, _) = init_and_build(&site);
    holds(
        &text,
        &["title = \"Titre\"", "date_published = \"Date de publication\"", "categories = \"Rubrique\""],
    );
    let site = folder(&[(
        "articles.tsv",
        "heading\tarticle_url\tposted\tchannel\nRain\thttps://paper.example/rain\t11/25/2026\tLocal\n\
         Sun\thttps://paper.example/sun\t11/05/2026\tLocal\n",
    )]);
    let (text, _) = init_and_build_at(&site, "2026-12-01T00:00:00Z");
    holds(&text, &["title = \"heading\"", "date_published = \"posted\"", "categories = \"channel\""]);
    let feed: Value = serde_json::from_str(&site.read("public/local/feed.json")).unwrap();
    assert_eq!(feed["items"][1]["date_published"], "2026-11-05T00:00:00Z");
}

#[track_caller]
fn init_and_build_at(site: &Site, now: &str) -> (String, Run) {
    site.run(&["init"]).exits(0);
    let run = site.run(&["build", "--now", now]).exits(0);
    (site.read("feeds.toml"), run)
}

#[test]
fn a_json_feed() {
    let site = folder(&[(
        "feed.json",
        r#"{"version": "https://jsonfeed.org/version/1.1", "title": "The Feed", "home_page_url": "https://feed.example/",
            "language": "en-GB", "authors": [{"name": "Ada"}], "items": [
            {"id": "https://feed.example/1", "url": "https://feed.example/1", "title": "One", "content_text": "x",
             "date_published": "2026-11-05T08:00:00Z"}]}"#,
    )]);
    let (text, _) = init_and_build(&site);
    holds(
        &text,
        &[
            "title = \"The Feed\"",
            "url = \"https://feed.example/\"",
            "language = \"en-GB\"",
            "author = { name = \"Ada\" }",
        ],
    );
    assert_eq!(links(&site, "public/latest/feed.json"), ["https://feed.example/1"]);
}

#[test]
fn data_files_among_others() {
    let record = |number: usize| {
        format!(
            "{{\"id\": \"k{number}x\", \"headline\": \"T{number}\", \"link\": \"https://a.example/{number}\", \"created\": \"2026-11-0{number}\"}}\n"
        )
    };
    let site = folder(&[
        ("package.json", "{\"name\": \"x\", \"description\": \"y\", \"date\": \"2026-11-05\"}"),
        ("tsconfig.json", "{\"title\": \"x\", \"date\": \"2026-11-05\"}"),
        ("settings.yaml", "title: Not an article\nport: 80\n"),
        ("data/2025/a.jsonl", &record(1)),
        ("data/2026/b.jsonl", &record(2)),
        ("data/2026/c.jsonl", &record(3)),
        ("mixed/one.json", &record(4)),
        ("mixed/menu.json", "[{\"label\": \"Home\"}]"),
        (".cache/d.jsonl", &record(5)),
        ("public/old.jsonl", &record(6)),
        ("deep/er/still/e.jsonl", &record(7)),
        ("node_modules/f.jsonl", &record(8)),
    ]);
    let (text, report) = init_and_build(&site);
    holds(
        &text,
        &["path = \"data/**/*.jsonl\"", "path = \"mixed/one.json\"", "date_published = \"created\""],
    );
    assert_eq!(text.matches("\n[[source]]").count(), 2, "{text}");
    assert_eq!(report["counts"]["articles"], 4);
}

#[test]
fn yaml_and_toml_records() {
    let site = folder(&[
        ("a.yaml", "- {title: Một, url: https://a.example/1, date: 2026-11-05}\n"),
        ("b.toml", "[[article]]\ntitle = \"Hai\"\nurl = \"https://a.example/2\"\ndate = 2026-11-04\n"),
        ("C.CSV", "title,url,date\nBa,https://a.example/3,2026-11-03\n"),
        ("Cargo.toml", "[package]\nname = \"x\"\ndescription = \"y\"\n"),
    ]);
    let (_, report) = init_and_build(&site);
    assert_eq!(report["counts"]["articles"], 3);
}

#[test]
fn the_most_frequent_sections_become_feeds() {
    let mut lines = String::new();
    for section in 0..15 {
        for number in 0..=section {
            lines += &format!(
                "{{\"url\": \"https://a.example/{section}/{number}\", \"title\": \"T\", \"date\": \"2026-11-05\", \"section\": \"S {section}\"}}\n"
            );
        }
    }
    // Names that no folder may have, or that the feed of everything has.
    for section in ["Latest", "con", "a \"b\" \\ c"] {
        lines += &format!(
            "{}\n",
            serde_json::json!({"url": format!("https://a.example/{}", section.len()), "title": "T", "date": "2026-11-05",
                               "section": [section, "S 14"]})
        );
    }
    let site = folder(&[("a.jsonl", &lines)]);
    let run = site.run(&["init", "--format", "json"]).exits(0).json();
    assert_eq!(run["feeds"].as_array().unwrap().len(), 13);
    assert_eq!(run["feeds"][1], "S 14");
    let text = site.read("feeds.toml");
    assert_eq!(text.matches("\n[[feed]]").count(), 13, "{text}");
    holds(&text, &["# title = \"S 0\" # 1 article"]);
    // The rest can be taken as it is.
    let all: String = text
        .lines()
        .map(|line| {
            format!(
                "{}\n",
                line.strip_prefix("# ")
                    .filter(|line| line.starts_with("[[feed")
                        || line.starts_with("title")
                        || line.starts_with("slug")
                        || line.starts_with("category"))
                    .unwrap_or(line)
            )
        })
        .collect();
    site.write("feeds.toml", all.as_bytes());
    site.run(&["build"]).exits(0);
    let list = site.run(&["list", "--format", "json"]).exits(0).json();
    assert_eq!(list.as_array().unwrap().len(), 19, "{all}");
    assert!(list.as_array().unwrap().iter().all(|feed| feed["articles"].as_u64() > Some(0)), "{list}");
}

#[test]
fn what_is_there_stays() {
    let site = Site::new();
    let before = site.read("feeds.toml");
    site.run(&["init"])
        .exits(2)
        .says(&["error: feeds.toml is there already, and stays as it is", "help: move it away first"]);
    assert_eq!(site.read("feeds.toml"), before);
    #[cfg(unix)]
    {
        let linked = folder(&[]);
        std::os::unix::fs::symlink("nowhere.toml", linked.path("feeds.toml")).unwrap();
        linked.run(&["init"]).exits(2).says(&["is there already"]);
        assert!(!linked.path("nowhere.toml").exists());
    }
}

#[test]
fn nothing_found_is_still_a_beginning() {
    let site = folder(&[]);
    let run = site.run(&["init"]).exits(0).prints(&["Found   no articles", "Wrote   feeds.toml"]);
    assert_eq!(run.stderr, "");
    holds(&site.read("feeds.toml"), &["# No articles were found here.", "# [[source]]"]);
    site.run(&["build"]).exits(0);
}

#[test]
fn another_folder_or_file() {
    let csv = "title,url,date\nMưa,https://a.example/1,2026-11-05\n";
    let site = folder(&[("bao/a.csv", csv), ("b.csv", csv)]);
    site.run(&["init", "bao"]).exits(0).prints(&["bao/feeds.toml", "a.csv"]);
    assert!(!site.path("feeds.toml").exists());
    site.run(&["build", "-c", "bao/feeds.toml"]).exits(0);
    site.run(&["init", "-c", "other.toml"]).exits(0).prints(&["other.toml", "b.csv"]);
    site.run(&["build", "-c", "other.toml"]).exits(0);
    site.run(&["init", "bao", "-c", "x.toml"]).exits(2).says(&["both a folder and `--config`"]);
    site.run(&["init", "nowhere"]).exits(2).says(&["nowhere is no folder"]);
    let quiet = folder(&[("a.csv", csv)]);
    assert_eq!(quiet.run(&["init", "-q"]).exits(0).stdout, "");
    assert!(quiet.path("feeds.toml").exists());
}

#[test]
fn it_says_what_it_found_and_what_to_do() {
    let site = folder(&[
        ("hugo.toml", "baseURL = 'https://bao.example/'\ntitle = 'Báo'\n"),
        ("content/tin/mua.md", "---\ntitle: Mưa lớn\ndate: 2026-11-05\n---\nx\n"),
    ]);
    let run = site.run(&["init"]).exits(0);
    assert_eq!(
        run.stdout,
        "Found   a site of Hugo (hugo.toml)\n        content/**/*.md (markdown: 1 article in 1 file)\n        \
         for example “Mưa lớn”, https://bao.example/tin/mua/\nWrote   feeds.toml: 2 feeds\n          Tin mới\n          Tin\n\
         Check   site.timezone: nothing here states it\n\
         Next    look feeds.toml through, then `bantin build`, each time before Hugo runs\n"
    );
    assert_eq!(run.stderr, "");
}
