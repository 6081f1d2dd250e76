"""Signs content as operators do: with minisign."""

import subprocess


class Signer:
    """minisign, as operators run it."""

    def __init__(self, folder, name="signer"):
        self.folder = folder
        self.public, self.secret = folder / f"{name}.pub", folder / f"{name}.key"
        self.run("-G", "-W", "-p", self.public, "-s", self.secret)

    def run(self, *arguments):
        subprocess.run(["minisign", *map(str, arguments)], check=True, stdin=subprocess.DEVNULL, capture_output=True)

    def sign(self, content, comment, *more):
        file = self.folder / "to-sign"
        file.write_bytes(content)
        self.run("-S", *(more or ["-H"]), "-s", self.secret, "-m", file, "-t", comment, "-x", f"{file}.minisig")
        return (self.folder / "to-sign.minisig").read_bytes()
