"""Walk over all pages that a person can reach by links, and say what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page
from tests.web.ready_world import ready_tiny

import mainstay as ms
from mainstay.tables import CASE_TABLES, RESULT_TABLES

AXE = Path(__file__).with_name("axe.js")
HEAVIEST = 300_000
"""Bytes of a first view, as they travel; map and charts come later and are not counted."""

LATER = ("/static/report/", "part.json")
NOT_PAGES = re.compile(r"logout|/files/|/export/|export=|\.(csv|xlsx|pdf|json|zip|parquet)\b|/report/|/api/")
"""What is downloaded, and the report, which has its own tests."""


ENGLISH = """Mainstay CSV XLSX PDF ZIP Parquet Excel OpenAPI TOTP QR English case national UTC Asia Shanghai
    zh hans language Agreed in the morning meeting Plan to decide on Noon Mask works doubles Clinic warehouse
    road rail air sea
    desk reporter some demo harbour abroad licensing customs finance diagnostics disinfection respiratory support
    ABC VED"""
"""Words of the Latin alphabet that a Chinese page may hold, beside what the data are called."""

CODES = re.compile(
    r"\b[\w-]+\.(html|xlsx|pdf|toml|json|csv|zip)\b|\b[a-z]+\.[a-z]+:\d+|\S+:\d+:[0-9a-f]+|\b[0-9a-f]{12,}|^Mozilla/.*"
)
"""Names of files, subjects of the audit, workers, hashes, browsers."""

SEEN = """() => {
  const shown = (node) => node.checkVisibility({ visibilityProperty: true });
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest("script, style, code, [lang=en]") && shown(parent)) texts.push(walker.currentNode.data);
  }
  for (const node of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]"))
    for (const name of ["aria-label", "placeholder", "title", "alt"])
      if (shown(node) && node.hasAttribute(name)) texts.push(node.getAttribute(name));
  const main = document.scrollingElement;
  return {
    texts,
    language: document.documentElement.lang,
    headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown).map((h) => Number(h.tagName[1])),
    overflow: main.scrollWidth - main.clientWidth,
    links: [...document.querySelectorAll("a[href]:not([download])")].map((a) => a.href),
  };
}"""


def walk(page: Page, address: str, language: str, already: set[str]) -> Iterator[str]:
    """Open one page of each kind from the first page on; gives a line for each fault.

    already : kinds of pages whose accessibility was judged before; grows
    """
    weights = weigh(page)
    waiting, known = ["/"], {"/"}
    for path in waiting:
        weights.clear()
        answer = page.goto(path, wait_until="load")
        seen = page.evaluate(SEEN)
        faults = list(faults_of(seen, language))
        if answer is None or answer.status != 200:
            faults.append(f"answers {answer and answer.status}")
        weight = sum(weights.values())
        if weight > HEAVIEST:
            faults.append(f"weighs {weight} bytes")
        if kind_of(path) not in already:
            already.add(kind_of(path))
            faults += judge(page)
        yield from (f"{path}: {fault}" for fault in faults)
        for link in seen["links"]:
            parts = urlsplit(urljoin(page.url, link))
            where = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts._replace(path="", query="", fragment="").geturl() != address or NOT_PAGES.search(where):
                continue
            if kind_of(where) not in known:
                known.add(kind_of(where))
                waiting.append(where)


def kind_of(path: str) -> str:
    """Pages that differ by the thing they show alone are of one kind."""
    path = re.sub(r"/(\d+)(?=/|$)", "/N", path.partition("?")[0])
    return re.sub(
        r"^(/register/|/reports/of/|/(?:plans|readiness/designs|replays|replays/exercises)/N/tables/)[^/]+(/.*)?$",
        r"\1X\2",
        path,
    )


def weigh(page: Page) -> dict[str, float]:
    """Bytes of what comes over the wire from now on, by request, as on a first visit."""
    weights: dict[str, float] = {}
    later: set[str] = set()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def asked(event: dict[str, Any]) -> None:
        if any(part in event["request"]["url"] for part in LATER):
            later.add(event["requestId"])

    def received(event: dict[str, Any]) -> None:
        if event["requestId"] not in later:
            weights[event["requestId"]] = event["encodedDataLength"]

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", received)
    return weights


def faults_of(seen: dict[str, Any], language: str) -> Iterator[str]:
    """What is wrong with the words and the form of a page."""
    if seen["language"] != {"en": "en", "zh": "zh-CN"}[language]:
        yield f"says that it is in {seen['language']}"
    if seen["headings"].count(1) != 1 or seen["headings"][0] != 1:
        yield f"does not begin with its one h1: {seen['headings']}"
    if any(after > before + 1 for before, after in zip(seen["headings"], seen["headings"][1:], strict=False)):
        yield f"leaves out a level of headings: {seen['headings']}"
    if seen["overflow"] > 0:
        yield f"is {seen['overflow']} px wider than the window"
    if language == "zh" and (words := english(seen["texts"])):
        yield f"has English words: {', '.join(words)}"
    if language == "en" and (words := chinese(seen["texts"])):
        yield f"has Chinese words: {', '.join(words)}"


def english(texts: list[str]) -> list[str]:
    """Texts that hold words which are neither names of the data nor of the allow-list."""
    return list(dict.fromkeys(text.strip() for text in texts if words_of(text) - known_names()))[:12]


def words_of(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Za-z]{3,}", CODES.sub("", text))}


def chinese(texts: list[str]) -> list[str]:
    """Texts in Chinese that are no names of the data."""
    return [text.strip() for text in texts if set(re.findall(r"[一-鿿]+", text)) - known_chinese()]


@cache
def known_chinese() -> set[str]:
    """The button that changes the language, and names of the data."""
    frames = ms.read(ms.examples.path("tiny")).tables.values()
    names = [str(name) for frame in frames if "name_zh" in frame.columns for name in frame["name_zh"].drop_nulls()]
    return {"中文", "简体中文", "企业日报", "需求与库存日报", "诊所", "港口", "国家物资保障办公室", *names}


@cache
def known_names() -> set[str]:
    """Words of codes and names in the data, of the tables and of the allow-list."""
    case = ready_tiny()
    names = [ENGLISH, case.title, "head", "analyst", "maker", "admin"]
    for table in (*CASE_TABLES.values(), *RESULT_TABLES.values()):
        names += [table.name, *(column.name for column in table.columns)]
    for frame in case.tables.values():
        names += [str(value) for column in frame.columns for value in frame[column].drop_nulls()]
    return {word for name in names for word in words_of(name)}


def judge(page: Page) -> list[str]:
    """What axe finds serious or critical."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{each['impact']}, {each['id']}: {each['nodes'][0]['html'][:200]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]
