//! Rules of JSON Feed 1.0 and 1.1. Values share the rules of dates, addresses, languages and HTML.

use super::super::rule::Example::{Document, JsonFeed, JsonItem, Served};
use super::super::rule::Rule;
use super::links::{JSON_10, JSON_11};
use super::rules;

rules! { JsonFeed, JSON_FEED;

JSON_SYNTAX "json-syntax" Error "the document is not JSON";
    why "No reader reads on after the first fault.";
    mend "write the document with a JSON library";
    see ["https://www.rfc-editor.org/rfc/rfc8259"];
    bad Document("{\"version\": \"https://jsonfeed.org/version/1.1\",}");
    good Document("{\"version\": \"https://jsonfeed.org/version/1.1\"}");

JSON_NOT_A_FEED "json-not-a-feed" Error "JSON, and no JSON Feed";
    why "Without version and items a reader cannot tell it is meant for it.";
    mend "write an object with version, title and items";
    see [JSON_11];
    bad Document("{\"name\": \"Tin\"}");
    good JsonFeed("");

JSON_INVALID_VERSION "json-invalid-version" Error "a version of JSON Feed that there is not";
    why "The version is compared letter by letter.";
    mend "write https://jsonfeed.org/version/1.1";
    see [JSON_11, JSON_10];
    bad Document("{\"version\": \"1.1\", \"title\": \"Tin\", \"items\": []}");
    good Document("{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Tin\", \"items\": []}");

JSON_MISSING_MEMBER "json-missing-member" Error "a member that must be there is not";
    why "Readers rely on it: without an id they cannot tell old items from new.";
    mend "add the member named";
    see [JSON_11];
    bad JsonItem("\"attachments\": [{\"url\": \"https://example.vn/1.mp3\"}]");
    good JsonItem("\"attachments\": [{\"url\": \"https://example.vn/1.mp3\", \"mime_type\": \"audio/mpeg\"}]");

JSON_MISSING_CONTENT "json-missing-content" Error "an item with neither content_html nor content_text";
    why "One of the two must be there: readers show it.";
    mend "add content_html or content_text; where there is only a summary, repeat it";
    see [JSON_11];
    bad Document("{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Tin\", \"items\": [{\"id\": \"tag:example.vn,2026:1\"}]}");
    good JsonItem("");

JSON_WRONG_TYPE "json-wrong-type" Error "a value of the wrong type";
    why "Readers written in strict languages refuse the whole feed for it: an id that is a number is the usual case.";
    mend "write the type that the specification names; leave a member out rather than null";
    see [JSON_11];
    bad JsonItem("\"tags\": \"mưa\"");
    good JsonItem("\"tags\": [\"mưa\"]");

JSON_DUPLICATE_MEMBER "json-duplicate-member" Error "a member a second time";
    why "Readers differ in which of the two they take.";
    mend "keep one of them";
    see ["https://www.rfc-editor.org/rfc/rfc8259#section-4"];
    bad JsonItem("\"title\": \"a\", \"title\": \"b\"");
    good JsonItem("\"title\": \"a\"");

JSON_EMPTY_AUTHOR "json-empty-author" Error "an author that says nothing";
    why "An author has a name, a url or an avatar; one of them must be there.";
    mend "add a name, or leave the author out";
    see [JSON_11];
    bad JsonItem("\"authors\": [{}]");
    good JsonItem("\"authors\": [{\"name\": \"An\"}]");

JSON_INVALID_EXTENSION "json-invalid-extension" Error "an extension that is not named or not built as one";
    why "Extensions are objects whose names begin with an underscore and a letter; readers pass over them by that.";
    mend "write \"_name\": {…}, without a dot in the name";
    see [JSON_11];
    bad JsonItem("\"_1\": {}");
    good JsonItem("\"_bantin\": {}");

JSON_NEXT_URL_IS_FEED_URL "json-next-url-is-feed-url" Error "the next page of the feed is this one";
    why "A reader that follows it never comes to an end.";
    mend "leave next_url out on the last page";
    see [JSON_11];
    bad JsonFeed("\"next_url\": \"https://example.vn/feed.json\"");
    good JsonFeed("\"next_url\": \"https://example.vn/feed-2.json\"");

JSON_MISSING_FEED_URL "json-missing-feed-url" Warning "the feed does not say where it is";
    why "It serves as the feed's identity; hubs and readers need it.";
    mend "add feed_url with the address the feed is served at";
    see [JSON_11];
    bad Document("{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Tin\", \"items\": []}");
    good JsonFeed("");

JSON_MISSING_HOME_PAGE "json-missing-home-page" Warning "no way from the feed to the site";
    why "The specification recommends it strongly: readers lead their users there.";
    mend "add home_page_url";
    see [JSON_11];
    bad Document("{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Tin\", \"items\": []}");
    good JsonFeed("");

JSON_DEPRECATED_AUTHOR "json-deprecated-author" Warning "author, which was given up for authors";
    why "Version 1.1 has authors, a list; new readers may look for it alone.";
    mend "write authors, and author beside it only for old readers' sake";
    see [JSON_11];
    bad JsonItem("\"author\": {\"name\": \"An\"}");
    good JsonItem("\"authors\": [{\"name\": \"An\"}]");

JSON_LATER_MEMBER "json-later-member" Info "a member of version 1.1 in a feed of version 1";
    why "A reader that goes by the version passes over it.";
    mend "name version 1.1";
    see [JSON_11, JSON_10];
    bad Document("{\"version\": \"https://jsonfeed.org/version/1\", \"title\": \"Tin\", \"language\": \"vi\", \"items\": []}");
    good JsonFeed("\"language\": \"vi\"");

JSON_UNKNOWN_MEMBER "json-unknown-member" Info "a member that the specification does not have";
    why "Readers pass over it; it is often a misspelt name.";
    mend "correct the name, or put it into an extension that begins with an underscore";
    see [JSON_11];
    bad JsonItem("\"pubDate\": \"2026-11-20\"");
    good JsonItem("\"date_published\": \"2026-11-20T17:00:00+07:00\"");

JSON_MEDIA_TYPE "json-media-type" Warning "served as something else than JSON";
    why "Readers tell formats by the type.";
    mend "serve it as application/feed+json";
    see [JSON_11];
    bad Served("text/plain", &JsonFeed("\"description\": \"Tin tức\""));
    good Served("application/feed+json", &JsonFeed("\"description\": \"Tin tức\""));
}
