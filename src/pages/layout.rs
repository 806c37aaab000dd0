//! What every page has in common: head, top, foot.

use super::words::Words;
use super::{GENERATOR, SCRIPT_PATH, STYLESHEET_PATH, Site, differing, web};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use url::Url;

/// One page, all but its main part.
pub(super) struct Page<'a> {
    pub site: &'a Site<'a>,
    pub words: &'static Words,
    /// The language of the site, its text included, or of the words where they are not in the site's.
    pub language: &'a str,
    pub title: String,
    pub description: &'a str,
    /// The language of title and description.
    pub text_language: &'a str,
    /// Where the page is served.
    pub canonical: &'a Url,
    /// The way from the page to the output folder: nothing, or `../`.
    pub root: &'static str,
    /// Whether the page has something for the script to do.
    pub script: bool,
    /// Autodiscovery links.
    pub alternates: Markup,
    /// Links at the top of the page.
    pub navigation: Option<Markup>,
}

/// The language in which a page is: the text's own where the words are in it, or else the words'.
pub(super) fn page_language<'a>(words: &Words, language: &'a str) -> &'a str {
    let spoken = super::words::spoken(language);
    if spoken.is_some_and(|spoken| spoken.language == words.language) { language } else { words.language }
}

impl Page<'_> {
    pub fn render(self, main: Markup) -> String {
        let Self {
            site,
            words,
            language,
            title,
            description,
            text_language,
            canonical,
            root,
            script,
            alternates,
            navigation,
        } = self;
        let icon = site.icon.and_then(web);
        let text_language = differing(text_language, language);
        let site_language = differing(site.language, language);
        html! {
            (DOCTYPE)
            html lang=(language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title lang=[text_language] { (title) }
                    @if !description.is_empty() { meta name="description" lang=[text_language] content=(description); }
                    (PreEscaped(GENERATOR))
                    link rel="canonical" href=(canonical);
                    @if let Some(icon) = icon { link rel="icon" href=(icon); }
                    link rel="stylesheet" href={ (root) (STYLESHEET_PATH) };
                    @if script { script src={ (root) (SCRIPT_PATH) } defer {} }
                    (alternates)
                }
                body {
                    a.skip href="#main" { (words.skip) }
                    header.top {
                        a.site href=(site.url) lang=[site_language] {
                            @if let Some(icon) = icon { img src=(icon) alt="" width="32" height="32"; }
                            span { (site.title) }
                        }
                        @if let Some(navigation) = navigation {
                            nav aria-label=(words.navigation) { (navigation) }
                        }
                    }
                    main #main tabindex="-1" { (main) }
                    footer.foot {
                        @if let Some(copyright) = site.copyright { p lang=[site_language] { (copyright) } }
                    }
                }
            }
        }
        .into_string()
    }
}
