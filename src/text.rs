//! What text may be: characters of XML 1.0 only, in Unicode Normalization Form C, and plain where it is to be plain.
//!
//! Boundary: knows no article and no format. HTML is read here only to take the text out of it; what HTML a feed may
//! carry is [`crate::html`]'s concern.
//!
//! Specifications: [XML 1.0, Char](https://www.w3.org/TR/xml/#charsets), [UAX #15](https://unicode.org/reports/tr15/),
//! [HTML, character references](https://html.spec.whatwg.org/multipage/syntax.html#character-references).

mod scan;

pub(crate) use scan::{is_plainly_clean, is_plainly_html};

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc, is_nfc_quick};

/// What Windows-1252 has at 0x80 to 0x9F: an export decoded as ISO 8859-1 has these bytes as C1 controls.
const WINDOWS_1252: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

/// Whether every XML 1.0 parser takes the character.
pub fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The character as it may stand in text, or nothing.
fn admit(c: char) -> Option<char> {
    match c {
        '\u{FEFF}' => None,
        '\u{80}'..='\u{9F}' => WINDOWS_1252.get(c as usize - 0x80).copied().flatten(),
        c if is_xml_char(c) => Some(c),
        _ => None,
    }
}

/// Text as a feed may carry it: without the characters that XML 1.0 forbids and without byte order marks, C1 controls
/// read as the Windows-1252 that they nearly always are, line ends as `\n`, in NFC.
///
/// Borrowed where nothing had to change; `clean(clean(x)) == clean(x)`.
///
/// ```
/// use bantin::text::clean;
/// assert_eq!(clean("Tin\u{B} mo\u{31B}\u{301}i\r\n"), "Tin mới\n");
/// ```
pub fn clean(raw: &str) -> Cow<'_, str> {
    if is_plainly_clean(raw) {
        return Cow::Borrowed(raw);
    }
    if raw.chars().all(|c| c != '\r' && admit(c) == Some(c)) {
        let normal = match is_nfc_quick(raw.chars()) {
            IsNormalized::Yes => true,
            IsNormalized::No => false,
            IsNormalized::Maybe => is_nfc(raw),
        };
        return if normal { Cow::Borrowed(raw) } else { Cow::Owned(raw.nfc().collect()) };
    }
    let mut kept = String::with_capacity(raw.len());
    let mut chars = raw.chars().filter_map(admit).peekable();
    while let Some(c) = chars.next() {
        if c == '\r' {
            chars.next_if_eq(&'\n');
            kept.push('\n');
        } else {
            kept.push(c);
        }
    }
    if is_nfc_quick(kept.chars()) == IsNormalized::Yes {
        return Cow::Owned(kept);
    }
    Cow::Owned(kept.nfc().collect())
}

/// Text that went through [`clean`]: such a value cannot make a feed that is not well-formed.
///
/// ```
/// use bantin::text::Text;
/// assert_eq!(Text::title("Giá <b>vàng</b> &amp; mưa <lớn>").as_str(), "Giá vàng & mưa <lớn>");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// Text of several lines: clean, trimmed, inner line breaks kept.
    pub fn block(raw: &str) -> Self {
        Self(clean(raw).trim().to_owned())
    }

    /// Text of one line: clean, trimmed, every run of white space (no-break spaces too) one space.
    pub fn line(raw: &str) -> Self {
        match is_plainly_clean(raw) {
            true => Self::line_of(raw),
            false => Self::folded(&clean(raw)),
        }
    }

    /// One line of what [`is_plainly_clean`].
    fn line_of(text: &str) -> Self {
        if scan::is_plainly_a_line(text) { Self(text.to_owned()) } else { Self::folded(text) }
    }

    /// One line of what is clean.
    fn folded(text: &str) -> Self {
        let mut line = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        Self(line)
    }

    /// The plain text of a title: character references decoded once, then the tags of real HTML elements taken out;
    /// whatever else looks like a tag (`mưa <lớn>`, `a < b`, `<3`) is the author's text and stays. One line.
    pub fn title(raw: &str) -> Self {
        if is_plainly_clean(raw) && memchr::memchr2(b'<', b'&', raw.as_bytes()).is_none() {
            return Self::line_of(raw);
        }
        let text = clean(raw);
        let decoded = decode_references(&text);
        if decoded.contains('<') { Self::line(&strip_tags(&decoded)) } else { Self::line(&decoded) }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The references decoded once. As in an attribute, a reference without its semicolon counts only where no letter,
/// digit or `=` follows (`?a=1&copy=2` is no ©). One that names no character (`&#0;`, a surrogate) leaves nothing.
fn decode_references(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let decoded = htmlize::unescape_attribute(text);
    Cow::Owned(without_invented_replacements(text, decoded.into_owned()))
}

/// `decoded` without the U+FFFD that decoding put in; one that the source itself has stays, for `check` to flag.
fn without_invented_replacements(source: &str, decoded: String) -> String {
    if decoded.contains('\u{FFFD}') && !source.contains('\u{FFFD}') {
        decoded.replace('\u{FFFD}', "")
    } else {
        decoded
    }
}

/// Whether text holds tags of HTML elements, or comments: what tells HTML from text where nothing else does.
pub fn has_markup(text: &str) -> bool {
    text.contains('<') && strip_tags(text) != text
}

/// How the tags of an element part the words beside them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// No words are parted: `vàng<b>4</b>` is one word.
    Inline,
    /// A line of its own.
    Block,
    /// Its content is no text for people.
    Hidden,
}

