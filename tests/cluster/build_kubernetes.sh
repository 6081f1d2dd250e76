#!/usr/bin/env bash
# Builds what is missing of Kubernetes 1.34 and etcd, as Go programs from the Go module proxy, and keeps it in the cache folder.
# Usage: build_kubernetes.sh [program …]; all of them take 6.5 minutes on two idle cores, and Go's own caches grow by 4 GB.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
version=1.34.4 # 1.35 is the last that takes containerd 1.x, and refuses cgroup v1 unless configured
etcd=go.etcd.io/etcd/server/v3@v3.6.13
bin=${XDG_CACHE_HOME:-$HOME/.cache}/okg-sidecar/kubernetes-$version
programs=("$@")
[ ${#programs[@]} -gt 0 ] || programs=(etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kubectl)

mkdir -p "$bin"
exec 9>"$bin/.lock"
flock 9
components=() with_etcd=
for program in "${programs[@]}"; do
  [ ! -x "$bin/$program" ] || continue
  if [ "$program" = etcd ]; then with_etcd=1; else components+=("$program"); fi
done
[ -n "$with_etcd${components[*]}" ] || exit 0
echo "building ${with_etcd:+etcd }${components[*]} for Kubernetes $version, once; this takes some minutes" >&2

PATH=$("$here/find_go.sh"):$PATH
export CGO_ENABLED=0 GOWORK=off GOTOOLCHAIN=local GOFLAGS="${GOFLAGS:-} -mod=mod -trimpath"
work=$(mktemp -d "$bin/.build.XXXXXX") # in the same file system, so that a program appears whole
trap 'rm -rf "$work"' EXIT

# What is built are main packages of other modules; go.mod is that of a module of our own that requires them.
build_etcd() {
  go mod init okg-sidecar-test-cluster
  go get "$etcd"
  go build -o "$work/out/etcd" -ldflags "-s -w" "${etcd%@*}"
}
build_components() {
  local source stamps stamp=k8s.io/component-base/version minor=${version#1.}
  source=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  # With the pins of its go.mod, which takes some modules from folders of its repository; each is also published, v0.x.y for 1.x.y.
  sed "s|^module .*|module okg-sidecar-test-cluster|; s|=> \./staging/src/\(.*\)|=> \1 v0.$minor|" "$source/go.mod" >go.mod
  cat "$source/go.sum" >go.sum
  go mod edit -require="k8s.io/kubernetes@v$version"
  stamps="-X $stamp.gitVersion=v$version -X $stamp.gitMajor=1 -X $stamp.gitMinor=${minor%%.*} -X $stamp.gitTreeState=clean"
  go build -o "$work/out/" -ldflags "-s -w $stamps" "${components[@]/#/k8s.io/kubernetes/cmd/}"
}
in_folder() { # NAME FUNCTION, in a fresh folder; its output is shown only when it fails
  mkdir -p "$work/$1" "$work/out"
  # A function in an `if` would go on after an error.
  (cd "$work/$1" && set -e && "$2") >"$work/$1.log" 2>&1 &
  wait $! || { tail -30 "$work/$1.log" >&2; echo "build_kubernetes: could not build $1; is the Go module proxy reachable?" >&2; exit 1; }
  mv "$work"/out/* "$bin/"
}
[ -z "$with_etcd" ] || in_folder etcd build_etcd
[ ${#components[@]} -eq 0 ] || in_folder kubernetes build_components
