#!/usr/bin/env python3
"""How much memory `bantin serve` takes while everything that it serves changes, again and again.

    benches/soak.py PROGRAM FOLDER [--feeds 1000] [--articles 50] [--rounds 50] [--watch]

Makes a newspaper in FOLDER, serves it, and changes every article in every round, while three clients fetch files at random in
every coding, a third of the time with an ETag. With --watch the server builds by itself, else `bantin build` does. After
each round it prints the memory of the server, and how many answers there were; an answer whose bytes are not those that its
ETag is the hash of (XXH3, 128 bits; the module xxhash) is printed and counted as bad, and then the exit status is 1.
"""

import argparse
import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time

import xxhash

CONFIGURATION = """[site]
title = "Báo Thử"
url = "https://bao.example/"
language = "vi"
timezone = "Asia/Ho_Chi_Minh"
[output]
url = "https://bao.example/feeds/"
[[source]]
path = "articles/*.jsonl"
"""
WORDS = "tỉnh huyện bản nhân dân xây dựng nông thôn mới phát triển kinh tế văn hóa mùa màng thủy điện cao nguyên chè mận".split()
FILES = ["rss.xml", "atom.xml", "feed.json", "index.html"]
CODINGS = ["identity", "gzip", "br", "zstd"]


def write(arguments, bodies, version):
    with open("articles.new", "w", encoding="utf-8") as file:
        for number in range(arguments.articles):
            for feed in range(arguments.feeds):
                key = feed * arguments.articles + number
                body = bodies[(key * 7 + version) % len(bodies)]
                article = {
                    "id": f"k{key}",
                    "url": f"/{key}.html",
                    "title": f"Tin {key}",
                    "content_html": f"<p>lượt-{version}. {body}</p>",
                    "date_published": f"2025-11-{1 + number % 20:02d}T{feed % 20:02d}:{number % 60:02d}:00+07:00",
                    "date_modified": f"2025-12-{1 + version % 28:02d}T{version // 28 % 24:02d}:00:00+07:00",
                    "category": f"Mục {feed}",
                }
                file.write(json.dumps(article, ensure_ascii=False) + "\n")
    os.replace("articles.new", "articles/a.jsonl")


class Clients:
    def __init__(self, address, feeds):
        self.address, self.feeds = address, feeds
        self.answers = self.unchanged = self.bad = 0
        self.stop = False
        self.threads = [threading.Thread(target=self.fetch, args=(seed,)) for seed in range(3)]
        for thread in self.threads:
            thread.start()

    def fetch(self, seed):
        rnd, known = random.Random(seed), {}
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        while not self.stop:
            path, coding = f"/feeds/muc-{rnd.randrange(self.feeds)}/{rnd.choice(FILES)}", rnd.choice(CODINGS)
            headers = {"Accept-Encoding": coding}
            if rnd.random() < 0.3 and (path, coding) in known:
                headers["If-None-Match"] = known[path, coding]
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body, tag = answer.read(), answer.getheader("ETag", "")
            self.answers += 1
            if answer.status == 304:
                self.unchanged += 1
            elif answer.status != 200 or f'"{xxhash.xxh3_128_hexdigest(body)}"' != tag:
                self.bad += 1
                print("bad:", path, coding, answer.status, len(body), flush=True)
            known[path, coding] = tag
            time.sleep(0.002)

    def end(self):
        self.stop = True
        for thread in self.threads:
            thread.join()


def versions(address, feeds):
    """Which versions the last feed has: one alone, when the build of it is served."""
    connection = http.client.HTTPConnection(*address, timeout=60)
    connection.request("GET", f"/feeds/muc-{feeds - 1}/rss.xml")
    text = connection.getresponse().read().decode()
    connection.close()
    return set(re.findall(r"lượt-(\d+)", text))


def memory(process):
    status = open(f"/proc/{process.pid}/status").read()
    sizes = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status))
    return " ".join(f"{name} {int(sizes[name]) // 1024} MB" for name in ("VmRSS", "VmHWM"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("folder")
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--watch", action="store_true")
    arguments = parser.parse_args()
    os.makedirs(os.path.join(arguments.folder, "articles"), exist_ok=True)
    os.chdir(arguments.folder)
    with open("feeds.toml", "w", encoding="utf-8") as file:
        file.write(CONFIGURATION)
    rnd = random.Random(7)
    bodies = [" ".join(rnd.choice(WORDS) for _ in range(120)) for _ in range(400)]
    build = [arguments.program, "build", "--quiet"]
    write(arguments, bodies, 0)
    if not arguments.watch:
        subprocess.check_call(build)
    serve = [arguments.program, "serve", "--listen", "127.0.0.1:0"] + ["--watch"] * arguments.watch
    process = subprocess.Popen(serve, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        print(line.rstrip(), flush=True)
        found = re.search(r"http://([\d.]+):(\d+)/", line)
        if found:
            address = (found[1], int(found[2]))
            break
    else:
        sys.exit("the server ended")
    threading.Thread(target=lambda: sys.stderr.writelines(process.stderr), daemon=True).start()
    print("started", memory(process), flush=True)
    clients = Clients(address, arguments.feeds)
    try:
        for version in range(1, arguments.rounds + 1):
            begun = time.monotonic()
            write(arguments, bodies, version)
            if not arguments.watch:
                subprocess.check_call(build)
            while versions(address, arguments.feeds) != {str(version)}:
                time.sleep(0.3)
            said = f"{clients.answers} answers, {clients.unchanged} of them 304, {clients.bad} bad"
            print(f"{version}: {time.monotonic() - begun:.0f} s, {memory(process)}, {said}", flush=True)
    finally:
        clients.end()
        process.terminate()
    sys.exit(1 if clients.bad or process.wait() else 0)


main()