/// The HTML elements, those of the living standard and those it calls obsolete.
fn element(name: &str) -> Option<Kind> {
    Some(match name {
        "a" | "abbr" | "acronym" | "area" | "audio" | "b" | "base" | "basefont" | "bdi" | "bdo"
        | "bgsound" | "big" | "blink" | "button" | "canvas" | "cite" | "code" | "data" | "del" | "dfn"
        | "em" | "embed" | "font" | "i" | "img" | "input" | "ins" | "kbd" | "label" | "link" | "map"
        | "mark" | "meta" | "meter" | "nobr" | "object" | "output" | "param" | "picture" | "progress"
        | "q" | "rb" | "rp" | "rt" | "rtc" | "ruby" | "s" | "samp" | "slot" | "small" | "source" | "span"
        | "strike" | "strong" | "sub" | "sup" | "svg" | "time" | "track" | "tt" | "u" | "var" | "video"
        | "wbr" => Kind::Inline,
        "address" | "applet" | "article" | "aside" | "blockquote" | "body" | "br" | "caption" | "center"
        | "col" | "colgroup" | "datalist" | "dd" | "details" | "dialog" | "dir" | "div" | "dl" | "dt"
        | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "frame" | "frameset" | "h1" | "h2"
        | "h3" | "h4" | "h5" | "h6" | "head" | "header" | "hgroup" | "hr" | "html" | "iframe" | "legend"
        | "li" | "listing" | "main" | "marquee" | "math" | "menu" | "menuitem" | "nav" | "noembed"
        | "noframes" | "noscript" | "ol" | "optgroup" | "option" | "p" | "plaintext" | "pre" | "search"
        | "section" | "select" | "summary" | "table" | "tbody" | "td" | "template" | "textarea" | "tfoot"
        | "th" | "thead" | "title" | "tr" | "ul" | "xmp" => Kind::Block,
        "script" | "style" => Kind::Hidden,
        _ => return None,
    })
}

/// Attributes that stand without a value. Any other word after an element's name (`x <b and c> y`) is no attribute.
const BOOLEAN_ATTRIBUTES: [&str; 16] = [
    "allowfullscreen",
    "async",
    "autoplay",
    "checked",
    "controls",
    "default",
    "defer",
    "disabled",
    "hidden",
    "loop",
    "muted",
    "noshade",
    "nowrap",
    "open",
    "required",
    "reversed",
];

