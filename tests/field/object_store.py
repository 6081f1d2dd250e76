"""moto as an object store that takes only signed requests; and botocore, to compute what a signature has to be."""

import json
import re
import sys
import urllib.parse
import urllib.request

from real_servers import S3

REGION = "eu-central-1"
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
ASSUMED = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]})


def credentials_text(id, secret, token=None, profile="default"):
    """A file of AWS's form."""
    lines = [f"[{profile}]", f"aws_access_key_id = {id}", f"aws_secret_access_key = {secret}"]
    return "\n".join(lines + ([f"aws_session_token = {token}"] if token else [])) + "\n"


def value(answer, name):
    return re.search(f"<{name}>(.*?)</{name}>", answer).group(1)


class ObjectStore(S3):
    """With a private bucket "bucket". `keys`: (id, secret) of a user; `session`: (id, secret, token) of a role."""

    def __init__(self, folder):
        super().__init__(folder, None)
        self._request("PUT", "/bucket?acl", b"", **{"x-amz-acl": "private"})
        self._ask("iam", Action="CreateUser", UserName="sidecar")
        self._ask("iam", Action="PutUserPolicy", UserName="sidecar", PolicyName="p", PolicyDocument=EVERYTHING)
        user = self._ask("iam", Action="CreateAccessKey", UserName="sidecar")
        role = self._ask("iam", Action="CreateRole", RoleName="reader", AssumeRolePolicyDocument=ASSUMED)
        self._ask("iam", Action="PutRolePolicy", RoleName="reader", PolicyName="p", PolicyDocument=EVERYTHING)
        session = self._ask("sts", Action="AssumeRole", RoleArn=value(role, "Arn"), RoleSessionName="session")
        self.keys = (value(user, "AccessKeyId"), value(user, "SecretAccessKey"))
        self.session = tuple(value(session, name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))

    def _ask(self, service, **fields):
        """A call whose signature nobody checks yet."""
        scope = f"AWS4-HMAC-SHA256 Credential=mock/20261126/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=x"
        body = urllib.parse.urlencode(fields).encode()
        made = urllib.request.Request(f"http://127.0.0.1:{self.port}/", data=body, headers={"Authorization": scope})
        with urllib.request.urlopen(made, timeout=20) as answer:
            return answer.read().decode()

    def put(self, key, body):
        self._request("PUT", f"/bucket/{key}", body, **{"Content-Type": "application/octet-stream"})

    def check_signatures(self):
        """From now on; to be called once the content is there."""
        self._request("POST", "/moto-api/reset-auth", b"0", **{"Content-Type": "text/plain"})


def authorization(path, headers, keys):
    """What the header has to be for a GET of `path`, as it was sent, with these headers."""
    if str(S3.packages) not in sys.path:
        sys.path.append(str(S3.packages))
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    signed = re.search("SignedHeaders=(.*?),", headers["Authorization"]).group(1).split(";")
    sent = {name: value for name, value in headers.items() if name.lower() in signed}
    bare, _, query = path.partition("?")
    request = AWSRequest("GET", f"http://{headers['Host']}{bare}", headers=sent, params=dict(urllib.parse.parse_qsl(query)))
    request.context["timestamp"] = headers["x-amz-date"]
    auth = S3SigV4Auth(Credentials(*keys), "s3", REGION)
    signature = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    return f"AWS4-HMAC-SHA256 Credential={auth.scope(request)},SignedHeaders={';'.join(signed)},Signature={signature}"
