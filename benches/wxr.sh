#!/usr/bin/env bash
# Exports of WordPress of growing size to feeds: time and memory. Half of the items are attachments, and every post waits
# for its picture. Usage: benches/wxr.sh [PROGRAM]; without one, the release build is made. Takes 1 GB in TMPDIR.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-}
if [ -z "$program" ]; then cargo build --release --quiet; program=target/release/bantin; fi
program=$(realpath "$program")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export_of() { # POSTS
  awk -v posts="$1" 'BEGIN {
    print "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<rss version=\"2.0\" xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Báo Thử</title>"
    for (i = 0; i < 40; i++) text = text "Mưa lớn ở Mường La, nước lên nhanh. "
    for (i = 1; i <= posts; i++) {
      day = int(i / 96) # one every quarter of an hour, in years of twelve months of four weeks
      printf "<item><title>Tin số %d</title><link>https://bao.example/tin-%d/</link><guid isPermaLink=\"false\">https://bao.example/?p=%d</guid><content:encoded><![CDATA[%s]]></content:encoded><wp:post_id>%d</wp:post_id><wp:post_date>%d-%02d-%02d %02d:%02d:00</wp:post_date><wp:status>publish</wp:status><wp:post_type>post</wp:post_type><category domain=\"category\" nicename=\"muc-%d\"><![CDATA[Mục %d]]></category><wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>%d</wp:meta_value></wp:postmeta></item>\n", i, i, i, text, i, 2026 - int(day / 336), 12 - int(day / 28) % 12, 28 - day % 28, 23 - int(i / 4) % 24, i % 4 * 15, i % 20, i % 20, i + posts
    }
    for (i = 1; i <= posts; i++)
      printf "<item><title>anh</title><wp:post_id>%d</wp:post_id><wp:post_parent>%d</wp:post_parent><wp:post_type>attachment</wp:post_type><excerpt:encoded><![CDATA[Nước suối Nậm Păm lên nhanh trong đêm, ảnh của bạn đọc số %d]]></excerpt:encoded><wp:attachment_url>https://bao.example/wp-content/uploads/2026/11/nuoc-len-nhanh-trong-dem-%d.jpg</wp:attachment_url></item>\n", i + posts, i, i, i
    print "</channel></rss>"
  }'
}
echo "| export | items | time | CPU | memory |"
echo "| --- | --- | --- | --- | --- |"
for posts in 1000 47000 188000; do
  rm -rf site
  mkdir site
  export_of "$posts" >site/export.xml
  printf '[site]\ntitle = "Báo Thử"\nurl = "https://bao.example/"\nlanguage = "vi"\ntimezone = "Asia/Ho_Chi_Minh"\n[[source]]\npath = "export.xml"\n' >site/feeds.toml
  (cd site && command time -o ../time -f '%e %U %S %M' "$program" build --quiet --now 2027-01-01T00:00:00Z)
  awk -v size="$(($(stat -c %s site/export.xml) / 1000000))" -v items="$((posts * 2))" \
    '{ printf "| %s MB | %d | %.1f s | %.1f s | %.0f MB |\n", size, items, $1, $2 + $3, $4 / 1000 }' time
done
