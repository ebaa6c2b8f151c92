"""A whole case in and out of the platform: what comes back is what went in."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.web.background import work_off

import mainstay as ms
from mainstay.errors import UsageError
from mainstay_web.accounts.models import Organisation
from mainstay_web.planning.cases import current_case, import_case, take_snapshot
from mainstay_web.planning.models import Run


def packed(name: str) -> SimpleUploadedFile:
    """A bundled case as a zip of its files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in ms.examples.path(name).iterdir():
            if file.suffix in (".csv", ".toml", ".geojson"):
                archive.write(file, file.name)
    return SimpleUploadedFile(f"{name}.zip", content.getvalue())


@pytest.mark.parametrize("name", ["tiny", "cholera-mini", "hubei-2020"])
def test_a_case_comes_back_as_it_was_imported(cast, places, name) -> None:
    case = ms.read(ms.examples.path(name))
    import_case(case=case, organisation=places.country, by=cast.analyst)
    back = current_case()
    assert back.hash == case.hash
    assert back.extras == case.extras


def test_reports_come_back_with_the_day_they_were_known(cast, places) -> None:
    tiny = ms.read(ms.examples.path("tiny"))
    rows = {
        "reporter": ["maskworks", "maskworks"],
        "item": ["mask", "mask"],
        "measure": ["stock", "stock"],
        "basis": ["day", "day"],
        "date": [date(2020, 1, 30)] * 2,
        "quantity": [100.0, 120.0],
        "received_at": [date(2020, 1, 30), date(2020, 2, 1)],
    }
    case = tiny.replace(reports=pl.DataFrame(rows))
    import_case(case=case, organisation=places.country, by=cast.analyst)
    assert current_case().hash == case.hash


def test_before_a_case_is_imported_there_is_none(cast, places) -> None:
    with pytest.raises(UsageError, match="Import one"):
        take_snapshot(organisation=places.country, by=cast.analyst)


def test_who_may_not_import_changes_nothing(cast, places) -> None:
    case = ms.read(ms.examples.path("tiny"))
    count = Organisation.objects.count()
    for person in (cast.reader, cast.east_analyst, cast.maker):
        with pytest.raises(PermissionDenied):
            import_case(case=case, organisation=places.country, by=person)
    assert Organisation.objects.count() == count


def test_an_uploaded_case_is_imported_planned_and_exported(client, cast, places, settings, tmp_path) -> None:
    settings.DATA = tmp_path
    client.force_login(cast.analyst)
    said = {"organisation": places.country.pk, "file": packed("tiny")}
    assert client.post(reverse("planning:cases"), said).status_code == 302
    assert work_off().state == "done"
    said = {"organisation": places.country.pk, "title": "First", "gap": 1}
    assert client.post(reverse("planning:start"), said).status_code == 302
    case = ms.read(ms.examples.path("tiny"))
    assert Run.objects.get().snapshot.hash == case.hash
    for format in ("csv", "parquet"):
        answer = client.get(reverse("planning:export_case", args=[format]))
        folder = tmp_path / format
        zipfile.ZipFile(io.BytesIO(answer.content)).extractall(folder)
        assert ms.read(folder).hash == case.hash
    (tmp_path / "case.xlsx").write_bytes(client.get(reverse("planning:export_case", args=["xlsx"])).content)
    assert ms.read(tmp_path / "case.xlsx").hash == case.hash


def test_an_upload_with_errors_changes_nothing_and_names_each(client, cast, places, settings, tmp_path) -> None:
    settings.DATA = tmp_path
    client.force_login(cast.analyst)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in ms.examples.path("tiny").iterdir():
            text = file.read_text()
            archive.writestr(file.name, text.replace("east_west,east", "east_west,nowhere"))
    file = SimpleUploadedFile("tiny.zip", content.getvalue())
    answer = client.post(reverse("planning:cases"), {"organisation": places.country.pk, "file": file})
    job = work_off()
    assert (job.state, job.summary) == ("failed", {"errors": 1})
    page = client.get(answer.url).content.decode()
    assert "Nothing was imported: the file has 1 error." in page
    assert "nowhere" in page
    with pytest.raises(UsageError):
        current_case()


def test_what_is_no_case_is_refused_with_the_reason(client, cast, places) -> None:
    client.force_login(cast.analyst)
    file = SimpleUploadedFile("virus.exe", b"MZ")
    answer = client.post(reverse("planning:cases"), {"organisation": places.country.pk, "file": file})
    assert answer.status_code == 422
    assert "is not of a kind that is read here" in answer.content.decode()
