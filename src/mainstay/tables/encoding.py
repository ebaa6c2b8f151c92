"""Bytes of a text file to text: UTF-8 only, and for everything else how to get there."""

from __future__ import annotations

from mainstay.tables.findings import Both, Finding, Severity

_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_CONTAINERS = (
    (b"PK\x03\x04", Both("a workbook or an archive", "工作簿或压缩包")),
    (b"PAR1", Both("a Parquet file", " Parquet 文件")),
    (b"\xd0\xcf\x11\xe0", Both("an old workbook (.xls)", "旧版工作簿（.xls）")),
    (b"%PDF", Both("a PDF", " PDF 文件")),
    (b"\x1f\x8b", Both("a compressed file", "压缩文件")),
)


def decode(table: str, file: str, data: bytes) -> tuple[str | None, list[Finding]]:
    """Text of a file, or None and the finding that says what it is and how to make it UTF-8."""

    def found(rule: str, message: Both, remedy: Both, severity: Severity = "error", row: int | None = None) -> Finding:
        return Finding(table, row, "", "", rule, message, remedy, severity)

    for mark, what in _CONTAINERS:
        if data.startswith(mark):
            return None, [
                found(
                    "not_text",
                    Both(f"{file} is {what}, not text.", f"{file} 是{what.zh}，不是文本。"),
                    Both("Export the table as CSV (UTF-8) and put that here.", "请将表格导出为 CSV（UTF-8）后放回。"),
                )
            ]
    if any(data.startswith(mark) for mark, _ in _MARKS) or _looks_like_utf16(data):
        return None, [
            found(
                "encoding",
                Both(f"{file} is UTF-16, not UTF-8.", f"{file} 的编码是 UTF-16，不是 UTF-8。"),
                _how_to_save(file, "UTF-16"),
            )
        ]
    if b"\x00" in data:
        row = data.count(b"\n", 0, data.index(b"\x00")) + 1
        return None, [
            found(
                "not_text",
                Both(f"{file} holds zero bytes; it is not text.", f"{file} 含零字节，不是文本。"),
                Both("Export the table again as CSV (UTF-8).", "请重新导出为 CSV（UTF-8）。"),
                row=row,
            )
        ]
    marked = data.startswith(b"\xef\xbb\xbf")
    findings = []
    if marked:
        findings.append(
            found(
                "byte_order_mark",
                Both(f"{file} begins with a byte-order mark; it was skipped.", f"{file} 以字节顺序标记开头，已跳过。"),
                Both(
                    "Nothing needs to be done; saving as UTF-8 without the mark ends this warning.",
                    "无需处理；另存为不带标记的 UTF-8 即不再提示。",
                ),
                "warning",
            )
        )
    try:
        return data[3 if marked else 0 :].decode("utf-8"), findings
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start + (3 if marked else 0)) + 1
        return None, [*findings, found(*_what_else(file, data), row=row)]


def _looks_like_utf16(data: bytes) -> bool:
    """Whether every second byte of the beginning is zero: UTF-16 without its mark."""
    head = data[:200]
    return len(head) >= 4 and (not any(head[1::2]) or not any(head[0::2]))


def _what_else(file: str, data: bytes) -> tuple[str, Both, Both]:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if any("\u4e00" <= c <= "\u9fff" for c in text):
        return (
            "encoding",
            Both(f"{file} is GBK (GB 18030), not UTF-8.", f"{file} 的编码是 GBK（GB 18030），不是 UTF-8。"),
            _how_to_save(file, "GB18030"),
        )
    return (
        "encoding",
        Both(
            f"{file} is not UTF-8: this row holds bytes that are no UTF-8 text.",
            f"{file} 不是 UTF-8：此行有无法识别的字节。",
        ),
        _how_to_save(file, "WINDOWS-1252"),
    )


def _how_to_save(file: str, encoding: str) -> Both:
    utf8 = file.rsplit(".", 1)[0] + "-utf8." + file.rsplit(".", 1)[-1]
    run = f"iconv -f {encoding} -t UTF-8 {file} > {utf8}"
    return Both(
        f'Save it as "CSV UTF-8" in the spreadsheet, or run {run} and put that in its place.',
        f"请在电子表格软件中另存为“CSV UTF-8”，或运行 {run} 并用所得文件替换。",
    )
