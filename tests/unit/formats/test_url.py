import base64
import contextlib
import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_demo.formats import url
from rnn_demo.messages import InputError

MAX_BYTES = 20_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def error_code(text: str, max_bytes: int) -> str:
    with pytest.raises(InputError) as error:
        url.unpack(text, max_bytes)
    return error.value.message.code


def compressed(content: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


@settings(deadline=None)
@given(JSON)
def test_unpack_returns_the_packed_data(data):
    text = url.pack(data)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert url.unpack(text, MAX_BYTES) == data


@pytest.mark.hostile("a link cut short")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "AAAA",
        "ü",
        "A" * url.MAX_LINK_CHARACTERS,
        url.pack({"a": 1})[:-4],
        url.pack({"a": 1}) + "AAAA",
        url.pack({"a": 1}).swapcase(),
        compressed(b""),
        compressed(b"{"),
        compressed(b"\xff\xfe\x00"),
        compressed(b"[" * 19_000),
    ],
)
def test_a_changed_link_is_damaged(text):
    assert error_code(text, MAX_BYTES) == "link.damaged"


@pytest.mark.hostile("a link that unpacks to a megabyte")
def test_a_link_is_never_unpacked_beyond_the_limit(monkeypatch):
    sizes = []
    decompressor = zlib.decompressobj

    class Counting:
        def __init__(self) -> None:
            self.real = decompressor()

        def decompress(self, packed: bytes, max_length: int) -> bytes:
            content = self.real.decompress(packed, max_length)
            sizes.append(len(content))
            return content

        def __getattr__(self, name: str) -> object:
            return getattr(self.real, name)

    monkeypatch.setattr(url.zlib, "decompressobj", Counting)
    bomb = compressed(b"[" + b" " * 1_300_000 + b"]")
    assert len(bomb) < url.MAX_LINK_CHARACTERS
    assert error_code(bomb, MAX_BYTES) == "link.damaged"
    assert sizes == [MAX_BYTES]


def test_the_limit_is_exact():
    text = url.pack("a" * 98)  # 100 bytes of JSON
    assert url.unpack(text, 100) == "a" * 98
    assert error_code(text, 99) == "link.damaged"


@pytest.mark.hostile("a link that is too long")
def test_a_link_that_is_too_long_is_refused():
    assert error_code("A" * (url.MAX_ADDRESS_CHARACTERS + 1), MAX_BYTES) == "link.too_long"


@settings(deadline=None)
@given(
    st.text(max_size=200)
    | st.binary(max_size=200).map(lambda b: base64.urlsafe_b64encode(b).decode())
)
def test_any_text_unpacks_or_raises_an_input_error(text):
    with contextlib.suppress(InputError):
        json.dumps(url.unpack(text, MAX_BYTES))
