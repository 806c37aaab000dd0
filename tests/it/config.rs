//! Mistakes in feeds.toml: each is shown where it stands, with what was probably meant, and nothing is written.

use crate::site::{HEAD, Site};

const SITE: &str = "[site]\ntitle = \"Báo Thử\"\nurl = \"https://bao.example/\"\n";
const SOURCE: &str = "[[source]]\npath = \"articles.jsonl\"\n";

/// A mistake.
pub struct Case {
    /// What stands in feeds.toml.
    pub text: String,
    /// What is said of it.
    pub message: &'static str,
    /// Where: line and column.
    at: (usize, usize),
    /// What was meant.
    help: &'static str,
}

fn case(text: impl Into<String>, message: &'static str, at: (usize, usize), help: &'static str) -> Case {
    Case { text: text.into(), message, at, help }
}

/// In `[site]`, whose own lines are three.
fn site(line: &str, message: &'static str, column: usize, help: &'static str) -> Case {
    case(format!("{SITE}{line}\n"), message, (4, column), help)
}

fn output(line: &str, message: &'static str, column: usize, help: &'static str) -> Case {
    case(format!("{SITE}[output]\n{line}\n"), message, (5, column), help)
}

fn source(line: &str, message: &'static str, column: usize, help: &'static str) -> Case {
    case(format!("{SITE}{SOURCE}{line}\n"), message, (6, column), help)
}

fn path(path: &str, message: &'static str, help: &'static str) -> Case {
    case(format!("{SITE}[[source]]\npath = \"{path}\"\n"), message, (5, 8), help)
}

/// In a `[[feed]]` after its title.
fn feed(line: &str, message: &'static str, column: usize, help: &'static str) -> Case {
    case(format!("{SITE}{SOURCE}[[feed]]\ntitle = \"Thời sự\"\n{line}\n"), message, (8, column), help)
}

/// In a `[[source]]` after its address.
fn web(line: &str, url: &str, message: &'static str, at: (usize, usize), help: &'static str) -> Case {
    case(format!("{SITE}[[source]]\nurl = \"{url}\"\n{line}\n"), message, at, help)
}

fn slug(slug: &str, reason: &'static str, help: &'static str) -> Case {
    feed(&format!("slug = \"{slug}\""), reason, 8, help)
}

#[track_caller]
fn check(case: &Case) {
    let Case { text, message, at: (line, column), help } = case;
    let site = folder();
    site.write("feeds.toml", text.as_bytes());
    let run = site.run(&["build"]);
    let shown = format!("for\n{text}\nstderr:\n{}", run.stderr);
    assert_eq!(run.status, Some(2), "{shown}");
    assert_eq!(run.stdout, "", "{shown}");
    assert_eq!(run.stderr.matches("error: ").count(), 1, "{shown}");
    assert!(run.stderr.contains(&format!("error: {message}")), "no {message:?} {shown}");
    assert!(run.stderr.contains(&format!("--> feeds.toml:{line}:{column}\n")), "no {line}:{column} {shown}");
    assert!(run.stderr.contains(&format!("= help: {help}")), "no help {help:?} {shown}");
    assert_untouched(&site);
}

/// A folder with articles, and nothing configured.
fn folder() -> Site {
    Site::new().articles(1, "Thời sự").file("articles.txt", "x")
}

#[track_caller]
fn assert_untouched(site: &Site) {
    let mut names: Vec<String> = std::fs::read_dir(site.root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["articles.jsonl", "articles.txt", "feeds.toml"]);
}

