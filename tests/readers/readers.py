#!/usr/bin/env python3
"""Reads feeds with the readers that are installed, and compares what they make of them.

    python3 tests/readers/readers.py [--titles TITLES.json] [--only NAME]... [--require NAME]... FOLDER...

Every `rss.xml`, `atom.xml` and `feed.json` below each FOLDER is read with every reader below that takes its format.
What a folder's feed.json says, read with Python's own JSON parser, is what all of them must find in all three files:
the same entries in the same order, with the same ids, links, titles, dates, authors, categories, summaries and contents,
as far as a reader tells them. `--titles` names a JSON object, id to title, of what the titles must be whatever feed.json
says. A reader that is not installed is named and passed over; one of `--require` must be there.

Python: feedparser, reader, atoma, podcastparser (PyPI); expat as xml.etree has it. Programs: xmllint, xmlwf, newsboat,
sfeed. Perl: XML::Feed. Node (found by NODE_PATH): rss-parser, feedsmith, @rowanmanning/feed-parser.

Exit status: 0 all agree, 1 something differs, 2 bad usage.
"""

import argparse
import calendar
import datetime
import email.utils
import html.parser
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ElementTree
from pathlib import Path

FORMATS = {"rss.xml": "rss", "atom.xml": "atom", "feed.json": "json"}


class Missing(Exception):
    """A reader is not installed."""


# ---- What readers tell -----------------------------------------------------------------------------------------------


def moment(text):
    """A date of RFC 3339 or RFC 2822 as seconds since 1970; None where there is none."""
    if not text:
        return None
    if isinstance(text, (int, float)):
        return int(text)
    if isinstance(text, datetime.datetime):
        return int(text.timestamp())
    try:
        return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())
    except ValueError:
        return int(email.utils.parsedate_to_datetime(text).timestamp())


def summary(plain):
    """By which name a reader tells its summary: as text, or as HTML."""
    return "summary_text" if plain else "summary"


class PlainText(html.parser.HTMLParser):
    """The text of HTML."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts = []

    def handle_data(self, data):
        self.parts.append(data)

    def handle_starttag(self, tag, attrs):
        if tag not in ("a", "b", "i", "em", "strong", "span", "u", "code", "sub", "sup"):
            self.parts.append(" ")

    handle_endtag = handle_startendtag = lambda self, tag, attrs=None: PlainText.handle_starttag(self, tag, attrs)


def text_of(markup):
    """HTML as text, white space folded; so are the invisible differences between two ways to write one text."""
    parser = PlainText()
    parser.feed(markup)
    parser.close()
    return " ".join("".join(parser.parts).split())


def own_json(path):
    """feed.json by Python's json: the side that the others are compared with."""
    feed = json.loads(path.read_bytes().decode("utf-8"))
    entries = []
    for item in feed["items"]:
        entries.append({
            "id": item["id"],
            "title": item.get("title"),
            "link": item.get("url"),
            "published": moment(item.get("date_published")),
            "updated": moment(item.get("date_modified")),
            "authors": [author["name"] for author in item.get("authors", [])],
            "categories": item.get("tags", []),
            "summary": item.get("summary"),
            "content_html": item.get("content_html"),
            "content_text": item.get("content_text"),
        })
    return entries


# ---- Readers: each takes a path and a format, and returns entries with what it knows ----------------------------------


def feedparser_reader(path, kind):
    try:
        import feedparser
    except ImportError:
        raise Missing("feedparser")
    # As it comes from the feed, not as it would be shown: what is sanitised is ours to show.
    parsed = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    if parsed.bozo:
        raise ValueError(f"refused: {parsed.bozo_exception}")
    stamp = lambda parts: calendar.timegm(parts) if parts else None
    for entry in parsed.entries:
        plain = "summary_detail" in entry and entry.summary_detail.type == "text/plain"
        yield {
            "id": entry.get("id"),
            "title": entry.get("title"),
            "link": entry.get("link"),
            "published": stamp(entry.get("published_parsed")),
            "updated": stamp(entry.get("updated_parsed")) if "updated_parsed" in entry.keys() else None,
            "authors": [author.get("name") or author.get("email") for author in entry.get("authors", [])],
            "categories": [tag.term for tag in entry.get("tags", [])],
            summary(plain): entry.get("summary"),
            "content": entry.content[0].value if "content" in entry else None,
        }


