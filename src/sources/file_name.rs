//! What a file's name tells of its article: where sites made with Hugo, Zola and Jekyll keep slug, date and language.
//!
//! Jekyll: <https://jekyllrb.com/docs/posts/#creating-posts>; Hugo's page bundles and translations:
//! <https://gohugo.io/content-management/page-bundles/>, <https://gohugo.io/content-management/multilingual/>.

use serde_json::{Value, json};
use std::path::Path;
use unicode_normalization::UnicodeNormalization;

/// The parts of a file's name, in NFC: some systems hand out names decomposed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileName {
    /// The relative path, with `/`, without extension; of a bundle (`news/post/index.md`) its folder's.
    pub path: String,
    /// The file's name without extension, language and the date that Jekyll puts before it; of a bundle its folder's name.
    pub stem: String,
    /// The name of the nearest folder (of a bundle, of that around it; of a post of Jekyll's, of that around `_posts`), or
    /// nothing.
    pub folder: String,
    /// Every folder above it (of a bundle, above its folder), with `/` between them, or nothing.
    pub folders: String,
    /// The last part of the article's address, as sites make it: the stem.
    pub slug: String,
    /// The date that stands before the name: `2019-07-02`.
    pub date: Option<String>,
    /// The language at the end of the name: `ru` of `post.ru.md`.
    pub language: Option<String>,
    /// Whether it is the `index` of its folder.
    pub is_index: bool,
}

impl FileName {
    /// Reads a path relative to the folder in which the articles are.
    pub fn of(relative: &Path) -> Self {
        let mut folders: Vec<String> = relative
            .parent()
            .into_iter()
            .flat_map(Path::components)
            .map(|part| part.as_os_str().to_string_lossy().nfc().collect())
            .collect();
        let name = relative.file_stem().map(|stem| stem.to_string_lossy().nfc().collect::<String>());
        let name = name.unwrap_or_default();
        let (name, language) = match name.rsplit_once('.') {
            Some((name, last)) if !name.is_empty() && is_language(last) => (name, Some(last.to_owned())),
            _ => (name.as_str(), None),
        };
        let is_index = name == "index";
        let name = match is_index.then(|| folders.pop()).flatten() {
            Some(folder) => folder,
            None => name.to_owned(),
        };
        let path = folders.iter().map(|folder| format!("{folder}/")).collect::<String>() + &name;
        let above = folders.join("/");
        let (date, stem) = match dated(&name) {
            Some((date, rest)) => (Some(date.to_owned()), rest.to_owned()),
            None => (None, name),
        };
        // Jekyll's own folders say nothing of the article.
        let folder = folders.into_iter().rfind(|folder| folder != "_posts" && folder != "_drafts");
        let folder = folder.unwrap_or_default();
        Self { path, slug: stem.clone(), stem, folder, folders: above, date, language, is_index }
    }

    pub(super) fn to_value(&self) -> Value {
        json!({
            "path": self.path,
            "stem": self.stem,
            "folder": self.folder,
            "folders": self.folders,
            "slug": self.slug,
            "language": self.language,
        })
    }
}

/// `2019-07-02` and `title` of `2019-07-02-title`. Jekyll takes months and days of one digit as well.
fn dated(name: &str) -> Option<(&str, &str)> {
    let mut dashes = name.match_indices('-').map(|(at, _)| at);
    let (year, month, day) = (dashes.next()?, dashes.next()?, dashes.next()?);
    let digits = |from: usize, to: usize, most: usize| {
        let part = name.get(from..to).unwrap_or_default();
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    let is_date = year == 4 && digits(0, year, 4) && digits(year + 1, month, 2) && digits(month + 1, day, 2);
    let rest = name.get(day + 1..)?;
    (is_date && !rest.is_empty()).then(|| (&name[..day], rest))
}

/// The codes of ISO 639-1: what a file name may end in to be of a language.
const LANGUAGES: &str = " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da \
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io \
    is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my \
    na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq \
    sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";

/// Whether it is a language of two letters, perhaps with a script or region: `vi`, `zh-Hant`, `pt-br`.
pub fn is_language(tag: &str) -> bool {
    let (primary, rest) = tag.split_once(['-', '_']).unwrap_or((tag, "XX"));
    let is_part = matches!(rest.len(), 2 | 4) && rest.bytes().all(|b| b.is_ascii_alphabetic());
    let known = |code: &str| LANGUAGES.contains(&format!(" {code} "));
    primary.len() == 2 && is_part && primary.bytes().all(|b| b.is_ascii_lowercase()) && known(primary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_every_folder() {
        let folders = |path: &str| FileName::of(Path::new(path)).folders;
        assert_eq!(folders("a.md"), "");
        assert_eq!(folders("a/b/c.md"), "a/b");
        assert_eq!(folders("a/b/index.md"), "a");
    }

    #[test]
    fn reads_names() {
        let of = |path: &str| {
            let name = FileName::of(Path::new(path));
            [
                name.path,
                name.stem.clone(),
                name.folder,
                name.date.unwrap_or_default(),
                name.language.unwrap_or_default(),
            ]
        };
        assert_eq!(of("news/bai-mot.md"), ["news/bai-mot", "bai-mot", "news", "", ""]);
        assert_eq!(of("a.json"), ["a", "a", "", "", ""]);
        assert_eq!(
            of("x/_posts/2019-07-02-tin-moi.markdown"),
            ["x/_posts/2019-07-02-tin-moi", "tin-moi", "x", "2019-07-02", ""]
        );
        assert_eq!(of("2019-7-2-tin.md"), ["2019-7-2-tin", "tin", "", "2019-7-2", ""]);
        assert_eq!(of("2019-07-02.md"), ["2019-07-02", "2019-07-02", "", "", ""]);
        assert_eq!(of("news/post/index.md"), ["news/post", "post", "news", "", ""]);
        assert_eq!(
            of("news/2024-11-05-post/index.vi.md"),
            ["news/2024-11-05-post", "post", "news", "2024-11-05", "vi"]
        );
        assert_eq!(of("index.md"), ["index", "index", "", "", ""]);
        assert_eq!(of("news/post.ru.md"), ["news/post", "post", "news", "", "ru"]);
        assert_eq!(of("post.zh-cn.md"), ["post", "post", "", "", "zh-cn"]);
        assert_eq!(of("redox-0.9.md"), ["redox-0.9", "redox-0.9", "", "", ""]);
        assert_eq!(of("a.xx.md"), ["a.xx", "a.xx", "", "", ""]);
        assert_eq!(of("tin/bai-vie\u{302}\u{323}t.md")[1], "bai-việt");
        assert_eq!(of(""), ["", "", "", "", ""]);
    }
}
