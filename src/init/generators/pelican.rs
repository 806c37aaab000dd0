//! Pelican: <https://docs.getpelican.com/en/latest/settings.html>. Its settings are a program, of which only plain texts
//! are understood.

use super::{Address, Content, Generator, markdown};
use crate::init::folder::{Folder, join};
use crate::init::stated::{Stated, script_word};
use regex::Regex;

pub fn detect(folder: &Folder<'_>) -> Option<Generator> {
    let settings = folder.text("pelicanconf.py")?;
    // The public address is often told to the published site alone.
    let published = folder.text("publishconf.py").unwrap_or_default();
    let said = |name: &str| script_word(&settings, name);
    let path = said("PATH").unwrap_or_else(|| "content".to_owned());
    let path = path.trim_start_matches("./").trim_matches('/');
    let rule =
        said("ARTICLE_URL").and_then(|rule| template(&rule)).unwrap_or_else(|| "{slug}.html".to_owned());
    let by_name = said("SLUGIFY_SOURCE").is_some_and(|source| source == "basename");
    let address = if by_name { Address::Template(rule) } else { Address::Titled(rule) };
    Some(Generator {
        name: "Pelican",
        config: "pelicanconf.py".to_owned(),
        stated: Stated {
            title: said("SITENAME"),
            url: script_word(&published, "SITEURL").or_else(|| said("SITEURL")),
            description: said("SITESUBTITLE").or_else(|| said("SITEDESCRIPTION")),
            language: said("DEFAULT_LANG"),
            timezone: said("TIMEZONE"),
            author: said("AUTHOR"),
            ..Stated::default()
        },
        contents: contents(folder, path, &settings, &address),
        output: "output/feeds",
        before: false,
    })
}

fn contents(folder: &Folder<'_>, path: &str, settings: &str, address: &Address) -> Vec<Content> {
    if let Some(paths) =
        list(settings, "ARTICLE_PATHS").filter(|paths| paths.iter().any(|path| !path.is_empty()))
    {
        let of = |below: &String| Content::new(join(path, below), address.clone()).category("{folder}");
        return paths.iter().filter(|below| !below.is_empty()).map(of).collect();
    }
    let pages = list(settings, "PAGE_PATHS").unwrap_or_else(|| vec!["pages".to_owned()]);
    let sections = folder.folders(path);
    if sections.iter().all(|section| !pages.contains(section)) {
        return vec![Content::new(path, address.clone()).category("{folder}")];
    }
    // A glob cannot leave a folder out: what is beside the pages is named.
    let mut contents = vec![Content { only_here: true, ..Content::new(path, address.clone()) }];
    let articles = sections.iter().filter(|section| !pages.contains(section));
    contents
        .extend(articles.map(|section| Content::new(join(path, section), address.clone()).category(section)));
    contents.retain(|content| {
        !markdown(folder, &content.folder, if content.only_here { 0 } else { 8 }).is_empty()
    });
    contents
}

/// The texts of a list: `['a', "b"]`.
fn list(settings: &str, name: &str) -> Option<Vec<String>> {
    let pattern = format!(r"(?m)^{name}\s*=\s*[\[(]([^\])]*)[\])]");
    let found = Regex::new(&pattern).ok()?.captures(settings)?;
    let texts =
        found.get(1)?.as_str().split(',').map(|text| text.trim().trim_matches(['\'', '"']).to_owned());
    Some(texts.collect())
}

/// `posts/{date:%Y}/{slug}/` as a template; `None` where there is a field that has no counterpart.
fn template(rule: &str) -> Option<String> {
    let known = [
        ("{date:%Y}", "{year}"),
        ("{date:%m}", "{month}"),
        ("{date:%d}", "{day}"),
        ("{category.slug}", "{category}"),
    ];
    let mut template = rule.trim_start_matches('/').to_owned();
    for (field, ours) in known {
        template = template.replace(field, ours);
    }
    let fields = template.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let all_known =
        fields.into_iter().all(|field| ["slug", "year", "month", "day", "category", "lang"].contains(&field));
    (all_known && !template.is_empty()).then_some(template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_lists() {
        assert_eq!(template("/tin/{date:%Y}/{slug}/").as_deref(), Some("tin/{year}/{slug}/"));
        assert_eq!(template("{date:%j}/{slug}"), None);
        assert_eq!(
            list("X = 1\nPAGE_PATHS = ['a', \"b\"]", "PAGE_PATHS"),
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
        assert_eq!(list("X = 1", "PAGE_PATHS"), None);
    }
}
