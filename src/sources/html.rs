//! Articles as the newspaper's own pages have them: one page, one article.
//!
//! Every field is taken from the best of what the page states, which [`FROM_FIELD`] remembers; what a page is, it
//! states itself. A page that states to be something else, or neither that it is an article nor when it was published,
//! is passed over. Specifications: [schema.org](https://schema.org/NewsArticle), [Open Graph](https://ogp.me/#type_article),
//! [HTML](https://html.spec.whatwg.org/).

mod body;
mod fields;
mod image;
mod linked;
mod meta;
mod people;
mod repair;
mod sections;
mod site_name;

use super::support::page::{self, Base, Page, page_path};
use super::support::selector::Pick;
use super::{FROM_FIELD, Fields, Input, Locate, Options, PAGE_FIELD, Sink, Source};
use crate::diagnostic::{Diagnostic, Place};
use fields::{Found, Said};
use linked::Graph;
use meta::Head;
use serde_json::{Map, Value};
use std::io;
use std::path::PathBuf;
use url::Url;

/// The format.
pub struct Html;

impl Source for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm", "shtml", "xhtml"]
    }

    fn about(&self) -> &'static str {
        "The newspaper's own pages: JSON-LD, microdata, Open Graph and what else they state; one article a page"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        let (relative, came) = (input.relative.clone(), input.address());
        let Some(page) = page::read(input, options, sink)? else { return Ok(()) };
        match article(&page, relative, came.as_ref(), options, sink) {
            Ok(fields) => {
                let texts =
                    ASKED.iter().filter_map(|name| Some((*name, fields.get(*name)?.as_str()?.to_owned())));
                let at = InPage { page: &page, texts: texts.collect() };
                sink.record(fields, &at);
            }
            Err(reason) => sink.skipped(Place::new(&page.file, 1, 1), &reason),
        }
        Ok(())
    }
}

/// Fields whose places are asked for: those that can be wrong.
const ASKED: &[&str] = &["url", "date_published", "date_modified", "expires", "language"];

/// Where the values of a page stand in it.
struct InPage<'a> {
    page: &'a Page,
    texts: Vec<(&'static str, String)>,
}

impl Locate for InPage<'_> {
    fn locate(&self, field: Option<&str>) -> Place {
        let text = self.texts.iter().find(|(name, _)| Some(*name) == field).map(|(_, text)| text.as_str());
        page::place_of(self.page, text.unwrap_or_default())
    }
}

