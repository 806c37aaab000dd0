"""An access log as a newspaper's server might have it, and a plain count of one: an account of `bantin subscribers` that
shares nothing with it.

    access_log.py generate LINES > access.log
    access_log.py count FILE…

The log is the same every time: 30 days, five feeds in three files, aggregators that state their subscribers, readers on
devices, browsers, bots and monitors, in the common and the combined format and as JSON, and one line in two hundred that is
none of a log, or empty. Lines of the common format name no client: whoever sent them counts as a reader.

The count keeps everything, and prints as JSON: lines, broken ones, and of each feed and of all the requests, bytes, answers
304, stated subscribers, and single readers by day.
"""

import json
import random
import re
import statistics
import sys
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone

FEEDS = ["tin-moi", "thoi-su-chinh-tri", "van-hoa-xa-hoi", "kinh-te", "ban-tin-thoi-tiet"]
FILES = ["rss.xml", "atom.xml", "feed.json"]
ZONE = timezone(timedelta(hours=7))
BEGIN = datetime(2026, 11, 1, tzinfo=ZONE)
DAYS = 30

# How many aggregators read for: at first, and how many more every day.
AGGREGATORS = [
    ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; {} subscribers; like FeedFetcher-Google)", 1200, 3),
    ("Mozilla/5.0 (compatible; inoreader.com/1.0; +https://www.inoreader.com/; {} subscribers)", 310, 1),
    ("Feedbin feed-id:1373711 - {} subscribers", 45, 0),
    ("NewsBlur Feed Fetcher - {} subscribers - https://www.newsblur.com/site/8214/x", 80, 1),
]
READERS = [
    "newsboat/2.30.1 (Linux x86_64)",
    "NetNewsWire (RSS Reader; https://netnewswire.com/)",
    "Mozilla/5.0 (compatible; Miniflux/2.2.4; +https://miniflux.app)",
    "FreshRSS/1.24.3 (Linux; https://freshrss.org)",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.5.0",
    "Tiny Tiny RSS/24.11 (https://tt-rss.org/)",
    "Reeder/5.4 CFNetwork/1494 Darwin/23.4.0",
    "Thử nghiệm \\x22lạ\\x22/1.0",
]
OTHERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)",
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "python-requests/2.32.3",
    "curl/8.5.0",
]
BROKEN = [
    "",
    "2026/11/03 08:00:00 [error] 812#812: *5 open() \"/srv/x\" failed (2: No such file or directory)",
    '203.0.113.9 - - [03/Nov/2026:08:00:00 +0700] "GET /feeds/tin-moi/rss.xml',
    '{"ts": 1793667600, "request": {"method": "GET", "uri": "/feeds/tin-moi/rss.xml"',
    '{"message": "started"}',
    "\x16\x03\x01\x02",
]


