"""docs/operations.md followed command by command on a real node, its output compared with what the page shows."""

import pathlib
import re
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE_SOURCE = "https://cdn.example.com/game"
BLOCK_SECONDS = 180  # the longest that a block of commands may take, its rollouts included


def steps(page):
    """Each block of commands, with the output that follows it where the page shows one."""
    text = (ROOT / page).read_text()
    assert EXAMPLE_SOURCE in text
    return re.findall(r"```sh\n(.*?)```(?:\n\n```text\n(.*?)```)?", text, re.S)


class Shell:
    """One bash for the whole page, so that variables and functions of a block are there in the next."""

    def __init__(self, env):
        self.process = subprocess.Popen(["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"], stdin=subprocess.PIPE, cwd=ROOT, env=env,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, commands):
        """Their output; an error when one of them fails or takes too long, which ends the shell."""
        mark = "--- end of block ---"
        self.process.stdin.write(f"{{ {commands}\n}} </dev/null\necho\necho '{mark}'\n")
        self.process.stdin.flush()
        lines = []
        too_late = threading.Timer(BLOCK_SECONDS, self.process.kill)
        too_late.start()
        try:
            for line in self.process.stdout:
                if line.rstrip("\n") == mark:
                    return "".join(lines)
                lines.append(line)
        finally:
            too_late.cancel()
        raise AssertionError(f"exit status {self.process.wait()} of:\n{commands}\noutput:\n{''.join(lines)}")

    def stop(self):
        self.process.stdin.close()
        self.process.wait(20)


def _matches(shown, output):
    """Line by line, `…` standing for anything, and a line of its own for any number of lines."""
    pattern = ""
    for line in shown.splitlines():
        pattern += "(?:.*\n)*?" if line == "…" else re.sub(r"(?:\\ )?…(?:\\ )?", ".*", re.escape(line)) + "\n+"
    return re.fullmatch(pattern, output)


def follow(page, shell, pages, saved=None):
    """Runs every command of a page, and compares what it prints with what the page shows. `saved`: files that a reader has, by name."""
    for commands, shown in steps(page):
        for name, path in {EXAMPLE_SOURCE: pages.url(""), **(saved or {})}.items():
            commands = commands.replace(name, str(path))
        output = shell.run(commands)
        assert not shown or _matches(shown, output), f"the page shows\n{shown}\nfor\n{commands}\nbut it was\n{output}"


def test_every_command_of_the_operations_page_does_what_the_page_shows(node, emptied, pages, things, tmp_path):
    shell = Shell({**node.env, "HOME": str(tmp_path)})
    things.append(shell)
    assert len(steps("docs/operations.md")) >= 10
    follow("docs/operations.md", shell, pages)


def test_an_output_that_differs_from_the_page_is_noticed():
    assert _matches("a…c\n", "abc\n\n")
    assert _matches("…\nend\n", "one\ntwo\nend\n")
    assert not _matches("a…c\n", "abd\n")
    assert not _matches("a\n", "a\nb\n")
    assert not _matches("…\nend\n", "end\nmore\n")
