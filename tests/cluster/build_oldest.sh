#!/usr/bin/env bash
# Builds the API server of Kubernetes 1.20.2, the oldest supported version, from Debian 12's source package and keeps it in the
# cache folder. Usage: build_oldest.sh; it takes about 5 minutes on two cores.
set -euo pipefail
version=1.20.5+really1.20.2-1.1+deb12u1
bin=${XDG_CACHE_HOME:-$HOME/.cache}/okg-sidecar/kubernetes-1.20.2

mkdir -p "$bin"
exec 9>"$bin/.lock"
flock 9
[ ! -x "$bin/kube-apiserver" ] || exit 0
echo "building kube-apiserver 1.20.2, once; this takes some minutes" >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/sources" "$work/lists/partial"
chmod 755 "$work"

# The source package comes from wherever this machine's binary packages come from; the lists live and die with this run.
[ ! -f /etc/apt/sources.list.d/debian.sources ] ||
  sed 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$work/sources/source.sources"
[ ! -f /etc/apt/sources.list ] || sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >"$work/sources/source.list"
source_apt() {
  apt-get -qq -o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$work/sources" -o "Dir::State::Lists=$work/lists" \
    -o APT::Sandbox::User=root -o APT::Update::Post-Invoke::= -o APT::Update::Post-Invoke-Success::= "$@"
}

tools=(golang-1.19-go golang-github-modern-go-reflect2-dev dpkg-dev make rsync jq curl)
statuses=$(dpkg-query -W -f '${db:Status-Status}\n' "${tools[@]}" 2>&1 || true)
if grep -qvx installed <<<"$statuses"; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${tools[@]}" >/dev/null
fi
source_apt update
(cd "$work" && source_apt source --download-only "kubernetes=$version" && dpkg-source -x ./*.dsc source) >"$work/fetch.log" 2>&1 ||
  { cat "$work/fetch.log" >&2; exit 1; }

cd "$work/source"
# What it vendors is older than Go 1.18, whose map iteration it gets wrong: the API server then crashes now and then while it
# encodes JSON. @source https://github.com/modern-go/reflect2/releases/tag/v1.0.2
rm -r vendor/github.com/modern-go/reflect2
cp -rL /usr/share/gocode/src/github.com/modern-go/reflect2 vendor/github.com/modern-go/
mkdir -p .go/src/k8s.io && ln -s ../../.. .go/src/k8s.io/kubernetes
# Its build generates code first, which needs GOPATH mode and Go 1.19.
env -u GOFLAGS -u GOROOT HOME="$work" PATH="/usr/lib/go-1.19/bin:/usr/sbin:/usr/bin:/sbin:/bin" GOPATH="$PWD/.go" \
  GOCACHE="${GOCACHE:-$work/gocache}" GO111MODULE=off CGO_ENABLED=0 KUBE_GIT_VERSION=v1.20.2 KUBE_GIT_TREE_STATE=clean \
  KUBE_GIT_COMMIT=unknown KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20 make WHAT=cmd/kube-apiserver GOLDFLAGS="-s -w" \
  >"$work/build.log" 2>&1 || { tail -30 "$work/build.log" >&2; exit 1; }
cp -L _output/local/bin/linux/*/kube-apiserver "$bin/.kube-apiserver.new"
mv "$bin/.kube-apiserver.new" "$bin/kube-apiserver"
