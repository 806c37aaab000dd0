//! Tables of the extensions. Data only; each table names the document it was read off.

use super::super::rules as r;
use super::grammar::{
    ANY, CHANNEL, Ctx, ENTRY, FEED, ITEM, ONE, Places, Row, SOURCE, Value, WHOLE, at, many, may, must, one,
};

/// <https://web.resource.org/rss/1.0/modules/content/>
pub(super) static CONTENT: &[Row] =
    &[one("encoded", ITEM, Value::Html), one("items", ITEM, Value::Free).holding(Ctx::Foreign)];

/// A medium and a group of them, which Media RSS lets other modules say more of: its own examples have `dcterms:valid` there.
const MEDIUM_PLACE: Places = at(Ctx::Group) | at(Ctx::MediaContent);

const fn dc(name: &'static str, once: bool, value: Value) -> Row {
    Row { once, ..one(name, ANY | MEDIUM_PLACE | at(Ctx::Rdf), value).holding(Ctx::Foreign) }
}

/// <https://www.dublincore.org/specifications/dublin-core/dces/>
pub(super) static DC: &[Row] = &[
    dc("title", true, Value::MaybeText),
    dc("creator", false, Value::MaybeText),
    dc("subject", false, Value::MaybeText),
    dc("description", true, Value::Free),
    dc("publisher", false, Value::MaybeText),
    dc("contributor", false, Value::MaybeText),
    dc("date", true, Value::W3cDate),
    dc("type", false, Value::MaybeText),
    dc("format", false, Value::MaybeText),
    dc("identifier", false, Value::MaybeText),
    dc("source", false, Value::MaybeText),
    dc("language", true, Value::Language),
    dc("relation", false, Value::MaybeText),
    dc("coverage", false, Value::MaybeText),
    dc("rights", true, Value::MaybeText),
];

/// <https://www.dublincore.org/specifications/dublin-core/dcmi-terms/>
pub(super) static DCTERMS: &[Row] = &[
    dc("alternative", false, Value::MaybeText),
    dc("abstract", false, Value::Free),
    dc("tableOfContents", false, Value::Free),
    dc("created", true, Value::W3cDate),
    dc("valid", false, Value::Period),
    dc("available", false, Value::Period),
    dc("issued", true, Value::W3cDate),
    dc("modified", true, Value::W3cDate),
    dc("dateAccepted", true, Value::W3cDate),
    dc("dateCopyrighted", true, Value::W3cDate),
    dc("dateSubmitted", true, Value::W3cDate),
    dc("extent", false, Value::Free),
    dc("medium", false, Value::Free),
    dc("isVersionOf", false, Value::Free),
    dc("hasVersion", false, Value::Free),
    dc("isReplacedBy", false, Value::Free),
    dc("replaces", false, Value::Free),
    dc("isRequiredBy", false, Value::Free),
    dc("requires", false, Value::Free),
    dc("isPartOf", false, Value::Free),
    dc("hasPart", false, Value::Free),
    dc("isReferencedBy", false, Value::Free),
    dc("references", false, Value::Free),
    dc("isFormatOf", false, Value::Free),
    dc("hasFormat", false, Value::Free),
    dc("conformsTo", false, Value::Free),
    dc("spatial", false, Value::Free),
    dc("temporal", false, Value::Free),
    dc("audience", false, Value::Free),
    dc("mediator", false, Value::Free),
    dc("educationLevel", false, Value::Free),
    dc("accessRights", false, Value::Free),
    dc("bibliographicCitation", false, Value::Free),
    dc("license", false, Value::Free),
    dc("rightsHolder", false, Value::Free),
    dc("provenance", false, Value::Free),
    dc("instructionalMethod", false, Value::Free),
    dc("accrualMethod", false, Value::Free),
    dc("accrualPeriodicity", false, Value::Free),
    dc("accrualPolicy", false, Value::Free),
    // The fifteen elements stand in this namespace too.
    dc("title", false, Value::MaybeText),
    dc("creator", false, Value::MaybeText),
    dc("subject", false, Value::MaybeText),
    dc("description", false, Value::Free),
    dc("publisher", false, Value::MaybeText),
    dc("contributor", false, Value::MaybeText),
    dc("date", false, Value::W3cDate),
    dc("type", false, Value::MaybeText),
    dc("format", false, Value::MaybeText),
    dc("identifier", false, Value::MaybeText),
    dc("source", false, Value::MaybeText),
    dc("language", false, Value::Language),
    dc("relation", false, Value::MaybeText),
    dc("coverage", false, Value::MaybeText),
    dc("rights", false, Value::MaybeText),
];

