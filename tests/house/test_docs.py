"""The documents tell the truth: links resolve, commands exist, examples run."""

from __future__ import annotations

import doctest
import pkgutil
import re
import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest

import mainstay
import mainstay_cli
from mainstay_cli.main import COMMANDS, cli

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md", "benchmarks/**/*.md", "tools/**/*.md")
    for page in ROOT.glob(pattern)
    if "node_modules" not in page.parts
)
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return [text for found, text in FENCE.findall(page.read_text(encoding="utf-8")) if found == language]


def links(page: Path) -> list[str]:
    """Targets of the links and pictures of a page that stay inside the project."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found = re.findall(r"\]\(<?([^)\s>]+)", re.sub(r"`[^`\n]*`", "", text))
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def anchors(page: Path) -> set[str]:
    """Names under which the headings of a page can be linked to."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+\s+(.+)$", text, re.MULTILINE)
    return set(re.findall(r'<a id="([^"]+)">', text)) | {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


def linked_page(page: Path, target: str) -> Path:
    return (page.parent / target.partition("#")[0]).resolve() if not target.startswith("#") else page


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_of_a_page_resolves(page):
    for target in links(page):
        found = linked_page(page, target)
        assert found.exists(), f"{name(page)} links to {target}, which is not there"
        anchor = target.partition("#")[2]
        assert not anchor or anchor in anchors(found), f"{name(page)}: {target} names no heading"


def test_every_page_can_be_reached_from_the_index():
    start = ROOT / "docs" / "index.md"
    reached, waiting = set(), [start]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        waiting += [linked_page(page, target) for target in links(page)]
    assert {name(p) for p in ROOT.glob("docs/**/*.md")} - {name(p) for p in reached if ROOT in p.parents} == set()


def shell_lines() -> list[tuple[str, str]]:
    return [
        (name(page), line[2:].split("#")[0].strip())
        for page in PAGES
        for block in blocks(page, "console")
        for line in block.splitlines()
        if line.startswith("$ ")
    ]


@pytest.mark.parametrize(("page", "line"), [x for x in shell_lines() if x[1].startswith("make ")])
def test_every_make_target_that_a_page_names_exists(page, line):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert line.split()[1] in targets, page


@pytest.mark.parametrize(("page", "line"), [x for x in shell_lines() if x[1].startswith("mainstay ")])
def test_every_command_that_a_page_names_can_be_read(page, line):
    words = shlex.split(line)[1:]
    command = cli.get_command(click.Context(cli), words[0])
    assert command or words[0].startswith("-"), f"{page}: there is no command {words[0]}"
    if command:
        command.make_context(words[0], words[1:], resilient_parsing=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_its_exit_codes(command):
    found = cli.get_command(click.Context(cli), command)
    help_text = found.get_help(click.Context(found, info_name=command))

    assert f"mainstay {command}" in help_text.split("Example:")[1]
    assert "Exit codes: 0 done" in help_text or "Exit codes: 0 no errors" in help_text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_on_its_page(command):
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    part = text.partition(f"\n## {command}\n")[2].partition("\n## ")[0]
    options = [o for p in cli.get_command(click.Context(cli), command).params for o in p.opts if o.startswith("--")]

    assert [option for option in options if option not in part] == []


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=name)
def test_the_python_examples_of_a_page_run(page, tmp_path, monkeypatch):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "example"}
    for block in blocks(page, "python"):
        exec(compile(block, name(page), "exec"), names)


def test_every_public_name_is_on_the_page_about_python():
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    assert [name for name in mainstay.__all__ if not name.startswith("_") and f"`{name}" not in text] == []


def modules() -> list[str]:
    return [
        info.name
        for package in (mainstay, mainstay_cli)
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not info.name.endswith("__main__")
    ] + ["mainstay", "mainstay_cli"]


@pytest.mark.parametrize("module", modules())
def test_the_examples_in_a_module_hold(module):
    result = doctest.testmod(import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0
