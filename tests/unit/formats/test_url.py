import base64
import contextlib
import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_demo.formats import url

MOST = 20_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def compressed(content: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


@settings(deadline=None)
@given(JSON)
def test_data_survives_the_address(data):
    text = url.pack(data)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert url.unpack(text, MOST) == data


@pytest.mark.hostile("a link cut short")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "AAAA",
        "ü",
        "A" * url.LINK_LIMIT,
        url.pack({"a": 1})[:-4],
        url.pack({"a": 1}) + "AAAA",
        url.pack({"a": 1}).swapcase(),
        compressed(b""),
        compressed(b"{"),
        compressed(b"\xff\xfe\x00"),
        compressed(b"[" * 19_000),
    ],
)
def test_what_was_tampered_with_is_damaged(text):
    with pytest.raises(ValueError, match=r"^The link is damaged: .*\.$"):
        url.unpack(text, MOST)


@pytest.mark.hostile("a link that unpacks to a megabyte")
def test_a_bomb_is_not_unpacked(monkeypatch):
    sizes = []
    decompressor = zlib.decompressobj

    class Counting:
        def __init__(self) -> None:
            self.real = decompressor()

        def decompress(self, packed: bytes, most: int) -> bytes:
            content = self.real.decompress(packed, most)
            sizes.append(len(content))
            return content

        def __getattr__(self, name: str) -> object:
            return getattr(self.real, name)

    monkeypatch.setattr(url.zlib, "decompressobj", Counting)
    bomb = compressed(b"[" + b" " * 1_300_000 + b"]")
    assert len(bomb) < url.LINK_LIMIT
    with pytest.raises(ValueError, match="damaged"):
        url.unpack(bomb, MOST)
    assert sizes == [MOST]


def test_what_fits_exactly_is_unpacked_and_one_byte_more_is_not():
    text = url.pack("a" * 98)  # 100 bytes of JSON
    assert url.unpack(text, 100) == "a" * 98
    with pytest.raises(ValueError, match="damaged"):
        url.unpack(text, 99)


@pytest.mark.hostile("a link that is too long")
def test_a_link_that_is_too_long_is_not_even_looked_at():
    with pytest.raises(ValueError, match=r"^The link is too long: .*\.$"):
        url.unpack("A" * (url.LINK_LIMIT + 1), MOST)


@settings(deadline=None)
@given(
    st.text(max_size=200)
    | st.binary(max_size=200).map(lambda b: base64.urlsafe_b64encode(b).decode())
)
def test_no_text_does_more_than_raise(text):
    with contextlib.suppress(ValueError):
        json.dumps(url.unpack(text, MOST))
