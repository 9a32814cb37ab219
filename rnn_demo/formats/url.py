"""Data as text for a URL, and back: JSON, compressed, in URL-safe base64.

A link can come from anyone: the size of the unpacked data is limited, and the caller must
check the data itself.
"""

import base64
import binascii
import json
import zlib

from rnn_demo.messages import InputError

MAX_LINK_CHARACTERS = 1_800  # of a whole URL; mail and chat programs break longer ones
# Of one parameter of the visitor's own address, which nobody has to send: proxies refuse a request
# line from 8,000 characters on.
MAX_ADDRESS_CHARACTERS = 6_000


def pack(data: object) -> str:
    """Text for a URL that stands for `data`, which `json.dumps` must accept."""
    text = json.dumps(data, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpack(text: str, max_bytes: int) -> object:
    """The data that `pack` turned into a text.

    Args:
        text: the result of `pack`, or anything else.
        max_bytes: the limit for the unpacked JSON.

    Raises:
        InputError: the text is too long, or is not a result of `pack`.
    """
    if len(text) > MAX_ADDRESS_CHARACTERS:
        raise InputError("link.too_long", limit=MAX_ADDRESS_CHARACTERS)
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        decompressor = zlib.decompressobj()
        content = decompressor.decompress(packed, max_bytes)
        if not decompressor.eof or decompressor.unused_data:
            raise ValueError
        return json.loads(content)
    except (binascii.Error, ValueError, RecursionError, zlib.error) as error:
        raise InputError("link.damaged") from error
