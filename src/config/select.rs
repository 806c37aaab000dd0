//! `select` of a source: what is picked out of a page.

use super::Words;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// What is picked out of a page, by CSS selectors: for every field one, or a list of which the first that holds something
/// counts. `a@href` is an attribute of what the selector catches.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Select {
    /// The box of one article of a list (html-list).
    #[schemars(with = "Option<Words>", extend("minItems" = 1))]
    pub item: Option<Spanned<Words>>,
    /// The title of the article. Default: what a page states; of a list the first heading, or link.
    #[schemars(with = "Option<Words>", extend("minItems" = 1))]
    pub title: Option<Spanned<Words>>,
    /// The address of the article (html-list). Default: that of the first link.
    #[schemars(with = "Option<Words>", extend("minItems" = 1))]
    pub url: Option<Spanned<Words>>,
    /// The summary of the article.
    #[schemars(with = "Option<Words>", extend("minItems" = 1))]
    pub summary: Option<Spanned<Words>>,
    /// The element that holds the article itself.
    #[schemars(with = "Option<Words>", extend("minItems" = 1))]
    pub content: Option<Spanned<Words>>,
    /// The author of the article.
    #[schemars(with = "Option<Words>", extend("minItems" = 1))]
    pub author: Option<Spanned<Words>>,
    /// The section of the article, or its sections.
    #[schemars(with = "Option<Words>", extend("minItems" = 1))]
    pub category: Option<Spanned<Words>>,
    /// The tags of the article.
    #[schemars(with = "Option<Words>", extend("minItems" = 1))]
    pub tags: Option<Spanned<Words>>,
    /// The date of publication.
    #[schemars(with = "Option<Words>", extend("minItems" = 1))]
    pub date: Option<Spanned<Words>>,
    /// The image, by its address: `img@src`.
    #[schemars(with = "Option<Words>", extend("minItems" = 1))]
    pub image: Option<Spanned<Words>>,
}