/// The record of a page, or why it has none. `came`: the address from which it was fetched.
fn article(
    page: &Page,
    relative: PathBuf,
    came: Option<&Url>,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<Fields, String> {
    let root = page.dom.root_element();
    let head = Head::of(&page.dom);
    if head.leads_elsewhere() {
        return Err("it leads to another page".to_owned());
    }
    let scripts = scripts(page, sink);
    let items = linked::microdata(root);
    let nothing = Map::new();
    let loose = items.last().and_then(Value::as_object).unwrap_or(&nothing);
    let (graph, micro) =
        (Graph::new(&scripts), Graph::new(items.get(..items.len().saturating_sub(1)).unwrap_or_default()));
    let (about, about_micro) = (own_article(&graph, &head)?, own_article(&micro, &head).unwrap_or(None));

    // Where the page is, and so what its addresses start from.
    let own = addresses(&graph, about, &head, about_micro, &micro);
    let base = Base::of(came, None, &relative, head.base.as_deref());
    let url = own.iter().find_map(|(href, from)| Some((base.resolve(href)?, *from)));
    let stated = url.as_ref().map(|(url, _)| url.as_str());
    let base = Base::of(came, stated, &relative, head.base.as_deref());
    let host = stated.and_then(|url| Url::parse(url).ok()).and_then(|url| url.host_str().map(str::to_owned));
    let site = graph.first("WebSite").and_then(|site| graph.text(site, "name"));
    let publisher = about.and_then(|node| graph.text(node, "publisher"));
    let metas = ["og:site_name", "application-name", "apple-mobile-web-app-title"]
        .iter()
        .filter_map(|name| head.meta(name));
    let names =
        site_name::Names::new(metas.chain(site.as_deref()).chain(publisher.as_deref()), host.as_deref());
    let said = Said {
        root,
        head: &head,
        select: &options.select,
        linked: [("JSON-LD", &graph, about), ("microdata", &micro, about_micro)],
        loose: (&micro, loose),
        names,
        base: &base,
        url: stated,
    };

    let title = said.title();
    let published = said.published();
    let content = {
        let shown = Pick::own("h1").first(root).map(|(_, text)| text);
        let elsewhere = (head.base.is_some() || came.is_some()).then_some(&base);
        match page.cut {
            true => None,
            false => body::body(root, &options.select.content, &options.remove, shown.as_deref(), elsewhere),
        }
    };
    let is_article = about.is_some() || about_micro.is_some() || states_article(&head);
    judge(&said, is_article, title.is_some(), published.is_some(), content.is_some(), options)?;
    if page.cut {
        let message = "the page opens more elements within each other than any page for people: its article is not read";
        sink.unreadable(Diagnostic::dropped(Place::new(&page.file, 1, 1), message));
    }

    let mut record = Record::default();
    let plain_title = title.as_ref().map(|(text, _)| text.clone());
    record.text("title", title);
    record.text("summary", said.summary());
    record.text("url", url.clone().map(|(url, from)| (url, from.to_owned())));
    record.text("date_published", published);
    record.text("date_modified", said.modified());
    record.text("expires", said.expires());
    record.value("authors", said.authors());
    record.value("categories", said.categories(plain_title.as_deref()));
    record.value("tags", said.tags());
    record.value("image", said.image());
    record.text("language", said.language());
    record.text("rights", said.rights());
    match content {
        Some(body) => record.text("content_html", Some((body.html, body.from))),
        None => {
            let texts =
                [(&graph, about, "JSON-LD articleBody"), (&micro, about_micro, "microdata articleBody")];
            let text = texts
                .into_iter()
                .find_map(|(graph, node, from)| Some((graph.text(node?, "articleBody")?, from.to_owned())));
            record.text("content_text", text);
        }
    }
    let mut fields = record.finish();
    if let Some(url) = came {
        fields.insert(PAGE_FIELD.to_owned(), url.as_str().into());
    } else if !relative.as_os_str().is_empty() {
        fields.insert(PAGE_FIELD.to_owned(), page_path(&relative).into());
    }
    fields.insert("meta".to_owned(), head.to_value());
    if let Some(node) = about {
        fields.insert("jsonld".to_owned(), Value::Object(node.clone()));
    }
    Ok(fields)
}

/// The most scripts of a page of which it is said that they cannot be read.
const MOST_REMARKS: usize = 5;

/// The values of the page's JSON-LD scripts. What cannot be read of them is remarked.
fn scripts(page: &Page, sink: &mut dyn Sink) -> Vec<Value> {
    let mut values = Vec::new();
    let mut remarks = 0;
    let elements = page.dom.root_element().descendent_elements();
    for element in elements.filter(|element| element.value().name() == "script") {
        let kind = element.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
        if kind.split(';').next().map(str::trim) != Some("application/ld+json") {
            continue;
        }
        let script: String = element.text().collect();
        match repair::values(&script) {
            Ok(found) => values.extend(found),
            Err(error) if remarks < MOST_REMARKS => {
                remarks += 1;
                let place = page::place_of(page, &script);
                let message =
                    format!("JSON-LD that cannot be read: {error}; what else the page states is taken");
                sink.unreadable(Diagnostic::dropped(place, message));
            }
            Err(_) => {}
        }
    }
    values
}

/// The node of the article that the page is; an error where it holds several articles and is none of them.
fn own_article<'a>(graph: &Graph<'a>, head: &Head) -> Result<Option<&'a Map<String, Value>>, String> {
    let articles = graph.articles();
    let [first, ..] = articles.as_slice() else { return Ok(None) };
    let plain = |url: &str| {
        let url = url.split('#').next().unwrap_or(url).trim_end_matches('/');
        url.split_once("://").map_or(url, |(_, rest)| rest).trim_start_matches("www.").to_lowercase()
    };
    let own: Vec<String> =
        [head.link("canonical"), head.meta("og:url")].into_iter().flatten().map(plain).collect();
    let addresses = |node: &'a Map<String, Value>| {
        let named =
            ["url", "mainEntityOfPage", "@id"].into_iter().filter_map(|name| graph.address(node.get(name)?));
        named.map(plain).filter(|url| url.contains('/')).collect::<Vec<_>>()
    };
    if let Some(same) = articles.iter().find(|node| addresses(node).iter().any(|url| own.contains(url))) {
        return Ok(Some(same));
    }
    let mut headlines: Vec<String> =
        articles.iter().filter_map(|node| graph.text(node, "headline")).collect();
    headlines.sort_unstable();
    headlines.dedup();
    match headlines.len() > 1 && !states_article(head) {
        true => Err("several articles are on it, and it states to be none of them".to_owned()),
        false => Ok(Some(first)),
    }
}