fn keys_that_there_are_not() -> Vec<Case> {
    vec![
        case(
            format!("{SITE}[outputs]\n"),
            "feeds.toml has no key `outputs`",
            (4, 2),
            "did you mean `output`?",
        ),
        case(
            format!("limit = 5\n{SITE}"),
            "feeds.toml has no key `limit`",
            (1, 1),
            "`limit` is a key of [[feed]] and of [output]",
        ),
        case(
            format!("{SITE}[stuff]\n"),
            "feeds.toml has no key `stuff`",
            (4, 2),
            "tables are [site], [output]",
        ),
        site("titel = \"x\"", "[site] has no key `titel`", 1, "did you mean `title`?"),
        site("slug = \"x\"", "[site] has no key `slug`", 1, "`slug` is a key of [[feed]]"),
        site(
            "author = { name = \"x\", mail = \"y\" }",
            "`author` has no key `mail`",
            24,
            "did you mean `email`?",
        ),
        site("author = { nam = \"x\" }", "`author` has no key `nam`", 12, "did you mean `name`?"),
        output("limits = 5", "[output] has no key `limits`", 1, "did you mean `limit`?"),
        source("field = {}", "[[source]] has no key `field`", 1, "did you mean `fields`?"),
        source(
            "replace = [{ field = \"t\", patern = \"x\" }]",
            "`replace` has no key `patern`",
            27,
            "did you mean `pattern`?",
        ),
        feed("slugs = \"x\"", "[[feed]] has no key `slugs`", 1, "did you mean `slug`?"),
        feed("exclude = { tag = \"x\" }", "`exclude` has no key `tag`", 13, "did you mean `tags`?"),
        case(
            format!("{SITE}[check]\nfixture = \"x\"\n"),
            "[check] has no key `fixture`",
            (5, 1),
            "did you mean `fixtures`?",
        ),
        source("fields = { titel = \"x\" }", "articles have no field `titel`", 12, "did you mean `title`?"),
    ]
}

fn keys_that_are_missing() -> Vec<Case> {
    vec![
        case("", "there is no table [site]", (1, 1), "begin it with [site]"),
        case("[output]\ndir = \"x\"\n", "there is no table [site]", (1, 1), "begin it with [site]"),
        case("[site]\nurl = \"https://bao.example/\"\n", "[site] lacks the key `title`", (1, 1), "add title"),
        case("[site]\ntitle = \"x\"\n", "[site] lacks the key `url`", (1, 1), "add url = \"https://"),
        site("author = { email = \"a@b.vn\" }", "`author` lacks the key `name`", 10, "add name"),
        case(
            format!("{SITE}[[source]]\nformat = \"jsonl\"\n"),
            "[[source]] lacks the key `path`",
            (4, 1),
            "add path = \"articles/*.jsonl\"",
        ),
        source(
            "command = [\"x\"]",
            "`command` beside `path`",
            11,
            "what comes from two places is two sources",
        ),
        source("max_size = 1", "`max_size` says nothing of files", 12, "files are read however large"),
        case(
            format!("{SITE}[[source]]\ncommand = [\"\"]\n"),
            "`command` names no program",
            (5, 11),
            "the program, then its arguments",
        ),
        case(
            format!("{SITE}{SOURCE}article_url = \"/{{id}}\"\nurl = \"/{{id}}\"\n"),
            "`url` beside `article_url`",
            (7, 7),
            "here both build",
        ),
        source("url = [\"/a\", \"/b\"]", "`url` is one text here", 7, "beside a `path` or a `command`"),
        case(
            format!("{SITE}[[source]]\ncommand = [\"x\"]\nheaders = {{ A = \"b\" }}\n"),
            "`headers` says nothing of a command",
            (6, 13),
            "it belongs to a source that is fetched",
        ),
        web(
            "",
            "bao.example/api",
            "`url` is no address: `bao.example/api`",
            (5, 7),
            "a source's `url` is where",
        ),
        web(
            "",
            "ftp://bao.example/",
            "`ftp` is not fetched, only http and https are",
            (5, 7),
            "a file is named",
        ),
        web("", "https://a:b@bao.example/", "a password in an address", (5, 7), "headers = { Authorization"),
        web("", "https://bao.example/?k=${K", "`${` without `}`", (5, 7), "a variable of the environment"),
        web("api = \"ghost\"", "https://bao.example/", "the address lacks the `key`", (5, 7), "add the key"),
        web(
            "api = \"drupal\"",
            "https://bao.example/",
            "`api` cannot be `drupal`",
            (6, 7),
            "known here: wordpress",
        ),
        web(
            "paging = { total = \"X\" }",
            "https://bao.example/",
            "`paging` does not say how",
            (6, 10),
            "paging = {",
        ),
        web(
            "paging = { link = true, next = \"x\" }",
            "https://bao.example/",
            "`paging` says in two ways",
            (6, 10),
            "with `link = true` the header alone",
        ),
        web(
            "headers = { host = \"x\" }",
            "https://bao.example/",
            "the header `host` cannot be set",
            (6, 13),
            "bantin itself",
        ),
        source("priority = 40000", "`priority` cannot be 40000", 12, "a whole number, 32767 or less"),
        source("replace = [{ pattern = \"x\" }]", "`replace` lacks the key `field`", 12, "add field"),
        case(
            format!("{SITE}{SOURCE}[[feed]]\nslug = \"x\"\n"),
            "[[feed]] lacks the key `title`",
            (6, 1),
            "add title",
        ),
    ]
}

