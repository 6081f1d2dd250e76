"""What a disk holds after a power cut: a model of a folder that knows which bytes and which names were synced.

Files keep the bytes of their last fsync or fdatasync, folders the names of their last fsync. Everything later may be there or
not; `states` are the worst cases of file systems in use: ext4 and XFS write names without the data they stand for (delayed
allocation), or data whose name is lost, or the beginning of it."""

import contextlib
import os
import pathlib
import shutil


class File:
    def __init__(self, content=b""):
        self.now, self.synced = bytearray(content), bytes(content)


class Folder:
    def __init__(self):
        self.now, self.synced = {}, {}


def all_of(file):
    return bytes(file.now)


def only_synced(file):
    return file.synced


def zeros_for_unsynced(file):
    """The size has been written, the blocks have not."""
    kept = common_length(file)
    return bytes(file.now[:kept]) + bytes(len(file.now) - kept)


def half_of_unsynced(file):
    kept = common_length(file)
    return bytes(file.now[: kept + (len(file.now) - kept) // 2])


def common_length(file):
    return len(os.path.commonprefix([bytes(file.now), file.synced]))


# name -> whether only synced names survive, and which bytes do
NO_NAME_LOST = "names survive, unsynced bytes are lost"
LOSSES = {
    "everything unsynced is lost": (True, only_synced),
    NO_NAME_LOST: (False, only_synced),
    "names and sizes survive, unsynced bytes are zero": (False, zeros_for_unsynced),
    "names survive, half of the unsynced bytes": (False, half_of_unsynced),
    "bytes survive, unsynced names are lost": (True, all_of),
}


class Disk:
    """Begins with what a folder holds, all of it synced; `apply` takes the steps that file_steps noted."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.by_inode = {}
        self.top = self._read(self.root)
        self.moves = []  # of names from one folder to another: one sync of either makes both durable

    def _read(self, path):
        status = path.stat()
        if status.st_ino in self.by_inode:
            return self.by_inode[status.st_ino]
        if path.is_dir():
            thing = Folder()
            thing.now = {child.name: self._read(child) for child in path.iterdir()}
            thing.synced = dict(thing.now)
        else:
            thing = File(path.read_bytes())
        self.by_inode[status.st_ino] = thing
        return thing

    def _place(self, path):
        folder = self.top
        *folders, name = pathlib.Path(os.path.normpath(path)).relative_to(self.root).parts
        for each in folders:
            folder = folder.now[each]
        return folder, name

    def apply(self, step):
        call = step["call"]
        if call in ("open", "mkdir"):
            folder, name = self._place(step["path"])
            if name in folder.now:
                folder.now[name].now.clear()  # O_TRUNC
            else:
                folder.now[name] = self.by_inode[step["inode"]] = File() if call == "open" else Folder()
        elif call == "write":
            data, at = bytes.fromhex(step["data"])[: step["result"]], step["offset"]
            now = self.by_inode[step["inode"]].now
            now.extend(bytes(max(0, at - len(now))))
            now[at : at + len(data)] = data
        elif call == "ftruncate":
            now = self.by_inode[step["inode"]].now
            del now[step["length"] :]
            now.extend(bytes(step["length"] - len(now)))
        elif call in ("fsync", "fdatasync"):
            thing = self.by_inode[step["inode"]]
            if isinstance(thing, Folder):
                self._sync_folder(thing)
            else:
                thing.synced = bytes(thing.now)
        elif call == "syncfs":
            for thing in self.by_inode.values():
                thing.synced = dict(thing.now) if isinstance(thing, Folder) else bytes(thing.now)
            self.moves.clear()
        elif call in ("rename", "link"):
            folder, name = self._place(step["path"])
            to_folder, to_name = self._place(step["to"])
            thing = folder.now[name]
            # Two names of one file: rename(2) does nothing.
            if call == "rename" and to_folder.now.get(to_name) is not thing:
                del folder.now[name]
            to_folder.now[to_name] = thing
            if call == "rename" and isinstance(thing, Folder):
                self.moves.append((folder, name, to_folder, to_name))
        elif call == "exchange":
            folder, name = self._place(step["path"])
            to_folder, to_name = self._place(step["to"])
            folder.now[name], to_folder.now[to_name] = to_folder.now[to_name], folder.now[name]
            self.moves.append((folder, name, to_folder, to_name))
        elif call == "unlink":
            folder, name = self._place(step["path"])
            del folder.now[name]
        else:
            assert call in ("fallocate", "fchmod"), f"the model does not know {call}: {step}"

    def new_inodes(self, paths):
        """{inode that the steps named: the one of the same thing now}"""
        return {inode: paths[thing].stat().st_ino for inode, thing in self.by_inode.items() if thing in paths}

    def _sync_folder(self, folder):
        """A rename is one transaction of ext4, XFS and Btrfs: never is one half of it on the disk."""
        folder.synced = dict(folder.now)
        for move in [each for each in self.moves if folder in (each[0], each[2])]:
            self.moves.remove(move)
            for side, name in (move[:2], move[2:]):
                if name in side.now:
                    side.synced[name] = side.now[name]
                else:
                    side.synced.pop(name, None)

    def files(self):
        """{relative path: bytes} without a power cut."""
        return {name: bytes(thing.now) for name, (thing, content) in self.tree(NO_NAME_LOST).items() if content is not None}

    def tree(self, loss):
        """{relative path: (thing, bytes)}, None as the bytes of a folder."""
        names_synced, content = LOSSES[loss]
        found = {}

        def walk(folder, at):
            for name, thing in (folder.synced if names_synced else folder.now).items():
                if isinstance(thing, Folder):
                    found[at + name] = (thing, None)
                    walk(thing, at + name + "/")
                else:
                    found[at + name] = (thing, content(thing))

        walk(self.top, "")
        return found


def fill(folder, tree):
    """Makes `folder` hold exactly this tree, hard links included. {thing: path}"""
    for child in folder.iterdir():
        shutil.rmtree(child) if child.is_dir() else child.unlink()
    first = {}
    for name, (thing, content) in tree.items():
        path = folder / name
        if content is None:
            path.mkdir()
            first[thing] = path
        elif thing in first:
            os.link(first[thing], path)
        else:
            path.write_bytes(content)
            first[thing] = path
    return first


@contextlib.contextmanager
def inodes_in_use(folder):
    """No file that is made gets the number of one that is here now. The journal knows files by their inodes, and a power cut
    changes none: a number that `fill` gave to another file by chance would be a fault that no disk has."""
    held = [os.open(each, os.O_PATH | os.O_NOFOLLOW) for each in [folder, *folder.rglob("*")]]
    try:
        yield
    finally:
        for each in held:
            os.close(each)


def fingerprint(tree):
    return tuple(sorted((name, content or b"") for name, (_, content) in tree.items()))