def reader_reader(path, kind):
    try:
        import reader
    except ImportError:
        raise Missing("reader")
    library = reader.make_reader(":memory:", feed_root="")
    library.add_feed(str(path.resolve()))
    library.update_feed(str(path.resolve()))
    found = {}
    for entry in library.get_entries():
        content = entry.content[0].value if entry.content else None
        found[entry.id] = {
            "id": entry.id,
            "title": entry.title,
            "link": entry.link,
            "published": moment(entry.published),
            # It writes HTML anew, sanitised: only its text can be compared.
            "body_text": content if kind != "json" else None,
        }
    # It keeps no order of its own.
    return [found.pop(entry["id"]) for entry in own_json(path.parent / "feed.json") if entry["id"] in found] + list(
        found.values()
    )


def atoma_reader(path, kind):
    try:
        import atoma
    except ImportError:
        raise Missing("atoma")
    data = path.read_bytes()
    if kind == "rss":
        for item in atoma.parse_rss_bytes(data).items:
            yield {
                "id": item.guid,
                "title": item.title,
                "link": item.link,
                "published": moment(item.pub_date),
                "summary": item.description,
                "content": item.content_encoded,
                "categories": item.categories,
            }
    elif kind == "atom":
        for entry in atoma.parse_atom_bytes(data).entries:
            plain = entry.summary is not None and entry.summary.text_type == atoma.atom.AtomTextType.text
            yield {
                "id": entry.id_,
                "title": entry.title.value,
                "link": next((link.href for link in entry.links if link.rel == "alternate"), None),
                "published": moment(entry.published),
                "updated": moment(entry.updated),
                "authors": [author.name for author in entry.authors],
                "categories": [category.term for category in entry.categories],
                summary(plain): entry.summary.value if entry.summary else None,
                "content": entry.content.value if entry.content else None,
            }
    else:
        for item in atoma.parse_json_feed_bytes(data).items:
            yield {
                "id": item.id_,
                "title": item.title,
                "link": item.url,
                "published": moment(item.date_published),
                "updated": moment(item.date_modified),
                "categories": item.tags,
                "summary": item.summary,
            }


def podcastparser_reader(path, kind):
    try:
        import podcastparser
    except ImportError:
        raise Missing("podcastparser")
    with path.open("rb") as stream:
        episodes = podcastparser.parse("https://example.org/feed", stream)["episodes"]
    # It keeps episodes alone, and sorts them.
    for episode in sorted(episodes, key=lambda episode: -episode["published"]):
        yield {
            "id": episode["guid"],
            "title": episode["title"],
            "link": episode["link"] or None,
            "published": episode["published"],
            "part": True,
        }


ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"


def expat_reader(path, kind):
    """No reader, but the parser that many are built on: every field as the specifications have it."""
    root = ElementTree.fromstring(path.read_bytes())
    if kind == "rss":
        for item in root.findall("channel/item"):
            authors = [re.sub(r"^\S+@\S+ \((.*)\)$", r"\1", author.text) for author in item.findall("author")]
            yield {
                "id": item.findtext("guid"),
                "title": item.findtext("title"),
                "link": item.findtext("link"),
                "published": moment(item.findtext("pubDate")),
                "updated": moment(item.findtext("{http://purl.org/dc/terms/}modified")),
                "authors": authors or [creator.text for creator in item.findall(DC + "creator")],
                "categories": [category.text for category in item.findall("category")],
                "summary": item.findtext("description"),
                "content": item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded"),
            }
    else:
        for entry in root.findall(ATOM + "entry"):
            text, content = entry.find(ATOM + "summary"), entry.find(ATOM + "content")
            plain = text is not None and text.get("type", "text") == "text"
            yield {
                "id": entry.findtext(ATOM + "id"),
                "title": entry.findtext(ATOM + "title"),
                "link": next((a.get("href") for a in entry.findall(ATOM + "link") if a.get("rel") == "alternate"), None),
                "published": moment(entry.findtext(ATOM + "published")),
                "updated": moment(entry.findtext(ATOM + "updated")),
                "authors": [author.findtext(ATOM + "name") for author in entry.findall(ATOM + "author")],
                "categories": [category.get("term") for category in entry.findall(ATOM + "category")],
                summary(plain): text.text if text is not None else None,
                "content": content.text if content is not None else None,
            }


