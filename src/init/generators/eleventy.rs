//! Eleventy: <https://www.11ty.dev/docs/config/>, addresses <https://www.11ty.dev/docs/permalinks/>.

use super::{Address, Content, Generator, markdown};
use crate::init::folder::{Folder, join};
use crate::init::stated::{Stated, at, script_word, word};
use regex::Regex;

const CONFIGS: &[&str] = &[
    "eleventy.config.js",
    "eleventy.config.mjs",
    "eleventy.config.cjs",
    "eleventy.config.ts",
    ".eleventy.js",
];

/// Folders of pages, not articles, in the examples that sites begin with.
const NO_ARTICLES: &[&str] = &["_data", "_includes", "_layouts", "css", "img", "pages", "about", "assets"];

pub fn detect(folder: &Folder<'_>) -> Option<Generator> {
    let file = folder.first(CONFIGS)?;
    let script = folder.text(&file).unwrap_or_default();
    let input = script_word(&script, "input").map(|input| clean(&input));
    let input = input.filter(|input| folder.has_folder(input)).unwrap_or_else(|| {
        let usual = ["src", "content"].into_iter().find(|input| !markdown(folder, input, 8).is_empty());
        // Without `dir.input` Eleventy reads the folder that it stands in.
        usual.filter(|_| script.contains("input")).unwrap_or_default().to_owned()
    });
    Some(Generator {
        name: "Eleventy",
        stated: stated(folder, &input),
        contents: contents(folder, &input),
        output: "_site/feeds",
        before: false,
        config: file,
    })
}

fn clean(path: &str) -> String {
    path.trim_start_matches("./").trim_matches('/').trim_matches('.').to_owned()
}

/// Global data (<https://www.11ty.dev/docs/data-global/>): data files and plain texts of scripts.
fn stated(folder: &Folder<'_>, input: &str) -> Stated {
    for name in ["metadata", "site", "meta"] {
        for beside in [input, ""] {
            let data = join(beside, &format!("_data/{name}"));
            if let Some(data) =
                folder.data(&format!("{data}.json")).or_else(|| folder.data(&format!("{data}.yaml")))
            {
                return Stated {
                    title: word(&data, &["title"]).or_else(|| word(&data, &["name"])),
                    url: word(&data, &["url"]).or_else(|| word(&data, &["baseUrl"])),
                    description: word(&data, &["description"]),
                    language: word(&data, &["language"]).or_else(|| word(&data, &["lang"])),
                    ..Stated::default()
                }
                .with_author(at(&data, &["author"]));
            }
            let scripts = ["js", "mjs", "cjs"];
            if let Some(script) = scripts.iter().find_map(|ending| folder.text(&format!("{data}.{ending}"))) {
                return Stated {
                    title: script_word(&script, "title"),
                    url: script_word(&script, "url"),
                    description: script_word(&script, "description"),
                    language: script_word(&script, "language").or_else(|| script_word(&script, "lang")),
                    author: script_word(&script, "name").or_else(|| script_word(&script, "author")),
                    email: script_word(&script, "email"),
                    ..Stated::default()
                };
            }
        }
    }
    Stated::default()
}

fn contents(folder: &Folder<'_>, input: &str) -> Vec<Content> {
    let mut sections = folder.folders(input);
    sections.retain(|section| {
        !NO_ARTICLES.contains(&section.as_str()) && !markdown(folder, &join(input, section), 8).is_empty()
    });
    let of = |section: &String| {
        let path = join(input, section);
        let data = folder.data(&join(&path, &format!("{section}.json")));
        let rule = data.and_then(|data| word(&data, &["permalink"])).and_then(|rule| template(&rule));
        let own = Address::Path { before: format!("{section}/"), after: "/", dated: false };
        Content::new(path, rule.map_or(own, Address::Template)).category("{folder}")
    };
    match sections.is_empty() {
        true => vec![Content::new(input, Address::Path { before: String::new(), after: "/", dated: false })],
        false => sections.iter().map(of).collect(),
    }
}

/// A permalink in a folder's data, `/tin/{{ page.fileSlug }}/`, as a template.
fn template(rule: &str) -> Option<String> {
    let known = [
        (r"page\.fileSlug(?:\s*\|\s*slug(?:ify)?)?", "{slug}"),
        (r"title\s*\|\s*slug(?:ify)?", "{title_slug}"),
    ];
    let mut template = rule.trim_start_matches('/').to_owned();
    for (liquid, ours) in known {
        let pattern = Regex::new(&format!(r"\{{\{{-?\s*{liquid}\s*-?\}}\}}")).ok()?;
        template = pattern.replace_all(&template, ours).into_owned();
    }
    let template = template.strip_suffix("index.html").unwrap_or(&template);
    (!template.contains("{{") && !template.contains("{%") && !template.is_empty())
        .then(|| template.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permalinks_become_templates() {
        assert_eq!(template("/tin/{{ page.fileSlug }}/index.html").as_deref(), Some("tin/{slug}/"));
        assert_eq!(template("/{{ title | slugify }}/").as_deref(), Some("{title_slug}/"));
        assert_eq!(template("/{{ page.date }}/"), None);
    }
}