fn values_of_another_kind() -> Vec<Case> {
    vec![
        case(
            "[site]\ntitle = 5\nurl = \"https://bao.example/\"\n",
            "`title` is text, not a number",
            (2, 9),
            "put it between quotation marks: title = \"5\"",
        ),
        site(
            "author = \"Tòa soạn\"",
            "`author` is a table, not text",
            10,
            "author = { name = \"Tòa soạn\" }",
        ),
        output(
            "limit = \"many\"",
            "`limit` is a whole number, not text",
            9,
            "a number without quotation marks",
        ),
        output(
            "limit = \"50\"",
            "`limit` is a whole number, not text",
            9,
            "write it without quotation marks: limit = 50",
        ),
        output("limit = -1", "`limit` cannot be -1", 9, "a whole number, 1 or more"),
        output("limit = 0", "a feed of no entries", 9, "`limit` is 1 or more"),
        output("hours = 1.5", "`hours` is a whole number, not a fraction", 9, "a number without"),
        output("hours = 5000000000", "`hours` cannot be 5000000000", 9, "a whole number, 4294967295 or less"),
        output(
            "formats = \"rss\"",
            "`formats` is a list, not text",
            11,
            "put it between brackets: formats = [\"rss\"]",
        ),
        output("content = \"ful\"", "`content` cannot be `ful`", 11, "did you mean `full`?"),
        output(
            "max_size = \"5 XB\"",
            "`max_size` is no size: `5 XB`",
            12,
            "max_size = \"500 KB\", or a number of bytes",
        ),
        output("max_size = -5", "`max_size` is no size: -5", 12, "max_size = \"500 KB\""),
        output("max_size = 1.5", "`max_size` is a size, not a fraction", 12, "max_size = \"500 KB\""),
        source(
            "replace = { field = \"title\", pattern = \"x\" }",
            "`replace` is a list of tables, not a table",
            11,
            "put it between brackets",
        ),
        feed(
            "category = 5",
            "`category` is text or a list of texts, not a number",
            12,
            "category = [\"…\", \"…\"]",
        ),
        feed(
            "category = [\"a\", 5]",
            "`category` is text or a list of texts; in it stands a number",
            18,
            "category = [",
        ),
        feed("ttl = \"1h\"", "`ttl` is a whole number, not text", 7, "a number without"),
        feed(
            "aliases = \"rss.xml\"",
            "`aliases` is a list, not text",
            11,
            "put it between brackets: aliases = [\"rss.xml\"]",
        ),
        case(
            format!("{SITE}[feed]\ntitle = \"x\"\n"),
            "`feed` is a list of tables, not a table",
            (4, 1),
            "write [[feed]]",
        ),
        case(
            format!("{SITE}[source]\npath = \"x\"\n"),
            "`source` is a list of tables, not a table",
            (4, 1),
            "write [[source]]",
        ),
        case(
            format!("output = \"public\"\n{SITE}"),
            "`output` is a table, not text",
            (1, 10),
            "it is a table of its own: [output]",
        ),
        case(
            format!("feed = \"x\"\n{SITE}"),
            "`feed` is a list of tables, not text",
            (1, 8),
            "it is a table of its own: [[feed]]",
        ),
    ]
}