const PERIODS: &[&str] = &["hourly", "daily", "weekly", "monthly", "yearly"];

/// <https://web.resource.org/rss/1.0/modules/syndication/>
pub(super) static SY: &[Row] = &[
    one("updatePeriod", WHOLE, Value::OneOf(PERIODS, &r::INVALID_UPDATE_PERIOD)),
    one("updateFrequency", WHOLE, Value::Positive),
    one("updateBase", WHOLE, Value::W3cDate),
];

/// <https://web.resource.org/rss/1.0/modules/slash/>
pub(super) static SLASH: &[Row] = &[
    one("section", ONE, Value::MaybeText),
    one("department", ONE, Value::MaybeText),
    one("comments", ONE, Value::Natural),
    one("hit_parade", ONE, Value::CommaIntegers),
];

/// <https://web.archive.org/web/2006/http://wellformedweb.org/news/wfw_namespace_elements/>
pub(super) static WFW: &[Row] = &[
    one("comment", ONE, Value::Url),
    one("commentRss", ONE, Value::Url),
    one("commentRSS", ONE, Value::Url),
];

/// RFC 4685
pub(super) static THR: &[Row] = &[
    many("in-reply-to", ONE | WHOLE, Value::Free).holding(Ctx::Foreign).with(&[
        must("ref", Value::Url),
        may("href", Value::Reference),
        may("type", Value::Mime),
        may("source", Value::Reference),
    ]),
    one("total", ONE, Value::Natural),
];

/// RFC 5005
pub(super) static FH: &[Row] = &[
    one("archive", WHOLE, Value::Elements),
    one("complete", WHOLE, Value::Elements),
    one("incremental", WHOLE, Value::Free),
    one("prev", WHOLE, Value::Url),
];

/// RFC 6721
pub(super) static AT: &[Row] = &[
    many("deleted-entry", FEED, Value::Elements)
        .with(&[must("ref", Value::Url), must("when", Value::Date3339)])
        .holding(Ctx::Deleted),
    one("by", at(Ctx::Deleted), Value::Elements).holding(Ctx::Person),
    one("comment", at(Ctx::Deleted), Value::AtomText).holding(Ctx::Construct),
];

const MEDIA_PLACE: Places = ITEM | ENTRY | CHANNEL | FEED | SOURCE | MEDIUM_PLACE;
const MEDIUM: &[&str] = &["image", "audio", "video", "document", "executable"];
const EXPRESSION: &[&str] = &["sample", "full", "nonstop"];
const STATE: &[&str] = &["active", "blocked", "deleted"];
const PRICE: &[&str] = &["rent", "purchase", "package", "subscription"];
const RIGHTS: &[&str] = &["userCreated", "official"];
const TRUTH: &[&str] = &["true", "false"];

