//! The namespaces a feed may use: which name stands for what, and which prefix belongs to it.
//!
//! Boundary: knows names only, no element and no rule. Specification: Namespaces in XML 1.0,
//! <https://www.w3.org/TR/xml-names/>; the extensions' own documents name their URIs.

/// A namespace as the grammar tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub(crate) enum Ns {
    /// No namespace at all.
    #[default]
    None,
    /// The elements of RSS itself, in whichever namespace the document's version puts them.
    Rss,
    Atom,
    App,
    Xhtml,
    Xml,
    Rdf,
    Content,
    Dc,
    Dcterms,
    Sy,
    Slash,
    Wfw,
    Thr,
    Fh,
    At,
    Media,
    Itunes,
    GeoRss,
    Gml,
    Event,
    Geo,
    Icbm,
    GeoUrl,
    FeedBurner,
    Podcast,
    CreativeCommons,
    Cc,
    Trackback,
    BlogChannel,
    Admin,
    Access,
    OpenSearch,
    Svg,
    MathMl,
    /// A namespace this program has heard of and whose elements it lets pass.
    Heard,
    /// A namespace that is not known.
    Unknown,
}

/// The namespace of Atom 1.0.
pub(crate) const ATOM: &str = "http://www.w3.org/2005/Atom";
/// The namespace that Atom 0.3 used.
pub(crate) const ATOM_03: &str = "http://purl.org/atom/ns#";
/// The namespace of RSS 1.0.
pub(crate) const RSS_10: &str = "http://purl.org/rss/1.0/";

