"""Data as text for an address, and back: JSON, compressed, in URL-safe base64.

An address comes from anywhere. What is unpacked has a bound, and is for the caller to check.
"""

import base64
import binascii
import json
import zlib

LINK_LIMIT = 1800  # characters of a whole address that mail and chat programs leave alone


def pack(data: object) -> str:
    """Data that `json.dumps` takes, as text for an address."""
    text = json.dumps(data, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpack(text: str, most: int) -> object:
    """The data in an address.

    Args:
        text: what `pack` made, or anything else.
        most: bytes of JSON there may be; no more than these are ever unpacked.

    Raises:
        ValueError: the text is too long, or is not what `pack` makes.
    """
    if len(text) > LINK_LIMIT:
        raise ValueError(f"The link is too long: at most {LINK_LIMIT:,} characters hold a state.")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(packed, most)
        if not unpacking.eof or unpacking.unused_data:
            raise ValueError
        return json.loads(content)
    except (binascii.Error, ValueError, RecursionError, zlib.error) as error:
        raise ValueError("The link is damaged: a part of it is missing or changed.") from error