/// Whether the head states that the page is an article.
fn states_article(head: &Head) -> bool {
    let kind = head.meta("og:type").unwrap_or_default().to_ascii_lowercase();
    let kind = kind.rsplit([':', '#']).next().unwrap_or_default();
    matches!(kind, "article" | "news" | "newsarticle" | "news.article" | "blogposting" | "blog_post" | "post")
        || head.meta("article:published_time").is_some()
}

/// Whether the page is an article; else why not.
fn judge(
    said: &Said<'_>,
    is_article: bool,
    titled: bool,
    dated: bool,
    found: bool,
    options: &Options,
) -> Result<(), String> {
    let picked = !options.select.content.is_empty();
    if !titled && !found {
        return Err("it states no title".to_owned());
    }
    if is_article || (picked && found) {
        return Ok(());
    }
    if picked {
        return Err("`select.content` catches nothing on it".to_owned());
    }
    if said.head.is_unlisted() {
        return Err("it states that it is not to be listed (robots)".to_owned());
    }
    let other = said.linked.iter().find_map(|(kind, graph, _)| Some((*kind, graph.other_page()?)));
    if let Some((kind, other)) = other {
        return Err(format!("it states that it is a {other} ({kind})"));
    }
    // Systems that know one type alone state it for every page: a date of publication says more.
    let stated = said.stated_date().is_some() || !options.select.date.is_empty() && dated;
    match said.head.meta("og:type") {
        Some(kind) if !stated => Err(format!("it states that it is {} (og:type)", kind.to_lowercase())),
        _ if !titled => Err("it states no title".to_owned()),
        _ if !dated => Err("it states neither that it is an article nor when it was published (a list of articles is read with `format = \"html-list\"`)".to_owned()),
        _ => Ok(()),
    }
}

/// The addresses that a page states as its own, the most telling first, each with where it does. That of the front page
/// is no article's: some templates state it for every page.
fn addresses<'a>(
    graph: &Graph<'a>,
    about: Option<&'a Map<String, Value>>,
    head: &'a Head,
    about_micro: Option<&'a Map<String, Value>>,
    micro: &Graph<'a>,
) -> Vec<(&'a str, &'static str)> {
    let of_node =
        |graph: &Graph<'a>, node: Option<&'a Map<String, Value>>, name| graph.address(node?.get(name)?);
    let found = [
        (head.link("canonical"), "link rel=canonical"),
        (head.meta("og:url"), "og:url"),
        (of_node(graph, about, "url"), "JSON-LD url"),
        (of_node(graph, about, "mainEntityOfPage"), "JSON-LD mainEntityOfPage"),
        (of_node(graph, about, "@id").filter(|id| id.starts_with("http")), "JSON-LD @id"),
        (of_node(micro, about_micro, "mainEntityOfPage"), "microdata mainEntityOfPage"),
        (of_node(micro, about_micro, "url"), "microdata url"),
        (head.meta("twitter:url"), "twitter:url"),
    ];
    let is_front = |href: &str| {
        let path = href
            .split_once("://")
            .map_or(href, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
        path.trim_matches('/').is_empty()
    };
    found
        .into_iter()
        .filter_map(|(href, from)| Some((href?, from)))
        .filter(|(href, _)| !is_front(href))
        .collect()
}

/// A record in the making, and from where its fields come.
#[derive(Default)]
struct Record {
    fields: Fields,
    from: Map<String, Value>,
}

impl Record {
    fn value(&mut self, name: &str, found: Option<Found<Value>>) {
        if let Some((value, from)) = found {
            self.fields.insert(name.to_owned(), value);
            self.from.insert(name.to_owned(), from.into());
        }
    }

    fn text(&mut self, name: &str, found: Option<Found>) {
        self.value(name, found.map(|(text, from)| (text.into(), from)));
    }

    fn finish(mut self) -> Fields {
        self.fields.insert(FROM_FIELD.to_owned(), Value::Object(self.from));
        self.fields
    }
}

#[cfg(test)]
mod tests;
