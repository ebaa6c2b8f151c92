"""Pages of the register: they work, refuse the wrong method, hide from outsiders, and refuse who may not write."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from tests.web.test_registry_rows import ENTERPRISES, LINES, PLACES

from mainstay import tables
from mainstay.examples import path
from mainstay_web.registry import actions, queries, shape, words
from mainstay_web.registry.models import Row


@pytest.fixture
def base(places):
    for table, rows in (("places", PLACES), ("enterprises", ENTERPRISES), ("lines", LINES)):
        actions.put_rows(table=table, rows=rows, organisation=places.country, by=None)
    items = [{"item": "mask", "name": "Mask", "name_zh": "口罩", "stage": "finished", "unit": "piece"}]
    actions.put_rows(table="items", rows=items, organisation=places.country, by=None)
    return places


def line() -> Row:
    return Row.objects.get(table="lines", is_current=True)


def at(name: str, row: Row | None = None, table: str = "lines") -> str:
    return reverse(f"registry:{name}", args=[row.table, row.pk] if row else [table])


def text(response) -> str:
    return b"".join(response).decode()


def test_every_table_stands_in_one_group() -> None:
    grouped = [code for _name, codes in words.GROUPS for code in codes]
    assert sorted(grouped) == sorted(shape.TABLES)


def test_codes_that_have_a_term_are_said_in_the_readers_language_and_exported_as_they_are(client, base, cast) -> None:
    kind = line().body["kind"]
    terms = [{"speaks_of": "line_kind", "code": kind, "name": "Mask lines", "name_zh": "口罩产线"}]
    actions.put_rows(table="terms", rows=terms, organisation=base.country, by=None)
    for language, said in {"en": "Mask lines", "zh-hans": "口罩产线"}.items():
        cast.reader.language = language
        cast.reader.save()
        client.force_login(cast.reader)
        for address in (at("table"), at("row", line())):
            assert f"{said} ({kind})" in client.get(address).content.decode()
    exported = text(client.get(at("table"), {"export": "csv"}))
    assert kind in exported
    assert "口罩产线" not in exported


def shown_counts(client) -> dict[str, int]:
    groups = client.get(reverse("registry:home")).context["groups"]
    return {table["code"]: table["count"] for group in groups for table in group["tables"]}


def test_the_register_shows_each_how_many_rows_they_may_see(client, base, cast) -> None:
    client.force_login(cast.outsider)
    counts = shown_counts(client)
    assert (counts["items"], counts["lines"], counts["enterprises"]) == (1, 0, 0)
    client.force_login(cast.reader)
    counts = shown_counts(client)
    assert (counts["items"], counts["lines"], counts["enterprises"]) == (1, 1, 2)


@pytest.mark.parametrize("name", ["home", "key", "check", "case"])
def test_pages_of_the_register_are_for_those_who_may_see_it(client, base, cast, name: str) -> None:
    for who, status in ((cast.reader, 200), (cast.maker, 200), (cast.nobody, 403)):
        client.force_login(who)
        assert client.get(reverse(f"registry:{name}")).status_code == status
    client.force_login(cast.reader)
    assert client.delete(reverse(f"registry:{name}")).status_code == 405


@pytest.mark.parametrize("table", list(shape.TABLES))
def test_each_table_has_a_page_a_form_and_a_page_to_upload_it(client, base, cast, table: str) -> None:
    client.force_login(cast.analyst)
    for name in ("table", "new", "upload"):
        assert client.get(at(name, table=table)).status_code == 200
    assert client.get(at("table", table=table) + f"?sort=-{shape.TABLES[table].columns[-1].name}").status_code == 200


def test_there_is_no_page_for_what_is_no_table(client, base, cast) -> None:
    client.force_login(cast.analyst)
    for table in ("reports", "nothing"):
        assert client.get(at("table", table=table)).status_code == 404


def test_an_outsider_sees_nothing_of_a_row_and_its_maker_sees_it(client, base, cast) -> None:
    client.force_login(cast.outsider)
    assert client.get(at("row", line())).status_code == 404
    assert "L1" not in client.get(at("table")).content.decode()
    for name in ("edit", "remove", "restore"):
        assert client.post(at(name, line()), {"reason": "x"}).status_code == 404
    client.force_login(cast.maker)
    assert client.get(at("row", line())).status_code == 200


def test_a_reporter_may_look_and_not_touch(client, base, cast) -> None:
    client.force_login(cast.maker)
    assert "Change</a>" not in client.get(at("row", line())).content.decode()
    for name in ("edit", "remove", "restore"):
        assert client.post(at(name, line()), {"reason": "x"}).status_code == 403
    for name in ("new", "upload"):
        assert client.get(at(name)).status_code == 403
        assert client.post(at(name)).status_code == 403
    assert Row.objects.filter(table="lines").count() == 1


def test_a_row_is_changed_by_form_and_the_page_tells_what_changed(client, base, cast) -> None:
    client.force_login(cast.east_analyst)
    form = client.get(at("edit", line())).content.decode()
    assert 'list="codes-enterprise"' in form
    values = {"enterprise": "maker", "place": "east", "kind": "mask", "quantity": "3.5", "reason": "counted"}
    answer = client.post(at("edit", line()), values, follow=True)
    assert answer.status_code == 200
    assert line().body["quantity"] == 3.5
    (change,) = answer.context["history"][0]["changes"]
    assert (change["old"], change["new"]) == ("2", "3.5")
    assert "counted" in answer.content.decode()


def test_a_bad_value_is_named_beside_its_field(client, base, cast) -> None:
    client.force_login(cast.analyst)
    values = {"enterprise": "maker", "place": "east", "kind": "mask", "quantity": "-3", "reason": "x"}
    answer = client.post(at("edit", line()), values)
    assert answer.status_code == 422
    assert "negative" in str(answer.context["form"].errors["quantity"])
    assert line().version == 1


def test_a_form_that_was_opened_before_anothers_change_does_not_write_over_it(client, base, cast) -> None:
    client.force_login(cast.analyst)
    opened = line()
    values = {"enterprise": "maker", "place": "east", "kind": "mask", "quantity": "3", "reason": "x"}
    client.post(at("edit", opened), values)
    answer = client.post(at("edit", opened), {**values, "quantity": "9"}, follow=True)
    assert "changed meanwhile" in answer.content.decode()
    assert line().body["quantity"] == 3


def test_a_row_is_added_once(client, base, cast) -> None:
    client.force_login(cast.analyst)
    values = {"line": "L9", "enterprise": "small", "place": "works", "kind": "mask", "quantity": "1"}
    assert client.post(at("new"), values).status_code == 302
    assert client.post(at("new"), values).status_code == 422
    assert Row.objects.get(table="lines", key='["L9"]').by == cast.analyst


def test_a_row_is_removed_and_restored_with_reasons(client, base, cast) -> None:
    client.force_login(cast.analyst)
    first = line()
    client.post(at("remove", first), {"reason": ""})
    assert not line().is_removed
    client.post(at("remove", first), {"reason": "sold"})
    assert line().is_removed
    assert "sold" in client.get(at("row", first)).content.decode()
    client.post(at("restore", first), {"reason": "not sold"})
    assert (line().is_removed, line().version) == (False, 3)


def upload(client, rows: str, name: str = "lines.csv"):
    return client.post(at("upload"), {"file": SimpleUploadedFile(name, rows.encode()), "reason": "survey"})


def test_an_upload_accounts_for_every_row(client, base, cast) -> None:
    client.force_login(cast.analyst)
    answer = upload(
        client,
        "line,enterprise,place,kind,quantity\nL1,maker,east,mask,2\nL2,maker,east,mask,x\nL3,small,works,mask,4\n",
    )
    outcome = answer.context["outcome"]
    assert (outcome.rows, outcome.added, outcome.changed, outcome.unchanged, outcome.refused) == (3, 1, 0, 1, 1)
    assert [f.row for f in answer.context["findings"]] == [3]
    assert "not a number" in answer.content.decode()


def test_what_was_exported_can_be_uploaded_and_changes_nothing(client, base, cast) -> None:
    odd = {**ENTERPRISES[0], "registration_no": "+86-1", "industry": "-"}
    actions.put_rows(table="enterprises", rows=[odd], organisation=base.country, by=None)
    client.force_login(cast.analyst)
    exported = text(client.get(at("table", table="enterprises") + "?export=csv"))
    assert "'+86-1" in exported
    file = SimpleUploadedFile("enterprises.csv", exported.encode())
    outcome = client.post(at("upload", table="enterprises"), {"file": file}).context["outcome"]
    assert (outcome.unchanged, outcome.rows, outcome.refused) == (2, 2, 0)


def test_a_wrong_file_is_refused_with_the_reason(client, base, cast) -> None:
    client.force_login(cast.analyst)
    answer = upload(client, "MZ", "lines.exe")
    assert "not of a kind" in answer.content.decode()


def test_an_enterprise_is_marked_as_key_and_listed_with_what_it_makes(client, base, cast) -> None:
    process = {"process": "p", "item": "mask", "line_kind": "mask", "rate_per_day": 1}
    actions.put_rows(table="processes", rows=[process], organisation=base.country, by=None)
    client.force_login(cast.analyst)
    maker = queries.rows("enterprises").get(enterprise="maker")
    client.post(at("mark", maker), {"reason": ""})
    assert "Maker" not in client.get(reverse("registry:key")).content.decode().split("<tbody>")[-1]
    client.post(at("mark", maker), {"reason": "makes most"})
    page = client.get(reverse("registry:key")).content.decode()
    assert "Mask" in page.split("<tbody>")[1]
    assert client.post(at("mark", line()), {"reason": "x"}).status_code == 404
    client.force_login(cast.maker)
    assert client.post(at("mark", maker), {"reason": "x"}).status_code == 403


def test_the_check_names_the_row_and_hides_rows_of_others(client, base, cast) -> None:
    lost = {"line": "L8", "enterprise": "nobody", "place": "west", "kind": "mask", "quantity": 1}
    actions.put_rows(table="lines", rows=[lost], organisation=base.country, by=None)
    row = Row.objects.get(table="lines", key='["L8"]')
    client.force_login(cast.reader)
    assert at("row", row) in client.get(reverse("registry:check")).content.decode()
    client.force_login(cast.maker)
    assert "L8" not in client.get(reverse("registry:check")).content.decode()


def test_the_settings_are_changed_at_the_top_alone(client, base, cast) -> None:
    page = reverse("registry:case")
    values = {"start": "2020-01-24", "title": "Spring", "reason": "begin"}
    client.force_login(cast.east_analyst)
    assert client.post(page, values).status_code == 403
    client.force_login(cast.analyst)
    assert client.post(page, values).status_code == 302
    assert queries.settings_of_case()["title"] == "Spring"
    assert client.post(page, {**values, "start": "soon"}).status_code == 200


@pytest.mark.parametrize("format", ["xlsx", "zip"])
def test_the_whole_case_is_exported_and_reads_back(client, places, cast, tmp_path, format: str) -> None:
    case = tables.read(path("tiny"))
    client.force_login(cast.analyst)
    page = reverse("registry:export") + f"?format={format}"
    assert client.get(page).status_code == 302, "without settings there is no case"
    kept = {n: f for n, f in case.tables.items() if n != "reports"}
    actions.import_tables(kept, case.settings, organisation=places.country, by=None)
    content = b"".join(client.get(page).streaming_content)
    if format == "zip":
        zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
        back = tables.read(tmp_path / "case")
    else:
        (tmp_path / "case.xlsx").write_bytes(content)
        back = tables.read(tmp_path / "case.xlsx")
    assert back.hash == case.hash
    client.force_login(cast.east_analyst)
    assert client.get(page).status_code == 403


def test_a_long_table_is_shown_with_few_queries(client, base, cast, django_assert_max_num_queries) -> None:
    rows = [{**LINES[0], "line": f"X{n}"} for n in range(200)]
    actions.put_rows(table="lines", rows=rows, organisation=base.country, by=None)
    client.force_login(cast.reader)
    with django_assert_max_num_queries(12):
        assert client.get(at("table") + "?sort=-quantity&q=mask").status_code == 200


def test_pages_speak_chinese(client, base, cast) -> None:
    cast.reader.language = "zh-hans"
    cast.reader.save()
    client.force_login(cast.reader)
    with translation.override("en"):  # so that the tests after this one speak English again
        page = client.get(reverse("registry:home")).content.decode()
    assert "重点企业" in page
    assert "生产线" in page
