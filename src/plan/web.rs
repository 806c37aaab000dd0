//! A source of the web, as feeds.toml says it: addresses, what is sent with a request, and how an answer of several pages
//! goes on. The ready-made ones of WordPress and Ghost are here too.

use super::phrase::Phrase;
use super::{Planner, Replace};
use crate::config::{self, ApiWord};
use crate::sources::{self, Source};
use regex::Regex;
use std::collections::HashMap;
use std::path::PathBuf;
use toml::Spanned;
use url::Url;

/// What is fetched.
#[derive(Debug, Clone)]
pub struct Web {
    pub addresses: Vec<Phrase>,
    /// Names and values that are sent with every request to the addresses' own hosts.
    pub headers: Vec<(String, Phrase)>,
    /// `None`: every address is one page.
    pub paging: Option<Paging>,
    /// Whether addresses of the own machine and network may be fetched.
    pub allow_private: bool,
    /// A file of the authorities that are trusted; `None`: those that browsers trust.
    pub authorities: Option<PathBuf>,
    /// What the program calls itself.
    pub user_agent: String,
}

/// How pages follow one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging {
    /// The parameter of the address that says which page, or what `next` gives.
    pub parameter: Option<String>,
    /// The value of the parameter for the first page, and how much greater each is than the one before.
    pub first: u64,
    pub step: u64,
    /// The dotted path of the address, number or word that leads to the next page.
    pub next: Option<String>,
    /// Whether the header `Link` (RFC 8288) leads to the next page.
    pub link: bool,
    /// The header that says how many pages there are.
    pub total: Option<String>,
    /// So many pages are read, and no more.
    pub pages: Option<usize>,
}

/// Pages that are read of an interface whose newest articles come first, unless feeds.toml says otherwise.
const PAGES: usize = 10;

/// What a ready-made interface is.
struct Preset {
    /// The format of its answers.
    format: &'static str,
    /// What stands behind the site's address, and parameters where the address has none of that name.
    path: &'static str,
    parameters: &'static [(&'static str, &'static str)],
    /// Whether an address leads to the interface already.
    is_endpoint: fn(&str) -> bool,
    headers: &'static [(&'static str, &'static str)],
    paging: (&'static str, Option<&'static str>, Option<&'static str>),
    fields: &'static [(&'static str, &'static [&'static str])],
    /// Fields that hold a moment of UTC, and do not say so.
    utc: &'static [&'static str],
}

/// <https://developer.wordpress.org/rest-api/reference/posts/>; the id is that of WordPress's own feeds.
const WORDPRESS: Preset = Preset {
    format: "json",
    path: "wp-json/wp/v2/posts",
    parameters: &[("per_page", "100"), ("_embed", "author,wp:term,wp:featuredmedia")],
    is_endpoint: |address| address.contains("/wp-json/") || address.contains("rest_route="),
    headers: &[],
    paging: ("page", None, Some("X-WP-TotalPages")),
    fields: &[
        ("id", &["guid.rendered"]),
        ("date_published", &["date_gmt"]),
        ("date_modified", &["modified_gmt"]),
        ("authors", &["_embedded.author.0"]),
        ("categories", &["_embedded.wp:term.0"]),
        ("tags", &["_embedded.wp:term.1"]),
        ("image", &["_embedded.wp:featuredmedia.0"]),
    ],
    utc: &["date_gmt", "modified_gmt"],
};

/// <https://ghost.org/docs/content-api/>
const GHOST: Preset = Preset {
    format: "ghost",
    path: "ghost/api/content/posts/",
    parameters: &[
        ("limit", "100"),
        ("include", "tags,authors"),
        (
            "fields",
            "id,url,title,html,custom_excerpt,feature_image,feature_image_alt,feature_image_caption,published_at,updated_at,visibility,access",
        ),
    ],
    is_endpoint: |address| address.contains("/api/content/"),
    headers: &[("Accept-Version", "v5.0")],
    paging: ("page", Some("meta.pagination.next"), None),
    fields: &[],
    utc: &[],
};

fn preset(api: ApiWord) -> &'static Preset {
    match api {
        ApiWord::Wordpress => &WORDPRESS,
        ApiWord::Ghost => &GHOST,
    }
}

/// The format of that interface's answers.
pub(super) fn format_of(api: ApiWord) -> Option<&'static dyn Source> {
    sources::named(preset(api).format)
}

/// The names that the fields have in answers of that interface.
pub(super) fn fields_of(api: ApiWord) -> impl Iterator<Item = (&'static str, Vec<String>)> {
    let fields = preset(api).fields.iter();
    fields.map(|(field, names)| (*field, names.iter().map(ToString::to_string).collect()))
}