/// <https://www.rssboard.org/media-rss>
pub(super) static MEDIA: &[Row] = &[
    many("group", ONE, Value::Elements).holding(Ctx::Group),
    many("content", ONE | at(Ctx::Group), Value::Elements).holding(Ctx::MediaContent).with(&[
        may("url", Value::Reference),
        may("fileSize", Value::Positive),
        may("type", Value::MimeAttribute),
        may("medium", Value::OneOf(MEDIUM, &r::INVALID_MEDIA_MEDIUM)),
        may("isDefault", Value::OneOf(TRUTH, &r::INVALID_TRUE_FALSE)),
        may("expression", Value::OneOf(EXPRESSION, &r::INVALID_MEDIA_EXPRESSION)),
        may("bitrate", Value::Float),
        may("framerate", Value::Float),
        may("samplingrate", Value::Float),
        may("channels", Value::Natural),
        may("duration", Value::Float),
        may("height", Value::Positive),
        may("width", Value::Positive),
        may("lang", Value::Language),
    ]),
    one("title", MEDIA_PLACE, Value::MediaText).with(&[may("type", Value::Free)]),
    one("description", MEDIA_PLACE, Value::MediaText).with(&[may("type", Value::Free)]),
    many("text", MEDIA_PLACE, Value::MediaText).with(&[
        may("type", Value::Free),
        may("lang", Value::Language),
        may("start", Value::Npt),
        may("end", Value::Npt),
    ]),
    one("keywords", MEDIA_PLACE, Value::MaybeText),
    many("thumbnail", MEDIA_PLACE, Value::Elements).with(&[
        must("url", Value::Reference),
        may("height", Value::Positive),
        may("width", Value::Positive),
        may("time", Value::Npt),
    ]),
    many("category", MEDIA_PLACE, Value::MaybeText)
        .with(&[may("scheme", Value::Url), may("label", Value::MaybeText)]),
    many("hash", MEDIA_PLACE, Value::MediaHash).with(&[may("algo", Value::Free)]),
    one("player", MEDIA_PLACE, Value::Elements).with(&[
        must("url", Value::Reference),
        may("height", Value::Positive),
        may("width", Value::Positive),
    ]),
    many("credit", MEDIA_PLACE, Value::MediaCredit)
        .with(&[may("role", Value::Free), may("scheme", Value::Free)]),
    one("copyright", MEDIA_PLACE, Value::MaybeText).with(&[may("url", Value::Reference)]),
    many("rating", MEDIA_PLACE, Value::MediaRating).with(&[may("scheme", Value::Free)]),
    many("adult", MEDIA_PLACE, Value::OneOf(TRUTH, &r::INVALID_TRUE_FALSE)),
    many("restriction", MEDIA_PLACE, Value::MediaRestriction)
        .with(&[must("relationship", Value::Free), may("type", Value::Free)]),
    one("community", MEDIA_PLACE, Value::Elements).holding(Ctx::Community),
    one("starRating", at(Ctx::Community), Value::Elements).with(&[
        may("average", Value::Float),
        may("count", Value::Natural),
        may("min", Value::Natural),
        may("max", Value::Natural),
    ]),
    one("statistics", at(Ctx::Community), Value::Elements)
        .with(&[may("views", Value::Natural), may("favorites", Value::Natural)]),
    one("tags", at(Ctx::Community), Value::MaybeText),
    one("comments", MEDIA_PLACE, Value::Elements).holding(Ctx::MediaComments),
    many("comment", at(Ctx::MediaComments), Value::Free),
    one("embed", MEDIA_PLACE, Value::Free).holding(Ctx::Foreign).with(&[
        must("url", Value::Reference),
        may("height", Value::Positive),
        may("width", Value::Positive),
    ]),
    one("responses", MEDIA_PLACE, Value::Elements).holding(Ctx::MediaResponses),
    many("response", at(Ctx::MediaResponses), Value::Free),
    one("backLinks", MEDIA_PLACE, Value::Elements).holding(Ctx::MediaBackLinks),
    many("backLink", at(Ctx::MediaBackLinks), Value::Url),
    one("status", MEDIA_PLACE, Value::Free)
        .holding(Ctx::Foreign)
        .with(&[must("state", Value::OneOf(STATE, &r::INVALID_MEDIA_WORD))]),
    many("price", MEDIA_PLACE, Value::Free).holding(Ctx::Foreign).with(&[
        may("type", Value::OneOf(PRICE, &r::INVALID_MEDIA_WORD)),
        may("info", Value::Reference),
        may("price", Value::Float),
    ]),
    many("license", MEDIA_PLACE, Value::Free)
        .holding(Ctx::Foreign)
        .with(&[may("type", Value::MimeAttribute), may("href", Value::Reference)]),
    many("subTitle", MEDIA_PLACE, Value::Free).holding(Ctx::Foreign).with(&[
        may("type", Value::MimeAttribute),
        may("lang", Value::Language),
        must("href", Value::Reference),
    ]),
    many("peerLink", MEDIA_PLACE, Value::Free)
        .holding(Ctx::Foreign)
        .with(&[may("type", Value::MimeAttribute), must("href", Value::Reference)]),
    many("location", MEDIA_PLACE, Value::Elements).holding(Ctx::MediaLocation).with(&[
        may("description", Value::MaybeText),
        may("start", Value::Npt),
        may("end", Value::Npt),
    ]),
    one("rights", MEDIA_PLACE, Value::Free)
        .holding(Ctx::Foreign)
        .with(&[must("status", Value::OneOf(RIGHTS, &r::INVALID_MEDIA_WORD))]),
    one("scenes", MEDIA_PLACE, Value::Elements).holding(Ctx::MediaScenes),
    many("scene", at(Ctx::MediaScenes), Value::Elements).holding(Ctx::MediaScene),
    one("sceneTitle", SCENE, Value::MaybeText),
    one("sceneDescription", SCENE, Value::Free),
    one("sceneStartTime", SCENE, Value::Npt),
    one("sceneEndTime", SCENE, Value::Npt),
];

