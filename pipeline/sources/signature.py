"""Standard Webhooks signatures, checked in constant time; two secrets count while one replaces the other.

First in the flow, before a body is parsed. The library signs but looks at a clock of its own, so checking is ours
(platforms.md 15.2); tests hold it against the library and the published vector.
"""

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.settings import SettingError

TOLERANCE_SECONDS = 300
_CURE = "give whsec_ and base64, as `parapet init` writes it; two secrets, comma between, while you change"


def keys_of(setting: str) -> tuple[bytes, ...]:
    """Return the keys of PARAPET_WEBHOOK_SECRETS. Raises SettingError naming it and the cure."""
    secrets = [one.strip() for one in setting.split(",") if one.strip()]
    if not secrets:
        raise SettingError(f"PARAPET_WEBHOOK_SECRETS is empty: {_CURE}")
    try:
        keys = tuple(b64decode(one.removeprefix("whsec_"), validate=True) for one in secrets)
    except (binascii.Error, ValueError):
        keys = (b"",)
    if not all(len(key) >= 16 for key in keys):
        raise SettingError(f"PARAPET_WEBHOOK_SECRETS holds no secret of 16 bytes or more: {_CURE}")
    return keys


def verified(keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Return whether a body is signed with one of the keys, within five minutes of `now` (aware)."""
    identity, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not identity or not (sent_at.isascii() and sent_at.isdigit()) or len(sent_at) > 12:
        return False
    if abs(now.timestamp() - int(sent_at)) > TOLERANCE_SECONDS:
        return False
    given = [one.removeprefix("v1,") for one in headers.get("webhook-signature", "").split() if one.startswith("v1,")]
    signed = f"{identity}.{sent_at}.".encode() + body
    wanted = [b64encode(hmac.digest(key, signed, "sha256")) for key in keys]
    matches = [hmac.compare_digest(want, one.encode()) for want in wanted for one in given]
    return any(matches)