def program(name):
    found = shutil.which(name)
    if not found:
        raise Missing(name)
    return found


def run(arguments, **options):
    done = subprocess.run(arguments, capture_output=True, timeout=60, **options)
    if done.returncode:
        raise ValueError((done.stderr or done.stdout).decode("utf-8", "replace").strip()[:400])
    return done.stdout


def xmllint_reader(path, kind):
    run([program("xmllint"), "--noout", "--nonet", str(path)])
    return None


def xmlwf_reader(path, kind):
    # It reports on standard output, and older ones end with 0 all the same.
    report = run([program("xmlwf"), str(path)])
    if report:
        raise ValueError(report.decode("utf-8", "replace").strip())
    return None


def newsboat_reader(path, kind):
    newsboat = program("newsboat")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "urls").write_text(path.resolve().as_uri() + "\n")
        (folder / "config").write_text("")
        files = ["-u", folder / "urls", "-C", folder / "config", "-c", folder / "cache.db"]
        # It asks for a writable home.
        run([newsboat, *map(str, files), "-x", "reload"], env={**os.environ, "HOME": str(folder)})
        rows = sqlite3.connect(folder / "cache.db").execute(
            "SELECT guid, title, url, pubDate, author, content FROM rss_item ORDER BY id"
        )
        # Newest in the feed is stored last in some releases and first in others.
        found = [
            {"id": row[0], "title": row[1], "link": row[2] or None, "published": row[3], "body": row[5]} for row in rows
        ]
    order = {entry["id"]: place for place, entry in enumerate(own_json(path.parent / "feed.json"))}
    return sorted(found, key=lambda entry: order.get(entry["id"], len(order)))


def sfeed_reader(path, kind):
    lines = run([program("sfeed"), "https://example.org/"], stdin=path.open("rb")).decode("utf-8")
    unescape = lambda text: re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text)
    for line in lines.splitlines():
        time, title, link, content, content_type, identity, author, enclosure, category = line.split("\t")[:9]
        yield {
            "id": identity,
            "title": title,
            "link": link or None,
            "published": int(time) if time else None,
            "categories": category.split("|") if category else [],
            "body": unescape(content) if content_type == "html" else None,
        }


PERL = r"""
use XML::Feed; use XML::Atom; $XML::Atom::ForceUnicode = 1; use JSON::PP; use Encode;
my $feed = XML::Feed->parse($ARGV[0]) or die XML::Feed->errstr;
my @out;
for my $e ($feed->entries) {
  push @out, { id => $e->id, title => $e->title, link => $e->link, author => $e->author,
    published => $e->issued ? $e->issued->epoch : undef, updated => $e->modified ? $e->modified->epoch : undef,
    categories => [grep { defined } $e->category], content => $e->content->body, summary => $e->summary->body };
}
print JSON::PP->new->utf8->encode(\@out);
"""


def xml_feed_reader(path, kind):
    perl = program("perl")
    if subprocess.run([perl, "-MXML::Feed", "-e", "1"], capture_output=True).returncode:
        raise Missing("XML::Feed")
    for entry in json.loads(run([perl, "-e", PERL, str(path)])):
        yield {
            "id": entry["id"],
            "title": entry["title"],
            "link": entry["link"] or None,
            "published": entry["published"],
            "updated": entry["updated"],
            "categories": entry["categories"],
            # In RSS its content is the body, or where there is none the description.
            "body": entry["content"],
        }