/// What is put right in answers of that interface.
pub(super) fn replace_of(api: ApiWord) -> impl Iterator<Item = Replace> {
    let moment = Regex::new(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)$");
    let moment = moment.unwrap_or_else(|error| unreachable!("a pattern of ours: {error}"));
    preset(api).utc.iter().map(move |field| Replace {
        field: (*field).to_owned(),
        pattern: moment.clone(),
        with: "${1}Z".to_owned(),
    })
}

impl Preset {
    /// The address of the interface of a site.
    fn address(&self, written: &str) -> String {
        let (base, query) = written.split_once('?').unwrap_or((written, ""));
        let mut address = match (self.is_endpoint)(written) {
            true => base.to_owned(),
            false => format!("{}/{}", base.trim_end_matches('/'), self.path),
        };
        let has = |name: &str| query.split('&').any(|part| part.split('=').next() == Some(name));
        let added = self.parameters.iter().filter(|(name, _)| !has(name));
        let added = added.map(|(name, value)| format!("{name}={value}"));
        let own = query.split('&').filter(|part| !part.is_empty()).map(str::to_owned);
        address.push('?');
        address.push_str(&own.chain(added).collect::<Vec<_>>().join("&"));
        address
    }

    fn paging(&self) -> Paging {
        let (parameter, next, total) = self.paging;
        Paging {
            parameter: Some(parameter.to_owned()),
            first: 1,
            step: 1,
            next: next.map(str::to_owned),
            link: false,
            total: total.map(str::to_owned),
            pages: Some(PAGES),
        }
    }
}

impl Planner<'_> {
    /// What is fetched from addresses.
    pub(super) fn web(&mut self, source: &config::Source, urls: &Spanned<config::Words>) -> Option<Web> {
        let api = source.api.as_ref().map(|api| *api.get_ref());
        let preset = api.map(preset);
        let mut addresses = Vec::new();
        for word in &urls.get_ref().0 {
            let written = word.trim();
            if let Some(address) = self.address(written, urls.span()) {
                match preset {
                    // What is added to it is plain.
                    Some(preset) => addresses.extend(Phrase::parse(&preset.address(&address.written))),
                    None => addresses.push(address),
                }
            }
            if api == Some(ApiWord::Ghost) && !written.contains("key=") {
                let help = format!("add the key of the Content API: `{written}?key=${{GHOST_KEY}}`");
                self.mistake(urls.span(), "the address lacks the `key` that Ghost wants", Some(help));
            }
        }
        if urls.get_ref().0.is_empty() {
            let help = "an address: `https://example.vn/api/articles`".to_owned();
            self.mistake(urls.span(), "`url` is empty", Some(help));
        }
        let given = source.headers.iter().filter_map(|(name, value)| self.header(name, value));
        let mut headers: Vec<(String, Phrase)> = given.collect();
        for (name, value) in preset.into_iter().flat_map(|preset| preset.headers) {
            if !headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)) {
                headers.extend(Phrase::parse(value).map(|value| ((*name).to_owned(), value)));
            }
        }
        let paging = match (&source.paging, preset) {
            (None, preset) => preset.map(Preset::paging),
            (Some(paging), preset) => self.paging(paging, preset.map(Preset::paging)),
        };
        Some(Web {
            addresses,
            headers,
            paging,
            allow_private: source.allow_private.as_ref().is_some_and(|allow| *allow.get_ref()),
            authorities: self.authorities(source.ca.as_ref()),
            user_agent: format!("bantin/{} (+{})", env!("CARGO_PKG_VERSION"), self.site),
        })
    }

    /// The file of the authorities that are trusted.
    pub(super) fn authorities(&mut self, ca: Option<&Spanned<String>>) -> Option<PathBuf> {
        let ca = ca?;
        if ca.get_ref().trim().is_empty() {
            let help = "a file of certificates in PEM: `ca = \"ca.pem\"`".to_owned();
            self.mistake(ca.span(), "`ca` is empty", Some(help));
            return None;
        }
        Some(self.root.join(ca.get_ref()))
    }

    /// An address, as it is written.
    fn address(&mut self, written: &str, span: config::Span) -> Option<Phrase> {
        let phrase = match Phrase::parse(written) {
            Ok(phrase) => phrase,
            Err(message) => {
                let help = "a variable of the environment is written `${NAME}`".to_owned();
                self.mistake(span, message, Some(help));
                return None;
            }
        };
        // What stands in for a variable is not known yet; it is a part of the path or the parameters.
        let filled: Result<String, std::convert::Infallible> = phrase.fill(|_| Ok("x".to_owned()));
        let url = filled.ok().and_then(|filled| Url::parse(&filled).ok());
        let (message, help) = match &url {
            None => (
                format!("`url` is no address: `{written}`"),
                "a source's `url` is where its articles are fetched: `https://example.vn/api/articles`; beside a `path` it builds the articles' own addresses",
            ),
            Some(url) if !["http", "https"].contains(&url.scheme()) => (
                format!("`{}` is not fetched, only http and https are", url.scheme()),
                "a file is named by `path`",
            ),
            Some(url) if !url.username().is_empty() || url.password().is_some() => (
                "a password in an address".to_owned(),
                "headers = { Authorization = \"Basic ${NAME}\" }, with the name of an environment variable",
            ),
            Some(_) => return Some(phrase),
        };
        self.mistake(span, message, Some(help.to_owned()));
        None
    }

    fn header(&mut self, name: &Spanned<String>, value: &Spanned<String>) -> Option<(String, Phrase)> {
        let word = name.get_ref();
        let is_token = !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if !is_token {
            self.mistake(name.span(), format!("`{word}` is no name of a header"), None);
            return None;
        }
        if OWN_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(word)) {
            let help = format!("bantin itself sends {}", OWN_HEADERS.join(", "));
            self.mistake(name.span(), format!("the header `{word}` cannot be set"), Some(help));
            return None;
        }
        if value.get_ref().contains(char::is_control) {
            self.mistake(value.span(), format!("the header `{word}` cannot hold that"), None);
            return None;
        }
        match Phrase::parse(value.get_ref()) {
            Ok(phrase) => Some((word.clone(), phrase)),
            Err(message) => {
                let help = "a variable of the environment is written `${NAME}`".to_owned();
                self.mistake(value.span(), message, Some(help));
                None
            }
        }
    }

    fn paging(&mut self, paging: &Spanned<config::Paging>, preset: Option<Paging>) -> Option<Paging> {
        let span = paging.span();
        let paging = paging.get_ref();
        let pages = paging.pages.as_ref().map(|pages| *pages.get_ref() as usize);
        let says_how = paging.parameter.is_some() || paging.next.is_some() || paging.link;
        if let (Some(preset), false) = (preset, says_how) {
            return Some(Paging { pages: pages.or(preset.pages), ..preset });
        }
        if !says_how {
            let help =
                "paging = { parameter = \"page\" }, { next = \"meta.next\" } or { link = true }".to_owned();
            self.mistake(span, "`paging` does not say how one page leads to the next", Some(help));
            return None;
        }
        if paging.link && (paging.next.is_some() || paging.parameter.is_some()) {
            let help = "with `link = true` the header alone leads to the next page".to_owned();
            self.mistake(span, "`paging` says in two ways how to go on", Some(help));
            return None;
        }
        Some(Paging {
            parameter: paging.parameter.clone(),
            first: paging.first.unwrap_or(1).into(),
            step: paging.step.as_ref().map_or(1, |step| *step.get_ref()).into(),
            next: paging.next.clone(),
            link: paging.link,
            total: paging.total.clone(),
            pages,
        })
    }
}

