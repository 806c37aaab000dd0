//! Rules of RSS 2.0 and of the RSS Advisory Board's profile.

use super::super::rule::Example::{Channel, Document, Item};
use super::super::rule::Rule;
use super::links::{ATOM, CONTENT, DUBLIN_CORE, PROFILE, RDF, RSS, RSS_10, SLASH};
use super::rules;

rules! { Rss, RSS_RULES;

INVALID_RSS_VERSION "invalid-rss-version" Error "a version of RSS that there is not";
    why "The version tells a reader how to take the rest; RSS 1.0 is another format altogether.";
    mend "write version=\"2.0\"";
    see [RSS];
    bad Document("<rss version=\"3.0\"><channel><title>x</title></channel></rss>");
    good Document("<rss version=\"2.0\"><channel><title>x</title></channel></rss>");

MISSING_TITLE "missing-title" Error "no title where there must be one";
    why "Readers list feeds by their titles.";
    mend "add a title";
    see [RSS];
    bad Document("<rss version=\"2.0\"><channel><link>https://example.vn/</link><description>x</description></channel></rss>");
    good Channel("");

MISSING_LINK "missing-link" Error "no link where there must be one";
    why "Without it there is no way from the feed to the site.";
    mend "add a link with the address of the page";
    see [RSS];
    bad Document("<rss version=\"2.0\"><channel><title>x</title><description>x</description></channel></rss>");
    good Channel("");

MISSING_DESCRIPTION "missing-description" Error "no description where there must be one";
    why "The specification asks for it, and strict readers refuse the feed without.";
    mend "add a description of a few words";
    see [RSS];
    bad Document("<rss version=\"2.0\"><channel><title>x</title><link>https://example.vn/</link></channel></rss>");
    good Channel("");

ITEM_MUST_CONTAIN_TITLE_OR_DESCRIPTION "item-must-contain-title-or-description" Error "an item with neither title nor description";
    why "There is nothing to show.";
    mend "add a title";
    see [RSS];
    bad Item("<link>https://example.vn/1</link>");
    good Item("<title>Mưa</title>");

MISSING_GUID "missing-guid" Warning "an item without a guid";
    why "Readers then guess from title and link whether they have seen it, and show it again when either changes.";
    mend "add a guid that never changes";
    see [PROFILE, RSS];
    bad Document("<rss version=\"2.0\"><channel><title>x</title><link>https://example.vn/</link><description>x</description><item><title>Mưa</title></item></channel></rss>");
    good Item("<title>Mưa</title>");

MISSING_ATOM_SELF_LINK "missing-atom-self-link" Warning "the feed does not say where it is";
    why "A saved or forwarded feed can no longer be subscribed to, and hubs cannot tell which feed it is.";
    mend "add <atom:link rel=\"self\" type=\"application/rss+xml\" href=\"…\"/> with the address the feed is served at";
    see [PROFILE];
    bad Document("<rss version=\"2.0\"><channel><title>x</title><link>https://example.vn/</link><description>x</description></channel></rss>");
    good Channel("");

MISPLACED_ITEM "misplaced-item" Warning "an item before other elements of the channel";
    why "Readers that take items as they come have not seen the rest of the channel by then.";
    mend "put the items last";
    see [PROFILE];
    bad Channel("<item><title>Mưa</title><guid isPermaLink=\"false\">tag:example.vn,2026:1</guid></item><category>Tin</category>");
    good Channel("<category>Tin</category><item><title>Mưa</title><guid isPermaLink=\"false\">tag:example.vn,2026:1</guid></item>");

AVOID_TEXT_INPUT "avoid-text-input" Warning "a text input";
    why "Hardly any reader ever showed one.";
    mend "remove it";
    see [PROFILE];
    bad Channel("<textInput><title>Tìm</title><description>Tìm</description><name>q</name><link>https://example.vn/tim</link></textInput>");
    good Channel("");

DUPLICATE_ENCLOSURE "duplicate-enclosure" Warning "a second enclosure in an item";
    why "Many readers take the first or the last one only.";
    mend "keep one, and put the others into media:content";
    see [PROFILE];
    bad Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"1\" type=\"audio/mpeg\"/><enclosure url=\"https://example.vn/2.mp3\" length=\"1\" type=\"audio/mpeg\"/>");
    good Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"1\" type=\"audio/mpeg\"/>");

