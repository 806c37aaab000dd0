//! Jekyll: <https://jekyllrb.com/docs/configuration/options/>, addresses <https://jekyllrb.com/docs/permalinks/>.

use super::{Address, Content, Generator};
use crate::init::folder::{Folder, join};
use crate::init::stated::{Stated, at, word};
use serde_json::Value;

const CONFIGS: &[&str] =
    &["_config.yml", "_config.yaml", "_config.toml", "docs/_config.yml", "docs/_config.yaml"];

pub fn detect(folder: &Folder<'_>) -> Option<Generator> {
    let config_file = folder.first(CONFIGS);
    // Jekyll needs no configuration.
    let file = config_file.clone().or_else(|| {
        ["_posts", "docs/_posts"].into_iter().find(|posts| folder.has_folder(posts)).map(str::to_owned)
    })?;
    let config = config_file.as_deref().and_then(|file| folder.data(file)).unwrap_or_default();
    let mut beside = file.rsplit_once('/').map_or("", |(beside, _)| beside).to_owned();
    if let Some(source) = word(&config, &["source"]) {
        beside = join(&beside, source.trim_start_matches("./").trim_matches('/'));
    }
    let at_root = beside.is_empty();
    let address = Address::Template(template(&config));
    let collections = word(&config, &["collections_dir"]).unwrap_or_default();
    let mut places = vec![(beside.clone(), None), (join(&beside, collections.trim_matches('/')), None)];
    // Posts lie in `_posts` of any folder, whose name is their category. The documentation of a project, too, is a site.
    for above in folder.folders(&beside) {
        let category = (above != "docs" || !at_root).then(|| above.clone());
        places.push((join(&beside, &above), category));
    }
    let mut contents: Vec<Content> = Vec::new();
    for (above, category) in places {
        let posts = join(above.trim_end_matches('/'), "_posts");
        if folder.has_folder(&posts) && contents.iter().all(|content| content.folder != posts) {
            contents.push(Content { category, ..Content::new(posts, address.clone()) });
        }
    }
    let base = word(&config, &["baseurl"]).unwrap_or_default();
    let url = word(&config, &["url"])
        .map(|url| format!("{}/{}", url.trim_end_matches('/'), base.trim_matches('/')));
    Some(Generator {
        name: "Jekyll",
        config: file,
        stated: Stated {
            title: word(&config, &["title"]).or_else(|| word(&config, &["name"])),
            url,
            description: word(&config, &["description"]),
            language: word(&config, &["lang"]).or_else(|| word(&config, &["locale"])),
            timezone: word(&config, &["timezone"]),
            email: word(&config, &["email"]),
            ..Stated::default()
        }
        .with_author(at(&config, &["author"])),
        contents,
        // Jekyll copies what has no front matter.
        output: if at_root { "feeds" } else { "docs/feeds" },
        before: true,
    })
}

/// The rule of posts: `permalink`, or that of the posts' defaults.
fn template(config: &Value) -> String {
    let defaults = at(config, &["defaults"]).and_then(Value::as_array).into_iter().flatten();
    let of_posts = defaults.filter(|default| {
        let kind = word(default, &["scope", "type"]);
        kind.is_none_or(|kind| kind == "posts")
    });
    let rule = of_posts
        .filter_map(|default| word(default, &["values", "permalink"]))
        .next_back()
        .or_else(|| word(config, &["permalink"]))
        .unwrap_or_else(|| "date".to_owned());
    let pattern = match rule.as_str() {
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "none" => "/:categories/:title:output_ext",
        rule => rule,
    };
    translated(pattern).unwrap_or_else(|| "{categories}/{year}/{month}/{day}/{slug}.html".to_owned())
}

/// Jekyll's placeholders as a template; `None` where there is one that has no counterpart.
fn translated(pattern: &str) -> Option<String> {
    // The longer names first: `:title` begins nothing, but `:year` stands beside `:y_day`.
    let known = [
        (":slugified_categories", "{categories}"),
        (":categories", "{categories}"),
        (":category", "{category}"),
        (":output_ext", ".html"),
        (":year", "{year}"),
        (":month", "{month}"),
        (":day", "{day}"),
        (":title", "{slug}"),
        (":slug", "{slug}"),
        (":name", "{slug}"),
    ];
    let mut template = pattern.trim_start_matches('/').to_owned();
    for (placeholder, field) in known {
        template = template.replace(placeholder, field);
    }
    // Without an extension Jekyll writes a file with one, which servers also find without it.
    (!template.contains(':') && !template.is_empty()).then_some(template)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn permalinks_become_templates() {
        let of = |permalink: &str| template(&json!({ "permalink": permalink }));
        assert_eq!(template(&Value::Null), "{categories}/{year}/{month}/{day}/{slug}.html");
        assert_eq!(of("pretty"), "{categories}/{year}/{month}/{day}/{slug}/");
        assert_eq!(of("none"), "{categories}/{slug}.html");
        assert_eq!(of("/tin/:year/:title/"), "tin/{year}/{slug}/");
        assert_eq!(of("/:y_day/:title"), template(&Value::Null));
        let defaults = json!({"permalink": "none", "defaults": [
            {"scope": {"path": "", "type": "pages"}, "values": {"permalink": "/:title/"}},
            {"scope": {"path": "", "type": "posts"}, "values": {"permalink": "/p/:title/"}},
        ]});
        assert_eq!(template(&defaults), "p/{slug}/");
    }
}