/// Headers that follow from what is fetched.
const OWN_HEADERS: &[&str] = &[
    "Host",
    "Connection",
    "Content-Length",
    "Transfer-Encoding",
    "Accept-Encoding",
    "If-None-Match",
    "If-Modified-Since",
    "User-Agent",
];

/// The names of the fields that feeds.toml gives, and those of the interface for the others.
pub(super) fn with_fields_of(
    api: Option<ApiWord>,
    mut given: HashMap<&'static str, Vec<String>>,
) -> HashMap<&'static str, Vec<String>> {
    for (field, names) in api.into_iter().flat_map(fields_of) {
        given.entry(field).or_insert(names);
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interface_of_a_site_is_found() {
        assert_eq!(
            WORDPRESS.address("https://bao.example/"),
            "https://bao.example/wp-json/wp/v2/posts?per_page=100&_embed=author,wp:term,wp:featuredmedia"
        );
        assert_eq!(
            WORDPRESS.address("https://bao.example/wp-json/wp/v2/tin?per_page=20&_embed"),
            "https://bao.example/wp-json/wp/v2/tin?per_page=20&_embed"
        );
        assert!(
            GHOST
                .address("https://bao.example/?key=${KEY}")
                .starts_with("https://bao.example/ghost/api/content/posts/?key=${KEY}&limit=100&")
        );
    }

    #[test]
    fn a_moment_of_utc_says_so() {
        let replace = replace_of(ApiWord::Wordpress).next().unwrap();
        let put = |text| replace.pattern.replace_all(text, replace.with.as_str()).into_owned();
        assert_eq!(put("2026-11-20T10:00:00"), "2026-11-20T10:00:00Z");
        assert_eq!(put("2026-11-20T10:00:00+07:00"), "2026-11-20T10:00:00+07:00");
    }
}
