//! Rules of partners, looked at only where a profile was chosen.

use super::super::rule::Example::{Document, Item, Padded};
use super::super::rule::Rule;
use super::rules;

const FLIPBOARD: &str = "https://about.flipboard.com/rss-feed-spec/";
const FLIPBOARD_HELP: &str =
    "https://flipboard.helpshift.com/hc/en/1-flipboard/faq/1023-resubmit-an-rss-feed/";
const MSN_IMAGES: &str = "https://helpcenter.microsoftstart.com/kb/feed-specifications";
const MSN: &str = "https://helpcenter.microsoftnews.com/kb/articles/36-rss-feed-specification";
const SMARTNEWS: &str = "https://publishers.smartnews.com/hc/en-us/articles/360036526213";
const GOOGLE: &str = "https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap";

rules! { Partners, PARTNERS;

PARTNER_ENTRY_COUNT "partner-entry-count" Warning for "flipboard" "fewer or more entries than the partner takes";
    why "Feeds with too few entries are not taken on; what is too many is cut off.";
    mend "set the feed's limit to what the partner asks for";
    see [FLIPBOARD, GOOGLE];
    bad Item("<title>x</title>");
    good Document("<rss version='2.0'><channel><item/><item/><item/><item/><item/><item/><item/><item/><item/><item/><item/><item/><item/><item/><item/><item/><item/><item/><item/><item/></channel></rss>");

PARTNER_TITLE_LENGTH "partner-title-length" Warning for "msn" "a title shorter or longer than the partner takes";
    why "The partner leaves the article out.";
    mend "write a title of the length the partner asks for";
    see [MSN];
    bad Item("<title>Mưa</title>");
    good Item("<title>Mưa lớn ở Sơn La kéo dài ba ngày</title>");

PARTNER_IMAGE_SIZE "partner-image-size" Warning for "msn" "an image smaller than the partner wants";
    why "The article is shown without its image, or not at all.";
    mend "offer the image in its full size, and state its width and height";
    see [MSN_IMAGES, FLIPBOARD_HELP];
    bad Item("<media:content xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"https://example.vn/a.jpg\" medium=\"image\" width=\"640\" height=\"360\"/>");
    good Item("<media:content xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"https://example.vn/a.jpg\" medium=\"image\" width=\"1280\" height=\"720\"/>");

PARTNER_SIZE "partner-size" Warning for "smartnews" "a document larger than the partner takes";
    why "The partner stops reading there.";
    mend "publish fewer entries, or shorter ones";
    see [SMARTNEWS];
    bad Padded("<rss version=\"2.0\"><channel><title>x</title></channel></rss>", 1_000_100);
    good Item("<title>Mưa</title>");

PARTNER_DATE "partner-date" Warning for "google-news" "a date the partner does not take";
    why "Articles without a date, from the future or too old are left out.";
    mend "write when the article was first published, and drop it from the document when it is too old";
    see [GOOGLE, MSN];
    bad Document("<rss version='2.0'><channel><item><title>x</title></item></channel></rss>");
    good Document("<rss version='2.0'><channel><item><title>x</title><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item></channel></rss>");

PARTNER_KIND "partner-kind" Error for "flipboard" "a kind of document that the partner does not take";
    why "The partner refuses it.";
    mend "offer the partner the RSS file";
    see [FLIPBOARD];
    bad Document("<feed xmlns='http://www.w3.org/2005/Atom'/>");
    good Item("<title>Mưa</title>");
}