/// Takes out comments, the tags of HTML elements, and script and style with what they hold.
fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Where a closing mark was not found once it is not looked for again: a line of "<!--" stays linear.
    let (mut comments_end, mut sections_end) = (true, true);
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        if comments_end && let Some(comment) = tag.strip_prefix("<!--") {
            if let Some((_, after)) = comment.split_once("-->") {
                rest = after;
                continue;
            }
            comments_end = false;
        }
        if sections_end && let Some(section) = tag.strip_prefix("<![CDATA[") {
            if let Some((inside, after)) = section.split_once("]]>") {
                out.push_str(inside);
                rest = after;
                continue;
            }
            sections_end = false;
        }
        let Some((name, kind, closing, after)) = read_tag(tag) else {
            out.push('<');
            rest = tag.get(1..).unwrap_or_default();
            continue;
        };
        rest = after;
        match kind {
            Kind::Inline => {}
            Kind::Block => out.push(' '),
            // What follows an end tag that closes nothing is text; a script that is never closed reaches to the end.
            Kind::Hidden if closing => {}
            Kind::Hidden => rest = after_end_tag(after, &name),
        }
    }
    out.push_str(rest);
    out
}

/// What follows `</name…>`; nothing where the element is not closed.
fn after_end_tag<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some((_, tag)) = rest.split_once("</") {
        rest = tag;
        let starts = tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if starts {
            return tag.split_once('>').map_or("", |(_, after)| after);
        }
    }
    ""
}

/// Reads a start or end tag of an HTML element at the beginning of `text`: its name, kind, whether it is an end tag, and
/// what follows it. Nothing where it is none.
fn read_tag(text: &str) -> Option<(String, Kind, bool, &str)> {
    let inner = text.strip_prefix('<')?;
    let (closing, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    let length = inner.bytes().take(10).take_while(u8::is_ascii_alphanumeric).count();
    let (name, mut rest) = inner.split_at(length);
    let name = name.to_ascii_lowercase();
    let kind = element(&name)?;
    loop {
        let trimmed = rest.trim_start();
        if let Some(after) = trimmed.strip_prefix('>') {
            return Some((name, kind, closing, after));
        }
        if let Some(after) = trimmed.strip_prefix('/') {
            rest = after;
            continue;
        }
        if trimmed.len() == rest.len() && !text.get(..text.len() - rest.len())?.ends_with(['/', '"', '\'']) {
            return None;
        }
        rest = skip_attribute(trimmed)?;
    }
}

/// What follows the attribute at the beginning of `text`, where there is one.
fn skip_attribute(text: &str) -> Option<&str> {
    let end =
        text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '@' | '.')))?;
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return None;
    }
    let Some(value) = rest.trim_start().strip_prefix('=') else {
        return BOOLEAN_ATTRIBUTES.iter().any(|known| name.eq_ignore_ascii_case(known)).then_some(rest);
    };
    let value = value.trim_start();
    if let Some(quoted) = value.strip_prefix('"') {
        return quoted.split_once('"').map(|(_, after)| after);
    }
    if let Some(quoted) = value.strip_prefix('\'') {
        return quoted.split_once('\'').map(|(_, after)| after);
    }
    let end = value.find(|c: char| c.is_whitespace() || matches!(c, '>' | '<' | '"' | '\''))?;
    let (word, after) = value.split_at(end);
    (!word.is_empty()).then_some(after)
}

/// The text of an HTML fragment or page, for people: references decoded once, script, style and page titles dropped,
/// block elements apart, white space folded. Linear in the length of the HTML, however it is nested.
///
/// ```
/// use bantin::text::plain_from_html;
/// assert_eq!(plain_from_html("<p>Giá&nbsp;<b>vàng</b><p>tăng &amp; giảm").as_str(), "Giá vàng tăng & giảm");
/// ```
pub fn plain_from_html(html: &str) -> Text {
    if !html.contains(['<', '&']) {
        return Text::line(html);
    }
    let cleaned = clean(html);
    let sink = PlainText::default();
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(&*cleaned));
    // The sink never asks for a script to be run, the only thing that could stop the tokenizer early.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    let plain = tokenizer.sink.text.into_inner();
    Text::line(&without_invented_replacements(&cleaned, plain))
}

/// Collects the text between tags.
#[derive(Default)]
struct PlainText {
    text: RefCell<String>,
    /// The element whose raw content is being passed over.
    hidden: RefCell<Option<String>>,
}

impl PlainText {
    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        if tag.kind == TagKind::EndTag {
            self.hidden.replace(None);
        }
        if element(name) == Some(Kind::Block) {
            self.text.borrow_mut().push(' ');
        }
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        let raw = match name {
            "script" => RawKind::ScriptData,
            "title" | "textarea" => RawKind::Rcdata,
            "style" | "iframe" | "noembed" | "noframes" | "xmp" => RawKind::Rawtext,
            _ => return TokenSinkResult::Continue,
        };
        if !matches!(name, "xmp") {
            self.hidden.replace(Some(name.to_owned()));
        }
        TokenSinkResult::RawData(raw)
    }
}