NODE = {
    "rss-parser": """
      const Parser = require('rss-parser');
      new Parser().parseString(text).then(feed => show(feed.items.map(item => ({
        id: item.guid || item.id, title: item.title, link: item.link, published: item.isoDate,
        body: item['content:encoded'] || item.content }))));""",
    "feedsmith": """
      const { parseFeed } = require('feedsmith');
      const { format, feed } = parseFeed(text);
      const name = author => typeof author === 'string' ? author : author.name;
      show((feed.items || feed.entries).map(item => format === 'rss' ? {
          id: item.guid.value || item.guid, title: item.title, link: item.link, published: item.pubDate,
          summary: item.description, content: item.content && item.content.encoded,
          categories: (item.categories || []).map(category => category.name) }
        : format === 'atom' ? {
          id: item.id, title: item.title.value || item.title, published: item.published, updated: item.updated,
          link: ((item.links || []).find(link => link.rel === 'alternate') || {}).href,
          categories: (item.categories || []).map(category => category.term), authors: (item.authors || []).map(name),
          content: item.content && (item.content.value || item.content) }
        : { id: item.id, title: item.title, link: item.url, published: item.date_published, updated: item.date_modified,
          summary_text: item.summary, categories: item.tags || [], authors: (item.authors || []).map(name) }));""",
    # Its content is of no use here: it decodes the escapes of HTML, so that `&lt;lớn&gt;` becomes a tag.
    "@rowanmanning/feed-parser": """
      const { parseFeed } = require('@rowanmanning/feed-parser');
      show(parseFeed(text).items.map(item => ({
        id: item.id, title: item.title, link: item.url, published: item.published && item.published.toISOString(),
        categories: item.categories.map(category => category.term) })));""",
}


def node_reader(module):
    def read(path, kind):
        node = program("node")
        if subprocess.run([node, "-e", f"require({module!r})"], capture_output=True).returncode:
            raise Missing(module)
        script = (
            "const text = require('fs').readFileSync(process.argv[1], 'utf8');"
            "const show = entries => process.stdout.write(JSON.stringify(entries));" + NODE[module]
        )
        for entry in json.loads(run([node, "-e", script, str(path)])):
            entry["link"] = entry.get("link") or None
            entry["published"] = moment(entry.get("published"))
            if "updated" in entry:
                entry["updated"] = moment(entry["updated"])
            yield {key: value for key, value in entry.items() if value is not None or key in ("link", "title")}

    return read


READERS = [
    ("expat", expat_reader, {"rss", "atom"}),
    ("xmllint", xmllint_reader, {"rss", "atom"}),
    ("xmlwf", xmlwf_reader, {"rss", "atom"}),
    ("feedparser", feedparser_reader, {"rss", "atom"}),
    ("reader", reader_reader, {"rss", "atom", "json"}),
    ("atoma", atoma_reader, {"rss", "atom", "json"}),
    ("podcastparser", podcastparser_reader, {"rss"}),
    ("newsboat", newsboat_reader, {"rss", "atom"}),
    ("sfeed", sfeed_reader, {"rss", "atom"}),
    ("XML::Feed", xml_feed_reader, {"rss", "atom"}),
    ("rss-parser", node_reader("rss-parser"), {"rss", "atom"}),
    ("feedsmith", node_reader("feedsmith"), {"rss", "atom", "json"}),
    ("@rowanmanning/feed-parser", node_reader("@rowanmanning/feed-parser"), {"rss", "atom"}),
]


def known(reader, kind, field, expected, actual):
    """Whether a difference is a fault of the reader's own, of which the feed is innocent."""
    # It decodes the references of an Atom title twice; one that shows references can only be garbled.
    twice = (reader, kind, field) == ("@rowanmanning/feed-parser", "atom", "title")
    return twice and html.unescape(expected) == actual


# ---- Comparison ------------------------------------------------------------------------------------------------------


