//! Hugo: <https://gohugo.io/configuration/all/>, addresses <https://gohugo.io/configuration/permalinks/>.

use super::{Address, Content, Generator, sections};
use crate::init::folder::{Folder, join};
use crate::init::stated::{Stated, at, word};
use serde_json::Value;

const CONFIGS: &[&str] = &[
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "config/_default/hugo.toml",
    "config/_default/hugo.yaml",
    "config/_default/hugo.yml",
    "config/_default/hugo.json",
];

/// Its earlier names, which others use as well.
const OLD_CONFIGS: &[&str] = &[
    "config.toml",
    "config.yaml",
    "config.yml",
    "config.json",
    "config/_default/config.toml",
    "config/_default/config.yaml",
    "config/_default/config.yml",
];

pub fn detect(folder: &Folder<'_>) -> Option<Generator> {
    let own = || folder.first(CONFIGS);
    let old = || {
        let is_hugo =
            |path: &&&str| folder.data(path).is_some_and(|config| at(&config, &["baseURL"]).is_some());
        OLD_CONFIGS.iter().find(is_hugo).map(|path| (*path).to_owned())
    };
    let file = own().or_else(old)?;
    let config = folder.data(&file).unwrap_or_default();
    // Tables may have files of their own.
    let (beside, extension) =
        (file.rsplit_once('/').map_or("", |(beside, _)| beside), file.rsplit_once('.')?.1);
    let table = |name: &str| {
        at(&config, &[name]).cloned().or_else(|| folder.data(&join(beside, &format!("{name}.{extension}"))))
    };
    let params = table("params").unwrap_or_default();
    let content = word(&config, &["contentDir"]).unwrap_or_else(|| "content".to_owned());
    Some(Generator {
        name: "Hugo",
        stated: stated(&config, &params, &table("languages").unwrap_or_default()),
        contents: contents(
            folder,
            &config,
            content.trim_matches('/'),
            &table("permalinks").unwrap_or_default(),
        ),
        output: "static/feeds",
        before: true,
        config: file,
    })
}

fn stated(config: &Value, params: &Value, languages: &Value) -> Stated {
    let default = word(config, &["defaultContentLanguage"]);
    let nothing = Value::Null;
    let language = default.as_deref().and_then(|tag| at(languages, &[tag])).unwrap_or(&nothing);
    let said = |name: &str| word(language, &[name]).or_else(|| word(config, &[name]));
    let parameter = |name: &str| word(language, &["params", name]).or_else(|| word(params, &[name]));
    Stated {
        title: said("title"),
        url: word(config, &["baseURL"]),
        description: parameter("description"),
        language: said("locale").or_else(|| said("languageCode")).or_else(|| default.clone()),
        timezone: word(config, &["timeZone"]),
        copyright: said("copyright"),
        ..Stated::default()
    }
    .with_author(at(params, &["author"]).or_else(|| at(config, &["author"])))
}

fn contents(folder: &Folder<'_>, config: &Value, content: &str, permalinks: &Value) -> Vec<Content> {
    let (sections, pages) = sections(folder, content);
    let ugly = at(config, &["uglyURLs"]) == Some(&Value::Bool(true));
    let after = if ugly { ".html" } else { "/" };
    // `frontmatter.date = [":filename", …]` takes the date off the name and makes the rest the slug.
    let dates = at(config, &["frontmatter", "date"]).and_then(Value::as_array);
    let undated = dates.is_some_and(|words| {
        words.iter().any(|word| word.as_str().is_some_and(|w| w.starts_with(":filename")))
    });
    let path = |before: &str| Address::Path { before: before.to_owned(), after, dated: !undated };
    let patterns = at(permalinks, &["page"]).unwrap_or(permalinks);
    let pattern = |section: &str| word(patterns, &[section]).and_then(|pattern| template(&pattern, section));
    if sections.iter().any(|section| pattern(section).is_some()) {
        let of = |section: &String| {
            let address = pattern(section).map_or_else(|| path(&format!("{section}/")), Address::Template);
            Content::new(join(content, section), address).category(section)
        };
        return sections.iter().map(of).collect();
    }
    let whole = Content::new(content, path("")).category("{folder}");
    vec![Content { only_below: !sections.is_empty() && pages > 0, ..whole }]
}

/// Hugo's tokens as a template; `None` where there is one that files alone do not tell.
fn template(pattern: &str, section: &str) -> Option<String> {
    let sections = format!("{section}/{{folders}}");
    let mut parts = pattern.split(':');
    let mut template = parts.next()?.trim_start_matches('/').to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(part.len());
        let (token, rest) = part.split_at(end);
        template.push_str(match token {
            "year" => "{year}",
            "month" => "{month}",
            "day" => "{day}",
            "slug" | "slugorfilename" | "slugorcontentbasename" | "filename" | "contentbasename" => "{slug}",
            "title" => "{title_slug}",
            "section" => section,
            "sections" => &sections,
            _ => return None,
        });
        template.push_str(rest);
    }
    Some(template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permalinks_become_templates() {
        assert_eq!(template("/:year/:month/:slug/", "tin").as_deref(), Some("{year}/{month}/{slug}/"));
        assert_eq!(
            template("/:sections/:slugorfilename.html", "tin").as_deref(),
            Some("tin/{folders}/{slug}.html")
        );
        assert_eq!(template("/blog/", "tin").as_deref(), Some("blog/"));
        assert_eq!(template("/:yearday/:slug", "tin"), None);
    }
}
