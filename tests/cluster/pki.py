"""Certificates and kubeconfig files of a throw-away cluster."""

import pathlib
import subprocess

import yaml


def _openssl(*arguments, stdin=None):
    subprocess.run(["openssl", *map(str, arguments)], input=stdin, check=True, capture_output=True)


class Pki:
    """ca, a key pair for service-account tokens, and certificates issued by name; all in one folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ca = self.folder / "ca.crt"
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 30, "-subj", "/CN=test-ca",
                 "-keyout", self.folder / "ca.key", "-out", self.ca)
        _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.key("sa"))
        _openssl("ec", "-in", self.key("sa"), "-pubout", "-out", self.folder / "sa.pub")

    def key(self, name):
        return self.folder / f"{name}.key"

    def certificate(self, name):
        return self.folder / f"{name}.crt"

    def issue(self, name, subject, alternative_names):
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={','.join(alternative_names)}\nextendedKeyUsage=serverAuth,clientAuth\n")
        _openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
                 "-keyout", self.key(name), "-out", request)
        _openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.folder / "ca.key", "-CAcreateserial", "-days", 30,
                 "-extfile", extensions, "-out", self.certificate(name))

    def kubeconfig(self, path, server, name):
        """A kubeconfig that signs in with the certificate `name`."""
        path.write_text(yaml.safe_dump({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": server, "certificate-authority": str(self.ca)}}],
            "users": [{"name": name, "user": {"client-certificate": str(self.certificate(name)), "client-key": str(self.key(name))}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": name}}],
        }))
        return path
