#!/usr/bin/env bash
# A shift of a phone factory, on a server that runs: an inspector who decides, and lamps that go dim.
#   examples/phone-inspection/run.sh               phones that Davy draws
#   examples/phone-inspection/run.sh --data DIR    photos: DIR holds msd-phone-screen and magnetic-tile
# DAVY is the command, else ./davy of this checkout; DAVY_SERVER where the server is, else http://127.0.0.1:8080.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
server=${DAVY_SERVER:-http://127.0.0.1:8080}
davy() { "${DAVY:-$here/../../davy}" "$@"; }
say() { printf '\n== %s\n' "$*"; }
[ $# = 0 ] || { [ $# = 2 ] && [ "$1" = --data ]; } || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# calls: one curl for all that stand on standard input, a path and a file a line
calls() {
  while read -r path type file; do
    printf 'url = "%s%s"\ndata-binary = "@%s"\nheader = "Content-Type: %s"\nnext\n' "$server" "$path" "$file" "$type"
  done | sed '$d' | curl -sS --fail-with-body -K -
}
day=$(date -u -d yesterday +%F 2>/dev/null || date -u -v-1d +%F)
# minutes FIRST A_MINUTE FILE…: the photos as a camera took them from that minute of seven o'clock yesterday on
minutes() {
  local minute=$1 each=$2 count=0 file
  shift 2
  for file; do
    printf '/api/v1/endpoints/phone-inspection/predict?at=%sT07:%02d:%02dZ image/%s %s\n' "$day" \
      $((minute + count / each)) $((count % each * 60 / each)) "$kind" "$file"
    count=$((count + 1))
  done | calls >/dev/null
  echo "$# photos, $each a minute, from 07:$(printf %02d "$minute") on"
}

if [ $# = 2 ]; then
  kind=jpeg
  awk -F, -v dir="$2/msd-phone-screen/" 'NR > 1 { print dir $1, $2 == "scratch" ? "scratch" : "ok" }' \
    "$2/msd-phone-screen/manifest.csv" >"$work/phones"
  bright=("$2"/magnetic-tile/images/*/exp6_*) dim=("$2"/magnetic-tile/images/*/exp1_*)
  a_minute=6
else
  kind=png
  davy demo --write-photos "$work/seat" --seed 21 --photos 48 --scratched 33 --png >/dev/null
  davy demo --write-photos "$work/bright" --seed 22 --photos 120 --png >/dev/null
  davy demo --write-photos "$work/dim" --seed 23 --photos 40 --png --light 60 >/dev/null
  awk -F, -v dir="$work/seat/" 'NR > 1 { print dir $1 ".png", $5 }' "$work/seat/photos.csv" >"$work/phones"
  bright=("$work"/bright/*.png) dim=("$work"/dim/*.png)
  a_minute=10
fi

say "A model that looks for scratches, and two endpoints that ask it"
davy model push scratch "$here/models/scratch" --reference "$here/models/scratch/reference.csv"
davy apply -f "$here/endpoint.yaml"
davy apply -f "$here/seat.yaml"

say "An inspector decides each phone; the model answers into the log only"
while read -r file truth; do echo "/api/v1/endpoints/inspector-seat/predict image/$kind $file"; done <"$work/phones" |
  calls | grep -o '"id":"[^"]*"' | cut -d'"' -f4 | paste -d' ' - "$work/phones" >"$work/asked"
# Cases come to the queue a moment after their predictions.
for _ in $(seq 60); do
  curl -sS "$server/api/v1/reviews?state=open&endpoint=inspector-seat&limit=1" |
    grep -q "\"inspector-seat\":$(wc -l <"$work/asked")" && break
  sleep 1
done
davy review next inspector-seat
for truth in ok scratch; do echo "{\"answer\": {\"label\": \"$truth\"}}" >"$work/$truth.json"; done
while read -r id file truth; do echo "/api/v1/reviews/$id/judgement application/json $work/$truth.json"; done <"$work/asked" |
  calls >/dev/null
davy automation show inspector-seat

say "The belt as it was set up"
minutes 0 "$a_minute" "${bright[@]}"
say "The lamps go dim"
minutes 20 "$a_minute" "${dim[@]}"
say "What rings"
for _ in $(seq 60); do
  alarms=$(davy alarm list --endpoint phone-inspection --state firing) || [ $? = 1 ]
  grep -q image.brightness <<<"$alarms" && break
  sleep 1
done
awk -F '  +' 'NR > 1 { print $5, $3, $7 }' <<<"$alarms" | sort
grep -q image.brightness <<<"$alarms" || { echo "The brightness did not ring." >&2; exit 1; }