DUPLICATE_SEMANTICS "duplicate-semantics" Warning "two elements of the channel that say the same";
    why "Readers differ in which one they believe, and the two may come to differ.";
    mend "keep the element of RSS itself";
    see [PROFILE, DUBLIN_CORE];
    bad Channel("<language>vi</language><dc:language xmlns:dc=\"http://purl.org/dc/elements/1.1/\">vi</dc:language>");
    good Channel("<language>vi</language>");

DUPLICATE_ITEM_SEMANTICS "duplicate-item-semantics" Warning "two elements of an item that say the same";
    why "Readers differ in which one they believe, and the two may come to differ.";
    mend "keep the element of RSS itself, unless only the other can say what is meant";
    see [PROFILE, DUBLIN_CORE];
    bad Item("<title>x</title><category>Tin</category><dc:subject xmlns:dc=\"http://purl.org/dc/elements/1.1/\">Tin</dc:subject>");
    good Item("<title>x</title><category>Tin</category>");

DUPLICATE_DESCRIPTION_SEMANTICS "duplicate-description-semantics" Warning "an item's content as xhtml:body";
    why "Few readers look for it; those that do show the content twice beside a description.";
    mend "use content:encoded";
    see [PROFILE, CONTENT];
    bad Item("<title>x</title><body xmlns=\"http://www.w3.org/1999/xhtml\"><p>x</p></body>");
    good Item("<title>x</title><description>x</description>");