impl TokenSink for PlainText {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => self.tag(&tag),
            Token::CharacterTokens(text) if self.hidden.borrow().is_none() => {
                self.text.borrow_mut().push_str(&text);
                TokenSinkResult::Continue
            }
            _ => TokenSinkResult::Continue,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn clean_borrows_what_is_right() {
        for right in ["", "plain", "a\tb\nc", "Tiếng Việt có dấu 🌧️", "ລາວ"] {
            assert!(matches!(clean(right), Cow::Borrowed(same) if same == right), "{right}");
        }
    }

    #[test]
    fn what_is_plainly_clean_is_clean() {
        let mut plain = 0;
        for c in (0..=0x1_0000).filter_map(char::from_u32) {
            let text = format!("o{c}\u{20}");
            if is_plainly_clean(&text) {
                plain += 1;
                assert_eq!(admit(c), Some(c), "{c:?}");
                assert_ne!(c, '\r');
                assert_eq!(is_nfc_quick(text.chars()), IsNormalized::Yes, "{c:?}");
                assert_eq!(unicode_normalization::char::canonical_combining_class(c), 0, "{c:?}");
            }
        }
        // 98 of ASCII, 608 to U+02FF, 256 of Latin Extended Additional, 43 of punctuation.
        assert_eq!(plain, 98 + 608 + 256 + 43);
        for text in ["Giá vàng hôm nay: “ngừng tăng” – 5 %", ""] {
            assert!(is_plainly_clean(text), "{text}");
        }
    }

    #[test]
    fn clean_removes_what_xml_forbids() {
        assert_eq!(clean("a\u{0}\u{B}\u{1F}b\u{FFFE}\u{FFFF}c\u{FEFF}"), "abc");
        assert_eq!(clean("\u{FEFF}đầu"), "đầu");
        assert_eq!(clean("a\r\nb\rc\n\r"), "a\nb\nc\n\n");
    }

    #[test]
    fn clean_reads_c1_controls_as_windows_1252() {
        assert_eq!(clean("\u{93}mưa\u{94} \u{96} 5\u{80}\u{81}\u{85}"), "“mưa” – 5€…");
    }

    #[test]
    fn clean_composes() {
        assert_eq!(clean("ho\u{61}\u{301}"), "hoá");
        // A forbidden character between a letter and its mark does not part them.
        assert_eq!(clean("a\u{B}\u{301}"), "á");
    }

    #[test]
    fn lines_and_blocks() {
        assert_eq!(Text::line(" \u{A0}một\n hai\t\u{3000}ba ").as_str(), "một hai ba");
        assert_eq!(Text::block("\r\n một \r\n hai \n").as_str(), "một \n hai");
        assert!(Text::line("\u{B}\n").is_empty());
    }

    #[test]
    fn titles_are_plain_text() {
        for (raw, plain) in [
            ("Giá <b>vàng</b>", "Giá vàng"),
            ("mưa <lớn>", "mưa <lớn>"),
            ("gió >10 & mưa <lớn> “đầu mùa” 🌧️", "gió >10 & mưa <lớn> “đầu mùa” 🌧️"),
            ("a < b", "a < b"),
            ("I <3 Sơn La", "I <3 Sơn La"),
            ("x <b and c> y", "x <b and c> y"),
            ("&amp;lt;", "&lt;"),
            ("&lt;b&gt;đậm&lt;/b&gt;", "đậm"),
            ("một&nbsp;hai", "một hai"),
            ("AT&T &amp T&Q", "AT&T & T&Q"),
            ("tin?a=1&copy=2", "tin?a=1&copy=2"),
            ("R&#38;D &#x1F327; &#0;&#xD800;&#11;.", "R&D 🌧 ."),
            ("một<br/>hai<p>ba</p>bốn", "một hai ba bốn"),
            ("<a href=\"x>y\" title='>' data-x=1 hidden>tin</a>", "tin"),
            ("<a href=\"x\"class=\"y\">tin</a>", "tin"),
            ("<A HREF=x>tin</A >", "tin"),
            ("trước<!-- <b>x -->sau", "trướcsau"),
            ("<script>let a = '<b>';</script>tin<style>p{}</style>", "tin"),
            ("<![CDATA[Giá vàng]]>", "Giá vàng"),
            ("chưa đóng <b", "chưa đóng <b"),
            ("chưa đóng <a href=\"x", "chưa đóng <a href=\"x"),
            ("<!-- chưa đóng", "<!-- chưa đóng"),
            ("<sđ> <b-x> <h7>", "<sđ> <b-x> <h7>"),
            ("H<sub>2</sub>O", "H2O"),
            ("&lrm;&zwj;x", "\u{200E}\u{200D}x"),
        ] {
            assert_eq!(Text::title(raw).as_str(), plain, "{raw}");
        }
    }

