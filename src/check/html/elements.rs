//! Names of elements: of HTML, of the dangerous, of MathML.

use std::sync::LazyLock;

use crate::check::values::tables::has_word;

/// The words of a list, sorted.
type Words = LazyLock<Vec<&'static str>>;

fn sorted(list: &'static str) -> Vec<&'static str> {
    let mut words: Vec<&str> = list.split(' ').collect();
    words.sort_unstable();
    words
}

static HTML: Words = LazyLock::new(|| {
    sorted(
        "a abbr acronym address article aside audio area b bdi bdo big blockquote br button canvas caption center cite code \
col colgroup data datalist dd del details dfn dialog dir div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 \
header hgroup hr i img input ins kbd keygen label legend li listing main map mark math menu menuitem meter multicol nav nextid nobr noscript ol optgroup option output p \
param picture pre progress q rb rp rt rtc ruby s samp search section select slot small source spacer span strike strong sub summary sup svg \
table tbody td template textarea tfoot th thead time tr track tt u ul var video wbr",
    )
});

/// Elements that run, load or restyle something, or reach out of the article.
static DANGEROUS: Words = LazyLock::new(|| {
    sorted(
        "applet base basefont bgsound embed frame frameset iframe isindex link meta noembed noframes object plaintext script style xmp",
    )
});

/// Elements that belong to a whole page, not to a piece of one.
static STRUCTURE: Words = LazyLock::new(|| sorted("html head body title"));

const MATHML: &str = "math maction maligngroup malignmark menclose merror mfenced mfrac mglyph mi mlabeledtr mlongdiv mmultiscripts mn \
mo mover mpadded mphantom mprescripts mroot mrow ms mscarries mscarry msgroup msline mspace msqrt msrow mstack mstyle msub msubsup \
msup mtable mtd mtext mtr munder munderover none semantics annotation annotation-xml";

const MATHML_ATTRIBUTES: &str = "actiontype align alignmentscope altimg alttext bevelled close columnalign columnlines columnspacing \
columnspan columnwidth crossout decimalpoint definitionURL denomalign depth dir display displaystyle encoding equalcolumns \
equalrows fence fontfamily fontsize fontstyle fontweight form frame framespacing groupalign height href id infixlinebreakstyle \
largeop length linebreak linethickness location lquote lspace mathbackground mathcolor mathsize mathvariant maxsize minsize \
movablelimits notation numalign open other position rowalign rowlines rowspacing rowspan rquote rspace scriptlevel \
scriptminsize scriptsizemultiplier selection separator separators shift side src stackalign stretchy style subscriptshift \
superscriptshift symmetric title voffset width class color background columns";

/// Whether a list has a name, however it is capitalised.
fn has(words: &[&str], name: &str) -> bool {
    if name.len() > 20 || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        words.binary_search(&name.to_ascii_lowercase().as_str()).is_ok()
    } else {
        words.binary_search(&name).is_ok()
    }
}

/// Whether `name` is an element of HTML, dangerous or not.
pub(crate) fn is_known(name: &str) -> bool {
    has(&HTML, name)
        || is_dangerous(name)
        || has(&STRUCTURE, name)
        || name.eq_ignore_ascii_case("blink")
        || name.eq_ignore_ascii_case("marquee")
}

/// Whether `name` is one of the elements that articles are made of, so that the lists need not be asked.
pub(super) fn is_usual(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"a"
            | b"b"
            | b"i"
            | b"br"
            | b"em"
            | b"li"
            | b"ul"
            | b"h2"
            | b"h3"
            | b"td"
            | b"tr"
            | b"img"
            | b"div"
            | b"span"
            | b"strong"
            | b"figure"
            | b"figcaption"
    )
}

/// Whether readers take the element out.
pub(crate) fn is_dangerous(name: &str) -> bool {
    has(&DANGEROUS, name)
}

/// Whether the element belongs to a whole page.
pub(crate) fn is_structure(name: &str) -> bool {
    has(&STRUCTURE, name)
}

/// Whether `name` is an element of MathML.
pub(crate) fn is_mathml(name: &str) -> bool {
    has_word(MATHML, name)
}

/// Whether `name` is an attribute of MathML.
pub(crate) fn is_mathml_attribute(name: &str) -> bool {
    has_word(MATHML_ATTRIBUTES, name)
}
