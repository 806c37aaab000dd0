//! Rules of OPML 2.0.

use super::super::rule::Example::Document;
use super::super::rule::Rule;
use super::links::OPML as SPEC;
use super::rules;

rules! { Opml, OPML;

INVALID_OPML_VERSION "invalid-opml-version" Error "a version of OPML that there is not";
    why "The version tells a reader how to take the rest.";
    mend "write version=\"2.0\"";
    see [SPEC];
    bad Document("<opml version=\"3\"><head/><body><outline text=\"x\"/></body></opml>");
    good Document("<opml version=\"2.0\"><head/><body><outline text=\"x\"/></body></opml>");

MISSING_OUTLINE_TEXT "missing-outline-text" Error "an outline without text";
    why "Readers list outlines by their text.";
    mend "add text";
    see [SPEC];
    bad Document("<opml version=\"2.0\"><head/><body><outline title=\"x\"/></body></opml>");
    good Document("<opml version=\"2.0\"><head/><body><outline text=\"x\"/></body></opml>");

MISSING_XML_URL "missing-xml-url" Error "a subscription without the address of its feed";
    why "There is nothing to subscribe to.";
    mend "add xmlUrl";
    see [SPEC];
    bad Document("<opml version=\"2.0\"><head/><body><outline text=\"x\" type=\"rss\"/></body></opml>");
    good Document("<opml version=\"2.0\"><head/><body><outline text=\"x\" type=\"rss\" xmlUrl=\"https://example.vn/rss.xml\"/></body></opml>");

EMPTY_OPML "empty-opml" Error "an OPML document without an outline";
    why "The body must have one at least.";
    mend "add an outline";
    see [SPEC];
    bad Document("<opml version=\"2.0\"><head/><body></body></opml>");
    good Document("<opml version=\"2.0\"><head/><body><outline text=\"x\"/></body></opml>");

INVALID_EXPANSION_STATE "invalid-expansion-state" Error "an expansion state that is no list of lines";
    why "The outline is shown with other branches open than its author left.";
    mend "write the numbers of the lines that are open, as in 1,6,13";
    see [SPEC];
    bad Document("<opml version=\"2.0\"><head><expansionState>all</expansionState></head><body><outline text=\"x\"/></body></opml>");
    good Document("<opml version=\"2.0\"><head><expansionState>1,6</expansionState></head><body><outline text=\"x\"/></body></opml>");

INVALID_INTEGER "invalid-integer" Error "a position of the window that is no whole number";
    why "The window is opened elsewhere.";
    mend "write a number of pixels, or leave it out";
    see [SPEC];
    bad Document("<opml version=\"2.0\"><head><windowTop>12px</windowTop></head><body><outline text=\"x\"/></body></opml>");
    good Document("<opml version=\"2.0\"><head><windowTop>-12</windowTop></head><body><outline text=\"x\"/></body></opml>");
}