/// Every namespace known: its URI, what it is to the grammar, and its usual prefix (empty: none is usual).
pub(crate) static KNOWN: &[(&str, Ns, &str)] = &[
    (ATOM, Ns::Atom, ""),
    ("http://www.w3.org/2007/app", Ns::App, "app"),
    // The draft of the publishing protocol, which blogs carried for years.
    ("http://purl.org/atom/app#", Ns::Heard, "app"),
    ("http://www.w3.org/1999/xhtml", Ns::Xhtml, ""),
    ("http://www.w3.org/XML/1998/namespace", Ns::Xml, "xml"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", Ns::Rdf, "rdf"),
    ("http://purl.org/rss/1.0/modules/content/", Ns::Content, "content"),
    ("http://purl.org/dc/elements/1.1/", Ns::Dc, "dc"),
    ("http://purl.org/dc/terms/", Ns::Dcterms, "dcterms"),
    ("http://purl.org/rss/1.0/modules/syndication/", Ns::Sy, "sy"),
    ("http://purl.org/rss/1.0/modules/slash/", Ns::Slash, "slash"),
    ("http://wellformedweb.org/CommentAPI/", Ns::Wfw, "wfw"),
    ("http://purl.org/syndication/thread/1.0", Ns::Thr, "thr"),
    ("http://purl.org/syndication/history/1.0", Ns::Fh, "fh"),
    ("http://purl.org/atompub/tombstones/1.0", Ns::At, "at"),
    ("http://search.yahoo.com/mrss/", Ns::Media, "media"),
    ("http://search.yahoo.com/mrss", Ns::Media, "media"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", Ns::Itunes, "itunes"),
    ("http://www.itunes.com/DTDs/Podcast-1.0.dtd", Ns::Itunes, "itunes"),
    ("http://www.itunes.com/DTDs/PodCast-1.0.dtd", Ns::Itunes, "itunes"),
    ("http://www.georss.org/georss", Ns::GeoRss, "georss"),
    ("http://www.opengis.net/gml", Ns::Gml, "gml"),
    ("http://www.w3.org/2003/01/geo/wgs84_pos#", Ns::Geo, "geo"),
    ("http://postneo.com/icbm", Ns::Icbm, "icbm"),
    ("http://postneo.com/icbm/", Ns::Icbm, "icbm"),
    ("http://geourl.org/rss/module/", Ns::GeoUrl, "geourl"),
    ("http://rssnamespace.org/feedburner/ext/1.0", Ns::FeedBurner, "feedburner"),
    ("https://podcastindex.org/namespace/1.0", Ns::Podcast, "podcast"),
    ("https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", Ns::Podcast, "podcast"),
    ("http://backend.userland.com/creativeCommonsRssModule", Ns::CreativeCommons, "creativeCommons"),
    (
        "http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html",
        Ns::CreativeCommons,
        "creativeCommons",
    ),
    ("http://web.resource.org/cc/", Ns::Cc, "cc"),
    ("http://creativecommons.org/ns#", Ns::Cc, "cc"),
    ("http://madskills.com/public/xml/rss/module/trackback/", Ns::Trackback, "trackback"),
    ("http://backend.userland.com/blogChannelModule", Ns::BlogChannel, "blogChannel"),
    ("http://webns.net/mvcb/", Ns::Admin, "admin"),
    ("http://www.bloglines.com/about/specs/fac-1.0", Ns::Access, "access"),
    ("http://a9.com/-/spec/opensearch/1.1/", Ns::OpenSearch, "opensearch"),
    ("http://a9.com/-/spec/opensearchrss/1.0/", Ns::OpenSearch, "openSearch"),
    ("http://www.w3.org/2000/svg", Ns::Svg, "svg"),
    ("http://www.w3.org/1998/Math/MathML", Ns::MathMl, "mathml"),
    // Let pass: their elements say nothing that a feed's readers depend on.
    ("http://purl.org/rss/1.0/modules/aggregation/", Ns::Heard, "ag"),
    ("http://purl.org/rss/1.0/modules/annotate/", Ns::Heard, "annotate"),
    ("http://media.tangent.org/rss/1.0/", Ns::Heard, "audio"),
    ("http://purl.org/rss/1.0/modules/changedpage/", Ns::Heard, "cp"),
    ("http://purl.org/rss/1.0/modules/company", Ns::Heard, "company"),
    ("http://purl.org/rss/1.0/modules/email/", Ns::Heard, "email"),
    ("http://purl.org/rss/1.0/modules/event/", Ns::Event, "ev"),
    ("http://purl.org/rss/1.0/modules/image/", Ns::Heard, "image"),
    ("http://purl.org/rss/1.0/modules/link/", Ns::Heard, "l"),
    ("http://madskills.com/public/xml/rss/module/pingback/", Ns::Heard, "pingback"),
    ("http://purl.org/rss/1.0/modules/reference/", Ns::Heard, "ref"),
    ("http://purl.org/rss/1.0/modules/richequiv/", Ns::Heard, "reqv"),
    ("http://purl.org/rss/1.0/modules/rss091#", Ns::Heard, "rss091"),
    ("http://purl.org/rss/1.0/modules/search/", Ns::Heard, "search"),
    ("http://purl.org/rss/1.0/modules/servicestatus/", Ns::Heard, "ss"),
    ("http://purl.org/rss/1.0/modules/subscription/", Ns::Heard, "sub"),
    ("http://purl.org/rss/1.0/modules/streaming/", Ns::Heard, "str"),
    ("http://hacks.benhammersley.com/rss/streaming/", Ns::Heard, "str"),
    ("http://purl.org/rss/1.0/modules/taxonomy/", Ns::Heard, "taxo"),
    // The module of RSS 1.0 had this prefix before that of Atom did.
    ("http://purl.org/rss/1.0/modules/threading/", Ns::Heard, "thr"),
    ("http://purl.org/rss/1.0/modules/threading/", Ns::Heard, "thread"),
    ("http://purl.org/rss/1.0/modules/textinput/", Ns::Heard, "ti"),
    ("http://purl.org/rss/1.0/modules/wiki/", Ns::Heard, "wiki"),
    ("http://www.usemod.com/cgi-bin/mb.pl?ModWiki", Ns::Heard, "wiki"),
    ("http://schemas.xmlsoap.org/soap/envelope/", Ns::Heard, "soap"),
    // Signed and encrypted feeds, RFC 4287 section 5.
    ("http://www.w3.org/2000/09/xmldsig#", Ns::Heard, ""),
    ("http://www.w3.org/2001/04/xmlenc#", Ns::Heard, ""),
    ("http://xmlns.com/foaf/0.1/", Ns::Heard, "foaf"),
    ("http://www.w3.org/2000/01/rdf-schema#", Ns::Heard, "rdfs"),
    ("http://www.w3.org/1999/xlink", Ns::Heard, "xlink"),
    ("http://freshmeat.net/rss/fm/", Ns::Heard, "fm"),
    ("http://www.feedsky.com/namespace/feed", Ns::Heard, "fs"),
    ("http://schemas.google.com/g/2005", Ns::Heard, "gd"),
    ("http://base.google.com/ns/1.0", Ns::Heard, "g"),
    ("http://www.google.com/schemas/play-podcasts/1.0", Ns::Heard, "googleplay"),
    ("http://www.google.com/schemas/sitemap-news/0.9", Ns::Heard, "news"),
    ("http://www.sitemaps.org/schemas/sitemap/0.9", Ns::Heard, ""),
    ("http://www.google.com/schemas/sitemap-image/1.1", Ns::Heard, ""),
    ("http://www.google.com/schemas/sitemap-video/1.1", Ns::Heard, ""),
    ("http://gdata.youtube.com/schemas/2007", Ns::Heard, ""),
    ("http://www.youtube.com/xml/schemas/2015", Ns::Heard, "yt"),
    ("http://www.flickr.com/services/api/", Ns::Heard, ""),
    ("http://www.pheedo.com/namespace/pheedo", Ns::Heard, "pheedo"),
    ("http://www.rssboard.org/media-rss", Ns::Heard, ""),
    ("http://www.rawvoice.com/rawvoiceRssModule/", Ns::Heard, "rawvoice"),
    ("http://www.spotify.com/ns/rss", Ns::Heard, "spotify"),
    ("http://www.smartnews.com/snf", Ns::Heard, "snf"),
    ("http://www.opml.org/spec2", Ns::Heard, ""),
    ("http://www.microsoft.com/schemas/rss/core/2005", Ns::Heard, "cf"),
    ("http://feedsync.org/2007/feedsync", Ns::Heard, "sx"),
    ("http://www.microsoft.com/schemas/rss/sse", Ns::Heard, ""),
    ("http://prismstandard.org/namespaces/1.2/basic/", Ns::Heard, "prism"),
    ("http://prismstandard.org/namespaces/basic/2.0/", Ns::Heard, "prism"),
    ("http://purl.org/rss/1.0/modules/prism/", Ns::Heard, "prism"),
    ("http://microformats.org/profile/hcard", Ns::Heard, ""),
    ("http://api.live.com/schemas/2008", Ns::Heard, ""),
    ("http://activitystrea.ms/spec/1.0/", Ns::Heard, "activity"),
    ("http://schemas.android.com/apk/res/android", Ns::Heard, ""),
    ("http://ogp.me/ns#", Ns::Heard, "og"),
    ("http://poco.social/ns", Ns::Heard, ""),
    ("http://portablecontacts.net/spec/1.0", Ns::Heard, "poco"),
    ("http://source.scripting.com/", Ns::Heard, "source"),
];

/// Namespaces that RSS documents were put in at some time or other.
static RSS_NAMESPACES: &[&str] = &[
    "http://backend.userland.com/rss2",
    "http://backend.userland.com/RSS2",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://backend.userland.com/rss091",
    "http://backend.userland.com/rss092",
];

/// Whether two names are the same. Names are short: going over them here costs less than calling for a comparison of memory.
#[inline(always)]
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).all(|(a, b)| a == b)
}

