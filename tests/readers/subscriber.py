"""A subscriber: fetches a feed with feedparser, as a program does that keeps what it knows.

    subscriber.py URL STATE

STATE is a JSON file: the `etag` and `modified` of the last answer, the titles of all entries seen so far by id, and of each fetch
its status, how many entries it had and how many of these were new. It is made where there is none.
"""

import json
import pathlib
import sys

import feedparser

url, path = sys.argv[1], pathlib.Path(sys.argv[2])
state = json.loads(path.read_text()) if path.exists() else {"etag": None, "modified": None, "titles": {}, "fetches": []}
feed = feedparser.parse(url, etag=state["etag"], modified=state["modified"])
ids = [entry.id for entry in feed.entries]
new = {id for id in ids if id not in state["titles"]}
state["titles"].update({entry.id: entry.title for entry in feed.entries})
state["fetches"].append({"status": feed.status, "entries": len(ids), "new": len(new)})
if feed.status == 200:
    state["etag"], state["modified"] = feed.get("etag"), feed.get("modified")
path.write_text(json.dumps(state))
