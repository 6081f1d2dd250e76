"""Archives of a few files, as tools pack them."""

import gzip
import hashlib
import io
import json
import lzma
import subprocess
import tarfile
import zipfile


def tar(files, **more):
    """`files`: name -> bytes; a name that ends in a slash is a folder."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", **more) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name.rstrip("/"))
            info.mode = 0o644
            if name.endswith("/"):
                info.type, info.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def tar_gz(files):
    return gzip.compress(tar(files), mtime=0)


def tar_xz(files):
    return lzma.compress(tar(files))


def tar_zst(files):
    return subprocess.run(["zstd", "-q", "-c"], input=tar(files), stdout=subprocess.PIPE, check=True).stdout


def zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def tree_of(folder):
    """name -> bytes of every file below, but for the sidecar's own."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and ".okg-sidecar" not in path.parts}


def manifest_of(source, files):
    """A manifest. Its files are at the source beside it, under their checksums."""
    listed = []
    for name, content in files.items():
        digest = hashlib.sha256(content).hexdigest()
        listed.append({"path": name, "sha256": digest, "bytes": len(content), "url": source.put(f"/{digest}", content)})
    return json.dumps({"files": listed}).encode()
