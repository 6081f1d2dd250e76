#!/usr/bin/env python3
"""Writes what a folder of scripts/image-root holds as SPDX 2.3: each Debian package of a file or of a static library, and this program.
Usage: sbom.py FOLDER VERSION   (to standard output; of SOURCE_DATE_EPOCH, twice the same bytes)
@source https://spdx.github.io/spdx-spec/v2.3, https://github.com/package-url/purl-spec"""

import hashlib
import json
import os
import pathlib
import re
import sys
import time
import urllib.parse


def stanzas(text):
    for stanza in text.strip().split("\n\n"):
        yield dict(re.findall(r"^([\w-]+): (.*)", stanza, re.M))


def package(fields):
    name, version = fields["Package"], fields["Version"]
    source = fields.get("Source", name).split()[0]
    where = f"pkg:deb/debian/{name}@{urllib.parse.quote(version)}?arch={fields['Architecture']}&distro=debian-12"
    return {"SPDXID": f"SPDXRef-{re.sub('[^a-zA-Z0-9.-]', '-', name)}", "name": name, "versionInfo": version,
            "sourceInfo": f"Debian source package {source}", "supplier": f"Organization: {fields.get('Maintainer', 'Debian')}",
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseConcluded": "NOASSERTION",
            "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": where}]}


def main(folder, version):
    binary = (folder / "usr/bin/okg-sidecar").read_bytes()
    own = {"SPDXID": "SPDXRef-okg-sidecar", "name": "okg-sidecar", "versionInfo": version, "downloadLocation": "NOASSERTION",
           "filesAnalyzed": False, "licenseConcluded": "Apache-2.0", "licenseDeclared": "Apache-2.0", "copyrightText": "NOASSERTION",
           "checksums": [{"algorithm": "SHA256", "checksumValue": hashlib.sha256(binary).hexdigest()}]}
    packages = [package(each) for each in stanzas((folder / "var/lib/dpkg/status").read_text())]
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", "0"))))
    print(json.dumps({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"okg-sidecar-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/okg-sidecar-{version}-{own['checksums'][0]['checksumValue'][:16]}",
        "creationInfo": {"created": created, "creators": ["Tool: okg-sidecar-sbom"]},
        "packages": [own, *packages],
        "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": own["SPDXID"]},
                          *({"spdxElementId": own["SPDXID"], "relationshipType": "DEPENDS_ON", "relatedSpdxElement": each["SPDXID"]}
                            for each in packages)]}, indent=1))


main(pathlib.Path(sys.argv[1]), sys.argv[2])
