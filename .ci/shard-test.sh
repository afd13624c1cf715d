#!/usr/bin/env bash
# Shards, done side by side and merged, say what the whole command says: the same report, the same JSON but for the
# seconds, the same exit status. And a gap or a duplicate is refused. Uses GNU parallel if it is there, else the shell.
set -u
cd "$(dirname "$0")/.." || exit 1
export NO_COLOR=1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
ipsecha=(node src/cli/ipsecha.mjs)
shards=3

fail() {
  printf 'FAILED: %s\n' "$*"
  failed=1
}

# Seconds, and what is computed from them, differ from run to run.
timeless() { sed -E 's/[0-9]+\.[0-9]+ s;/S s;/; s/"(seconds|verdictSeconds|statesPerSecond|bytesPerState)": [0-9.e-]+/"\1": 0/' "$1"; }

run_shards() { # run_shards NAME ARGUMENT...: one file for each shard
  local name=$1
  shift
  if parallel --version 2>/dev/null | grep -q GNU; then
    parallel --jobs 2 "${ipsecha[*]} $* --shard {}/$shards --json > $dir/$name-{}.json" ::: $(seq "$shards")
  else
    for i in $(seq "$shards"); do
      "${ipsecha[@]}" "$@" --shard "$i/$shards" --json >"$dir/$name-$i.json" &
    done
    wait
  fi
}

compare() { # compare NAME ARGUMENT...: the whole command and its merged shards
  local name=$1 whole merged
  shift
  "${ipsecha[@]}" "$@" >"$dir/$name.txt"
  whole=$?
  "${ipsecha[@]}" "$@" --json >"$dir/$name.json"
  run_shards "$name" "$@"
  "${ipsecha[@]}" merge "$dir/$name"-[0-9].json >"$dir/$name.merged.txt"
  merged=$?
  "${ipsecha[@]}" merge --json "$dir/$name"-[0-9].json >"$dir/$name.merged.json"
  [ "$whole" -eq "$merged" ] || fail "$name: exit status $merged, not $whole"
  for kind in txt json; do
    if ! diff <(timeless "$dir/$name.$kind") <(timeless "$dir/$name.merged.$kind") >"$dir/diff"; then
      fail "$name: the merged report ($kind) is another"
      head -20 "$dir/diff"
    fi
  done
  [ -s "$dir/$name.merged.txt" ] || fail "$name: nothing was printed"
  "${ipsecha[@]}" merge "$dir/$name-1.json" "$dir/$name-3.json" >/dev/null 2>"$dir/said"
  [ $? -eq 2 ] && grep -q 'jobs are missing' "$dir/said" || fail "$name: a gap was not refused"
  "${ipsecha[@]}" merge "$dir/$name"-[0-9].json "$dir/$name-2.json" >/dev/null 2>"$dir/said"
  [ $? -eq 2 ] && grep -q 'is there twice' "$dir/said" || fail "$name: a duplicate was not refused"
  printf 'ok      %s\n' "$name"
}

compare check check ikev2 rfc6311 --scenario single-failover --scenario replay-counter-only --set requests=1
compare check-weakest check ikev2 --scenario single-failover --scenario larger-window --weakest --property message-id-monotonicity
compare ablate ablate rfc6311 --scenario single-failover --set requests=1 --set bump=1
compare synthesise synthesise rfc6311 --property message-id-monotonicity --over bump=0..2,requests=1..2 --scenario single-failover
exit "$failed"