fn addresses_zones_and_languages() -> Vec<Case> {
    vec![
        case(
            "[site]\ntitle = \" \"\nurl = \"https://bao.example/\"\n",
            "`site.title` is empty",
            (2, 9),
            "the name of the newspaper",
        ),
        case(
            "[site]\ntitle = \"x\"\nurl = \"bao.example\"\n",
            "`site.url` is no address",
            (3, 7),
            "did you mean `https://bao.example`?",
        ),
        case(
            "[site]\ntitle = \"x\"\nurl = \"ftp://bao.example\"\n",
            "`site.url` is no address",
            (3, 7),
            "an absolute address that begins with https://",
        ),
        case(
            "[site]\ntitle = \"x\"\nurl = \"https://\"\n",
            "`site.url` is no address",
            (3, 7),
            "an absolute address",
        ),
        output(
            "url = \"/feeds/\"",
            "`output.url` is no address",
            7,
            "did you mean `https://bao.example/feeds/`?",
        ),
        site(
            "icon = \"javascript:x\"",
            "`site.icon` is no address",
            8,
            "an address that begins with https://",
        ),
        site(
            "author = { name = \"x\", url = \"data:x\" }",
            "`author.url` is no address",
            30,
            "an address that begins with",
        ),
        feed("url = \"javascript:x\"", "`url` is no address", 7, "an address that begins with https://"),
        feed("image = \"file:///x.png\"", "`image` is no address", 9, "an address that begins with https://"),
        site(
            "timezone = \"Asia/Hanoi\"",
            "unknown time zone `Asia/Hanoi`",
            12,
            "did you mean `Asia/Ho_Chi_Minh`?",
        ),
        site(
            "timezone = \"Asia/Ho Chi Minh\"",
            "unknown time zone `Asia/Ho Chi Minh`",
            12,
            "did you mean `Asia/Ho_Chi_Minh`?",
        ),
        site("timezone = \"Bangkok\"", "unknown time zone `Bangkok`", 12, "did you mean `Asia/Bangkok`?"),
        site("timezone = \"UTC+7\"", "unknown time zone `UTC+7`", 12, "did you mean `Asia/Ho_Chi_Minh`?"),
        site(
            "timezone = \"giờ nhà\"",
            "unknown time zone `giờ nhà`",
            12,
            "zones have names such as `Asia/Ho_Chi_Minh`",
        ),
        site("language = \"tiếng Việt\"", "no language tag: `tiếng Việt`", 12, "tags are those of BCP 47"),
        site("language = \"vn\"", "no language tag: `vn`", 12, "Vietnamese is `vi`"),
        feed("language = \"_\"", "no language tag: `_`", 12, "tags are those of BCP 47"),
        site(
            "tag = \"bao.example\"",
            "no tagging authority: `bao.example`",
            7,
            "a domain and the year in which it was yours",
        ),
        site(
            "tag = \"bao example,2005\"",
            "no tagging authority: `bao example,2005`",
            7,
            "a domain and the year",
        ),
    ]
}

