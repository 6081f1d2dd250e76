#!/usr/bin/env bash
# Builds helm and kustomize from the Go module proxy where they are missing, and prints the folder that they are in.
# They are kept in the cache folder; building them takes two minutes on two idle cores.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
helm=helm.sh/helm/v3/cmd/helm@v3.18.6
kustomize=sigs.k8s.io/kustomize/kustomize/v5@v5.7.1
bin=${XDG_CACHE_HOME:-$HOME/.cache}/okg-sidecar/install-tools-3.18.6-5.7.1
mkdir -p "$bin"
exec 9>"$bin/.lock"
flock 9
if [ ! -x "$bin/helm" ] || [ ! -x "$bin/kustomize" ]; then
  echo "build_tools: building helm and kustomize, once; this takes some minutes" >&2
  PATH=$("$here/../cluster/find_go.sh"):$PATH
  work=$(mktemp -d "$bin/.build.XXXXXX")
  trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
  for each in "$helm" "$kustomize"; do
    CGO_ENABLED=0 GOWORK=off GOTOOLCHAIN=local GOBIN=$work go install -trimpath -ldflags="-s -w" "$each" >&2
  done
  mv "$work/helm" "$work/kustomize" "$bin/"
fi
echo "$bin"
