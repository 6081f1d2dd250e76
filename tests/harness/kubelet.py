"""What the kubelet does with a downward-API volume: a new folder of files, and one rename of the symlink ..data."""

import os
import shutil
import time


class DownwardVolume:
    """`write(desired="…", labels="…")` replaces those files at once; an absent annotation is an empty file."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.files, self.count = folder, {"desired": ""}, 0
        self.write()

    def write(self, **files):
        self.files.update(files)
        self.count += 1
        fresh = self.folder / f"..{time.time_ns()}_{self.count}"
        fresh.mkdir()
        for name, text in self.files.items():
            (fresh / name).write_text(text)
        old = os.readlink(self.folder / "..data") if (self.folder / "..data").is_symlink() else None
        (self.folder / "..data_tmp").symlink_to(fresh.name)
        os.rename(self.folder / "..data_tmp", self.folder / "..data")
        for name in self.files:
            if not (self.folder / name).is_symlink():
                (self.folder / name).symlink_to(f"..data/{name}")
        if old:
            shutil.rmtree(self.folder / old)

    @property
    def order_file(self):
        return self.folder / "desired"
