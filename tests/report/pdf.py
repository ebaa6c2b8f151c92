"""Reads the text of a briefing: a PDF with one font, whose objects are not packed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path


def num_pages(path: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def text_of(path: Path) -> str:
    """All text in the order in which it stands in the pages, without line breaks."""
    streams = _streams(path.read_bytes())
    maps = [stream for stream in streams if b"endcodespacerange" in stream]
    assert len(maps) == 1, "the reader knows PDFs with one font only"
    characters = _characters(maps[0])
    shown = [text for stream in streams for text in re.findall(rb"\nBT (.*?)\nET\n", stream, re.DOTALL)]
    codes = b"".join(string for text in shown for string in _strings(text))
    return "".join(characters[high << 8 | low] for high, low in zip(codes[::2], codes[1::2], strict=True))


def _streams(data: bytes) -> list[bytes]:
    packed = re.findall(rb"/FlateDecode[^>]*>>\s*stream\r?\n(.*?)\nendstream", data, re.DOTALL)
    return [zlib.decompress(stream) for stream in packed]


def _characters(table: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]+)> <([0-9A-F]+)>\n", table.partition(b"endcodespacerange")[2])
    return {int(code, 16): bytes.fromhex(target.decode()).decode("utf-16-be") for code, target in pairs}


def _strings(content: bytes) -> Iterator[bytes]:
    """The strings of a page's content: in parentheses, which may be nested, or in hexadecimal digits."""
    depth, string = 0, b""
    for token in re.findall(rb"\\[0-7]{3}|\\.|<[0-9A-F]+>|.", content, re.DOTALL):
        depth -= token == b")"
        if depth:
            string += _plain(token)
        elif token == b")":
            yield string
            string = b""
        elif token.startswith(b"<") and len(token) > 1:
            yield bytes.fromhex(token[1:-1].decode())
        depth += token == b"("


def _plain(token: bytes) -> bytes:
    """A token of a string without its escape."""
    if len(token) == 4 and token.startswith(b"\\"):
        return bytes([int(token[1:], 8)])
    if len(token) == 2:
        return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(token[1:], token[1:])
    return token
