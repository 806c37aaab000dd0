#!/usr/bin/env bash
# A million articles in SQLite and PostgreSQL to feeds: time and memory, beside the database's own program running the same
# statements. Usage: benches/databases.sh [PROGRAM]; without one, the release build is made. Takes a folder of 2 GB in TMPDIR.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-}
if [ -z "$program" ]; then cargo build --release --quiet; program=target/release/bantin; fi
program=$(realpath "$program")
folder=$(mktemp -d)
chmod 755 "$folder"
server=
trap 'test -z "$server" || { kill "$server"; wait "$server" || true; }; rm -rf "$folder"' EXIT
cd "$folder"

config() { # FOLDER SOURCE
  mkdir -p "$1"
  printf '[site]\ntitle = "Báo Thử"\nurl = "https://bao.example/"\nlanguage = "vi"\ntimezone = "Asia/Ho_Chi_Minh"\n[[source]]\n%s\n' "$2" >"$1/feeds.toml"
}
measure() { # LABEL COMMAND…
  local label=$1
  shift
  command time -f "$label: %e s, %U s of it at work here, %M KB" "$@" >"$folder/out" 2>"$folder/err" || { cat "$folder/err"; exit 1; }
  tail -n 1 "$folder/err"
}
three() { # NAME SOURCE-URL
  config "$1" "url = \"$2\"
table = \"articles\""
  (cd "$1" && measure "$1, table, first run" "$program" build --now 2026-11-21T00:00:00Z)
  (cd "$1" && measure "$1, table, again" "$program" build --now 2026-11-21T00:00:00Z)
  (cd "$1" && "$program" list --explain-query --now 2026-11-21T00:00:00Z) >"$1.sql"
  config "$1-whole" "url = \"$2\"
max_size = \"4 GB\"
query = \"SELECT * FROM articles\""
  (cd "$1-whole" && measure "$1, every row" "$program" build --now 2026-11-21T00:00:00Z)
}
columns="id, title, url, category, date_published, content_html"
body="'<p>' || replace(printf('%.150c', '.'), '.', 'Mưa ') || n || '</p>'"

sqlite3 news.db "
  CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT NOT NULL, url TEXT NOT NULL, category TEXT NOT NULL,
    date_published TEXT NOT NULL, content_html TEXT NOT NULL);
  INSERT INTO articles ($columns)
  WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 999999)
  SELECT n, 'Tin số ' || n, '/tin/' || n || '.html', 'Mục ' || (n % 20),
    datetime('2026-11-20 16:00:00', '-' || n || ' minutes'), $body FROM n;
  CREATE INDEX by_category ON articles (category, date_published);
  CREATE INDEX by_date ON articles (date_published);"
three sqlite "sqlite:$folder/news.db"
measure "sqlite3, the same statements" sqlite3 news.db ".read sqlite.sql"
measure "sqlite3, every row as JSON" sqlite3 -json news.db "SELECT * FROM articles"

postgres=$(find /usr/lib/postgresql/*/bin "$(dirname "$(realpath "$(command -v postgres || echo /)")")" -maxdepth 1 -name postgres 2>/dev/null | tail -n 1)
if [ -z "$postgres" ]; then echo "PostgreSQL is not installed"; exit; fi
run=()
if [ "$(id -u)" = 0 ]; then chmod 777 "$folder"; run=(setpriv --reuid=65534 --regid=65534 --clear-groups); fi
"${run[@]}" "$(dirname "$postgres")/initdb" -D "$folder/data" -U bao -A trust -E UTF8 --locale=C --no-sync >/dev/null
"${run[@]}" "$postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off 2>"$folder/log" &
server=$!
url="postgres:///postgres?host=$folder&user=bao"
until psql -q "$url" -c 'SELECT 1' >/dev/null 2>&1; do sleep 0.2; done
psql -q "$url" -c "
  CREATE TABLE articles (id bigint PRIMARY KEY, title text NOT NULL, url text NOT NULL, category text NOT NULL,
    date_published timestamptz NOT NULL, content_html text NOT NULL)" -c "
  INSERT INTO articles SELECT n, 'Tin số ' || n, '/tin/' || n || '.html', 'Mục ' || (n % 20),
    '2026-11-20 16:00+07'::timestamptz - n * interval '1 minute', '<p>' || repeat('Mưa ', 150) || n || '</p>'
  FROM generate_series(0, 999999) n" -c "
  CREATE INDEX ON articles (category, date_published)" -c "CREATE INDEX ON articles (date_published)" -c "ANALYZE articles"
three postgres "$url"
measure "psql, the same statements" psql -q "$url" -f postgres.sql
measure "psql, every row" psql -q "$url" -v FETCH_COUNT=1000 -c "SELECT * FROM articles"