/// Looks a namespace up by its URI. The empty URI is no namespace.
pub(crate) fn namespace(uri: &str) -> Ns {
    if uri.is_empty() {
        return Ns::None;
    }
    if uri == RSS_10
        || uri == "http://my.netscape.com/rdf/simple/0.9/"
        || uri == "http://channel.netscape.com/rdf/simple/0.9/"
    {
        return Ns::Rss;
    }
    if RSS_NAMESPACES.contains(&uri) {
        return Ns::Rss;
    }
    KNOWN.iter().find(|(known, ..)| *known == uri).map_or(Ns::Unknown, |(_, ns, _)| *ns)
}

/// The URI that `prefix` is used for everywhere, where there is one.
pub(crate) fn reserved(prefix: &str) -> Option<&'static str> {
    if prefix.is_empty() {
        return None;
    }
    KNOWN.iter().find(|(_, _, usual)| *usual == prefix).map(|(uri, ..)| *uri)
}

/// Whether `prefix` is one that `uri` is used with.
pub(crate) fn is_usual(prefix: &str, uri: &str) -> bool {
    KNOWN.iter().any(|(known, _, usual)| *known == uri && (usual.is_empty() || *usual == prefix))
}

/// Whether `uri` is one of those that `prefix` is used for.
pub(crate) fn belongs(prefix: &str, uri: &str) -> bool {
    KNOWN.iter().any(|(known, _, usual)| *usual == prefix && *known == uri)
}

/// The prefix under which messages speak of a namespace's elements.
pub(crate) fn prefix_of(ns: Ns) -> &'static str {
    match ns {
        Ns::None | Ns::Rss | Ns::Atom | Ns::Unknown | Ns::Heard => "",
        Ns::Xhtml => "xhtml",
        _ => KNOWN.iter().find(|(_, known, _)| *known == ns).map_or("", |(_, _, prefix)| *prefix),
    }
}