/// What the specification's own example writes without a prefix, so that it is in the namespace of what is around it.
pub(super) const SCENE: Places = at(Ctx::MediaScene);

const POD: Places = CHANNEL | ITEM | FEED | ENTRY;
const CHANNEL_TYPES: &[&str] = &["episodic", "serial"];
const EPISODE_TYPES: &[&str] = &["full", "trailer", "bonus"];

/// <https://help.apple.com/itc/podcasts_connect/#/itcb54353390>
pub(super) static ITUNES: &[Row] = &[
    one("author", POD, Value::MaybeText),
    one("block", POD, Value::YesNoClean),
    one("explicit", POD, Value::TrueFalse),
    one("keywords", POD, Value::Keywords),
    one("subtitle", POD, Value::AtMost(255)),
    one("summary", POD, Value::AtMost(4000)),
    one("image", POD, Value::Elements).with(&[must("href", Value::Url), may("url", Value::Url)]),
    one("title", POD, Value::MaybeText),
    one("duration", ITEM | ENTRY, Value::Duration),
    one("episode", ITEM | ENTRY, Value::Positive),
    one("season", ITEM | ENTRY, Value::Positive),
    one("episodeType", ITEM | ENTRY, Value::OneOf(EPISODE_TYPES, &r::INVALID_ITUNES_EPISODE_TYPE)),
    one("isClosedCaptioned", ITEM | ENTRY, Value::Free),
    one("order", ITEM | ENTRY, Value::Positive),
    many("category", POD | at(Ctx::Category), Value::PodcastCategory)
        .with(&[must("text", Value::Free)])
        .holding(Ctx::Category),
    one("owner", CHANNEL | FEED, Value::Elements).holding(Ctx::Owner),
    one("email", at(Ctx::Owner), Value::Contact),
    one("name", at(Ctx::Owner), Value::MaybeText),
    one("complete", CHANNEL | FEED, Value::Free),
    one("type", CHANNEL | FEED, Value::OneOf(CHANNEL_TYPES, &r::INVALID_ITUNES_CHANNEL_TYPE)),
    one("new-feed-url", CHANNEL | FEED, Value::Url),
    one("link", CHANNEL | FEED, Value::Free),
    one("pubDate", CHANNEL | FEED, Value::Free),
    one("applepodcastsverify", CHANNEL | FEED, Value::Free),
];

const GEO_PLACE: Places = WHOLE | ONE | MEDIUM_PLACE | at(Ctx::MediaLocation);

/// <https://www.ogc.org/publications/standard/georss/>
pub(super) static GEORSS: &[Row] = &[
    many("point", GEO_PLACE, Value::Coordinates(1, true)),
    many("line", GEO_PLACE, Value::Coordinates(2, false)),
    many("polygon", GEO_PLACE, Value::Ring),
    many("box", GEO_PLACE, Value::Coordinates(2, true)),
    many("circle", GEO_PLACE, Value::Circle),
    many("where", GEO_PLACE, Value::Free).holding(Ctx::Gml),
    one("elev", GEO_PLACE, Value::Float),
    one("floor", GEO_PLACE, Value::Float),
    one("radius", GEO_PLACE, Value::Float),
    one("featuretypetag", GEO_PLACE, Value::MaybeText),
    one("relationshiptag", GEO_PLACE, Value::MaybeText),
    one("featurename", GEO_PLACE, Value::MaybeText),
];

const GML_PLACE: Places = at(Ctx::Gml);

/// The part of the Geography Markup Language that GeoRSS takes up.
pub(super) static GML: &[Row] = &[
    many("pos", GML_PLACE, Value::Positions(1, true)),
    many("lowerCorner", GML_PLACE, Value::Positions(1, true)),
    many("upperCorner", GML_PLACE, Value::Positions(1, true)),
    many("posList", GML_PLACE, Value::Positions(2, false)),
];