NEED_DESCRIPTION_BEFORE_CONTENT "need-description-before-content" Warning "content:encoded before the description, or without one";
    why "Some readers take the last of the two for the article, and others show only the description.";
    mend "write the description first; with no summary at hand, repeat the text in it";
    see [PROFILE, CONTENT];
    bad Item("<title>x</title><content:encoded xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">x</content:encoded>");
    good Item("<title>x</title><description>x</description><content:encoded xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">x</content:encoded>");

IMAGE_TITLE_DOESNT_MATCH "image-title-doesnt-match" Warning "the image's title is not the channel's";
    why "Readers show one or the other; the specification wants them to be the same.";
    mend "repeat the channel's title";
    see [PROFILE];
    bad Channel("<image><url>https://example.vn/i.png</url><title>Khác</title><link>https://example.vn/</link></image>");
    good Channel("<image><url>https://example.vn/i.png</url><title>Tin mới</title><link>https://example.vn/</link></image>");

IMAGE_LINK_DOESNT_MATCH "image-link-doesnt-match" Warning "the image's link is not the channel's";
    why "Readers follow one or the other; the specification wants them to be the same.";
    mend "repeat the channel's link, letter by letter";
    see [PROFILE];
    bad Channel("<image><url>https://example.vn/i.png</url><title>Tin mới</title><link>https://example.vn</link></image>");
    good Channel("<image><url>https://example.vn/i.png</url><title>Tin mới</title><link>https://example.vn/</link></image>");

IMAGE_URL_FORMAT "image-url-format" Warning "a channel image that is neither GIF, JPEG nor PNG";
    why "The specification names these three; older readers show no other.";
    mend "offer the image as PNG";
    see [RSS];
    bad Channel("<image><url>https://example.vn/i.svg</url><title>Tin mới</title><link>https://example.vn/</link></image>");
    good Channel("<image><url>https://example.vn/i.png</url><title>Tin mới</title><link>https://example.vn/</link></image>");

INVALID_WIDTH "invalid-width" Error "an image's width that is no number from 1 to 144";
    why "Readers leave 144 pixels, and no more, for the image of a channel.";
    mend "give the image's true width, and make it no wider than 144 pixels";
    see [RSS];
    bad Channel("<image><url>https://example.vn/i.png</url><title>Tin mới</title><link>https://example.vn/</link><width>600</width></image>");
    good Channel("<image><url>https://example.vn/i.png</url><title>Tin mới</title><link>https://example.vn/</link><width>88</width></image>");

INVALID_HEIGHT "invalid-height" Error "an image's height that is no number from 1 to 400";
    why "Readers leave 400 pixels, and no more, for the image of a channel.";
    mend "give the image's true height, and make it no higher than 400 pixels";
    see [RSS];
    bad Channel("<image><url>https://example.vn/i.png</url><title>Tin mới</title><link>https://example.vn/</link><height>600</height></image>");
    good Channel("<image><url>https://example.vn/i.png</url><title>Tin mới</title><link>https://example.vn/</link><height>31</height></image>");

INVALID_DAY "invalid-day" Error "a day that is none of the seven, in English";
    why "Readers compare the names letter by letter.";
    mend "write Monday, Tuesday, Wednesday, Thursday, Friday, Saturday or Sunday";
    see [RSS];
    bad Channel("<skipDays><day>Chủ nhật</day></skipDays>");
    good Channel("<skipDays><day>Sunday</day></skipDays>");

INVALID_HOUR "invalid-hour" Error "an hour that is no number from 0 to 23";
    why "Readers do not know when to stay away.";
    mend "write whole hours, UTC, from 0 to 23";
    see [RSS];
    bad Channel("<skipHours><hour>2.5</hour></skipHours>");
    good Channel("<skipHours><hour>2</hour></skipHours>");

USE_ZERO_FOR_MIDNIGHT "use-zero-for-midnight" Warning "midnight as hour 24";
    why "Versions of RSS differed; readers today count from 0.";
    mend "write 0";
    see [PROFILE];
    bad Channel("<skipHours><hour>24</hour></skipHours>");
    good Channel("<skipHours><hour>0</hour></skipHours>");

NOT_ENOUGH_HOURS_IN_THE_DAY "not-enough-hours-in-the-day" Error "more than 24 hours to skip";
    why "A day has 24.";
    mend "name each hour once";
    see [RSS];
    bad Channel("<skipHours><hour>0</hour><hour>1</hour><hour>2</hour><hour>3</hour><hour>4</hour><hour>5</hour><hour>6</hour><hour>7</hour><hour>8</hour><hour>9</hour><hour>10</hour><hour>11</hour><hour>12</hour><hour>13</hour><hour>14</hour><hour>15</hour><hour>16</hour><hour>17</hour><hour>18</hour><hour>19</hour><hour>20</hour><hour>21</hour><hour>22</hour><hour>23</hour><hour>24</hour></skipHours>");
    good Channel("<skipHours><hour>0</hour></skipHours>");

EIGHT_DAYS_A_WEEK "eight-days-a-week" Error "more than seven days to skip";
    why "A week has seven.";
    mend "name each day once";
    see [RSS];
    bad Channel("<skipDays><day>Monday</day><day>Tuesday</day><day>Wednesday</day><day>Thursday</day><day>Friday</day><day>Saturday</day><day>Sunday</day><day>Tet</day></skipDays>");
    good Channel("<skipDays><day>Monday</day></skipDays>");

INVALID_FORM_COMPONENT_NAME "invalid-form-component-name" Error "a text input's name that no form can have";
    why "The name is sent as the name of a form's field, which begins with a letter.";
    mend "begin with a letter, and use letters, digits, hyphens and underscores";
    see [RSS];
    bad Channel("<textInput><title>Tìm</title><description>Tìm</description><name>42</name><link>https://example.vn/tim</link></textInput>");
    good Channel("<textInput><title>Tìm</title><description>Tìm</description><name>q</name><link>https://example.vn/tim</link></textInput>");

INVALID_HTTP_GUID "invalid-http-guid" Error "a guid that is said to be an address, and is none";
    why "Without isPermaLink=\"false\" a guid is the address of the article, and readers follow it.";
    mend "add isPermaLink=\"false\", or write the article's address";
    see [RSS, PROFILE];
    bad Document("<rss version=\"2.0\"><channel><item><title>x</title><guid>tin-1</guid></item></channel></rss>");
    good Document("<rss version=\"2.0\"><channel><item><title>x</title><guid isPermaLink=\"false\">tin-1</guid></item></channel></rss>");

INVALID_PERMALINK "invalid-permalink" Error "a guid that is an identifier, and said to be an address on the Web";
    why "Without isPermaLink=\"false\" a guid is the address of the article, and readers follow it.";
    mend "add isPermaLink=\"false\"";
    see [RSS, PROFILE];
    bad Document("<rss version=\"2.0\"><channel><item><title>x</title><guid>tag:example.vn,2026:1</guid></item></channel></rss>");
    good Document("<rss version=\"2.0\"><channel><item><title>x</title><guid isPermaLink=\"false\">tag:example.vn,2026:1</guid></item></channel></rss>");

NOT_SUFFICIENTLY_UNIQUE "not-sufficiently-unique" Warning "a guid that is a bare number";
    why "Other feeds count too: services that merge feeds take two articles for one.";
    mend "make it a tag URI, tag:example.vn,2026:123";
    see [PROFILE];
    bad Document("<rss version=\"2.0\"><channel><item><title>x</title><guid isPermaLink=\"false\">123</guid></item></channel></rss>");
    good Document("<rss version=\"2.0\"><channel><item><title>x</title><guid isPermaLink=\"false\">tag:example.vn,2026:123</guid></item></channel></rss>");

INVALID_BOOLEAN_ATTRIBUTE "invalid-boolean-attribute" Error "an attribute that is neither true nor false";
    why "Readers take anything else as one or the other, each its own way.";
    mend "write true or false";
    see [RSS];
    bad Document("<rss version=\"2.0\"><channel><item><title>x</title><guid isPermaLink=\"no\">1</guid></item></channel></rss>");
    good Document("<rss version=\"2.0\"><channel><item><title>x</title><guid isPermaLink=\"false\">tin-1</guid></item></channel></rss>");

INVALID_RDF "invalid-rdf" Error "RSS 1.0 that is no RDF";
    why "RSS 1.0 is RDF, in which nodes hold properties, and a property holds one node: readers of RDF refuse anything else.";
    mend "put the elements into a node such as rdf:Description or foaf:Person";
    see [RDF, RSS_10];
    bad Document("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:foaf=\"http://xmlns.com/foaf/0.1/\"><item rdf:about=\"https://example.vn/1\"><title>Tin</title><link>https://example.vn/1</link><dc:creator><foaf:name>Mai</foaf:name><foaf:mbox rdf:resource=\"mailto:mai@example.vn\"/></dc:creator></item></rdf:RDF>");
    good Document("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:foaf=\"http://xmlns.com/foaf/0.1/\"><item rdf:about=\"https://example.vn/1\"><title>Tin</title><link>https://example.vn/1</link><dc:creator><foaf:Person><foaf:name>Mai</foaf:name></foaf:Person></dc:creator></item></rdf:RDF>");

INVALID_CLOUD_PROTOCOL "invalid-cloud-protocol" Warning "a cloud with a protocol that RSS does not have";
    why "Aggregators that want to be told of changes do not know how to ask.";
    mend "write xml-rpc, soap or http-post, in small letters";
    see [RSS];
    bad Channel("<cloud domain=\"example.vn\" port=\"80\" path=\"/rpc\" registerProcedure=\"notify\" protocol=\"XML-RPC\"/>");
    good Channel("<cloud domain=\"example.vn\" port=\"80\" path=\"/rpc\" registerProcedure=\"notify\" protocol=\"xml-rpc\"/>");

INVALID_INTEGER_ATTRIBUTE "invalid-integer-attribute" Error "an attribute that is no whole number";
    why "Readers cannot tell the size of what they are asked to load.";
    mend "write the number of bytes, or 0 where it is not known";
    see [RSS];
    bad Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"\" type=\"audio/mpeg\"/>");
    good Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"1024\" type=\"audio/mpeg\"/>");

