//! Advice of this program's own: what no other validator says, and what newsrooms got wrong.

use super::super::rule::Example::{Channel, Document, Item, Padded};
use super::super::rule::Rule;
use super::links::{ATOM, JSON_11, LANGUAGE, MEDIA_TYPE, PROFILE, RSS, XML};
use super::rules;

rules! { Advice, ADVICE;

BYTE_ORDER_MARK "byte-order-mark" Info "a byte order mark before the document";
    why "UTF-8 needs none; some programs take it for a character before the XML declaration, and refuse the document.";
    mend "write UTF-8 without a mark";
    see [XML];
    bad Document("\u{feff}<rss version=\"2.0\"><channel><title>x</title></channel></rss>");
    good Document("<rss version=\"2.0\"><channel><title>x</title></channel></rss>");

EMPTY_FEED "empty-feed" Info "a feed without an entry";
    why "It may be a new section; more often an export failed, and readers show nothing.";
    mend "look why nothing was selected";
    see [RSS, ATOM];
    bad Channel("");
    good Item("<title>x</title>");

LARGE_FEED "large-feed" Info "a feed of more than 500 KB";
    why "Every reader loads all of it, again and again; some stop at 1 or 2 MB.";
    mend "publish fewer entries, or summaries instead of articles";
    see [JSON_11];
    bad Padded("<rss version=\"2.0\"><channel><title>x</title></channel></rss>", 513_000);
    good Item("<title>x</title>");

ALL_DATES_EQUAL "all-dates-equal" Info "all entries have the same date";
    why "It is then the date of the export, not that of the articles; readers cannot order them, and show all as new each time.";
    mend "write when each article was published";
    see [PROFILE, ATOM];
    bad Document("<rss version=\"2.0\"><channel><title>x</title><item><title>a</title><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item><item><title>b</title><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item><item><title>c</title><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item></channel></rss>");
    good Document("<rss version=\"2.0\"><channel><title>x</title><item><title>a</title><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item><item><title>b</title><pubDate>Fri, 20 Nov 2026 16:00:00 +0700</pubDate></item><item><title>c</title><pubDate>Fri, 20 Nov 2026 15:00:00 +0700</pubDate></item></channel></rss>");

SHORT_WINDOW "short-window" Info "the entries reach back less than 24 hours";
    why "A reader that comes once a day misses articles.";
    mend "keep more entries: at least those of the last 24 to 48 hours";
    see [PROFILE];
    bad Document(BUSY);
    good Item("<title>x</title>");

NOT_NEWEST_FIRST "not-newest-first" Info "entries that are not in the order of their dates";
    why "Some readers and most services take the first entries for the newest.";
    mend "write the newest entry first";
    see [PROFILE];
    bad Document("<rss version=\"2.0\"><channel><title>x</title><item><title>a</title><pubDate>Fri, 20 Nov 2026 15:00:00 +0700</pubDate></item><item><title>b</title><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item></channel></rss>");
    good Document("<rss version=\"2.0\"><channel><title>x</title><item><title>a</title><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item><item><title>b</title><pubDate>Fri, 20 Nov 2026 15:00:00 +0700</pubDate></item></channel></rss>");

ENCLOSURE_TYPE_MISMATCH "enclosure-type-mismatch" Info "a file whose type cannot be right";
    why "image/jpg is no media type, and a type that contradicts the file's name makes readers offer it to the wrong program.";
    mend "write the registered type of the file: image/jpeg for .jpg, audio/mpeg for .mp3";
    see [MEDIA_TYPE, RSS];
    bad Item("<title>x</title><enclosure url=\"https://example.vn/1.jpg\" length=\"9000\" type=\"image/jpg\"/>");
    good Item("<title>x</title><enclosure url=\"https://example.vn/1.jpg\" length=\"9000\" type=\"image/jpeg\"/>");

IMPLAUSIBLE_LENGTH "implausible-length" Info "a file of a size that cannot be right";
    why "Players show how much is left of what they load, and give up at the end that was announced.";
    mend "write the number of bytes, or 0 where it is not known";
    see [RSS];
    bad Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"1\" type=\"audio/mpeg\"/>");
    good Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"0\" type=\"audio/mpeg\"/>");

LANGUAGE_MISMATCH "language-mismatch" Info "titles that are not in the language named";
    why "Readers choose fonts, voices and translations by the language, and services list the feed under it.";
    mend "name the language the articles are in";
    see [LANGUAGE];
    bad Document("<rss version=\"2.0\"><channel><title>x</title><language>en</language><item><title>Mưa lớn ở Sơn La</title></item><item><title>Giá vàng hôm nay</title></item><item><title>Đường sắt tốc độ cao</title></item></channel></rss>");
    good Document("<rss version=\"2.0\"><channel><title>x</title><language>vi</language><item><title>Mưa lớn ở Sơn La</title></item><item><title>Giá vàng hôm nay</title></item><item><title>Đường sắt tốc độ cao</title></item></channel></rss>");

INSECURE_LINK "insecure-link" Info "a link over http where the site is https";
    why "Readers that compare addresses see two articles, and whoever follows it is sent round.";
    mend "write https";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-4.2.2"];
    bad Item("<title>x</title><link>http://example.vn/1</link>");
    good Item("<title>x</title><link>https://example.vn/1</link>");
}

/// Ten articles of one morning.
const BUSY: &str = "<rss version=\"2.0\"><channel><title>x</title>\
<item><title>a</title><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item>\
<item><title>b</title><pubDate>Fri, 20 Nov 2026 16:50:00 +0700</pubDate></item>\
<item><title>c</title><pubDate>Fri, 20 Nov 2026 16:40:00 +0700</pubDate></item>\
<item><title>d</title><pubDate>Fri, 20 Nov 2026 16:30:00 +0700</pubDate></item>\
<item><title>e</title><pubDate>Fri, 20 Nov 2026 16:20:00 +0700</pubDate></item>\
<item><title>f</title><pubDate>Fri, 20 Nov 2026 16:10:00 +0700</pubDate></item>\
<item><title>g</title><pubDate>Fri, 20 Nov 2026 16:00:00 +0700</pubDate></item>\
<item><title>h</title><pubDate>Fri, 20 Nov 2026 15:50:00 +0700</pubDate></item>\
<item><title>i</title><pubDate>Fri, 20 Nov 2026 15:40:00 +0700</pubDate></item>\
<item><title>k</title><pubDate>Fri, 20 Nov 2026 15:30:00 +0700</pubDate></item></channel></rss>";