    #[test]
    fn html_becomes_plain_text() {
        for (html, plain) in [
            ("một", "một"),
            ("<p>một</p><p>hai<br>ba <b>b</b>ốn</p>", "một hai ba bốn"),
            ("<head><title>x</title><style>p{}</style></head><p>một<script>if (a < b) {}</script>", "một"),
            ("một &amp;lt; hai &lt;b&gt;", "một &lt; hai <b>"),
            ("<ul><li>một<li>hai</ul>", "một hai"),
            ("<iframe src=x><p>không</p></iframe>tin", "tin"),
            ("<!-- x --><![CDATA[y]]>tin", "tin"),
            ("<td>1</td><td>2</td>", "1 2"),
            ("&#0;&#11;tin\u{B}", "tin"),
        ] {
            assert_eq!(plain_from_html(html).as_str(), plain, "{html}");
        }
    }

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let many = 200_000;
        for unit in [
            "<",
            "<b ",
            "<b a=\"",
            "<b a='",
            "<!--",
            "<![CDATA[",
            "<script>",
            "</",
            "<div>",
            "&",
            "<b a=1 ",
            "&#",
        ] {
            let raw = unit.repeat(many);
            let started = std::time::Instant::now();
            assert!(Text::title(&raw).len() <= raw.len());
            assert!(plain_from_html(&raw).len() <= raw.len());
            assert!(started.elapsed().as_secs() < 20, "{unit}");
        }
    }

    fn holds(text: &str) -> bool {
        text.chars().all(|c| is_xml_char(c) && c != '\u{FEFF}' && !('\u{80}'..='\u{9F}').contains(&c))
            && is_nfc(text)
    }

    /// Text with what HTML, XML and Unicode trip over.
    pub(crate) fn rough() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<String>(),
            "[ -~]{0,12}",
            "[\u{0}-\u{20}\u{7F}-\u{A0}\u{300}-\u{323}a-eđĐươ\u{FEFF}\u{FFFE}]{0,8}",
            proptest::sample::select(vec![
                "<b>",
                "</b>",
                "<p class='x>'>",
                "<!--",
                "-->",
                "<script>",
                "</script>",
                "&amp;",
                "&lt;",
                "&#11;",
                "&nbsp;",
                "<lớn>",
                "<a href=\"",
                "\">",
                "<![CDATA[",
                "]]>",
                "\r\n",
                "&#xD800;",
                "&copy",
            ])
            .prop_map(str::to_owned),
        ];
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn clean_text_is_clean(raw in rough()) {
            let once = clean(&raw).into_owned();
            prop_assert!(holds(&once));
            prop_assert!(matches!(clean(&once), Cow::Borrowed(_)));
        }

        #[test]
        fn every_text_is_clean(raw in rough()) {
            for text in [Text::block(&raw), Text::line(&raw), Text::title(&raw), plain_from_html(&raw)] {
                prop_assert!(holds(&text), "{text:?}");
                prop_assert_eq!(text.trim(), text.as_str());
            }
            let line = Text::line(&raw);
            prop_assert_eq!(Text::line(&line), line);
        }

        #[test]
        fn a_title_without_markup_is_kept_letter_for_letter(raw in "[a-zà-ýạ-ỹ0-9 >“”!?,.]{0,40}") {
            prop_assert_eq!(Text::title(&raw), Text::line(&raw));
        }
    }
}