def differences(reader, wanted, found, titles, kind):
    """What is otherwise than feed.json has it, one line each."""
    if any(entry.get("part") for entry in found):
        ids = {entry["id"] for entry in found}
        wanted = [entry for entry in wanted if entry["id"] in ids]
    ids = [entry["id"] for entry in wanted]
    if [entry["id"] for entry in found] != ids:
        yield f"ids: {[entry['id'] for entry in found]} instead of {ids}"
        return
    for want, have in zip(wanted, found):
        title = titles.get(want["id"], want["title"])
        compared = [
            # RSS and JSON entries may have no title, which readers show each in its own way.
            ("title", title, have.get("title"), title is not None),
            ("link", want["link"], have.get("link"), want["link"] is not None),
            ("published", want["published"], have.get("published"), True),
            ("updated", want["updated"] or want["published"], have.get("updated"), have.get("updated") is not None),
            ("authors", want["authors"], have.get("authors"), bool(want["authors"]) and "authors" in have),
            ("categories", want["categories"], have.get("categories"), "categories" in have),
        ]
        for place in ("summary", "summary_text"):
            if want["summary"] is not None and have.get(place) is not None:
                text = have[place] if place == "summary_text" or kind == "json" else text_of(have[place])
                compared.append((place, " ".join(want["summary"].split()), " ".join(text.split()), True))
        body = have.get("content", have.get("body"))
        if body is not None and kind != "json":
            if want["content_html"] is not None:
                compared.append(("content", want["content_html"].strip(), body.strip(), True))
            elif want["content_text"] not in (want["title"], want["summary"]):
                compared.append(("content", " ".join(want["content_text"].split()), text_of(body), True))
        if have.get("body_text") is not None and want["content_html"] is not None:
            compared.append(("content", text_of(want["content_html"]), text_of(have["body_text"]), True))
        for field, expected, actual, told in compared:
            if told and expected != actual and not known(reader, kind, field, expected, actual):
                yield f"{want['id']}: {field}: {actual!r} instead of {expected!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--titles", type=Path)
    parser.add_argument("--only", action="append", default=[], choices=[name for name, _, _ in READERS])
    parser.add_argument("--require", action="append", default=[])
    parser.add_argument("folders", nargs="+", type=Path)
    arguments = parser.parse_args()
    titles = json.loads(arguments.titles.read_text("utf-8")) if arguments.titles else {}
    feeds = sorted({path.parent for folder in arguments.folders for path in folder.rglob("feed.json")})
    if not feeds:
        parser.error("no feed.json below these folders")
    missing, tally, wrong = set(), {}, 0
    for feed in feeds:
        wanted = own_json(feed / "feed.json")
        for entry in wanted:
            if entry["title"] != titles.get(entry["id"], entry["title"]):
                wrong += 1
                print(f"{feed / 'feed.json'}: {entry['id']}: title: {entry['title']!r}")
            if entry["title"] != (entry["title"] and unicodedata.normalize("NFC", entry["title"])):
                wrong += 1
                print(f"{feed / 'feed.json'}: {entry['id']}: title not in NFC")
        for name, read, kinds in READERS:
            for file_name, kind in FORMATS.items():
                if kind not in kinds or name in missing or (arguments.only and name not in arguments.only):
                    continue
                try:
                    found = read(feed / file_name, kind)
                    told = [] if found is None else differences(name, wanted, list(found), titles, kind)
                    lines = list(told)
                except Missing:
                    missing.add(name)
                    continue
                except Exception as error:  # whatever a reader throws is its verdict on the file
                    lines = [f"{type(error).__name__}: {error}"]
                files = tally.setdefault((name, kind), [0, 0])
                files[0] += 1
                files[1] += bool(lines)
                wrong += len(lines)
                for line in lines:
                    print(f"{name}: {feed / file_name}: {line}")
    for (name, kind), (files, bad) in tally.items():
        print(f"{name} reads {kind}: {files - bad} of {files} files as they are meant")
    for name in sorted(missing):
        print(f"{name} is not installed: passed over")
    lacking = missing.intersection(arguments.require)
    if lacking:
        print(f"required: {', '.join(sorted(lacking))}")
    return 1 if wrong or lacking else 0


if __name__ == "__main__":
    sys.exit(main())