/// <https://web.resource.org/rss/1.0/modules/event/>
pub(super) static EVENT: &[Row] = &[
    one("startdate", WHOLE | ONE, Value::W3cDate),
    one("enddate", WHOLE | ONE, Value::W3cDate),
    one("location", WHOLE | ONE, Value::Free),
    one("organizer", WHOLE | ONE, Value::Free),
    one("type", WHOLE | ONE, Value::Free),
];

const POINTED: Places = GEO_PLACE | at(Ctx::Point);

/// <https://www.w3.org/2003/01/geo/>
pub(super) static GEO: &[Row] = &[
    many("Point", GEO_PLACE, Value::Elements).holding(Ctx::Point),
    one("lat", POINTED, Value::Latitude),
    one("long", POINTED, Value::Longitude),
    one("alt", POINTED, Value::Float),
    many("lat_long", POINTED, Value::Free),
    many("location", GEO_PLACE, Value::Free).holding(Ctx::Foreign),
    many("SpatialThing", GEO_PLACE, Value::Elements).holding(Ctx::Point),
];

/// The modules of postneo.com and geourl.org, which are long gone.
pub(super) static ICBM: &[Row] =
    &[one("latitude", GEO_PLACE, Value::Latitude), one("longitude", GEO_PLACE, Value::Longitude)];

/// <https://developers.google.com/feedburner/>
pub(super) static FEEDBURNER: &[Row] = &[
    one("info", WHOLE, Value::Free).with(&[may("uri", Value::Free)]),
    one("awareness", WHOLE | ONE, Value::Reference),
    one("origLink", ONE, Value::Reference),
    one("origEnclosureLink", ONE, Value::Reference),
    one("browserFriendly", WHOLE, Value::MaybeText),
    one("emailServiceId", WHOLE, Value::MaybeText),
    one("feedburnerHostname", WHOLE, Value::Reference),
    many("feedFlare", WHOLE | ONE, Value::Text)
        .with(&[may("href", Value::Reference), may("src", Value::Reference)]),
];

/// <http://backend.userland.com/creativeCommonsRssModule>
pub(super) static CREATIVE_COMMONS: &[Row] = &[many("license", ANY | MEDIUM_PLACE, Value::Url)];

/// <http://madskills.com/public/xml/rss/module/trackback/>
pub(super) static TRACKBACK: &[Row] =
    &[one("ping", ITEM | ENTRY, Value::Resource), many("about", ITEM | ENTRY, Value::Resource)];

/// <http://backend.userland.com/blogChannelModule>
pub(super) static BLOG_CHANNEL: &[Row] = &[
    one("blogRoll", CHANNEL | FEED, Value::Url),
    one("mySubscriptions", CHANNEL | FEED, Value::Url),
    one("blink", CHANNEL | FEED, Value::Url),
    one("changes", CHANNEL | FEED, Value::Url),
];

/// <https://web.resource.org/rss/1.0/modules/admin/>
pub(super) static ADMIN: &[Row] =
    &[one("generatorAgent", WHOLE, Value::Free), one("errorReportsTo", WHOLE, Value::Free)];

const RELATIONSHIP: &[&str] = &["allow", "deny"];

/// The feed access control of Bloglines.
pub(super) static ACCESS: &[Row] = &[one("restriction", at(Ctx::Rss) | FEED, Value::Elements)
    .with(&[must("relationship", Value::OneOf(RELATIONSHIP, &r::INVALID_ACCESS_RESTRICTION_REL))])];

/// <https://github.com/dewitt/opensearch>
pub(super) static OPEN_SEARCH: &[Row] = &[
    one("totalResults", WHOLE, Value::Natural),
    one("startIndex", WHOLE, Value::Natural),
    one("itemsPerPage", WHOLE, Value::Natural),
    many("Query", WHOLE, Value::Free).holding(Ctx::Foreign),
    many("link", WHOLE, Value::Free).holding(Ctx::Foreign),
];

const LOCKED: &[&str] = &["yes", "no"];
const LIVE: &[&str] = &["pending", "live", "ended"];

