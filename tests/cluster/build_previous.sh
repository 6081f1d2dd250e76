#!/usr/bin/env bash
# Builds the program of the previous release from its commit, keeps it in the cache folder, and prints where. Takes a minute on two
# cores, once. Ends with 77 where the history does not have the commit. Usage: build_previous.sh
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
# 0.1.0: the last commit whose changes are all in its part of CHANGELOG.md. The next release names its tag.
commit=323502666ebef4a1ce5e68d28792107efffa87df
git cat-file -e "$commit^{commit}" 2>/dev/null || { echo "build_previous: the history has no $commit; git fetch --unshallow" >&2; exit 77; }
folder=${XDG_CACHE_HOME:-$HOME/.cache}/okg-sidecar/previous
binary=$folder/okg-sidecar-$commit
if [ ! -x "$binary" ]; then
  mkdir -p "$folder"
  exec 9>"$folder/.lock"
  flock 9
fi
if [ ! -x "$binary" ]; then
  work=$(mktemp -d "$folder/.build.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  echo "build_previous: building $commit, once" >&2
  git archive "$commit" | tar -x -C "$work"
  # Its warnings were those of its compiler.
  if ! { cmake -S "$work" -B "$work/build/dev" --preset dev -DOKG_WERROR=OFF &&
    cmake --build "$work/build/dev" --parallel "$(nproc)" --target okg-sidecar; } >"$work/log" 2>&1; then
    tail -30 "$work/log" >&2
    echo "build_previous: it did not compile; ./scripts/setup cluster installs what it needs" >&2
    exit 1
  fi
  strip -o "$work/okg-sidecar" "$work/build/dev/okg-sidecar"
  # By one rename: whoever looks finds all of it or nothing.
  mv "$work/okg-sidecar" "$binary"
fi
echo "$binary"
