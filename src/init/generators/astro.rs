//! Astro: <https://docs.astro.build/en/reference/configuration-reference/>, content collections
//! <https://docs.astro.build/en/guides/content-collections/>.

use super::{Address, Content, Generator, markdown};
use crate::init::folder::{Folder, join};
use crate::init::stated::{Stated, script_word};

const CONFIGS: &[&str] =
    &["astro.config.mjs", "astro.config.js", "astro.config.ts", "astro.config.mts", "astro.config.cjs"];

/// Where starters keep the site's name.
const CONSTANTS: &[&str] = &[
    "src/consts.ts",
    "src/consts.js",
    "src/config.ts",
    "src/site.config.ts",
    "src/data/site.ts",
    "src/constants.ts",
];

pub fn detect(folder: &Folder<'_>) -> Option<Generator> {
    let file = folder.first(CONFIGS)?;
    let config = folder.text(&file).unwrap_or_default();
    let constants: String =
        CONSTANTS.iter().filter_map(|path| folder.text(path)).collect::<Vec<_>>().join("\n");
    let said = |names: &[&str]| names.iter().find_map(|name| script_word(&constants, name));
    let base = script_word(&config, "base").unwrap_or_default();
    let site = script_word(&config, "site").or_else(|| said(&["website", "SITE_URL", "url"]));
    let slash = script_word(&config, "trailingSlash").as_deref() != Some("never");
    Some(Generator {
        name: "Astro",
        stated: Stated {
            title: said(&["SITE_TITLE", "title", "name"]),
            url: site.map(|site| format!("{}/{}", site.trim_end_matches('/'), base.trim_matches('/'))),
            description: said(&["SITE_DESCRIPTION", "description", "desc"]),
            language: script_word(&config, "defaultLocale").or_else(|| said(&["lang", "locale", "language"])),
            timezone: said(&["timezone"]),
            author: said(&["author"]),
            ..Stated::default()
        },
        contents: contents(folder, if slash { "/" } else { "" }),
        output: "public/feeds",
        before: true,
        config: file,
    })
}

fn contents(folder: &Folder<'_>, after: &'static str) -> Vec<Content> {
    let mut contents = Vec::new();
    let address = |before: String| Address::Path { before, after, dated: true };
    for parent in ["src/content", "src/data", "content"] {
        for collection in folder.folders(parent) {
            let path = join(parent, &collection);
            if !markdown(folder, &path, 8).is_empty() {
                let page = page_of(folder, &collection).unwrap_or_else(|| format!("{collection}/"));
                contents.push(Content::new(path, address(page)).category("{folder}"));
            }
        }
    }
    if contents.is_empty() && !markdown(folder, "src/pages", 8).is_empty() {
        let below = Content::new("src/pages", address(String::new())).category("{folder}");
        contents.push(Content { only_below: true, ..below });
    }
    contents
}

/// The path under which a page of the site shows the entries of a collection: `blog/` for `src/pages/blog/[...slug].astro`.
fn page_of(folder: &Folder<'_>, collection: &str) -> Option<String> {
    let pages = folder.below("src/pages", 6);
    let quoted = [format!("'{collection}'"), format!("\"{collection}\"")];
    pages.iter().filter(|page| page.ends_with(".astro")).find_map(|page| {
        let (before, name) =
            page.strip_prefix("src/pages/")?.rsplit_once('/').map_or(("", page.as_str()), |parts| parts);
        let is_route = name.contains('[') && !before.contains('[');
        let text = folder.text(page).filter(|text| is_route && text.contains("getCollection"))?;
        let before = if before.is_empty() { String::new() } else { format!("{before}/") };
        quoted.iter().any(|quoted| text.contains(quoted.as_str())).then_some(before)
    })
}
