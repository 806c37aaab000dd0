//! Rules that hold between documents: two versions of a feed, the feeds of a folder.

use super::super::rule::Example::Pair;
use super::super::rule::Rule;
use super::links::{ATOM, JSON_11, PROFILE};
use super::rules;

rules! { Across, ACROSS;

UNSTABLE_ID "unstable-id" Warning "an article whose id changed between two versions of the feed";
    why "Readers show it again as new: the complaint heard most.";
    mend "keep the id for good; derive it from nothing that an editor can change";
    see [ATOM, JSON_11];
    bad Pair("<rss version=\"2.0\"><channel><item><title>x</title><link>https://example.vn/1</link><guid isPermaLink=\"false\">a</guid></item></channel></rss>", "<rss version=\"2.0\"><channel><item><title>x</title><link>https://example.vn/1</link><guid isPermaLink=\"false\">b</guid></item></channel></rss>");
    good Pair("<rss version=\"2.0\"><channel><item><title>x</title><link>https://example.vn/1</link><guid isPermaLink=\"false\">a</guid></item></channel></rss>", "<rss version=\"2.0\"><channel><item><title>y</title><link>https://example.vn/1</link><guid isPermaLink=\"false\">a</guid></item></channel></rss>");

CHANGED_PUBLICATION_DATE "changed-publication-date" Warning "an article whose date of publication changed between two versions";
    why "It moves in every reader's list; published never changes, updated does.";
    mend "keep the date of first publication";
    see [ATOM, JSON_11];
    bad Pair("<rss version=\"2.0\"><channel><item><title>x</title><guid isPermaLink=\"false\">a</guid><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item></channel></rss>", "<rss version=\"2.0\"><channel><item><title>x</title><guid isPermaLink=\"false\">a</guid><pubDate>Fri, 20 Nov 2026 18:00:00 +0700</pubDate></item></channel></rss>");
    good Pair("<rss version=\"2.0\"><channel><item><title>x</title><guid isPermaLink=\"false\">a</guid><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item></channel></rss>", "<rss version=\"2.0\"><channel><item><title>y</title><guid isPermaLink=\"false\">a</guid><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item></channel></rss>");

ID_DIFFERS_ACROSS_FEEDS "id-differs-across-feeds" Warning "one article under different ids in two feeds";
    why "Who subscribes to both reads it twice; readers merge on the id.";
    mend "write the same id for an article in every feed and every format";
    see [ATOM, PROFILE];
    bad Pair("<rss version=\"2.0\"><channel><item><title>x</title><link>https://example.vn/1</link><guid isPermaLink=\"false\">a</guid></item></channel></rss>", "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>tag:example.vn,2026:1</id><link href=\"https://example.vn/1\"/></entry></feed>");
    good Pair("<rss version=\"2.0\"><channel><item><title>x</title><link>https://example.vn/1</link><guid isPermaLink=\"false\">tag:example.vn,2026:1</guid></item></channel></rss>", "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>tag:example.vn,2026:1</id><link href=\"https://example.vn/1\"/></entry></feed>");

ID_SHARED_ACROSS_ARTICLES "id-shared-across-articles" Warning "one id for different articles in two feeds";
    why "Readers that merge feeds show only one of them.";
    mend "give every article an id of its own";
    see [ATOM, PROFILE];
    bad Pair("<rss version=\"2.0\"><channel><item><title>x</title><link>https://example.vn/1</link><guid isPermaLink=\"false\">a</guid></item></channel></rss>", "<rss version=\"2.0\"><channel><item><title>y</title><link>https://example.vn/2</link><guid isPermaLink=\"false\">a</guid></item></channel></rss>");
    good Pair("<rss version=\"2.0\"><channel><item><title>x</title><link>https://example.vn/1</link><guid isPermaLink=\"false\">a</guid></item></channel></rss>", "<rss version=\"2.0\"><channel><item><title>y</title><link>https://example.vn/2</link><guid isPermaLink=\"false\">b</guid></item></channel></rss>");
}
