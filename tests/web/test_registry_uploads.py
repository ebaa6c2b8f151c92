"""Files that people send: what is taken, and what is refused before it can do harm."""

import io
import os
import subprocess
import sys
import zipfile

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from mainstay import tables
from mainstay.examples import path
from mainstay.tables.case_tables import PLACES
from mainstay_web import uploads
from mainstay_web.uploads import Refused, UploadField, receive


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return content.getvalue()


def packed(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def repacked(data: bytes, **changes: bytes) -> bytes:
    """A workbook with other or more parts; ``__`` in a name stands for /, ``_`` before its end for the point."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return packed(files | changes)


PLACE_ROWS = [["place", "name", "kind"], ["wuhan", "Wuhan", "area"], ["depot", "Depot", "warehouse"]]


def test_a_workbook_of_one_table_is_read_from_the_sheet_of_its_name() -> None:
    raw = receive(sent("p.xlsx", workbook({"notes": [["x"]], "places": PLACE_ROWS}))).table(PLACES)
    assert raw.cells["place"].to_list() == ["wuhan", "depot"]
    assert raw.findings == ()


def test_the_only_sheet_is_read_whatever_its_name_and_of_many_the_name_is_asked_for() -> None:
    assert receive(sent("p.xlsx", workbook({"Sheet1": PLACE_ROWS}))).table(PLACES).cells.height == 2
    (finding,) = receive(sent("p.xlsx", workbook({"a": PLACE_ROWS, "b": PLACE_ROWS}))).table(PLACES).findings
    assert "no sheet places" in str(finding)


def test_a_case_as_workbook_or_as_zip_of_its_folder_is_the_case(tmp_path) -> None:
    case = tables.read(path("tiny"))
    tables.write(case, tmp_path / "tiny.xlsx")
    tables.write(case, tmp_path / "tiny")
    files = {f"tiny/{f.name}": f.read_bytes() for f in (tmp_path / "tiny").iterdir()}
    for name, data in (("tiny.xlsx", (tmp_path / "tiny.xlsx").read_bytes()), ("tiny.zip", packed(files))):
        found, findings = receive(sent(name, data)).case()
        assert found is not None, list(findings)
        assert found.hash == case.hash


def test_a_formula_is_read_as_its_value_and_a_finding_says_so() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("places")
        for number, row in enumerate(PLACE_ROWS):
            sheet.write_row(number, 0, row)
        sheet.write(0, 3, "population")
        sheet.write_formula(1, 3, "=11*1000000", None, 11_000_000)
        sheet.write_formula(2, 3, '=HYPERLINK("http://example.org")', None, 5)
    raw = receive(sent("p.xlsx", content.getvalue())).table(PLACES)
    assert raw.cells["population"].to_list() == ["11000000", "5"]
    (finding,) = raw.findings
    assert (finding.rule, finding.severity, finding.table, finding.value) == ("formula", "warning", "places", "D2")
    assert "2 cells hold formulas" in finding.message


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("virus.exe", b"MZ" + bytes(100), "not of a kind"),
        ("virus.xlsx", b"MZ" + bytes(5000), "not a workbook"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + bytes(100), "not of a kind"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0" + bytes(100), "password"),
        ("macros.xlsm", b"PK", "macros"),
        ("empty.zip", packed({}), "holds no table"),
        ("photos.zip", packed({"a.jpg": b"x", "items.csv.exe": b"MZ"}), "holds no table"),
        ("case.zip", packed({"a/items.csv": b"x", "b/items.csv": b"y"}), "twice"),
        ("case.xlsx", packed({"items.csv": b"item"}), "not a workbook"),
        ("case.zip", workbook({"items": [["item"]]}), "ends with .xlsx"),
        ("lzma.zip", packed({"items.csv": b"item"}, zipfile.ZIP_LZMA), "not a zip"),
    ],
)
def test_a_wrong_kind_of_file_is_refused_with_what_to_do(name: str, data: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        receive(sent(name, data))


def test_macros_are_found_though_the_file_was_renamed() -> None:
    with_macros = repacked(workbook({"places": PLACE_ROWS}), **{"xl/vbaProject.bin": b"\x00"})
    with pytest.raises(Refused, match="macros"):
        receive(sent("places.xlsx", with_macros))


def test_a_kind_that_a_page_does_not_want_is_refused() -> None:
    with pytest.raises(Refused, match=r"\.xlsx, \.csv"):
        receive(sent("case.zip", packed({"items.csv": b"x"})), ("workbook", "csv"))


def test_a_zip_bomb_is_refused(tmp_path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("items.csv", "w") as part:
        zeros = bytes(1024 * 1024)
        for _ in range(300):
            part.write(zeros)
    data = bomb.read_bytes()
    assert len(data) < 0.4 * 1024**2, "less than half a megabyte that becomes 300"
    with pytest.raises(Refused, match="bomb"):
        receive(sent("case.zip", data))


def test_many_small_parts_are_a_bomb_too() -> None:
    part = bytes(900_000)
    with pytest.raises(Refused, match="bomb"):
        receive(sent("case.zip", packed({f"{n}/items.csv": part for n in range(300)})))


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(packed({"items.csv": bytes(50_000_000)}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(Refused):
        receive(sent("case.zip", bytes(data)))


def test_a_sheet_with_one_cell_in_the_far_corner_is_refused() -> None:
    far = [["place"], *[[] for _ in range(3)]]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("places")
        sheet.write_row(0, 0, far[0])
        sheet.write(1_048_575, 16_383, "x")
    assert len(content.getvalue()) < 10_000
    with pytest.raises(Refused, match="too far"):
        receive(sent("places.xlsx", content.getvalue()))


def test_one_long_text_in_very_many_cells_is_refused() -> None:
    rows = [["x" * 30_000] * 10 for _ in range(8_000)]
    with pytest.raises(Refused, match="too long"):
        receive(sent("places.xlsx", workbook({"places": rows})))


def test_a_file_of_fifty_megabytes_is_refused_when_it_is_one_byte_more() -> None:
    limit = settings.UPLOAD_LIMIT
    assert limit == 50 * 1024**2
    raw = receive(sent("places.csv", b"place,name,kind\n" + b"a,b,area\n" * ((limit - 16) // 9)))
    assert len(raw.data) <= limit
    with pytest.raises(Refused, match="50 MB"):
        receive(sent("places.csv", bytes(limit + 1)))


def test_what_is_sent_past_the_limit_is_not_stored_and_the_form_says_so(settings) -> None:
    settings.UPLOAD_LIMIT = 200_000
    request = RequestFactory().post("/", {"file": sent("big.csv", bytes(3_000_000))})
    file = request.FILES["file"]
    assert file.size == 3_000_000
    assert file.read() == b""
    with pytest.raises(uploads.ValidationError, match="larger than"):
        UploadField().clean(file)


BOUND = """
import io, os, resource, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "mainstay_web.settings"
import django; django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from mainstay.tables.case_tables import PLACES
from mainstay_web.uploads import receive
data = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
raw = receive(SimpleUploadedFile("places.xlsx", data)).table(PLACES)
print(raw.cells.height, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured in KiB on Linux alone")
def test_reading_a_large_workbook_stays_within_bounds_of_memory(tmp_path) -> None:
    book = tmp_path / "places.xlsx"
    with xlsxwriter.Workbook(str(book), {"constant_memory": True}) as out:
        sheet = out.add_worksheet("places")
        sheet.write_row(0, 0, PLACE_ROWS[0])
        for n in range(30_000):
            sheet.write_row(n + 1, 0, [f"place-{n}", os.urandom(8).hex(), "warehouse"])
    run = subprocess.run(
        [sys.executable, "-c", BOUND, str(book)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MAINSTAY_DATA": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    height, megabytes = map(int, run.stdout.split())
    assert height == 30_000
    assert megabytes < 300