fn sources_that_cannot_be_read() -> Vec<Case> {
    vec![
        path("", "`path` is empty", "a file, a folder or a glob"),
        path(
            "articels.jsonl",
            "no file matches `articels.jsonl`",
            "did you mean `articles.jsonl` in this folder?",
        ),
        path(
            "tin/*.jsonl",
            "no file matches `tin/*.jsonl`",
            "in this folder there are: articles.jsonl, articles.txt, feeds.toml",
        ),
        path("a[.jsonl", "not a glob", "`*` is any name"),
        path(
            "articles.txt",
            "cannot tell the format of articles.txt by its name",
            "say it with `format`: one of jsonl",
        ),
        path("-", "which format has standard input?", "standard input has no extension"),
        source("format = \"jsonlines\"", "unknown format `jsonlines`", 10, "known here: jsonl, json, csv"),
        source("format = \"cvs\"", "unknown format `cvs`", 10, "did you mean `csv`?"),
        source(
            "date_formats = [\"%d/%m\", \"%d/%Q\"]",
            "no date pattern: `%d/%Q`",
            26,
            "patterns are those of strftime",
        ),
        source(
            "replace = [{ field = \"title\", pattern = \"(\" }]",
            "not a regular expression: unclosed group",
            41,
            "a text that is meant letter by letter",
        ),
        source(
            "url = \"https://bao.example/{id\"",
            "a brace that is not closed in `https://bao.example/{id`",
            7,
            "a field stands in braces",
        ),
        source(
            "url = \"https://bao.example/id}\"",
            "a brace that is not opened",
            7,
            "a field stands in braces",
        ),
        source("category = \"{}\"", "braces without a field's name in `{}`", 12, "a field stands in braces"),
        source(
            "delimiter = \"--\"",
            "`delimiter` is one ASCII character",
            13,
            "one character between quotation marks",
        ),
        source("quote = \"“\"", "`quote` is one ASCII character", 9, "one character between quotation marks"),
        source(
            "encoding = \"windows-1285\"",
            "unknown encoding `windows-1285`",
            12,
            "did you mean `windows-1258`?",
        ),
        source(
            "format = \"html-list\"",
            "a list of a page has no `select.item`",
            10,
            "name the box of one article",
        ),
        source(
            "select = { title = \"h1 >\" }",
            "`select.title` is no CSS selector: it ends too soon",
            20,
            "such as `div.entry > p`",
        ),
        source("select = { titel = \"h1\" }", "`select` has no key `titel`", 12, "did you mean `title`?"),
        source("select = { date = [] }", "`select.date` is empty", 19, "a CSS selector"),
        source("select = \"h1\"", "`select` is a table, not text", 10, "put it between braces"),
        source("remove = [\".a\", \"b{}\"]", "`remove` is no CSS selector: a sign stands", 17, "such as"),
        source("remove = \".a\"", "`remove` is a list, not text", 10, "put it between brackets"),
        output("formats = [\"rss\", \"atmo\"]", "unknown format `atmo`", 19, "did you mean `atom`?"),
        output("formats = []", "`output.formats` is empty", 11, "known: rss, atom, json"),
        output("dir = \"\"", "`output.dir` is empty", 7, "the folder that is written"),
        output(
            "state = \"public/.bantin\"",
            "`output.state` lies inside `output.dir`",
            9,
            "a folder beside it",
        ),
    ]
}

