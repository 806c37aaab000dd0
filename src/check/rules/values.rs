//! Rules of values: dates, addresses, languages, numbers.

use super::super::rule::Example::{Channel, Entry, Feed, Item};
use super::super::rule::Rule;
use super::links::{
    ATOM, DATE_822, DATE_3339, IRI, LANGUAGE, MAIL, PROFILE, RSS, SLASH, SYNDICATION, TAG, URI, URN, UUID,
    W3CDTF,
};
use super::rules;

rules! { Values, VALUES;

NOT_BLANK "not-blank" Warning "an empty value";
    why "An element that is there and says nothing is more often a fault than meant.";
    mend "fill it in or leave the element out";
    see [RSS, ATOM];
    bad Item("<title></title>");
    good Item("<title>Mưa</title>");

INVALID_RFC2822_DATE "invalid-rfc2822-date" Error "not a date as RSS writes it";
    why "Readers that cannot read the date show the article as new, or at the very end.";
    mend "write Fri, 20 Nov 2026 17:00:00 +0700, with English names";
    see [DATE_822, RSS];
    bad Item("<title>x</title><pubDate>2026-11-20T17:00:00+07:00</pubDate>");
    good Item("<title>x</title><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate>");

PROBLEMATICAL_RFC822_DATE "problematical-rfc822-date" Warning "a date that not every reader reads";
    why "GMT+7, UTC, one-digit days, two-digit years and names in small letters are read in many ways, or not at all.";
    mend "write Fri, 20 Nov 2026 17:00:00 +0700";
    see [DATE_822];
    bad Item("<title>x</title><pubDate>Fri, 20 Nov 2026 17:00:00 GMT+7</pubDate>");
    good Item("<title>x</title><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate>");

INCORRECT_DOW "incorrect-dow" Error "a day of the week that is not that of the date";
    why "One of the two is wrong, and readers differ in which they believe.";
    mend "compute the day of the week, or leave it out";
    see [DATE_822];
    bad Item("<title>x</title><pubDate>Mon, 20 Nov 2026 17:00:00 +0700</pubDate>");
    good Item("<title>x</title><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate>");

INVALID_RFC3339_DATE "invalid-rfc3339-date" Error "not a date as Atom writes it";
    why "Readers that cannot read the date show the article as new, or at the very end.";
    mend "write 2026-11-20T17:00:00+07:00, with capital T and Z";
    see [DATE_3339, ATOM];
    bad Entry("<published>2026-11-20 17:00</published>");
    good Entry("<published>2026-11-20T17:00:00+07:00</published>");

INVALID_W3CDTF_DATE "invalid-w3cdtf-date" Error "not a date of W3C-DTF";
    why "Dublin Core and its kin write dates this way and no other.";
    mend "write 2026-11-20 or 2026-11-20T17:00:00+07:00";
    see [W3CDTF];
    bad Item("<title>x</title><dcterms:modified xmlns:dcterms=\"http://purl.org/dc/terms/\">Fri, 20 Nov 2026 17:00:00 +0700</dcterms:modified>");
    good Item("<title>x</title><dcterms:modified xmlns:dcterms=\"http://purl.org/dc/terms/\">2026-11-20T17:00:00+07:00</dcterms:modified>");

IMPLAUSIBLE_DATE "implausible-date" Warning "a date before the Web, or to come";
    why "Year 1 and 1970 are dates that were not set; an article of tomorrow stays on top of every list until then.";
    mend "write when the article was published, or leave the date out";
    see [PROFILE, ATOM];
    bad Entry("<published>0001-01-01T00:00:00Z</published>");
    good Entry("<published>2026-11-20T17:00:00+07:00</published>");

INVALID_FULL_LINK "invalid-full-link" Error "not an absolute address";
    why "A reader does not know what a relative address is relative to.";
    mend "write the whole address, with https://";
    see [RSS, URI];
    bad Item("<title>x</title><link>example.vn/1</link>");
    good Item("<title>x</title><link>https://example.vn/1</link>");

INVALID_URI_CHAR "invalid-uri-char" Error "a character that no address may contain";
    why "Readers cut the address off there, or do not follow it.";
    mend "write a space as %20, and other such characters as the bytes of UTF-8 with % before each";
    see [URI, IRI];
    bad Item("<title>x</title><link>https://example.vn/tin moi</link>");
    good Item("<title>x</title><link>https://example.vn/tin%20moi</link>");

INVALID_IRI "invalid-iri" Error "not an address at all";
    why "Nothing can follow it.";
    mend "write an address such as https://example.vn/1";
    see [IRI];
    bad Feed("<link rel=\"related\" href=\"https://[example.vn/\"/>");
    good Feed("<link rel=\"related\" href=\"https://example.vn/\"/>");

URI_NOT_IRI "uri-not-iri" Error "letters beyond ASCII in an address of RSS";
    why "RSS has addresses in ASCII; readers encode other letters each their own way, or not at all.";
    mend "write the bytes of UTF-8 with % before each, and host names in punycode";
    see [RSS, URI];
    bad Item("<title>x</title><link>https://example.vn/tin-mới</link>");
    good Item("<title>x</title><link>https://example.vn/tin-m%E1%BB%9Bi</link>");

SCHEME_NOT_IANA_REGISTERED "scheme-not-iana-registered" Warning "an address with a scheme that is not registered";
    why "Readers do not know what to do with it.";
    mend "use https";
    see [URI, "https://www.iana.org/assignments/uri-schemes/"];
    bad Item("<title>x</title><link>feed://example.vn/1</link>");
    good Item("<title>x</title><link>https://example.vn/1</link>");

NON_CANONICAL_URI "non-canonical-uri" Warning "an id that could be written more simply";
    why "Ids are compared letter by letter; a program that simplifies the address makes another id of it.";
    mend "write scheme and host in small letters, without default port and without dots in the path";
    see [ATOM, URI];
    bad Feed("<entry><id>https://Example.vn:443/1</id></entry>");
    good Feed("<entry><id>https://example.vn/1</id></entry>");

INVALID_TAG "invalid-tag" Error "not a tag URI";
    why "Its form is what makes it unique: a domain, and a day on which you had it.";
    mend "write tag:example.vn,2026:key, other characters with %";
    see [TAG];
    bad Feed("<entry><id>tag:example.vn:1</id></entry>");
    good Feed("<entry><id>tag:example.vn,2026:1</id></entry>");

INVALID_URN "invalid-urn" Error "not a URN";
    why "A URN is urn:namespace:name, and the namespace registered.";
    mend "use a tag URI or the article's address";
    see [URN];
    bad Feed("<entry><id>urn:example.vn:1</id></entry>");
    good Feed("<entry><id>urn:isbn:9786041234567</id></entry>");

INVALID_UUID "invalid-uuid" Error "not a UUID";
    why "Programs that read it as 128 bits fail.";
    mend "write 32 hexadecimal digits, 8-4-4-4-12";
    see [UUID];
    bad Feed("<entry><id>urn:uuid:1</id></entry>");
    good Feed("<entry><id>urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6</id></entry>");

INVALID_LANGUAGE "invalid-language" Error "not a language tag";
    why "Readers choose fonts, hyphenation and voices by it.";
    mend "write vi, or vi-VN";
    see [LANGUAGE];
    bad Channel("<language>Tiếng Việt</language>");
    good Channel("<language>vi</language>");

INVALID_CONTACT "invalid-contact" Error "no address of mail where one is asked for";
    why "RSS wants an address; a name alone is for dc:creator.";
    mend "write toasoan@example.vn (Tòa soạn), or use dc:creator for the name";
    see [MAIL, RSS];
    bad Item("<title>x</title><author>Nguyễn Văn An</author>");
    good Item("<title>x</title><author>an@example.vn (Nguyễn Văn An)</author>");

MISSING_REAL_NAME "missing-real-name" Warning "an address of mail without a name";
    why "Readers show the author's name; without one they show the address.";
    mend "write toasoan@example.vn (Tòa soạn)";
    see [MAIL];
    bad Item("<title>x</title><author>an@example.vn</author>");
    good Item("<title>x</title><author>an@example.vn (Nguyễn Văn An)</author>");

EMAIL_FORMAT "email-format" Warning "an address of mail that is written another way than recommended";
    why "Readers look for the address first and the name in brackets.";
    mend "write toasoan@example.vn (Tòa soạn)";
    see [MAIL];
    bad Item("<title>x</title><author>An &lt;an@example.vn></author>");
    good Item("<title>x</title><author>an@example.vn (An)</author>");

INVALID_ADDR_SPEC "invalid-addr-spec" Error "no address of mail";
    why "Atom has an element for the name; this one holds an address and nothing else.";
    mend "write toasoan@example.vn";
    see [ATOM];
    bad Feed("<contributor><name>An</name><email>an@example.vn (An)</email></contributor>");
    good Feed("<contributor><name>An</name><email>an@example.vn</email></contributor>");

UNKNOWN_HOST "unknown-host" Warning "an address of mail at a host that nobody else knows";
    why "A host without a dot is one of a local network.";
    mend "write the whole name of the host";
    see [ATOM];
    bad Feed("<contributor><name>An</name><email>an@toasoan</email></contributor>");
    good Feed("<contributor><name>An</name><email>an@example.vn</email></contributor>");

CONTAINS_EMAIL "contains-email" Warning "an address of mail in a name";
    why "Readers show it to everyone, robots included.";
    mend "put it into email";
    see [ATOM];
    bad Feed("<contributor><name>An &lt;an@example.vn></name></contributor>");
    good Feed("<contributor><name>An</name><email>an@example.vn</email></contributor>");

INVALID_POSITIVE_INTEGER "invalid-positive-integer" Error "not a whole number above zero";
    why "Readers take the element for absent, or for zero.";
    mend "write digits only";
    see [RSS, SYNDICATION];
    bad Channel("<ttl>1h</ttl>");
    good Channel("<ttl>60</ttl>");

INVALID_NON_NEGATIVE_INTEGER "invalid-non-negative-integer" Error "not a whole number";
    why "Readers take it for absent, or for zero.";
    mend "write digits only";
    see [ATOM];
    bad Feed("<link rel=\"related\" href=\"https://example.vn/1\" length=\"1 KB\"/>");
    good Feed("<link rel=\"related\" href=\"https://example.vn/1\" length=\"1024\"/>");

INVALID_FLOAT "invalid-float" Error "not a number";
    why "Readers take it for absent, or for zero.";
    mend "write digits, with a point before the fraction";
    see [RSS];
    bad Entry("<georss:elev xmlns:georss=\"http://www.georss.org/georss\">1,5</georss:elev>");
    good Entry("<georss:elev xmlns:georss=\"http://www.georss.org/georss\">1.5</georss:elev>");

INVALID_COMMA_SEPARATED_INTEGERS "invalid-comma-separated-integers" Error "not whole numbers with commas between";
    why "Readers take the list for absent.";
    mend "write 1,2,3";
    see [SLASH];
    bad Item("<title>x</title><slash:hit_parade xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\">1;2</slash:hit_parade>");
    good Item("<title>x</title><slash:hit_parade xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\">1,2</slash:hit_parade>");
}
