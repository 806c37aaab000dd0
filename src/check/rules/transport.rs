//! Rules of how a feed is served. Examples are transcripts, as [`super::super::remote::Visit::parse`] reads them.

use super::super::rule::Example::Fetched;
use super::super::rule::Rule;
use super::rules;

const HTTP: &str = "https://www.rfc-editor.org/rfc/rfc9110";
const CACHING: &str = "https://www.rfc-editor.org/rfc/rfc9111";
const WEBSUB: &str = "https://www.w3.org/TR/websub/";
const MEDIA_TYPES: &str = "https://www.rfc-editor.org/rfc/rfc7303";
const CORS: &str = "https://fetch.spec.whatwg.org/#http-cors-protocol";
const DISCOVERY: &str = "https://www.rssboard.org/rss-autodiscovery";

rules! { Transport, TRANSPORT;

UNREACHABLE_FEED "unreachable-feed" Error "the server does not give the feed";
    why "Readers show an error, and after days of it give the feed up.";
    mend "look into the server's log, and whether the address is right";
    see [HTTP];
    bad Fetched("GET https://bao.example/rss.xml\n404\n");
    good Fetched("GET https://bao.example/rss.xml\n200\nETag: \"1\"\n");

BOT_CHALLENGE "bot-challenge" Error "a page that asks whether a person is there";
    why "Readers are programs: they cannot answer, and lose the feed.";
    mend "exempt the addresses of the feeds from the protection against bots";
    see ["https://developers.cloudflare.com/cloudflare-challenges/"];
    bad Fetched("GET https://bao.example/rss.xml\n403\nServer: cloudflare\n\n<!DOCTYPE html><title>Just a moment...</title>");
    good Fetched("GET https://bao.example/rss.xml\n200\nServer: cloudflare\n\n<rss version=\"2.0\"/>");

REDIRECT_LOOP "redirect-loop" Error "redirects that do not end";
    why "No reader arrives at the feed.";
    mend "have the last address answer with the feed";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-15.4"];
    bad Fetched("GET https://bao.example/a\n301\nLocation: /b\n\nGET https://bao.example/b\n301\nLocation: /a\n\nGET https://bao.example/a\n301\nLocation: /b\n");
    good Fetched("GET https://bao.example/a\n301\nLocation: /b\n\nGET https://bao.example/b\n200\n");

MANY_REDIRECTS "many-redirects" Warning "more than three redirects";
    why "Every poll pays for each of them, and some readers give up.";
    mend "redirect to the last address at once";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-15.4"];
    bad Fetched("GET https://bao.example/1\n301\nLocation: /2\n\nGET https://bao.example/2\n301\nLocation: /3\n\nGET https://bao.example/3\n301\nLocation: /4\n\nGET https://bao.example/4\n301\nLocation: /5\n\nGET https://bao.example/5\n200\n");
    good Fetched("GET https://bao.example/1\n301\nLocation: /5\n\nGET https://bao.example/5\n200\n");

INSECURE_REDIRECT "insecure-redirect" Error "a redirect from https to http";
    why "Whoever is on the way can read and change the feed; readers with strict rules refuse it.";
    mend "redirect to an address that begins with https";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-17.1"];
    bad Fetched("GET https://bao.example/a\n301\nLocation: http://bao.example/b\n\nGET http://bao.example/b\n200\n");
    good Fetched("GET http://bao.example/a\n301\nLocation: https://bao.example/b\n\nGET https://bao.example/b\n200\n");

TEMPORARY_REDIRECT "temporary-redirect" Info "the feed is elsewhere for now";
    why "Readers keep the old address and ask twice at every poll, for ever.";
    mend "answer 301 or 308 if the feed has moved for good";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-15.4.3"];
    bad Fetched("GET https://bao.example/a\n302\nLocation: /b\n\nGET https://bao.example/b\n200\n");
    good Fetched("GET https://bao.example/a\n301\nLocation: /b\n\nGET https://bao.example/b\n200\n");

PERMANENT_REDIRECT "permanent-redirect" Info "the feed has moved for good";
    why "Good readers learn the new address; the others ask twice at every poll.";
    mend "publish the new address wherever the old one stands, and keep the redirect";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-15.4.2"];
    bad Fetched("GET https://bao.example/a\n301\nLocation: /b\n\nGET https://bao.example/b\n200\n");
    good Fetched("GET https://bao.example/b\n200\n");

MISSING_CONTENT_TYPE "missing-content-type" Warning "an answer that does not say what it is";
    why "Readers and browsers have to guess, and guess differently.";
    mend "send Content-Type: application/xml; charset=utf-8, or application/feed+json";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-8.3"];
    bad Fetched("GET https://bao.example/rss.xml\n200\n\n<rss version=\"2.0\"/>");
    good Fetched("GET https://bao.example/rss.xml\n200\nContent-Type: application/xml\n\n<rss version=\"2.0\"/>");

MISSING_CHARSET "missing-charset" Warning "XML that is served without its character set";
    why "Browsers show letters with marks as other letters, and some readers take text/xml for ASCII.";
    mend "add charset=utf-8 to Content-Type";
    see [MEDIA_TYPES];
    bad Fetched("GET https://bao.example/rss.xml\n200\nContent-Type: text/xml\n\n<title>Báo</title>");
    good Fetched("GET https://bao.example/rss.xml\n200\nContent-Type: text/xml; charset=utf-8\n\n<title>Báo</title>");

UNCOMPRESSED_FEED "uncompressed-feed" Warning "a feed that is not compressed for who would take it so";
    why "Feeds are polled all day; compressed they are a fifth of the size.";
    mend "have the server compress XML and JSON by gzip";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3"];
    bad Fetched("GET https://bao.example/rss.xml\n200\n\n<rss>\n(… 20000 bytes)\n</rss>");
    good Fetched("GET https://bao.example/rss.xml\n200\nContent-Encoding: gzip\nVary: Accept-Encoding\n\n<rss/>");

MISSING_VARY "missing-vary" Warning "compressed, without Vary: Accept-Encoding";
    why "A cache on the way may give the compressed feed to who cannot read it.";
    mend "send Vary: Accept-Encoding";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5"];
    bad Fetched("GET https://bao.example/rss.xml\n200\nContent-Encoding: gzip\n\n<rss/>");
    good Fetched("GET https://bao.example/rss.xml\n200\nContent-Encoding: gzip\nVary: Accept-Encoding\n\n<rss/>");

COOKIE_SET "cookie-set" Warning "a cookie with a feed";
    why "Readers keep none; caches on the way do not keep what has one, and the law may want consent.";
    mend "serve the feeds without sessions";
    see ["https://www.rfc-editor.org/rfc/rfc6265"];
    bad Fetched("GET https://bao.example/rss.xml\n200\nSet-Cookie: session=1\n");
    good Fetched("GET https://bao.example/rss.xml\n200\n");

MISSING_CORS "missing-cors" Info "a JSON Feed that pages elsewhere may not read";
    why "Readers that run in a browser cannot fetch it.";
    mend "send Access-Control-Allow-Origin: *";
    see [CORS];
    bad Fetched("GET https://bao.example/feed.json\n200\nContent-Type: application/feed+json\n\n{}");
    good Fetched("GET https://bao.example/feed.json\n200\nContent-Type: application/feed+json\nAccess-Control-Allow-Origin: *\n\n{}");

UNCACHEABLE_FEED "uncacheable-feed" Warning "a feed that nobody may keep";
    why "Every reader asks the server itself at every poll, and no cache helps.";
    mend "send Cache-Control: public, max-age=300";
    see [CACHING];
    bad Fetched("GET https://bao.example/rss.xml\n200\nCache-Control: no-store\n");
    good Fetched("GET https://bao.example/rss.xml\n200\nCache-Control: public, max-age=300\n");

MISSING_LIFETIME "missing-lifetime" Info "a feed that does not say how long it stays fresh";
    why "Caches and readers choose a time of their own, from none to a day.";
    mend "send Cache-Control: public, max-age=300";
    see [CACHING];
    bad Fetched("GET https://bao.example/rss.xml\n200\n");
    good Fetched("GET https://bao.example/rss.xml\n200\nCache-Control: max-age=300\n");

MISSING_VALIDATORS "missing-validators" Warning "neither ETag nor Last-Modified";
    why "Readers cannot ask for changes only, and fetch everything at every poll.";
    mend "serve the feeds as files, or send an ETag that follows from the bytes";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-8.8"];
    bad Fetched("GET https://bao.example/rss.xml\n200\n");
    good Fetched("GET https://bao.example/rss.xml\n200\nETag: \"1\"\n");

ETAG_IGNORED "etag-ignored" Warning "the whole feed for who has it already (ETag)";
    why "Readers send the ETag back and get everything again, at every poll.";
    mend "answer 304 when If-None-Match has the ETag, also where a proxy has marked it as weak";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2"];
    bad Fetched("GET https://bao.example/rss.xml\n200\nETag: \"1\"\n\n<rss/>\nGET https://bao.example/rss.xml if-none-match\n200\nETag: \"1\"\n\n<rss/>");
    good Fetched("GET https://bao.example/rss.xml\n200\nETag: \"1\"\n\n<rss/>\nGET https://bao.example/rss.xml if-none-match\n304\n");

LAST_MODIFIED_IGNORED "last-modified-ignored" Warning "the whole feed for who has it already (Last-Modified)";
    why "Readers send the date back and get everything again, at every poll.";
    mend "answer 304 when the feed has not changed since If-Modified-Since";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-13.1.3"];
    bad Fetched("GET https://bao.example/rss.xml\n200\nLast-Modified: Fri, 20 Nov 2026 10:00:00 GMT\n\n<rss/>\nGET https://bao.example/rss.xml if-modified-since\n200\n\n<rss/>");
    good Fetched("GET https://bao.example/rss.xml\n200\nLast-Modified: Fri, 20 Nov 2026 10:00:00 GMT\n\n<rss/>\nGET https://bao.example/rss.xml if-modified-since\n304\n");

UNSTABLE_FEED "unstable-feed" Warning "a feed that is other at every fetch";
    why "Caches and 304 are of no use, and hubs send it out again and again.";
    mend "take what changes by itself out of the feed: the moment of the fetch, counters, random numbers";
    see [CACHING];
    bad Fetched("GET https://bao.example/rss.xml\n200\n\n<rss>1</rss>\nGET https://bao.example/rss.xml again\n200\n\n<rss>2</rss>\n");
    good Fetched("GET https://bao.example/rss.xml\n200\n\n<rss/>\nGET https://bao.example/rss.xml again\n200\n\n<rss/>\n");

CHANGING_ETAG "changing-etag" Warning "another ETag for the same bytes";
    why "Who asks for changes only is sent everything: several servers that each make an ETag of their own.";
    mend "make the ETag of the bytes, not of the server or the moment";
    see ["https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3"];
    bad Fetched("GET https://bao.example/rss.xml\n200\nETag: \"1\"\n\n<rss/>\nGET https://bao.example/rss.xml again\n200\nETag: \"2\"\n\n<rss/>\n");
    good Fetched("GET https://bao.example/rss.xml\n200\nETag: \"1\"\n\n<rss/>\nGET https://bao.example/rss.xml again\n200\nETag: \"1\"\n\n<rss/>\n");

HUB_UNREACHABLE "hub-unreachable" Warning "the hub that the feed names does not answer";
    why "Readers that subscribe there are never told of a change.";
    mend "name a hub that is there, or none";
    see [WEBSUB];
    bad Fetched("GET https://bao.example/rss.xml\n200\n\n<rss/>\nGET https://hub.example/ hub\nfailed: there is no such host");
    good Fetched("GET https://bao.example/rss.xml\n200\n\n<rss/>\nGET https://hub.example/ hub\n405\n");

MISSING_AUTODISCOVERY "missing-autodiscovery" Warning "the site's page does not name the feed";
    why "Who gives a reader the address of the site is told that it has no feed.";
    mend "put <link rel=\"alternate\" type=\"…\" href=\"…\"> into the head of the page: `bantin list --head` prints it";
    see [DISCOVERY];
    bad Fetched("GET https://bao.example/rss.xml\n200\n\n<rss/>\nGET https://bao.example/ site\n200\n\n<html><head></head></html>");
    good Fetched("GET https://bao.example/rss.xml\n200\n\n<rss/>\nGET https://bao.example/ site\n200\n\n<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/rss.xml\"></head></html>");
}
