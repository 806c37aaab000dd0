#!/usr/bin/env bash
# A million articles in SQLite and PostgreSQL to feeds: time and memory, beside the database's own program running the same
# statements. Usage: benches/databases.sh [PROGRAM [ARTICLES.jsonl]]; without a program the release build is made, without
# articles a million are made up. Takes 3 GB in TMPDIR. Prints the table of docs/sources/database.md.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-}
articles=${2:+$(realpath "$2")}
if [ -z "$program" ]; then cargo build --release --quiet; program=target/release/bantin; fi
program=$(realpath "$program")
folder=$(mktemp -d)
chmod 755 "$folder"
server=
trap 'test -z "$server" || { kill "$server"; wait "$server" || true; }; rm -rf "$folder"' EXIT
cd "$folder"
now=2027-01-01T00:00:00Z

config() { # FOLDER SOURCE
  mkdir -p "$1"
  printf '[site]\ntitle = "Báo Thử"\nurl = "https://bao.example/"\nlanguage = "vi"\ntimezone = "Asia/Ho_Chi_Minh"\n[[source]]\n%s\n' "$2" >"$1/feeds.toml"
}
measure() { # LABEL COMMAND…
  local label=$1
  shift
  command time -f '%e %U %S %M' "$@" >"$folder/out" 2>"$folder/err" || { cat "$folder/err"; exit 1; }
  tail -n 1 "$folder/err" | awk -v label="$label" '{ printf "| %s | %.2f s | %.2f s | %.0f MB |\n", label, $1, $2 + $3, $4 / 1000 }'
}
build() { # FOLDER LABEL
  (cd "$1" && measure "$2" "$program" build --now "$now")
}
# Three runs of a table and of a query: nothing there yet, nothing changed, a hundred rows new.
runs() { # NAME URL INSERT
  local name=$1 url=$2
  config "$name-table" "url = \"$url\"
table = \"articles\""
  config "$name-query" "url = \"$url\"
max_size = \"4 GB\"
query = \"SELECT * FROM articles WHERE date_modified >= :since\""
  build "$name-table" "$name: \`table\`, first run"
  build "$name-table" "$name: \`table\`, nothing changed"
  build "$name-query" "$name: \`query\` with \`:since\`, first run: every row"
  build "$name-query" "$name: \`query\`, nothing changed"
  $3
  build "$name-table" "$name: \`table\`, 100 rows new"
  build "$name-query" "$name: \`query\`, 100 rows new"
  (cd "$name-table" && "$program" list --explain-query --now "$now") >"$name.sql"
}
columns="id, title, url, category, date_published, date_modified, summary, author, tags"
if [ -n "$articles" ]; then
  select="SELECT line ->> 'id', line ->> 'title', line ->> 'url', line ->> 'category', line ->> 'date_published',
    coalesce(line ->> 'date_modified', line ->> 'date_published'), line ->> 'summary', line ->> 'author', line ->> 'tags' FROM raw"
  sqlite3 news.db "CREATE TABLE raw (line TEXT)" ".mode ascii" '.separator "\037" "\n"' ".import $articles raw"
else
  select="WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 999999)
    SELECT 'tin-' || n, 'Tin số ' || n, '/tin/' || n || '.html', 'Mục ' || (n % 20),
    strftime('%Y-%m-%dT%H:%M:%S+07:00', '2026-11-20 16:00:00', '-' || n || ' minutes'),
    strftime('%Y-%m-%dT%H:%M:%S+07:00', '2026-11-20 16:30:00', '-' || n || ' minutes'),
    replace(printf('%.100c', '.'), '.', 'Mưa '), 'Lò Thị Mai', '[\"mưa\", \"lũ\"]' FROM n"
fi
sqlite3 news.db "
  CREATE TABLE articles (id TEXT PRIMARY KEY, title TEXT NOT NULL, url TEXT NOT NULL, category TEXT NOT NULL,
    date_published TEXT NOT NULL, date_modified TEXT NOT NULL, summary TEXT, author TEXT, tags TEXT);
  INSERT INTO articles ($columns) $select;
  CREATE INDEX by_category ON articles (category, date_published);
  CREATE INDEX by_date ON articles (date_published);
  CREATE INDEX by_change ON articles (date_modified);
  DROP TABLE IF EXISTS raw;"
new_rows() { # DATE-IN-THE-DATABASE'S-TYPE
  echo "INSERT INTO articles ($columns) SELECT 'moi-' || id, title, url || '?moi', category, $1, $1, summary, author, tags
    FROM articles ORDER BY date_published DESC LIMIT 100"
}
new_in_sqlite() { sqlite3 news.db "$(new_rows "'2026-12-31T08:00:00+07:00'")"; }
# Of the dump that PostgreSQL gets, before rows are added.
sqlite3 -csv news.db "SELECT $columns FROM articles" >articles.csv
echo "$(sqlite3 news.db 'SELECT count(*) FROM articles') rows, $(($(stat -c %s articles.csv) / 1000000)) MB as CSV"
echo "| run | time | CPU of the program | memory |"
echo "| --- | --- | --- | --- |"
runs SQLite "sqlite:$folder/news.db" new_in_sqlite
measure "sqlite3: the statements of \`table\`" sqlite3 news.db ".read SQLite.sql"
measure "sqlite3: every row as JSON" sqlite3 -json news.db "SELECT * FROM articles"

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
  CREATE TABLE articles (id text PRIMARY KEY, title text NOT NULL, url text NOT NULL, category text NOT NULL,
    date_published timestamptz NOT NULL, date_modified timestamptz NOT NULL, summary text, author text, tags jsonb)" \
  -c "\\copy articles ($columns) FROM articles.csv (FORMAT csv)" \
  -c "CREATE INDEX ON articles (category, date_published)" -c "CREATE INDEX ON articles (date_published)" \
  -c "CREATE INDEX ON articles (date_modified)" -c "ANALYZE articles"
new_in_postgres() { psql -q "$url" -c "$(new_rows "'2026-12-31 08:00+07'::timestamptz")"; }
runs PostgreSQL "$url" new_in_postgres
measure "psql: the statements of \`table\`" psql -q "$url" -f PostgreSQL.sql
measure "psql: every row as CSV" psql -q "$url" -c "COPY (SELECT * FROM articles) TO STDOUT (FORMAT csv)"