USE_ZERO_FOR_UNKNOWN "use-zero-for-unknown" Error "a length below zero";
    why "A length that is not known is written 0.";
    mend "write 0";
    see [PROFILE];
    bad Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"-1\" type=\"audio/mpeg\"/>");
    good Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"0\" type=\"audio/mpeg\"/>");

INVALID_URL_ATTRIBUTE "invalid-url-attribute" Error "an attribute that is no absolute address";
    why "Readers cannot load what is relative, since they do not know to what.";
    mend "write the whole address, with https://, spaces as %20";
    see [RSS];
    bad Item("<title>x</title><enclosure url=\"/1.mp3\" length=\"1\" type=\"audio/mpeg\"/>");
    good Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"1\" type=\"audio/mpeg\"/>");

INVALID_MIME_ATTRIBUTE "invalid-mime-attribute" Error "an attribute that is no media type";
    why "Readers choose what to do with a file by its type.";
    mend "write a registered media type such as image/jpeg or audio/mpeg";
    see [RSS];
    bad Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"1\" type=\"mp3\"/>");
    good Item("<title>x</title><enclosure url=\"https://example.vn/1.mp3\" length=\"1\" type=\"audio/mpeg\"/>");

SLASH_DATE "slash-date" Warning "counts of comments without a date of change";
    why "The count changes while the articles do not; readers cannot tell what is new.";
    mend "add lastBuildDate to the channel";
    see [SLASH, PROFILE];
    bad Item("<title>x</title><slash:comments xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\">1</slash:comments>");
    good Item("<title>x</title>");

