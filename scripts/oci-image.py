#!/usr/bin/env python3
"""Packs folders that scripts/image-root laid out as one OCI image, twice the same bytes.
Usage: oci-image.py OUTPUT.tar NAME ARCHITECTURE=FOLDER…   (amd64=dist/image arm64=dist/image-arm64)
@source https://github.com/opencontainers/image-spec, image-layout.md; layers are of SOURCE_DATE_EPOCH and root's."""

import gzip
import hashlib
import io
import json
import os
import pathlib
import sys
import tarfile
import time

EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
CREATED = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(EPOCH))
TYPE = "application/vnd.oci.image"
# What the Dockerfile's stage `settings` says.
SETTINGS = {"User": "65532:65532", "ExposedPorts": {"5000/tcp": {}}, "Entrypoint": ["/usr/bin/okg-sidecar"]}


def entry(name, size=0, kind=tarfile.REGTYPE, mode=0o644):
    made = tarfile.TarInfo(name)
    made.size, made.type, made.mode, made.mtime = size, kind, mode, EPOCH
    return made


def layer(folder):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for path in sorted(folder.rglob("*")):
            name, mode = str(path.relative_to(folder)), path.lstat().st_mode & 0o777
            if path.is_symlink():
                link = entry(name, kind=tarfile.SYMTYPE, mode=0o777)
                link.linkname = os.readlink(path)
                tar.addfile(link)
            elif path.is_dir():
                tar.addfile(entry(name, kind=tarfile.DIRTYPE, mode=mode))
            else:
                content = path.read_bytes()
                tar.addfile(entry(name, len(content), mode=mode), io.BytesIO(content))
    return packed.getvalue()


class Layout:
    def __init__(self):
        self.files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}

    def add(self, content, kind):
        digest = hashlib.sha256(content).hexdigest()
        self.files[f"blobs/sha256/{digest}"] = content
        return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(content)}

    def add_json(self, value, kind):
        return self.add(json.dumps(value, sort_keys=True).encode(), kind)

    def add_image(self, architecture, folder):
        content = layer(folder)
        config = self.add_json({
            "architecture": architecture, "os": "linux", "created": CREATED, "config": SETTINGS,
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(content).hexdigest()}"]}}, f"{TYPE}.config.v1+json")
        packed = self.add(gzip.compress(content, 9, mtime=0), f"{TYPE}.layer.v1.tar+gzip")
        manifest = self.add_json({"schemaVersion": 2, "mediaType": f"{TYPE}.manifest.v1+json", "config": config, "layers": [packed]},
                                 f"{TYPE}.manifest.v1+json")
        return {**manifest, "platform": {"architecture": architecture, "os": "linux"}}

    def write(self, file):
        with tarfile.open(file, "w", format=tarfile.GNU_FORMAT) as tar:
            for name, content in sorted(self.files.items()):
                tar.addfile(entry(name, len(content)), io.BytesIO(content))


def main(output, name, images):
    layout = Layout()
    index = layout.add_json({"schemaVersion": 2, "mediaType": f"{TYPE}.index.v1+json", "manifests": [
        layout.add_image(architecture, pathlib.Path(folder)) for architecture, folder in sorted(images.items())]}, f"{TYPE}.index.v1+json")
    named = {**index, "annotations": {"org.opencontainers.image.ref.name": name}}
    layout.files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [named]}, sort_keys=True).encode()
    layout.write(output)


main(sys.argv[1], sys.argv[2], dict(each.split("=", 1) for each in sys.argv[3:]))
