//! Lists of words: languages, countries, categories. Data only.

/// Whether `list`, words between single spaces, has `word`.
pub(crate) fn has_word(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split(' ').any(|known| known == word)
}

/// ISO 639-1.
pub(crate) const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz \
ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja ji jv \
jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no \
nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk \
tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// ISO 3166-1.
pub(crate) const COUNTRIES: &str = "ad ae af ag ai al am an ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv \
bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cs cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et fi fj fk fm fo fr ga gb \
gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp \
kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni \
nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st \
sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";

/// Files that are images, or pages, and that RSS does not take for a channel's image.
pub(crate) const OTHER_IMAGES: &str =
    "avif bmp eps heic heif htm html ico jp2 jxl pdf psd svg svgz swf tif tiff webp wmf xbm xhtml xml";

/// Link relations that readers of Atom know: RFC 4287, 5005, 4685, 5023, 4946, 8288 and what the registry added.
pub(crate) static LINK_RELATIONS: &[&str] = &[
    "alternate",
    "appendix",
    "archives",
    "author",
    "bookmark",
    "canonical",
    "chapter",
    "collection",
    "contents",
    "copyright",
    "create-form",
    "current",
    "describedby",
    "edit",
    "edit-form",
    "edit-media",
    "enclosure",
    "first",
    "glossary",
    "help",
    "hub",
    "index",
    "item",
    "last",
    "latest-version",
    "license",
    "lrdd",
    "monitor",
    "next",
    "next-archive",
    "nofollow",
    "noreferrer",
    "payment",
    "predecessor-version",
    "prefetch",
    "prev-archive",
    "previous",
    "related",
    "replies",
    "search",
    "section",
    "self",
    "service",
    "status",
    "subsection",
    "successor-version",
    "tag",
    "up",
    "version-history",
    "via",
    "webmention",
    "working-copy",
    "working-copy-of",
];

/// Categories of Apple Podcasts; subcategories after a colon, between bars.
pub(crate) static PODCAST_CATEGORIES: &[(&str, &str)] = &[
    ("Arts", "Books|Design|Fashion & Beauty|Food|Performing Arts|Visual Arts"),
    ("Business", "Careers|Entrepreneurship|Investing|Management|Marketing|Non-Profit"),
    ("Comedy", "Comedy Interviews|Improv|Stand-Up"),
    ("Education", "Courses|How To|Language Learning|Self-Improvement"),
    ("Fiction", "Comedy Fiction|Drama|Science Fiction"),
    ("Government", ""),
    ("History", ""),
    ("Health & Fitness", "Alternative Health|Fitness|Medicine|Mental Health|Nutrition|Sexuality"),
    ("Kids & Family", "Education for Kids|Parenting|Pets & Animals|Stories for Kids"),
    ("Leisure", "Animation & Manga|Automotive|Aviation|Crafts|Games|Hobbies|Home & Garden|Video Games"),
    ("Music", "Music Commentary|Music History|Music Interviews"),
    ("News", "Business News|Daily News|Entertainment News|News Commentary|Politics|Sports News|Tech News"),
    ("Religion & Spirituality", "Buddhism|Christianity|Hinduism|Islam|Judaism|Religion|Spirituality"),
    (
        "Science",
        "Astronomy|Chemistry|Earth Sciences|Life Sciences|Mathematics|Natural Sciences|Nature|Physics|Social Sciences",
    ),
    ("Society & Culture", "Documentary|Personal Journals|Philosophy|Places & Travel|Relationships"),
    (
        "Sports",
        "Baseball|Basketball|Cricket|Fantasy Sports|Football|Golf|Hockey|Rugby|Running|Soccer|Swimming|Tennis|Volleyball|Wilderness|Wrestling",
    ),
    ("Technology", ""),
    ("True Crime", ""),
    ("TV & Film", "After Shows|Film History|Film Interviews|Film Reviews|TV Reviews"),
];

/// Categories that Apple had before 2019, with theirs.
pub(crate) static OLD_PODCAST_CATEGORIES: &[(&str, &str)] = &[
    ("Arts", "Literature"),
    (
        "Arts & Entertainment",
        "Architecture|Books|Design|Entertainment|Games|Performing Arts|Photography|Poetry|Science Fiction",
    ),
    ("Audio Blogs", ""),
    ("Business", "Business News|Management & Marketing|Shopping|Careers|Finance"),
    ("Comedy", ""),
    (
        "Education",
        "Education Technology|Higher Education|K-12|Language Courses|Training|Educational Technology",
    ),
    ("Family", ""),
    ("Food", ""),
    ("Games & Hobbies", "Automotive|Aviation|Hobbies|Other Games|Video Games"),
    ("Government & Organizations", "Local|National|Non-Profit|Regional"),
    (
        "Health",
        "Alternative Health|Diet & Nutrition|Fitness|Fitness & Nutrition|Relationships|Self-Help|Sexuality",
    ),
    (
        "International",
        "Australian|Belgian|Brazilian|Canadian|Chinese|Dutch|French|German|Hebrew|Italian|Japanese",
    ),
    ("Movies & Television", ""),
    ("News", "Politics"),
    ("News & Politics", ""),
    ("Politics", ""),
    ("Public Radio", ""),
    ("Religion & Spirituality", "Other|New Age|Philosophy"),
    ("Science & Medicine", "Medicine|Natural Sciences|Social Sciences"),
    ("Society & Culture", "Gay & Lesbian|History|Personal Journals|Philosophy|Places & Travel"),
    ("Sports & Recreation", "Amateur|College & High School|Outdoor|Professional"),
    ("Talk Radio", ""),
    (
        "Technology",
        "Computers|Developers|Gadgets|Information Technology|News|Operating Systems|Podcasting|Smart Phones|Text/Speech|Tech News|Software How-To",
    ),
    ("Transportation", "Automotive|Aviation|Bicycles|Commuting"),
    ("Travel", ""),
];

/// Whether `list` has the category, or under `parent` the subcategory.
pub(crate) fn has_category(list: &[(&str, &str)], parent: Option<&str>, name: &str) -> bool {
    match parent {
        None => list.iter().any(|(category, _)| *category == name),
        Some(parent) => list.iter().any(|(category, subs)| {
            *category == parent && subs.split('|').any(|sub| !sub.is_empty() && sub == name)
        }),
    }
}
