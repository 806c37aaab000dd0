//! Rules of text and HTML.

use super::super::rule::Example::{Feed, Item};
use super::super::rule::Rule;
use super::links::{ATOM, HTML as SPEC, PROFILE, SANITISING, UNICODE};
use super::rules;

rules! { Html, HTML;

CONTAINS_HTML "contains-html" Warning "HTML in a plain text";
    why "Readers show the tags and references as they stand.";
    mend "write the text without tags, and letters as themselves";
    see [PROFILE, ATOM];
    bad Item("<title>Giá &lt;b>vàng&lt;/b></title>");
    good Item("<title>Giá vàng</title>");

CONTAINS_UNDECLARED_HTML "contains-undeclared-html" Warning "HTML in a text that is said to be plain";
    why "Readers show the tags and references as they stand.";
    mend "write type=\"html\", or the text without tags";
    see [ATOM];
    bad Feed("<rights>Bản quyền &amp;copy; 2026</rights>");
    good Feed("<rights>Bản quyền © 2026</rights>");

CONTAINS_REL_REF "contains-rel-ref" Warning "a relative address in HTML";
    why "RSS does not say what it is relative to: pictures stay empty and links lead nowhere.";
    mend "write the whole address";
    see [PROFILE];
    bad Item("<title>x</title><description>&lt;img src=\"/1.jpg\"></description>");
    good Item("<title>x</title><description>&lt;img src=\"https://example.vn/1.jpg\"></description>");

NOT_HTML "not-html" Warning "no HTML where HTML should be";
    why "What a reader makes of it is up to chance; the rest of the article may be lost.";
    mend "close every tag, and leave out html, head, title and body";
    see [SPEC, ATOM];
    bad Item("<title>x</title><description>&lt;p>x &lt;a</description>");
    good Item("<title>x</title><description>&lt;p>x&lt;/p></description>");

SECURITY_RISK "security-risk" Warning "an element that readers take out";
    why "It could run a program, load a page or take over the reader; a careful reader drops it, and a careless one is in danger.";
    mend "leave out script, style, object, embed, iframe and the like; link to a player instead of embedding it";
    see [SANITISING];
    bad Item("<title>x</title><description>&lt;script>x()&lt;/script></description>");
    good Item("<title>x</title><description>&lt;p>x&lt;/p></description>");

SECURITY_RISK_ATTR "security-risk-attr" Warning "an attribute that runs a script";
    why "Readers take it out.";
    mend "remove it";
    see [SANITISING];
    bad Item("<title>x</title><description>&lt;p onclick=\"x()\">x&lt;/p></description>");
    good Item("<title>x</title><description>&lt;p>x&lt;/p></description>");

DANGEROUS_STYLE_ATTR "dangerous-style-attr" Warning "a style that readers take out";
    why "Styles that place, load or cover things can disguise the reader itself.";
    mend "keep to colours, fonts and alignment, or better to no styles";
    see [SANITISING];
    bad Item("<title>x</title><description>&lt;p style=\"position: fixed\">x&lt;/p></description>");
    good Item("<title>x</title><description>&lt;p style=\"color: red\">x&lt;/p></description>");

BAD_CHARACTERS "bad-characters" Warning "characters that were damaged on the way";
    why "They are the traces of text read in the wrong encoding, and nobody can read them.";
    mend "read the source in the encoding it is in, and write UTF-8";
    see [PROFILE];
    bad Item("<title>QuÃ¡n cÃ fÃ©</title>");
    good Item("<title>Quán cà fé</title>");

NOT_NFC "not-nfc" Info "letters written with combining marks";
    why "The same word is then written in two ways: searching, sorting and comparing fail, and some fonts draw the marks beside the letters.";
    mend "normalise text to NFC";
    see [UNICODE];
    bad Item("<title>Tie\u{302}\u{301}ng Vie\u{302}\u{323}t</title>");
    good Item("<title>Tiếng Việt</title>");

RELATIVE_ADDRESS "relative-address" Info "a relative address in HTML, and no xml:base";
    why "It is relative to the feed, which is hardly ever meant; many readers do not resolve it at all.";
    mend "write the whole address";
    see [ATOM];
    bad Feed("<rights type=\"html\">&lt;a href=\"/quyen\">x&lt;/a></rights>");
    good Feed("<rights type=\"html\">&lt;a href=\"https://example.vn/quyen\">x&lt;/a></rights>");

LAZY_IMAGE "lazy-image" Info "an image whose source a script would fill in";
    why "Readers run no scripts: the image never appears.";
    mend "put the address into src";
    see [SPEC];
    bad Item("<title>x</title><description>&lt;img data-src=\"https://example.vn/1.jpg\"></description>");
    good Item("<title>x</title><description>&lt;img src=\"https://example.vn/1.jpg\"></description>");

INSECURE_ADDRESS "insecure-address" Info "loaded over http where the site is https";
    why "Browsers and readers do not load it within a secure page.";
    mend "write https";
    see ["https://www.w3.org/TR/mixed-content/"];
    bad Item("<title>x</title><description>&lt;img src=\"http://example.vn/1.jpg\"></description>");
    good Item("<title>x</title><description>&lt;img src=\"https://example.vn/1.jpg\"></description>");
}
