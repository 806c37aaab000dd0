//! Rules of the extensions: Media RSS, podcasts, places, and smaller ones.

use super::super::rule::Example::{Channel, Document, Entry, Item};
use super::super::rule::Rule;
use super::links::{APP, GEO, GEORSS, MEDIA, PODCAST_NAMESPACE, PODCASTS, ROBOTS, RSS, SYNDICATION, THREAD};
use super::rules;

const LONG_SUBTITLE: &str = "<title>x</title><itunes:subtitle xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">Trong số này chúng \
tôi kể chuyện mưa, gió, lúa, ngô, đường, cầu, trường, chợ, bản, mường, suối, đèo, ruộng, nương, rừng, hồ, đập, điện, nước, xe, tàu, người già, \
người trẻ, thầy cô, bác sĩ, nông dân, công nhân, kỹ sư, nghệ nhân, ca sĩ, và còn nhiều chuyện khác nữa mà chúng tôi chưa kể hết</itunes:subtitle>";

rules! { Extensions, EXTENSIONS;

MEDIA_RSS_NAMESPACE "media-rss-namespace" Error "the namespace of Media RSS without its slash";
    why "The name of a namespace is compared letter by letter.";
    mend "write http://search.yahoo.com/mrss/";
    see [MEDIA];
    bad Channel("<media:keywords xmlns:media=\"http://search.yahoo.com/mrss\">x</media:keywords>");
    good Channel("<media:keywords xmlns:media=\"http://search.yahoo.com/mrss/\">x</media:keywords>");

MEDIA_GROUP_WITHOUT_ALTERNATIVES "media-group-without-alternatives" Error "a media group of fewer than two";
    why "A group is several versions of one medium; of one there is nothing to choose.";
    mend "put media:content into the item itself";
    see [MEDIA];
    bad Item("<title>x</title><media:group xmlns:media=\"http://search.yahoo.com/mrss/\"><media:content url=\"https://example.vn/1.mp4\"/></media:group>");
    good Item("<title>x</title><media:group xmlns:media=\"http://search.yahoo.com/mrss/\"><media:content url=\"https://example.vn/1.mp4\"/><media:content url=\"https://example.vn/1.webm\"/></media:group>");

INVALID_MEDIA_MEDIUM "invalid-media-medium" Error "a medium that Media RSS does not have";
    why "Readers choose by it how to show the file.";
    mend "write image, audio, video, document or executable";
    see [MEDIA];
    bad Item("<title>x</title><media:content xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"https://example.vn/1.jpg\" medium=\"photo\"/>");
    good Item("<title>x</title><media:content xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"https://example.vn/1.jpg\" medium=\"image\"/>");

INVALID_MEDIA_EXPRESSION "invalid-media-expression" Error "an expression that Media RSS does not have";
    why "Readers tell by it whether they have the whole or a sample.";
    mend "write sample, full or nonstop";
    see [MEDIA];
    bad Item("<title>x</title><media:content xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"https://example.vn/1.mp4\" expression=\"part\"/>");
    good Item("<title>x</title><media:content xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"https://example.vn/1.mp4\" expression=\"full\"/>");

INVALID_MEDIA_WORD "invalid-media-word" Error "a state, a kind of price or a right that Media RSS does not have";
    why "Readers do not know what to make of it, and some leave the medium out.";
    mend "write active, blocked or deleted as a state; rent, purchase, package or subscription as a price; userCreated or official as a right";
    see [MEDIA];
    bad Item("<title>x</title><media:status xmlns:media=\"http://search.yahoo.com/mrss/\" state=\"live\"/>");
    good Item("<title>x</title><media:status xmlns:media=\"http://search.yahoo.com/mrss/\" state=\"active\"/>");

INVALID_MEDIA_TEXT_TYPE "invalid-media-text-type" Error "a text of Media RSS that is neither plain nor html";
    why "Readers do not know whether to show tags or to follow them.";
    mend "write type=\"plain\" or type=\"html\"";
    see [MEDIA];
    bad Item("<title>x</title><media:title xmlns:media=\"http://search.yahoo.com/mrss/\" type=\"text/html\">x</media:title>");
    good Item("<title>x</title><media:title xmlns:media=\"http://search.yahoo.com/mrss/\" type=\"html\">x</media:title>");

INVALID_MEDIA_HASH "invalid-media-hash" Error "a hash that is not one of its algorithm";
    why "A file that was loaded cannot be compared with it.";
    mend "write it in hexadecimal, 32 digits for md5 and 40 for sha-1";
    see [MEDIA];
    bad Item("<title>x</title><media:hash xmlns:media=\"http://search.yahoo.com/mrss/\">abc</media:hash>");
    good Item("<title>x</title><media:hash xmlns:media=\"http://search.yahoo.com/mrss/\">9e107d9d372bb6826bd81d3542a419d6</media:hash>");

INVALID_MEDIA_RATING "invalid-media-rating" Error "a rating that its scheme does not have";
    why "Readers that hide by rating cannot tell.";
    mend "write adult or nonadult, or a rating of the scheme named";
    see [MEDIA];
    bad Item("<title>x</title><media:rating xmlns:media=\"http://search.yahoo.com/mrss/\">safe</media:rating>");
    good Item("<title>x</title><media:rating xmlns:media=\"http://search.yahoo.com/mrss/\">nonadult</media:rating>");

INVALID_CREDIT_ROLE "invalid-credit-role" Error "a role with capital letters";
    why "Roles are compared letter by letter, and written small.";
    mend "write the role in small letters";
    see [MEDIA];
    bad Item("<title>x</title><media:credit xmlns:media=\"http://search.yahoo.com/mrss/\" role=\"Photographer\">An</media:credit>");
    good Item("<title>x</title><media:credit xmlns:media=\"http://search.yahoo.com/mrss/\" role=\"photographer\">An</media:credit>");

INVALID_MEDIA_RESTRICTION "invalid-media-restriction" Error "a restriction that is neither all nor none";
    why "Without a type a restriction is for everybody or nobody.";
    mend "write all or none, or name a type";
    see [MEDIA];
    bad Item("<title>x</title><media:restriction xmlns:media=\"http://search.yahoo.com/mrss/\" relationship=\"allow\">vn</media:restriction>");
    good Item("<title>x</title><media:restriction xmlns:media=\"http://search.yahoo.com/mrss/\" relationship=\"allow\">all</media:restriction>");

INVALID_MEDIA_RESTRICTION_REL "invalid-media-restriction-rel" Error "a restriction that neither allows nor denies";
    why "Readers cannot tell who is meant to be kept out.";
    mend "write relationship=\"allow\" or \"deny\"";
    see [MEDIA];
    bad Item("<title>x</title><media:restriction xmlns:media=\"http://search.yahoo.com/mrss/\" relationship=\"only\">all</media:restriction>");
    good Item("<title>x</title><media:restriction xmlns:media=\"http://search.yahoo.com/mrss/\" relationship=\"allow\">all</media:restriction>");

INVALID_MEDIA_RESTRICTION_TYPE "invalid-media-restriction-type" Error "a restriction of a kind that there is not";
    why "Readers cannot tell what it goes by.";
    mend "write type=\"country\", \"uri\" or \"sharing\"";
    see [MEDIA];
    bad Item("<title>x</title><media:restriction xmlns:media=\"http://search.yahoo.com/mrss/\" relationship=\"allow\" type=\"region\">x</media:restriction>");
    good Item("<title>x</title><media:restriction xmlns:media=\"http://search.yahoo.com/mrss/\" relationship=\"allow\" type=\"country\">vn</media:restriction>");

INVALID_COUNTRY_CODE "invalid-country-code" Error "not codes of countries";
    why "Readers compare them with ISO 3166.";
    mend "write two letters for each country, with spaces between";
    see [MEDIA];
    bad Item("<title>x</title><media:restriction xmlns:media=\"http://search.yahoo.com/mrss/\" relationship=\"allow\" type=\"country\">xx</media:restriction>");
    good Item("<title>x</title><media:restriction xmlns:media=\"http://search.yahoo.com/mrss/\" relationship=\"allow\" type=\"country\">vn la</media:restriction>");

INVALID_NPT_TIME "invalid-npt-time" Error "not a time of play";
    why "Players cannot go there.";
    mend "write seconds or hours:minutes:seconds";
    see [MEDIA];
    bad Item("<title>x</title><media:thumbnail xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"https://example.vn/1.jpg\" time=\"5 phut\"/>");
    good Item("<title>x</title><media:thumbnail xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"https://example.vn/1.jpg\" time=\"00:05:00\"/>");

MISSING_ITUNES_ELEMENT "missing-itunes-element" Warning "a podcast without what Apple asks for";
    why "Apple Podcasts does not list it.";
    mend "add language, itunes:category and itunes:explicit to the channel";
    see [PODCASTS];
    bad Channel("<itunes:author xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">An</itunes:author>");
    good Channel("<category>x</category>");

MISSING_ITUNES_EMAIL "missing-itunes-email" Warning "a podcast without the address of its owner";
    why "Apple has nobody to write to, and does not list it.";
    mend "add itunes:owner with itunes:email";
    see [PODCASTS];
    bad Channel("<itunes:author xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">An</itunes:author>");
    good Channel("<itunes:owner xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><itunes:email>an@example.vn</itunes:email></itunes:owner>");

INVALID_ITUNES_CATEGORY "invalid-itunes-category" Error "a category that Apple does not have";
    why "The podcast is listed nowhere.";
    mend "choose from the list of Apple Podcasts, letter by letter";
    see [PODCASTS];
    bad Channel("<itunes:category xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" text=\"Tin\"/>");
    good Channel("<itunes:category xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" text=\"News\"/>");

OBSOLETE_ITUNES_CATEGORY "obsolete-itunes-category" Warning "a category that Apple had once";
    why "It was given up in 2019.";
    mend "choose from the list of Apple Podcasts as it is now";
    see [PODCASTS];
    bad Channel("<itunes:category xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" text=\"News &amp; Politics\"/>");
    good Channel("<itunes:category xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" text=\"News\"><itunes:category text=\"Politics\"/></itunes:category>");

INVALID_ITUNES_CHANNEL_TYPE "invalid-itunes-channel-type" Error "a kind of podcast that there is not";
    why "Players order the episodes by it.";
    mend "write episodic or serial";
    see [PODCASTS];
    bad Channel("<itunes:type xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">daily</itunes:type>");
    good Channel("<itunes:type xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">serial</itunes:type>");

INVALID_ITUNES_EPISODE_TYPE "invalid-itunes-episode-type" Error "a kind of episode that there is not";
    why "Players set trailers and bonuses apart by it.";
    mend "write full, trailer or bonus";
    see [PODCASTS];
    bad Item("<title>x</title><itunes:episodeType xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">part</itunes:episodeType>");
    good Item("<title>x</title><itunes:episodeType xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">full</itunes:episodeType>");

INVALID_TRUE_FALSE "invalid-true-false" Error "neither true nor false";
    why "Apple no longer takes yes, no and clean.";
    mend "write true or false";
    see [PODCASTS];
    bad Item("<title>x</title><itunes:explicit xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">no</itunes:explicit>");
    good Item("<title>x</title><itunes:explicit xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">false</itunes:explicit>");

INVALID_YES_NO "invalid-yes-no" Error "neither yes nor no";
    why "A program that does not know the word takes it for no.";
    mend "write yes or no";
    see [APP];
    bad Entry("<app:control xmlns:app=\"http://www.w3.org/2007/app\"><app:draft>final</app:draft></app:control>");
    good Entry("<app:control xmlns:app=\"http://www.w3.org/2007/app\"><app:draft>no</app:draft></app:control>");

INVALID_YES_NO_CLEAN "invalid-yes-no-clean" Error "neither yes nor no";
    why "Apple hides the episode only where it reads Yes.";
    mend "write Yes, or leave the element out";
    see [PODCASTS];
    bad Item("<title>x</title><itunes:block xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">true</itunes:block>");
    good Item("<title>x</title><itunes:block xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">Yes</itunes:block>");

INVALID_DURATION "invalid-duration" Error "not a duration";
    why "Players show no length, or a wrong one.";
    mend "write seconds, minutes:seconds or hours:minutes:seconds";
    see [PODCASTS];
    bad Item("<title>x</title><itunes:duration xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">7 phút</itunes:duration>");
    good Item("<title>x</title><itunes:duration xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">7:40</itunes:duration>");

INVALID_KEYWORDS "invalid-keywords" Warning "keywords without commas between";
    why "They are taken for one long keyword.";
    mend "write a comma between keywords";
    see [PODCASTS];
    bad Item("<title>x</title><itunes:keywords xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">tin mưa gió</itunes:keywords>");
    good Item("<title>x</title><itunes:keywords xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">tin, mưa, gió</itunes:keywords>");

TOO_LONG "too-long" Error "a text longer than allowed";
    why "It is cut off, or the podcast refused.";
    mend "shorten it: 255 characters for subtitle and keywords, 4000 for summary";
    see [PODCASTS];
    bad Item(LONG_SUBTITLE);
    good Item("<title>x</title><itunes:subtitle xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">x</itunes:subtitle>");

UNSUPPORTED_ITUNES_FORMAT "unsupported-itunes-format" Warning "an enclosure that Apple Podcasts does not play";
    why "The episode is listed and cannot be heard.";
    mend "offer it as m4a, mp3, mov, mp4, m4v or pdf";
    see [PODCASTS];
    bad Item("<title>x</title><enclosure url=\"https://example.vn/1.ogg\" length=\"1\" type=\"audio/ogg\"/><itunes:author xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">An</itunes:author>");
    good Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"1\" type=\"audio/mpeg\"/><itunes:author xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">An</itunes:author>");

NOT_UTF8 "not-utf8" Warning "a podcast in an encoding that is not UTF-8";
    why "Apple reads UTF-8.";
    mend "write UTF-8";
    see [PODCASTS];
    bad Document("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rss version=\"2.0\"><channel><itunes:author xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">An</itunes:author></channel></rss>");
    good Document("<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><itunes:author xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">An</itunes:author></channel></rss>");

INVALID_PODCAST_VALUE "invalid-podcast-value" Error "a value that the podcast namespace does not have";
    why "Apps that go by the specification pass over it.";
    mend "write one of the words named";
    see [PODCAST_NAMESPACE];
    bad Channel("<podcast:locked xmlns:podcast=\"https://podcastindex.org/namespace/1.0\">true</podcast:locked>");
    good Channel("<podcast:locked xmlns:podcast=\"https://podcastindex.org/namespace/1.0\">yes</podcast:locked>");

INVALID_LATITUDE "invalid-latitude" Error "no latitude";
    why "Maps show another place, or none.";
    mend "write a number from -90 to 90, with a point";
    see [GEO];
    bad Item("<title>x</title><geo:lat xmlns:geo=\"http://www.w3.org/2003/01/geo/wgs84_pos#\">103.9</geo:lat>");
    good Item("<title>x</title><geo:lat xmlns:geo=\"http://www.w3.org/2003/01/geo/wgs84_pos#\">21.3</geo:lat>");

INVALID_LONGITUDE "invalid-longitude" Error "no longitude";
    why "Maps show another place, or none.";
    mend "write a number from -180 to 180, with a point";
    see [GEO];
    bad Item("<title>x</title><geo:long xmlns:geo=\"http://www.w3.org/2003/01/geo/wgs84_pos#\">203.9</geo:long>");
    good Item("<title>x</title><geo:long xmlns:geo=\"http://www.w3.org/2003/01/geo/wgs84_pos#\">103.9</geo:long>");

INVALID_COORD "invalid-coord" Error "no place";
    why "Maps show another place, or none.";
    mend "write latitude and longitude with a space between";
    see [GEORSS];
    bad Entry("<georss:point xmlns:georss=\"http://www.georss.org/georss\">103.9 21.3</georss:point>");
    good Entry("<georss:point xmlns:georss=\"http://www.georss.org/georss\">21.3 103.9</georss:point>");

INVALID_COORD_LIST "invalid-coord-list" Error "no places";
    why "Maps show another line or area, or none.";
    mend "write pairs of latitude and longitude; a polygon ends where it began";
    see [GEORSS];
    bad Entry("<georss:line xmlns:georss=\"http://www.georss.org/georss\">21.3 103.9 21.4</georss:line>");
    good Entry("<georss:line xmlns:georss=\"http://www.georss.org/georss\">21.3 103.9 21.4 104</georss:line>");

INVALID_UPDATE_PERIOD "invalid-update-period" Error "a period that the module does not have";
    why "Readers go by their own clock then.";
    mend "write hourly, daily, weekly, monthly or yearly";
    see [SYNDICATION];
    bad Channel("<sy:updatePeriod xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">often</sy:updatePeriod>");
    good Channel("<sy:updatePeriod xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">hourly</sy:updatePeriod>");

INVALID_ACCESS_RESTRICTION_REL "invalid-access-restriction-rel" Error "an access restriction that neither allows nor denies";
    why "Services cannot tell whether they may list the feed.";
    mend "write relationship=\"allow\" or \"deny\"";
    see [RSS];
    bad Document("<rss version=\"2.0\" xmlns:access=\"http://www.bloglines.com/about/specs/fac-1.0\"><access:restriction relationship=\"no\"/><channel/></rss>");
    good Document("<rss version=\"2.0\" xmlns:access=\"http://www.bloglines.com/about/specs/fac-1.0\"><access:restriction relationship=\"deny\"/><channel/></rss>");

INVALID_META_NAME "invalid-meta-name" Error "a meta element that is not for robots";
    why "In a feed it has one use: to tell robots.";
    mend "write name=\"robots\"";
    see [ROBOTS];
    bad Channel("<meta xmlns=\"http://www.w3.org/1999/xhtml\" name=\"author\" content=\"noindex\"/>");
    good Channel("<meta xmlns=\"http://www.w3.org/1999/xhtml\" name=\"robots\" content=\"noindex\"/>");

INVALID_META_CONTENT "invalid-meta-content" Error "a word to robots that they do not know";
    why "Robots pass over it, and index the feed.";
    mend "write noindex, nofollow, index, follow, all or none";
    see [ROBOTS];
    bad Channel("<meta xmlns=\"http://www.w3.org/1999/xhtml\" name=\"robots\" content=\"no\"/>");
    good Channel("<meta xmlns=\"http://www.w3.org/1999/xhtml\" name=\"robots\" content=\"noindex\"/>");

NO_THR_WHEN "no-thr-when" Error "an attribute `thr:when`, which a draft had";
    why "RFC 4685 calls it thr:updated; readers look for nothing else.";
    mend "write thr:updated";
    see [THREAD];
    bad Entry("<link rel=\"replies\" href=\"https://example.vn/0\" xmlns:thr=\"http://purl.org/syndication/thread/1.0\" thr:when=\"2026-11-20T17:00:00+07:00\"/>");
    good Entry("<link rel=\"replies\" href=\"https://example.vn/0\" xmlns:thr=\"http://purl.org/syndication/thread/1.0\" thr:updated=\"2026-11-20T17:00:00+07:00\"/>");

MISSING_THREAD_TARGET "missing-thread-target" Info "an answer whose original cannot be followed";
    why "ref names the original and is no address to go to; readers need one to show it.";
    mend "add href, or a link rel=\"related\"";
    see [THREAD];
    bad Entry("<thr:in-reply-to xmlns:thr=\"http://purl.org/syndication/thread/1.0\" ref=\"tag:example.vn,2026:0\"/>");
    good Entry("<thr:in-reply-to xmlns:thr=\"http://purl.org/syndication/thread/1.0\" ref=\"tag:example.vn,2026:0\" href=\"https://example.vn/0\"/>");
}
