//! Rules of Atom 1.0, of feed paging and archiving, and of the publishing protocol.

use super::super::rule::Example::{Document, Entry, Feed};
use super::super::rule::Rule;
use super::links::{APP, ATOM, HISTORY, MEDIA_TYPE};
use super::rules;

rules! { Atom, ATOM_RULES;

MISSING_SELF "missing-self" Warning "the feed does not say where it is";
    why "A saved or forwarded feed can no longer be subscribed to, and hubs cannot tell which feed it is.";
    mend "add <link rel=\"self\" href=\"…\"/> with the address the feed is served at";
    see [ATOM];
    bad Document("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Tin</title></feed>");
    good Feed("");

RELATIVE_SELF "relative-self" Warning "the feed's own address is relative";
    why "Relative to itself, it says nothing.";
    mend "write the whole address";
    see [ATOM];
    bad Document("<feed xmlns=\"http://www.w3.org/2005/Atom\"><link rel=\"self\" href=\"atom.xml\"/></feed>");
    good Feed("");

SELF_DOESNT_MATCH_LOCATION "self-doesnt-match-location" Warning "the feed says it is elsewhere than it is";
    why "Readers that follow the self link subscribe to another address, or see two feeds.";
    mend "write the address the feed is served at, letter by letter";
    see [ATOM];
    bad Document("<feed xmlns=\"http://www.w3.org/2005/Atom\"><link rel=\"self\" href=\"https://example.org/atom.xml\"/></feed>");
    good Feed("");

SAME_DOCUMENT_REFERENCE "same-document-reference" Warning "a link to the document itself, by way of another base";
    why "An empty reference means this document to some readers, and the address in xml:base to others.";
    mend "write the whole address";
    see [ATOM, "https://www.rfc-editor.org/rfc/rfc3986#section-4.4"];
    bad Entry("<link xml:base=\"https://example.org/1\" rel=\"related\" href=\"\"/>");
    good Entry("<link rel=\"related\" href=\"https://example.org/1\"/>");

MISSING_SOURCE_ELEMENT "missing-source-element" Warning "a source without id, title or date";
    why "An entry that was taken over should say from which feed, or it cannot be recognised.";
    mend "repeat id, title and updated of the feed it came from";
    see [ATOM];
    bad Entry("<source><title>Nguồn</title></source>");
    good Entry("<source><id>https://example.org/</id><title>Nguồn</title><updated>2026-11-20T17:00:00+07:00</updated></source>");

MISSING_CONTENT_OR_ALTERNATE "missing-content-or-alternate" Error "an entry with neither content nor a link to it";
    why "There is nothing to read.";
    mend "add <link href=\"…\"/> with the article's address";
    see [ATOM];
    bad Document("<entry xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title></entry>");
    good Entry("");

MISSING_TEXTUAL_CONTENT "missing-textual-content" Warning "an entry with neither content nor a summary";
    why "Readers show a headline and nothing under it.";
    mend "add a summary";
    see [ATOM];
    bad Document("<entry xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title><link href=\"https://example.vn/1\"/></entry>");
    good Entry("");

MISSING_SUMMARY "missing-summary" Error "content that is elsewhere or no text, without a summary";
    why "A reader that cannot show it has nothing else to show.";
    mend "add a summary";
    see [ATOM];
    bad Document("<entry xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title><content src=\"https://example.vn/1.pdf\" type=\"application/pdf\"/></entry>");
    good Entry("<content src=\"https://example.vn/1.pdf\" type=\"application/pdf\"/>");

MISSING_HREF "missing-href" Error "a link to nowhere";
    why "A link is its href.";
    mend "add href";
    see [ATOM];
    bad Feed("<link rel=\"related\"/>");
    good Feed("<link rel=\"related\" href=\"https://example.org/\"/>");

DUPLICATE_ATOM_LINK "duplicate-atom-link" Error "a second alternate link of the same type and language";
    why "Readers cannot tell which of the two is the article.";
    mend "keep one, or tell them apart by type and hreflang; other files are rel=\"enclosure\" or rel=\"related\"";
    see [ATOM];
    bad Entry("<link href=\"https://example.vn/2\"/>");
    good Entry("<link rel=\"related\" href=\"https://example.vn/2\"/>");

DUPLICATE_UPDATED "duplicate-updated" Warning "two entries of one id and one date";
    why "Readers cannot tell which of the two is the newer.";
    mend "publish an article once";
    see [ATOM];
    bad Document("<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>https://example.vn/1</id><updated>2026-11-20T17:00:00Z</updated></entry><entry><id>https://example.vn/1</id><updated>2026-11-20T17:00:00Z</updated></entry></feed>");
    good Document("<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>https://example.vn/1</id><updated>2026-11-20T17:00:00Z</updated></entry><entry><id>https://example.vn/1</id><updated>2026-11-21T17:00:00Z</updated></entry></feed>");

UNREGISTERED_ATOM_LINK_REL "unregistered-atom-link-rel" Warning "a link relation that Atom's readers do not know";
    why "What it means is anybody's guess; readers pass over it.";
    mend "use a registered relation, or an address of your own as the relation";
    see [ATOM, "https://www.iana.org/assignments/link-relations/"];
    bad Feed("<link rel=\"parent\" href=\"https://example.org/\"/>");
    good Feed("<link rel=\"up\" href=\"https://example.org/\"/>");

ATTR_NOT_BLANK "attr-not-blank" Warning "an attribute that is empty";
    why "It says nothing, or the value was lost.";
    mend "remove it or fill it in";
    see [ATOM];
    bad Feed("<link rel=\"related\" title=\"\" href=\"https://example.org/\"/>");
    good Feed("<link rel=\"related\" title=\"Khác\" href=\"https://example.org/\"/>");

ATOM_LINK_NOT_EMPTY "atom-link-not-empty" Warning "text in a link";
    why "Atom keeps the address in href; the text is passed over.";
    mend "move the address into href";
    see [ATOM];
    bad Feed("<link rel=\"related\" href=\"https://example.org/\">https://example.org/</link>");
    good Feed("<link rel=\"related\" href=\"https://example.org/\"/>");

INVALID_TEXT_TYPE "invalid-text-type" Error "a text that is neither text, html nor xhtml";
    why "Titles, summaries and rights know these three; a media type is for content alone.";
    mend "write type=\"text\", \"html\" or \"xhtml\"";
    see [ATOM];
    bad Feed("<rights type=\"text/html\">x</rights>");
    good Feed("<rights type=\"html\">x</rights>");

INVALID_MIME_TYPE "invalid-mime-type" Error "a type that is no media type";
    why "Readers choose what to do with a file by its type.";
    mend "write a registered media type";
    see [ATOM, MEDIA_TYPE];
    bad Entry("<link rel=\"enclosure\" type=\"mp3\" href=\"https://example.vn/1.mp3\"/>");
    good Entry("<link rel=\"enclosure\" type=\"audio/mpeg\" href=\"https://example.vn/1.mp3\"/>");

MISSING_TYPE_ATTR "missing-type-attr" Warning "content elsewhere, and no word of its type";
    why "A reader would have to load it to learn whether it can show it.";
    mend "add type";
    see [ATOM];
    bad Entry("<content src=\"https://example.vn/1\"/>");
    good Entry("<content src=\"https://example.vn/1\" type=\"text/html\"/>");

MISSING_XHTML_DIV "missing-xhtml-div" Error "XHTML that is not held in one div";
    why "Readers take the div away and show what is in it; without one they show nothing, or too much.";
    mend "put the text into <div xmlns=\"http://www.w3.org/1999/xhtml\">…</div>";
    see [ATOM];
    bad Feed("<rights type=\"xhtml\"><p xmlns=\"http://www.w3.org/1999/xhtml\">x</p></rights>");
    good Feed("<rights type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">x</div></rights>");

NOT_INLINE "not-inline" Warning "escaped HTML where XHTML should be";
    why "Readers show the tags as text.";
    mend "write type=\"html\", or elements instead of escaped ones";
    see [ATOM];
    bad Feed("<rights type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">&lt;b>x&lt;/b></div></rights>");
    good Feed("<rights type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><b>x</b></div></rights>");

NOT_ESCAPED "not-escaped" Error "elements in HTML that should be escaped";
    why "HTML stands in a feed as text; elements of XML in it are passed over.";
    mend "escape the HTML, or write type=\"xhtml\" and a div";
    see [ATOM];
    bad Feed("<rights type=\"html\"><b>x</b></rights>");
    good Feed("<rights type=\"html\">&lt;b>x&lt;/b></rights>");

HTML_FRAGMENT "html-fragment" Warning "a piece of HTML, said to be a whole page";
    why "type=\"text/html\" means a document with head and body.";
    mend "write type=\"html\"";
    see [ATOM];
    bad Entry("<content type=\"text/html\">&lt;b>x&lt;/b></content>");
    good Entry("<content type=\"html\">&lt;b>x&lt;/b></content>");

NOT_BASE64 "not-base64" Error "content of a binary type that is not in base64";
    why "XML cannot hold bytes; what is neither text nor XML is written in base64.";
    mend "encode the content in base64, or link to it with src";
    see [ATOM];
    bad Entry("<content type=\"image/png\">ảnh</content>");
    good Entry("<content type=\"image/png\">aGVsbG8=</content>");

FEED_HISTORY_REL_IN_ENTRY "feed-history-rel-in-entry" Warning "a link through the feed's history in an entry";
    why "These relations lead from one document of a feed to another; in an entry they have no meaning.";
    mend "move the link to the feed";
    see [HISTORY];
    bad Entry("<link rel=\"next\" href=\"https://example.vn/2\"/>");
    good Feed("<link rel=\"next\" href=\"https://example.vn/atom-2.xml\"/>");

FEED_REL_IN_COMPLETE_FEED "feed-rel-in-complete-feed" Error "a complete feed with links to more of it";
    why "fh:complete says that this document holds all there is.";
    mend "remove fh:complete or the links";
    see [HISTORY];
    bad Feed("<fh:complete xmlns:fh=\"http://purl.org/syndication/history/1.0\"/><link rel=\"prev-archive\" href=\"https://example.vn/1.xml\"/>");
    good Feed("<link rel=\"prev-archive\" href=\"https://example.vn/1.xml\"/>");

CURRENT_NOT_SELF_IN_COMPLETE_FEED "current-not-self-in-complete-feed" Error "a complete feed whose current document is another";
    why "A complete feed is one document.";
    mend "make current and self the same address, or leave current out";
    see [HISTORY];
    bad Feed("<fh:complete xmlns:fh=\"http://purl.org/syndication/history/1.0\"/><link rel=\"current\" href=\"https://example.vn/1.xml\"/>");
    good Feed("<fh:complete xmlns:fh=\"http://purl.org/syndication/history/1.0\"/>");

MISSING_CURRENT_IN_ARCHIVE "missing-current-in-archive" Warning "an archive without a link to the feed as it is now";
    why "Who finds the archive cannot find the feed to subscribe to.";
    mend "add <link rel=\"current\" href=\"…\"/>";
    see [HISTORY];
    bad Feed("<fh:archive xmlns:fh=\"http://purl.org/syndication/history/1.0\"/>");
    good Feed("<fh:archive xmlns:fh=\"http://purl.org/syndication/history/1.0\"/><link rel=\"current\" href=\"https://example.vn/feed.xml\"/>");

ARCHIVE_INCOMPLETE "archive-incomplete" Warning "a document that is an archive and complete at once";
    why "An archive is a part of a feed; a complete feed has no parts.";
    mend "remove one of the two";
    see [HISTORY];
    bad Feed("<fh:archive xmlns:fh=\"http://purl.org/syndication/history/1.0\"/><fh:complete xmlns:fh=\"http://purl.org/syndication/history/1.0\"/><link rel=\"current\" href=\"https://example.vn/atom.xml\"/>");
    good Feed("<fh:archive xmlns:fh=\"http://purl.org/syndication/history/1.0\"/><link rel=\"current\" href=\"https://example.vn/feed.xml\"/>");

CONFLICTING_CAT_ATTR "conflicting-cat-attr" Error "app:categories with href and fixed or scheme";
    why "With href the list is elsewhere, and says these things itself.";
    mend "remove href, or fixed and scheme";
    see [APP];
    bad Document("<categories xmlns=\"http://www.w3.org/2007/app\" href=\"https://example.vn/c\" fixed=\"yes\"/>");
    good Document("<categories xmlns=\"http://www.w3.org/2007/app\" href=\"https://example.vn/c\"/>");

CONFLICTING_CAT_CHILDREN "conflicting-cat-children" Error "app:categories with href and categories";
    why "With href the list is elsewhere, and the element empty.";
    mend "remove href or the categories";
    see [APP];
    bad Document("<categories xmlns=\"http://www.w3.org/2007/app\" href=\"https://example.vn/c\"><category xmlns=\"http://www.w3.org/2005/Atom\" term=\"x\"/></categories>");
    good Document("<categories xmlns=\"http://www.w3.org/2007/app\"><category xmlns=\"http://www.w3.org/2005/Atom\" term=\"x\"/></categories>");
}
