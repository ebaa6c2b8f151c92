"""The house plan, held: data flows one way, and who breaks it is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.house.imports import broken_rules, read_imports

SOURCE = Path(__file__).parents[2] / "src"


def test_every_import_follows_the_order_of_the_house():
    assert broken_rules(read_imports(SOURCE)) == []


@pytest.fixture
def tree(tmp_path):
    """Write modules given as name -> text, and return what rules they break."""

    def rules_broken_by(**modules: str) -> list[str]:
        for name, text in modules.items():
            path = tmp_path / (name.replace("__", "/") + ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return broken_rules(read_imports(tmp_path))

    return rules_broken_by


def test_a_package_may_import_one_above_it(tree):
    assert tree(mainstay__tables="", mainstay__network="import mainstay.tables") == []


@pytest.mark.parametrize(
    "text",
    [
        "import mainstay.plan",
        "from mainstay import plan",
        "from mainstay.plan import Plan",
        "from . import plan",
        "from .plan import Plan",
        "def late():\n    from mainstay.plan import Plan",
    ],
)
def test_a_package_that_imports_one_below_it_is_named(tree, text):
    broken = tree(mainstay__plan="", mainstay__tables=text)

    assert broken == ["mainstay.tables -> mainstay.plan: tables stands above plan and may not import it"]


def test_what_only_type_checkers_read_is_free(tree):
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import mainstay.plan"
    assert tree(mainstay__plan="", mainstay__tables=text) == []


@pytest.mark.parametrize(
    ("module", "text", "rule"),
    [
        ("mainstay__plan", "import highspy", "only mainstay.solve may import highspy"),
        ("mainstay__tables", "import sqlite3", "the core knows no web, no database and no command line"),
        ("mainstay__tables", "import mainstay_cli", "mainstay may not import mainstay_cli"),
        ("mainstay_cli__main", "import mainstay_web", "mainstay_cli may not import mainstay_web"),
        ("mainstay_web__views", "import mainstay_cli", "mainstay_web may not import mainstay_cli"),
        (
            "mainstay__plan__check",
            "import mainstay.solve",
            "the check of a plan knows nothing of the matrix",
        ),
    ],
)
def test_each_other_rule_names_who_breaks_it(tree, module, text, rule):
    broken = tree(**{module: text, "mainstay__solve": ""})

    assert len(broken) == 1
    assert broken[0].startswith(module.replace("__", "."))
    assert rule in broken[0]


def test_a_package_without_a_place_in_the_order_is_named(tree):
    assert "mainstay.magic: magic has no place" in tree(mainstay__units="", mainstay__magic="import mainstay.units")[0]


def test_an_import_cycle_is_named_from_end_to_end(tree):
    broken = tree(mainstay__network__a="import mainstay.network.b", mainstay__network__b="from . import a")

    a, b = "mainstay.network.a", "mainstay.network.b"
    assert broken in ([f"import cycle: {a} -> {b} -> {a}"], [f"import cycle: {b} -> {a} -> {b}"])


def test_the_report_may_not_import_the_plan_that_hands_itself_over(tree):
    text = "from mainstay.report import write_report"
    assert tree(mainstay__plan__write=text, mainstay__report="import mainstay.plan.write")[0].startswith("import cycle")
