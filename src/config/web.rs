//! What feeds.toml says of a source of the web, beside its address.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// An interface that many sites have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ApiWord {
    /// The REST API of WordPress.
    Wordpress,
    /// The Content API of Ghost.
    Ghost,
}

/// How the pages of an answer follow one another.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// The parameter of the address that says which page: `page`, `offset`, `cursor`.
    pub parameter: Option<String>,
    /// What the parameter is for the first page. Default: 1.
    pub first: Option<u32>,
    /// How much greater it is for each page than for the one before. Default: 1.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub step: Option<Spanned<u32>>,
    /// The dotted path of what leads to the next page in JSON: an address, or with `parameter` what that is then.
    pub next: Option<String>,
    /// Whether the header `Link` with `rel="next"` leads to the next page. Default: false.
    #[serde(default)]
    pub link: bool,
    /// The header that says how many pages there are: `X-WP-TotalPages`.
    pub total: Option<String>,
    /// So many pages are read, and no more. Default: all; 10 with `api`.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub pages: Option<Spanned<u32>>,
}
