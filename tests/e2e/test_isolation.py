"""What the game's container reaches of its sidecar: the same user, and one process namespace."""

import pytest

from game_pods import await_version, hot_update

# Prints a word for each thing that can be read, and what it is of. The sidecar is the process of that name.
SPY = r"""
for status in /proc/[0-9]*/comm; do
  pid=${status#/proc/}; pid=${pid%/comm}
  case "$(cat "$status" 2>/dev/null)" in okg-sidecar) whose=sidecar ;; nginx) whose=game ;; *) continue ;; esac
  echo "$whose seen"
  head -c 1 /proc/$pid/environ >/dev/null 2>&1 && echo "$whose environ"
  head -c 1 /proc/$pid/auxv >/dev/null 2>&1 && echo "$whose auxv"
  at=$(head -1 /proc/$pid/maps 2>/dev/null | cut -d- -f1)
  [ -n "$at" ] && dd if=/proc/$pid/mem bs=1 count=1 skip=$((0x$at)) >/dev/null 2>&1 && echo "$whose mem"
  ls /proc/$pid/root/ >/dev/null 2>&1 && echo "$whose root"
  ls /proc/$pid/fd/ >/dev/null 2>&1 && echo "$whose fd"
  ls /proc/$pid/cwd/ >/dev/null 2>&1 && echo "$whose cwd"
  cat /proc/$pid/root/var/run/secrets/kubernetes.io/serviceaccount/token >/dev/null 2>&1 && echo "$whose token"
  ls /proc/$pid/root/app/volume/state >/dev/null 2>&1 && echo "$whose state"
done
ls /var/run/secrets >/dev/null 2>&1 && echo "secrets mounted"
[ -n "$(find / -xdev -name '.okg-sidecar' -o -name journal -path '*state*' 2>/dev/null)" ] && echo "state found"
find /var/www/html
id -u
"""


def in_the_game(game, *command):
    return game.node.kubectl("exec", "hot-update-gs-0", "--container=game-2048", "--", *command)


@pytest.mark.parametrize("name", ["statefulset.yaml", "native-sidecar.yaml"])
def test_the_game_reads_neither_the_token_nor_the_sidecars_environment_memory_root_or_state(game, pages, name):
    game.apply(name)
    pod = game.pod("hot-update-gs-0")
    status, answer = hot_update(pod, f"version=v2&url={pages.url('/v2/index.html')}")
    assert (status, answer["result"], answer["recorded"]) == (200, "Succeeded", True), answer
    await_version(pod, "V2")
    read = in_the_game(game, "sh", "-c", SPY).splitlines()
    assert read[-1] == "65532"  # the sidecar's user as well
    # The same attempts succeed on a process that does nothing about it.
    assert {"game seen", "game environ", "game auxv", "game mem", "game root", "game fd", "game cwd"} <= set(read)
    assert {line for line in read if line.startswith("sidecar ")} == {"sidecar seen"}
    assert not {"secrets mounted", "state found"} & set(read)
    assert {line for line in read if line.startswith("/")} == {"/var/www/html", "/var/www/html/index.html"}