fn feeds_that_cannot_be_told_apart_or_named() -> Vec<Case> {
    let two = |second: &str| format!("{SITE}{SOURCE}[[feed]]\ntitle = \"Văn hoá\"\n[[feed]]\n{second}\n");
    vec![
        case(
            two("title = \"Văn hoá\""),
            "a second feed with the slug `van-hoa`",
            (9, 9),
            "`Văn hoá` has it; give one of the two another `slug`",
        ),
        case(
            two("title = \"VĂN HÓA!\""),
            "a second feed with the slug `van-hoa`",
            (9, 9),
            "`Văn hoá` has it",
        ),
        case(
            two("title = \"Khác\"\nslug = \"Van-Hoa\""),
            "a second feed with the slug `Van-Hoa`",
            (10, 8),
            "`Văn hoá` has it",
        ),
        slug(
            "../x",
            "the slug `../x` is not a plain folder name: contains a path separator",
            "did you mean `x`?",
        ),
        slug(
            "a/b",
            "the slug `a/b` is not a plain folder name: contains a path separator",
            "did you mean `a-b`?",
        ),
        slug("", "the slug `` is not a plain folder name: is empty", "give the feed a `slug`"),
        slug(
            "assets",
            "the slug `assets` is not a plain folder name: is a name the output uses itself",
            "give the feed a `slug`",
        ),
        slug(
            "con",
            "the slug `con` is not a plain folder name: is the name of a device on Windows",
            "give the feed a `slug`",
        ),
        slug("index.html", "the slug `index.html` is not a plain folder name", "did you mean `index-html`?"),
        slug("feeds.opml", "the slug `feeds.opml` is not a plain folder name", "did you mean `feeds-opml`?"),
        slug(
            "Thời sự",
            "the slug `Thời sự` is not a plain folder name: contains white space",
            "did you mean `thoi-su`?",
        ),
        slug(".git", "the slug `.git` is not a plain folder name: begins with a dot", "did you mean `git`?"),
        case(
            format!("{SITE}{SOURCE}[[feed]]\ntitle = \"\"\n"),
            "the feed's title is empty",
            (7, 9),
            "the name of the section",
        ),
        case(
            format!("{SITE}{SOURCE}[[feed]]\ntitle = \"Assets\"\n"),
            "the slug `assets` is not a plain folder name",
            (7, 9),
            "give the feed a `slug`",
        ),
        feed(
            "aliases = [\"rss.xml\", \"RSS.xml\"]",
            "a second feed at the old path `rss.xml`",
            23,
            "`Thời sự` has it as well",
        ),
        feed(
            "aliases = [\"thoi-su/rss.xml\"]",
            "`thoi-su/rss.xml` is no old path",
            12,
            "the feed `Thời sự` is in that folder",
        ),
        feed("category = []", "`category` is empty: no article would fit", 12, "`*` is every article"),
        feed("limit = 0", "a feed of no entries", 9, "`limit` is 1 or more"),
        feed(
            "aliases = [\"../rss.xml\"]",
            "no path for old addresses: `../rss.xml`",
            12,
            "a path below the output folder",
        ),
        feed(
            "aliases = [\"assets/rss.xml\"]",
            "no path for old addresses: `assets/rss.xml`",
            12,
            "a path below the output folder",
        ),
        feed(
            "aliases = [\"old.txt\"]",
            "cannot tell which format `old.txt` is to have",
            12,
            "a name that ends in .xml or .json",
        ),
    ]
}

fn what_is_not_toml() -> Vec<Case> {
    vec![
        case(
            "[site]\ntitle = \"x\nurl = \"https://bao.example/\"\n",
            "invalid basic string",
            (2, 10),
            "a text stands between quotation marks",
        ),
        case("[site]\ntitle \"x\"\n", "key with no value", (2, 7), "a key and its value are written"),
        case("site:\n  title: x\n", "key with no value", (1, 5), "TOML is written `key = \"value\"`"),
        case("[site]\ntitle = Báo\n", "", (2, 9), ""),
        case(format!("{SITE}title = \"y\"\n"), "duplicate key", (4, 1), "it stands in this table already"),
        case(
            format!("{SITE}[site]\n"),
            "duplicate key",
            (4, 2),
            "it stands in this table already; a list of tables is written",
        ),
    ]
}

#[test]
fn keys_that_there_are_not_are_shown() {
    keys_that_there_are_not().iter().for_each(check);
}

#[test]
fn keys_that_are_missing_are_shown() {
    keys_that_are_missing().iter().for_each(check);
}

#[test]
fn values_of_another_kind_are_shown() {
    values_of_another_kind().iter().for_each(check);
}

#[test]
fn addresses_zones_and_languages_are_shown() {
    addresses_zones_and_languages().iter().for_each(check);
}

#[test]
fn sources_that_cannot_be_read_are_shown() {
    sources_that_cannot_be_read().iter().for_each(check);
}

#[test]
fn feeds_that_cannot_be_told_apart_or_named_are_shown() {
    feeds_that_cannot_be_told_apart_or_named().iter().for_each(check);
}

#[test]
fn what_is_not_toml_are_shown() {
    what_is_not_toml().iter().for_each(check);
}

/// Every mistake of the tables in what is TOML.
pub fn mistakes() -> Vec<Case> {
    let tables = [
        keys_that_there_are_not,
        keys_that_are_missing,
        values_of_another_kind,
        addresses_zones_and_languages,
        sources_that_cannot_be_read,
        feeds_that_cannot_be_told_apart_or_named,
    ];
    tables.into_iter().flat_map(|table| table()).collect()
}

