#!/usr/bin/env bash
# Spoken digits through a pipeline of three, on a server that runs; twice it gets worse, and Davy says which part it was.
#   examples/voice-digits/run.sh               digits that nobody spoke, made by Davy itself
#   examples/voice-digits/run.sh --data DIR    real ones: DIR holds fsdd/recordings, silero-vad and matchboxnet-kws
# DAVY is the command, else ./davy of this checkout; DAVY_SERVER where the server is, else http://127.0.0.1:8080.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
server=${DAVY_SERVER:-http://127.0.0.1:8080}
davy() { "${DAVY:-$here/../../davy}" "$@"; }
say() { printf '\n== %s\n' "$*"; }
[ $# = 0 ] || { [ $# = 2 ] && [ "$1" = --data ]; } || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

day=$(date -u -d yesterday +%F 2>/dev/null || date -u -v-1d +%F)
# ask HOUR FILE…: each recording in one call, as if at that hour of yesterday; says how many answers name the word that
# the file's name has in second place.
ask() {
  local hour=$1 file
  shift
  for file; do
    printf 'url = "%s/api/v1/endpoints/%s/predict?at=%sT%s:30:00Z"\ndata-binary = "@%s"\nheader = "Content-Type: audio/wav"\nnext\n' \
      "$server" "$endpoint" "$day" "$hour" "$file"
  done | sed '$d' | curl -sS --fail-with-body -K - | grep -o '"word":"[a-z]*"' | cut -d'"' -f4 >"$work/said"
  for file; do basename "$file" | cut -d_ -f2; done | paste -d' ' - "$work/said" |
    awk '{ right += $1 == $2 } END { printf "%d of %d recordings are answered rightly.\n", right, NR }'
}
# blame HOUR: who made that hour other than the one at 10 o'clock
blame() {
  davy attribute "$endpoint" --reference-from "${day}T10:00:00Z" --reference-to "${day}T11:00:00Z" \
    --from "${day}T$1:00:00Z" --to "${day}T$1:59:59Z" --rows 60 || [ $? = 1 ]
}

if [ $# = 2 ]; then
  endpoint=voice-words
  words=(zero one two three four five six seven eight nine)
  mkdir "$work/clips"
  for file in "$2"/fsdd/recordings/*_*_1[0-3].wav; do
    IFS=_ read -r digit who take <<<"$(basename "$file" .wav)"
    cp "$file" "$work/clips/${who}${take}_${words[$digit]}_.wav"
  done
  cp -r "$here/models/silero" "$here/models/kws" "$work"
  cp "$2/silero-vad/silero_vad.onnx" "$work/silero"
  cp "$2/matchboxnet-kws/matchboxnet.onnx" "$work/kws"
  say "Two public models and a rule between them"
  davy model push silero "$work/silero"
  davy model push kws "$work/kws"
  sed 's/^name: voice-digits/name: voice-words/' "$here/real.yaml" >"$work/real.yaml"
  davy apply -f "$work/real.yaml"
  say "Four people, as they speak"
  clips=("$work"/clips/*.wav)
  ask 10 "${clips[@]}"
  say "The detector loses its context; no call fails"
  sed -i 's/context: [0-9]*/context: 0/' "$work/silero/model.yaml"
  davy model push silero "$work/silero"
  davy endpoint switch voice-words --component vad --model silero/2
  ask 12 "${clips[@]}"
  blame 12
  exit
fi

endpoint=voice-digits
say "Two models and a rule between them"
davy model push vad "$here/models/vad"
davy model push digits "$here/models/digits"
davy apply -f "$here/endpoint.yaml"

say "Digits that nobody spoke"
davy demo --write-speech "$work/usual" --seed 11 --clips 120 >/dev/null
ask 10 "$work"/usual/*.wav

say "A cheap microphone, turned up too far"
davy demo --write-speech "$work/cheap" --seed 12 --clips 100 --microphone cheap >/dev/null
ask 12 "$work"/cheap/*.wav
blame 12

say "The old microphone again, and a detector that somebody fed wrongly; no call fails"
cp -r "$here/models/vad" "$work/vad"
sed -i 's/floor: 1e-6/floor: 1/' "$work/vad/model.yaml"
davy model push vad "$work/vad"
davy endpoint switch voice-digits --component vad --model vad/2
davy demo --write-speech "$work/other" --seed 13 --clips 100 >/dev/null
ask 14 "$work"/other/*.wav
blame 14