/// <https://podcasting2.org/docs/podcast-namespace/1.0>
pub(super) static PODCAST: &[Row] = &[
    one("guid", CHANNEL, Value::Uuid),
    one("locked", CHANNEL, Value::OneOf(LOCKED, &r::INVALID_PODCAST_VALUE))
        .with(&[may("owner", Value::Address)]),
    one("medium", CHANNEL, Value::MaybeText),
    one("updateFrequency", CHANNEL, Value::Free).with(&[
        may("complete", Value::OneOf(TRUTH, &r::INVALID_PODCAST_VALUE)),
        may("dtstart", Value::Free),
        may("rrule", Value::Free),
    ]),
    many("funding", CHANNEL | ITEM, Value::MaybeText).with(&[must("url", Value::Url)]),
    many("trailer", CHANNEL, Value::MaybeText).with(&[
        must("url", Value::UrlAttribute),
        must("pubdate", Value::Date822),
        may("length", Value::Natural),
        may("type", Value::MimeAttribute),
        may("season", Value::Positive),
    ]),
    many("transcript", ITEM, Value::Elements).with(&[
        must("url", Value::UrlAttribute),
        must("type", Value::MimeAttribute),
        may("language", Value::Language),
        may("rel", Value::OneOf(&["captions"], &r::INVALID_PODCAST_VALUE)),
    ]),
    one("chapters", ITEM, Value::Elements)
        .with(&[must("url", Value::UrlAttribute), must("type", Value::MimeAttribute)]),
    many("soundbite", ITEM, Value::MaybeText)
        .with(&[must("startTime", Value::Float), must("duration", Value::Float)]),
    one("season", ITEM, Value::Natural).with(&[may("name", Value::MaybeText)]),
    one("episode", ITEM, Value::Float).with(&[may("display", Value::MaybeText)]),
    many("person", CHANNEL | ITEM, Value::Text).with(&[
        may("role", Value::MaybeText),
        may("group", Value::MaybeText),
        may("img", Value::Url),
        may("href", Value::Url),
    ]),
    many("location", CHANNEL | ITEM, Value::MaybeText).with(&[
        may("geo", Value::Free),
        may("osm", Value::Free),
        may("rel", Value::Free),
        may("country", Value::Free),
    ]),
    one("license", CHANNEL | ITEM, Value::MaybeText).with(&[may("url", Value::Url)]),
    many("images", CHANNEL | ITEM, Value::Free).with(&[may("srcset", Value::Free)]),
    many("image", CHANNEL | ITEM, Value::Free).with(&[
        must("href", Value::Url),
        may("type", Value::MimeAttribute),
        may("width", Value::Positive),
        may("height", Value::Positive),
    ]),
    many("alternateEnclosure", ITEM, Value::Free).holding(Ctx::Foreign).with(&[
        must("type", Value::MimeAttribute),
        may("length", Value::Natural),
        may("bitrate", Value::Float),
        may("height", Value::Positive),
        may("lang", Value::Language),
        may("default", Value::OneOf(TRUTH, &r::INVALID_PODCAST_VALUE)),
    ]),
    many("value", CHANNEL | ITEM, Value::Free)
        .holding(Ctx::Foreign)
        .with(&[must("type", Value::Free), must("method", Value::Free)]),
    many("block", CHANNEL, Value::OneOf(LOCKED, &r::INVALID_PODCAST_VALUE)).with(&[may("id", Value::Free)]),
    many("txt", CHANNEL | ITEM, Value::MaybeText).with(&[may("purpose", Value::Free)]),
    many("remoteItem", CHANNEL | ITEM, Value::Free)
        .holding(Ctx::Foreign)
        .with(&[must("feedGuid", Value::Uuid), may("feedUrl", Value::Url)]),
    one("podroll", CHANNEL, Value::Free).holding(Ctx::Foreign),
    // Those who say `disabled` name no address.
    many("socialInteract", CHANNEL | ITEM, Value::Free).holding(Ctx::Foreign).with(&[
        must("protocol", Value::Free),
        may("uri", Value::Url),
        may("accountUrl", Value::Url),
        may("priority", Value::Natural),
    ]),
    many("liveItem", CHANNEL, Value::Free)
        .holding(Ctx::Foreign)
        .with(&[must("status", Value::OneOf(LIVE, &r::INVALID_PODCAST_VALUE)), must("start", Value::Free)]),
    one("podping", CHANNEL, Value::Free)
        .holding(Ctx::Foreign)
        .with(&[may("usesPodping", Value::OneOf(TRUTH, &r::INVALID_PODCAST_VALUE))]),
    one("publisher", CHANNEL, Value::Free).holding(Ctx::Foreign),
    many("chat", CHANNEL | ITEM, Value::Free)
        .holding(Ctx::Foreign)
        .with(&[must("server", Value::Free), must("protocol", Value::Free)]),
];