#[test]
fn what_is_not_utf_8() {
    let site = folder();
    site.write("feeds.toml", b"[site]\ntitle = \"B\xe1o\"\n");
    let run = site.run(&["build"]).exits(2);
    run.says(&["error: the file is not UTF-8", "--> feeds.toml:2:11\n", "= help: save it as UTF-8"]);
    assert_untouched(&site);
    let utf_16: Vec<u8> =
        std::iter::once(0xfeff_u16).chain(SITE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    site.write("feeds.toml", &utf_16);
    site.run(&["build"]).exits(2).says(&["error: the file is UTF-16, not UTF-8", "= help: save it as UTF-8"]);
    assert_untouched(&site);
}

#[test]
fn a_byte_order_mark_and_windows_lines_are_no_mistake() {
    let site = folder();
    site.write("feeds.toml", format!("\u{feff}{SITE}{SOURCE}").replace('\n', "\r\n").as_bytes());
    site.run(&["build"]).exits(0);
}

/// The places at which mistakes are shown, in order.
fn places(stderr: &str) -> Vec<&str> {
    stderr.lines().filter_map(|line| line.trim_start().strip_prefix("--> feeds.toml:")).collect()
}

#[test]
fn every_mistake_is_shown_once() {
    let site = folder();
    site.write(
        "feeds.toml",
        "[site]\ntitle = \"\"\nurl = \"x\"\ntimezone = \"Hanoi\"\nlanguage = \"?\"\ntag = \"?\"\n[output]\nformats = [\"rsss\"]\n\
         [[source]]\npath = \"articles.jsonl\"\nformat = \"x\"\n[[source]]\npath = \"none/*.csv\"\n\
         [[feed]]\ntitle = \"A\"\nslug = \"../x\"\nurl = \"javascript:x\"\n[[feed]]\ntitle = \"B\"\nlimit = 0\n"
            .as_bytes(),
    );
    let run = site.run(&["build"]).exits(2);
    assert_eq!(
        places(&run.stderr),
        ["2:9", "3:7", "4:12", "5:12", "6:7", "8:12", "11:10", "13:8", "16:8", "20:9"],
        "{}",
        run.stderr
    );
    assert_untouched(&site);
    // What is wrong with the form comes first: what words mean that are not understood is not known.
    site.write(
        "feeds.toml",
        "[site]\ntitel = \"x\"\nauthor = 5\n[output]\nlimit = \"9\"\n[[feed]]\nslug = 7\n[[feed]]\ntitle = \"B\"\ncatgory = \"x\"\n[chekc]\n"
            .as_bytes(),
    );
    let run = site.run(&["build"]).exits(2);
    assert_eq!(
        places(&run.stderr),
        ["1:1", "2:1", "3:10", "5:9", "6:1", "7:8", "10:1", "11:2"],
        "{}",
        run.stderr
    );
    assert_untouched(&site);
}

#[test]
fn a_configuration_that_is_not_there() {
    let site = Site::new();
    std::fs::remove_file(site.path("feeds.toml")).unwrap();
    site.run(&["build"]).exits(2).says(&["error: no feeds.toml in ", "help: `bantin init`"]);
    site.run(&["build", "-c", "other.toml"]).exits(2).says(&["error: cannot read other.toml"]);
}

#[test]
fn of_very_many_mistakes_the_first_are_drawn() {
    let feeds: String =
        (0..3000).map(|n| format!("[[feed]]\ntitle = \"T{n}\"\nauthor = \"T{n}\"\n")).collect();
    let run = Site::new().config(&format!("{HEAD}{feeds}")).run(&["build"]).exits(2);
    assert_eq!(run.stderr.matches("has no key `author`").count(), 50);
    assert!(run.stderr.contains("\"T49\"") && run.stderr.trim_end().ends_with("and 2950 mistakes more"));
}
