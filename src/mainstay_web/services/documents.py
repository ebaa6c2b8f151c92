"""Documents that people send with a matter: judged by their first and last bytes, kept once, given back as files."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.translation import gettext as _

from mainstay_web.uploads import Refused, receive

PICTURES = {
    ".pdf": (b"%PDF-", b"%%EOF"),
    ".png": (b"\x89PNG\r\n\x1a\n", b"IEND"),
    ".jpg": (b"\xff\xd8\xff", b"\xff\xd9"),
    ".jpeg": (b"\xff\xd8\xff", b"\xff\xd9"),
}
"""How such a file begins, and what stands near its end: a part of a file is not taken for the whole."""
SUFFIXES = (*PICTURES, ".xlsx")
END = 2048
"""Bytes at the end in which the mark must stand: some programs write a little after it."""


@dataclass(frozen=True)
class Sent:
    """A document that was judged; ``sha256`` names its bytes."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Hash of its bytes, as hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def receive_document(file: UploadedFile) -> Sent:
    """The file, when it is a whole PDF, picture or workbook within the limit.

    Raises
    ------
    Refused : it is not; nothing of it was kept
    """
    name = "".join(c for c in Path((file.name or "").replace("\\", "/")).name if c.isprintable())[-200:]
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        words = {"name": name, "wanted": ", ".join(SUFFIXES)}
        raise Refused(_("%(name)s is not a document that is taken here. Send one of: %(wanted)s.") % words)
    if suffix == ".xlsx":
        return Sent(name, receive(file, ("workbook",)).data)
    if (file.size or 0) > settings.UPLOAD_LIMIT:
        words = {"name": name, "most": settings.UPLOAD_LIMIT // 1024**2}
        raise Refused(_("%(name)s is larger than %(most)d MB. Scan it with fewer dots, or send it in parts.") % words)
    data = file.read()
    begins, ends = PICTURES[suffix]
    if not data.startswith(begins) or ends not in data[-END:]:
        words = {"name": name, "kind": suffix.lstrip(".").upper()}
        raise Refused(_("%(name)s is not a whole %(kind)s file. Open it, save it again and send it.") % words)
    return Sent(name, data)


def path_of(sha256: str) -> Path:
    """Where the bytes of that hash lie."""
    return settings.DATA / "files" / "documents" / sha256[:2] / sha256


def keep(sent: Sent) -> None:
    """Put the bytes where they stay; the same bytes are kept once."""
    path = path_of(sent.sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{secrets.token_hex(4)}")
    beside.write_bytes(sent.data)
    beside.replace(path)


def as_file(name: str, sha256: str) -> FileResponse:
    """The document to keep: never shown in the page, whatever it claims to be."""
    answer = FileResponse(path_of(sha256).open("rb"), as_attachment=True, filename=name)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


class DocumentField(forms.FileField):
    """A form's file, cleaned into what was ``Sent``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The judged document.

        Raises
        ------
        ValidationError : it is refused, with the reason
        """
        file = super().clean(data, initial)
        if file is None:
            return None
        try:
            return receive_document(file)
        except Refused as refused:
            raise ValidationError(str(refused)) from refused