USE_OF_EXTENSION_ATTR "use-of-extension-attr" Warning "an attribute of an extension, where the version of RSS that is named knows only elements";
    why "The specification let extensions have elements at first, and attributes only since the RSS Advisory Board keeps it.";
    mend "name <https://www.rssboard.org/rss-specification> in docs, or write an element instead";
    see [RSS, "https://cyber.harvard.edu/rss/rss.html"];
    bad Channel("<docs>https://cyber.harvard.edu/rss/rss.html</docs><item xmlns:e=\"http://purl.org/dc/terms/\" e:type=\"x\"><title>x</title></item>");
    good Channel("<docs>https://www.rssboard.org/rss-specification</docs><item xmlns:e=\"http://purl.org/dc/terms/\" e:type=\"x\"><title>x</title></item>");

NO_BLINK "no-blink" Error "an element blink";
    why "RSS never had it; the one of the blogChannel module has a namespace.";
    mend "remove it";
    see [RSS];
    bad Channel("<blink>https://example.vn/</blink>");
    good Channel("");

CHARACTER_DATA "character-data" Warning "a bare & or < in plain text";
    why "Some readers take the text for HTML, and drop what looks like markup to them.";
    mend "write & as &#x26; and < as &#x3C;, which every reader shows rightly";
    see ["https://www.rssboard.org/rss-profile#data-types-characterdata"];
    bad Item("<title>Vàng &amp; bạc</title>");
    good Item("<title>Vàng &#x26; bạc</title>");

DUPLICATE_ENTRIES "duplicate-entries" Warning "an id that another entry of the feed has";
    why "Readers show only one of the two.";
    mend "give every article an id of its own, and publish it once";
    see [ATOM, PROFILE];
    bad Document("<rss version=\"2.0\"><channel><item><title>x</title><guid>https://example.vn/1</guid></item><item><title>y</title><guid>https://example.vn/1</guid></item></channel></rss>");
    good Document("<rss version=\"2.0\"><channel><item><title>x</title><guid>https://example.vn/1</guid></item><item><title>y</title><guid>https://example.vn/2</guid></item></channel></rss>");
}