def generate(count):
    rnd = random.Random(20261101)
    # A person has one address, reads with one program, and follows one or two feeds in one format.
    people = []
    for number in range(max(20, count // 60)):
        address = f"10{rnd.randrange(3, 9)}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        people.append((address, rnd.choice(READERS), rnd.sample(FEEDS, rnd.choice([1, 1, 2])), rnd.choice(FILES)))
    step = DAYS * 86400 / count
    for number in range(count):
        if number % 200 == 199:
            print(rnd.choice(BROKEN))
            continue
        moment = BEGIN + timedelta(seconds=int(number * step))
        kind = rnd.random()
        feed, file = rnd.choice(FEEDS), rnd.choice(FILES)
        path = f"/feeds/{feed}/{file}"
        if kind < 0.25:
            template, first, more = rnd.choice(AGGREGATORS)
            stated = (first + more * (moment - BEGIN).days) // (1 + FEEDS.index(feed))
            address, agent = f"65.19.138.{rnd.randrange(30)}", template.format(stated)
        elif kind < 0.75:
            address, agent, feeds, file = rnd.choice(people)
            path = f"/feeds/{rnd.choice(feeds)}/{file}"
        elif kind < 0.85:
            address, agent = f"198.51.{rnd.randrange(100)}.{rnd.randrange(256)}", rnd.choice(OTHERS)
        else:
            address, agent = f"198.51.{rnd.randrange(100)}.{rnd.randrange(256)}", OTHERS[0]
            path = rnd.choice(["/", "/tin/mua-lon.html", "/feeds/assets/style.css", f"/feeds/{feed}/", "/feeds/%2e%2e/x"])
        status = rnd.choices([200, 304, 301, 404], [35, 60, 2, 3])[0]
        size = {200: 9000 + rnd.randrange(4000), 304: 0, 301: 6, 404: 10}[status]
        if rnd.random() < 0.01:
            path += "?utm_source=x"
        method = "HEAD" if rnd.random() < 0.01 else "GET"
        form = rnd.random()
        if form < 0.25:
            stamp = moment.strftime("%d/%b/%Y:%H:%M:%S %z")
            print(f'{address} - - [{stamp}] "{method} {path} HTTP/1.1" {status} {size or "-"}')
        elif form < 0.7:
            stamp = moment.strftime("%d/%b/%Y:%H:%M:%S %z")
            print(f'{address} - - [{stamp}] "{method} {path} HTTP/1.1" {status} {size or "-"} "-" "{agent}"')
        elif form < 0.85:
            headers = {"User-Agent": [agent], "Accept": ["*/*"]}
            request = {"remote_ip": address, "method": method, "uri": path, "proto": "HTTP/1.1", "headers": headers}
            line = {"level": "info", "ts": moment.timestamp(), "request": request, "status": status, "size": size}
            print(json.dumps(line, ensure_ascii=False))
        else:
            line = {"time": moment.isoformat(), "remote": address, "request": f"{method} {path} HTTP/1.1"}
            print(json.dumps({**line, "status": status, "bytes": size, "user_agent": agent}, ensure_ascii=False))


LINE = re.compile(
    r'(\S+) \S+ \S+ \[([^\]]+)\] "(\S+) (\S+) [^"]*" (\d{3}) (\d+|-)(?: "(?:[^"\\]|\\.)*" "((?:[^"\\]|\\.)*)")?$'
)
FEED = re.compile(r"/feeds/([^/?]+)/(?:rss\.xml|atom\.xml|feed\.json)(?:\?.*)?$")
STATED = re.compile(r"(\d+) subscribers")


def parsed(line):
    """Address, moment, method, path, status, bytes, and how the client calls itself; nothing of what is none."""
    if line.startswith("{"):
        try:
            said = json.loads(line)
        except ValueError:
            return None
        if "remote" in said:
            method, path, _ = said["request"].split(" ")
            moment = datetime.fromisoformat(said["time"])
            return said["remote"], moment, method, path, said["status"], said["bytes"], said["user_agent"]
        if "request" in said:
            request = said["request"]
            agent = request["headers"]["User-Agent"][0]
            moment = datetime.fromtimestamp(said["ts"], ZONE)
            return request["remote_ip"], moment, request["method"], request["uri"], said["status"], said["size"], agent
        return None
    match = LINE.match(line)
    if not match:
        return None
    address, stamp, method, path, status, size, agent = match.groups()
    moment = datetime.strptime(stamp, "%d/%b/%Y:%H:%M:%S %z")
    return address, moment, method, path, int(status), 0 if size == "-" else int(size), agent


def count(files):
    lines = broken = 0
    sums = defaultdict(Counter)
    readers = defaultdict(lambda: defaultdict(set))
    stated = {}
    for file in files:
        for line in open(file, encoding="utf-8", newline="\n"):
            line = line.rstrip("\n")
            if not line:
                continue
            lines += 1
            hit = parsed(line)
            if hit is None:
                broken += 1
                continue
            address, moment, method, path, status, size, agent = hit
            feed = FEED.match(path)
            if method != "GET" or not feed:
                continue
            feed = feed[1]
            if feed not in sums and status not in (200, 206, 304):
                # A feed is what was once served: scanners ask for anything.
                continue
            sums[feed].update(requests=1, bytes=size, not_modified=status == 304)
            if status not in (200, 206, 304):
                continue
            said = agent and STATED.search(agent)
            if said:
                # Of each aggregator and file the largest number of the last 24 hours of its own, by the hour.
                key = (feed, path.split("?")[0], STATED.sub("", agent))
                hour = int(moment.timestamp()) // 3600
                stated.setdefault(key, {})
                stated[key][hour] = max(stated[key].get(hour, 0), int(said[1]))
                stated[key]["last"] = int(moment.timestamp())
            elif agent is None or agent in READERS or agent.replace("\"", "\\x22") in READERS:
                readers[feed][moment.astimezone(ZONE).date().isoformat()].add((address, agent))
                readers["total"][moment.astimezone(ZONE).date().isoformat()].add((address, agent))
    report = {"lines": lines, "malformed": broken, "feeds": {}}
    for feed, sum_ in sums.items():
        days = [len(day) for _, day in sorted(readers[feed].items())]
        subscribers = 0
        for (of, _, _), hours in stated.items():
            if of == feed:
                first = (hours["last"] - 86400) // 3600
                subscribers += max(number for hour, number in hours.items() if hour != "last" and hour > first)
        report["feeds"][feed] = {**sum_, "subscribers": subscribers, "readers_by_day": days}
    days = [len(day) for _, day in sorted(readers["total"].items())]
    report["total"] = {"readers_by_day": days, "readers_peak": max(days), "readers_median": int(statistics.median(days) + 0.5)}
    return report


if __name__ == "__main__":
    if sys.argv[1] == "generate":
        generate(int(sys.argv[2]))
    else:
        print(json.dumps(count(sys.argv[2:])))
