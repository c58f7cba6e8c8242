"""Opens a message and checks its signature by http_ece and py_vapid; asked and answered in JSON."""

import base64
import json
import sys

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


asked = json.load(sys.stdin)
secret = ec.derive_private_key(int.from_bytes(decode(asked["secret"]), "big"), ec.SECP256R1())
text = http_ece.decrypt(
    decode(asked["body"]), private_key=secret, auth_secret=decode(asked["auth"]), version="aes128gcm"
)

authorization = asked["authorization"]
assert Vapid02.verify(authorization), "the signature does not hold"
token, key = authorization.removeprefix("vapid t=").split(",k=")
header, claims, signature = token.split(".")
changed = f"vapid t={header}.{claims[:-1]}{'A' if claims[-1] != 'A' else 'B'}.{signature},k={key}"
json.dump(
    {
        "data": json.loads(text),
        "claims": json.loads(decode(claims)),
        "changed_is_refused": not Vapid02.verify(changed),
    },
    sys.stdout,
)
