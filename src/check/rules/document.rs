//! Rules of the document as such: encoding, well-formedness, namespaces, what kind of document it is.

use super::super::rule::Example::{Bytes, Channel, Document, Feed, Item, Served};
use super::super::rule::Rule;
use super::links::{APP, ATOM, HTML, RSS, RSS_10, XML, XML_NAMES};
use super::rules;

/// A document nested far deeper than any feed.
const DEEP: &str = {
    const TAGS: [u8; 3 * 700] = {
        let mut tags = [0; 3 * 700];
        let mut at = 0;
        while at < 700 {
            tags[3 * at] = b'<';
            tags[3 * at + 1] = b'a';
            tags[3 * at + 2] = b'>';
            at += 1;
        }
        tags
    };
    match std::str::from_utf8(&TAGS) {
        Ok(text) => text,
        Err(_) => "",
    }
};

rules! { Xml, DOCUMENT;

SAX_ERROR "sax-error" Error "the document is not well-formed XML";
    why "Readers that hold to XML, and most do, show nothing at all of such a feed.";
    mend "write the feed with a library that escapes text and closes elements; a named character such as &nbsp; becomes &#160;";
    see [XML];
    bad Item("<title>Mưa &nbsp; gió</title>");
    good Item("<title>Mưa &#160; gió</title>");

UNICODE_ERROR "unicode-error" Error "bytes that are no text in the document's encoding";
    why "One broken byte makes parsers refuse the whole document.";
    mend "write the feed in UTF-8, from end to end";
    see [XML];
    bad Bytes(b"<rss version='2.0'><channel><title>\xff</title></channel></rss>");
    good Bytes(b"<rss version='2.0'><channel><title>\xc3\xa0</title></channel></rss>");

UNKNOWN_ENCODING "unknown-encoding" Error "an encoding that nobody knows";
    why "A parser must be able to tell bytes from letters; it has to know UTF-8 and UTF-16 only.";
    mend "declare encoding=\"utf-8\", and write that";
    see [XML];
    bad Document("<?xml version='1.0' encoding='x-vni'?><rss version='2.0'><channel><title>x</title></channel></rss>");
    good Document("<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>x</title></channel></rss>");

VALIDATOR_LIMIT "validator-limit" Error "more than this program reads";
    why "A document this large, this deep or this full is no feed that a reader would take.";
    mend "publish fewer entries in one document";
    see [XML];
    bad Document(DEEP);
    good Document("<a><a/></a>");

EXTERNAL_ENTITY "external-entity" Warning "an entity that is kept outside the document";
    why "Readers do not fetch it, for good reason: it can be used to read files and to attack other servers.";
    mend "write the text itself into the document";
    see [XML];
    bad Document("<!DOCTYPE rss [<!ENTITY tin SYSTEM 'tin.txt'>]><rss version='2.0'><channel><title>&tin;</title></channel></rss>");
    good Document("<!DOCTYPE rss [<!ENTITY tin 'Tin'>]><rss version='2.0'><channel><title>&tin;</title></channel></rss>");

EMPTY_DOCUMENT "empty-document" Error "the document is empty";
    why "A reader takes it for a fault of the server, and tries again ever less often.";
    mend "publish the feed whole or leave the old file in place";
    see [RSS, ATOM];
    bad Document("");
    good Channel("");

HTML_INSTEAD_OF_FEED "html-instead-of-feed" Error "a page for people where a feed should be";
    why "It is often an error page or a log-in page: readers find no feed at this address.";
    mend "serve the feed itself, with a feed's media type, and errors with an error's status";
    see [HTML];
    bad Document("<!DOCTYPE html><html><head><title>404</title></head><body></body></html>");
    good Channel("");

UNEXPECTED_CONTENT_TYPE "unexpected-content-type" Warning "served with a media type that is not a feed's";
    why "Some readers go by the type, and take the feed for a page or a file to keep.";
    mend "serve RSS as application/rss+xml, Atom as application/atom+xml, or either as application/xml, with charset=utf-8";
    see [ATOM, "https://www.rfc-editor.org/rfc/rfc7303"];
    bad Served("text/html; charset=utf-8", &Channel(""));
    good Served("application/xml; charset=utf-8", &Channel(""));

UNDEFINED_ELEMENT "undefined-element" Error "an element that the specification does not have, or not here";
    why "Readers pass over what they do not know: what the element was meant to say is lost.";
    mend "use the element that the specification has for it, or one of an extension with its own namespace";
    see [RSS, ATOM, APP];
    bad Channel("<subtitle>Tin tức</subtitle>");
    good Channel("<category>Tin tức</category>");

UNEXPECTED_ATTRIBUTE "unexpected-attribute" Error "an attribute that the element does not have";
    why "Readers pass over it; it is often a misspelt name.";
    mend "remove the attribute, or put it in a namespace of its own";
    see [RSS, ATOM, RSS_10];
    bad Feed("<subtitle mode=\"escaped\">Tin</subtitle>");
    good Feed("<subtitle type=\"text\">Tin</subtitle>");

UNEXPECTED_TEXT "unexpected-text" Error "text where only elements belong";
    why "No reader shows it, and some stop there.";
    mend "put the text into the element that is meant for it";
    see [RSS, ATOM];
    bad Item("<title>Mưa</title> gió");
    good Item("<title>Mưa gió</title>");

UNEXPECTED_WHITESPACE "unexpected-whitespace" Error "white space around a value that may have none";
    why "Ids and dates are compared letter by letter: with a space around it, it is another one.";
    mend "write the value without spaces or line breaks around it";
    see [ATOM];
    bad Feed("<icon> https://example.vn/i.png </icon>");
    good Feed("<icon>https://example.vn/i.png</icon>");

MISSING_ELEMENT "missing-element" Error "an element that must be there is not";
    why "Readers rely on it: without an id or a date they cannot tell old entries from new.";
    mend "add the element named";
    see [RSS, ATOM, APP];
    bad Channel("<skipDays></skipDays>");
    good Channel("<skipDays><day>Sunday</day></skipDays>");

MISSING_ATTRIBUTE "missing-attribute" Error "an attribute that must be there is not";
    why "The element says nothing without it.";
    mend "add the attribute named";
    see [RSS, ATOM];
    bad Item("<title>Mưa</title><source>Báo khác</source>");
    good Item("<title>Mưa</title><source url=\"https://example.org/rss.xml\">Báo khác</source>");

DUPLICATE_ELEMENT "duplicate-element" Error "an element a second time that may come only once";
    why "Readers differ in which of the two they take.";
    mend "keep one of them";
    see [RSS, ATOM];
    bad Item("<title>Mưa</title><title>Gió</title>");
    good Item("<title>Mưa</title>");

DUPLICATE_VALUE "duplicate-value" Error "the same value a second time in a list";
    why "The second says nothing; one of the two was meant to be another.";
    mend "remove it";
    see [RSS];
    bad Channel("<skipHours><hour>1</hour><hour>1</hour></skipHours>");
    good Channel("<skipHours><hour>1</hour><hour>2</hour></skipHours>");

DUPLICATE_IDS "duplicate-ids" Error "an xml:id that another element has";
    why "An xml:id names one element of a document.";
    mend "give every element its own, or none";
    see ["https://www.w3.org/TR/xml-id/"];
    bad Feed("<icon xml:id=\"a\">/i</icon><logo xml:id=\"a\">/l</logo>");
    good Feed("<icon xml:id=\"a\">/i</icon><logo xml:id=\"b\">/l</logo>");

MISSING_NAMESPACE "missing-namespace" Error "an element that is in no namespace and should be in one";
    why "A parser that knows namespaces does not take it for an element of Atom or XHTML at all.";
    mend "declare the namespace: xmlns=\"http://www.w3.org/2005/Atom\"";
    see [ATOM, XML_NAMES];
    bad Document("<feed><title>Tin</title></feed>");
    good Document("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Tin</title></feed>");

INVALID_NAMESPACE "invalid-namespace" Error "the root is in a namespace that is not its own";
    why "The name of a namespace is compared letter by letter; with another it is another format.";
    mend "write the namespace exactly as the specification does";
    see [ATOM, RSS];
    bad Document("<feed xmlns=\"http://www.w3.org/2005/atom\"><title>Tin</title></feed>");
    good Document("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Tin</title></feed>");

OBSOLETE_NAMESPACE "obsolete-namespace" Error "a draft of Atom that was given up";
    why "Atom 0.3 was never a standard, and new readers do not read it.";
    mend "write Atom 1.0, RFC 4287";
    see [ATOM];
    bad Document("<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"></feed>");
    good Document("<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>");

UNKNOWN_NAMESPACE "unknown-namespace" Info "a namespace that is not known here";
    why "Its elements are let pass unread. It may be new, or misspelt.";
    mend "compare the namespace with the extension's own documentation";
    see [XML_NAMES];
    bad Channel("<x:mua xmlns:x=\"http://example.org/mua\">1</x:mua>");
    good Channel("<dc:creator xmlns:dc=\"http://purl.org/dc/elements/1.1/\">An</dc:creator>");

RESERVED_PREFIX "reserved-prefix" Warning "a well-known prefix for another namespace";
    why "Readers that look at prefixes instead of namespaces take the elements for others.";
    mend "use another prefix, or the namespace the prefix is known for";
    see [XML_NAMES];
    bad Channel("<dc:mua xmlns:dc=\"http://example.org/mua\">1</dc:mua>");
    good Channel("<dc:creator xmlns:dc=\"http://purl.org/dc/elements/1.1/\">An</dc:creator>");

AVOID_NAMESPACE_PREFIX "avoid-namespace-prefix" Warning "a prefix for Atom or XHTML";
    why "Some readers find elements of Atom and XHTML only where they are written without a prefix.";
    mend "make the namespace the default one: xmlns=\"…\"";
    see [XML_NAMES];
    bad Document("<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\"><a:title>Tin</a:title></a:feed>");
    good Document("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Tin</title></feed>");

UNDETERMINABLE_VOCABULARY "undeterminable-vocabulary" Warning "an element without a namespace in a document that has one";
    why "Nobody can tell what it belongs to; readers pass over it.";
    mend "put the element in the namespace it belongs to";
    see [ATOM];
    bad Feed("<mua xmlns=\"\">1</mua>");
    good Feed("<subtitle>Mưa</subtitle>");

QUESTIONABLE_USAGE "questionable-usage" Warning "an element of Atom where the protocol gives it no meaning";
    why "Clients pass over it.";
    mend "put it into the workspace or the collection it describes";
    see [APP];
    bad Document("<service xmlns=\"http://www.w3.org/2007/app\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><atom:title>Tin</atom:title><workspace><atom:title>Tin</atom:title></workspace></service>");
    good Document("<service xmlns=\"http://www.w3.org/2007/app\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><workspace><atom:title>Tin</atom:title></workspace></service>");

BAD_XML_VERSION "bad-xml-version" Error "a version of XML that feeds are not written in";
    why "Parsers know XML 1.0; many refuse any other.";
    mend "write version=\"1.0\"";
    see [XML];
    bad Document("<?xml version='1.1'?><rss version='2.0'><channel><title>x</title></channel></rss>");
    good Document("<?xml version='1.0'?><rss version='2.0'><channel><title>x</title></channel></rss>");

DEPRECATED_DTD "deprecated-dtd" Error "the document type of RSS 0.91, which is gone";
    why "Netscape no longer serves it: a parser that goes and reads it fails.";
    mend "leave the document type declaration out";
    see [RSS];
    bad Document("<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \"http://my.netscape.com/publish/formats/rss-0.91.dtd\"><rss version=\"0.91\"><channel><title>x</title></channel></rss>");
    good Document("<rss version=\"0.91\"><channel><title>x</title></channel></rss>");
}
