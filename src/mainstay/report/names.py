"""What the codes of a case are called, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mainstay.demand.people import GIVEN
from mainstay.report.texts import TEXTS, Text, inside, named, say, unit_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl


class Names:
    """Names by code; a code without a name stands for itself."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._items = _names(tables["items"], "item")
        self._places = _names(tables["places"], "place")
        self._enterprises = _names(tables["enterprises"], "enterprise")
        self._measures = _names(tables["measures"], "measure")
        self._settings = _names(tables["settings"].unique("setting", keep="first", maintain_order=True), "setting")
        self._drivers = set(tables["settings"]["driver"])
        self._pools = {
            code: named(name, None, plain(code)) for code, name in tables["pools"].select("pool", "name").iter_rows()
        }
        self._lanes = {row["lane"]: row for row in tables["lanes"].iter_rows(named=True)}
        self._offers = dict(tables["imports"].select("source", "item").iter_rows())
        self._families = tables["items"]["family"].drop_nulls().unique().sort().to_list()
        self._units = dict(tables["items"].select("item", "unit").iter_rows())
        self._lines = dict(tables["lines"].select("line", "enterprise").iter_rows())
        self._terms = {
            (what, code): named(name, name_zh, plain(code))
            for what, code, name, name_zh in tables["terms"].select("speaks_of", "code", "name", "name_zh").iter_rows()
        }
        self._processes = {
            code: (item, kind)
            for code, item, kind in tables["processes"].select("process", "item", "line_kind").iter_rows()
        }
        self._conversions = {
            code: (before, after)
            for code, before, after in tables["conversions"].select("conversion", "from_kind", "to_kind").iter_rows()
        }
        self._kinds = dict(tables["lines"].select("line", "kind").iter_rows())
        self._made: dict[str, list[str]] = {}
        for kind, item in tables["processes"].select("line_kind", "item").unique(maintain_order=True).iter_rows():
            self._made.setdefault(kind, []).append(item)

    def item(self, code: str) -> Text:
        """Name of an item."""
        return self._items.get(code) or named(None, None, code)

    def place(self, code: str) -> Text:
        """Name of a place."""
        return self._places.get(code) or named(None, None, code)

    def enterprise(self, code: str | None) -> Text:
        """Name of an enterprise."""
        return self._enterprises.get(code or "") or named(None, None, code or "")

    def measure(self, code: str) -> Text:
        """Name of a support measure."""
        return self._measures.get(code) or named(None, None, plain(code))

    def setting(self, code: str) -> Text:
        """Name of a setting in which people use goods."""
        return self._settings.get(code) or named(None, None, plain(code))

    def driver(self, code: str) -> Text:
        """What the people of a setting are counted from; a capacity without words of its own is said by its code."""
        key = f"driver_{code}"
        return say(key) if key in TEXTS else named(None, None, plain(code))

    def unit(self, item: str) -> Text:
        """What the quantities of an item are counted in."""
        return unit_words(self._units.get(item))

    def kind(self, code: str | None) -> Text:
        """A kind of line by its term; without one its code as words, in Chinese what it makes where that is known."""
        if term := self._terms.get(("line_kind", code or "")):
            return term
        made = [self.item(i).zh for i in self._made.get(code or "", [])[:2]]
        return Text(plain(code or ""), "/".join(made) + "产线" if made else plain(code or ""))

    def family(self, code: str) -> Text:
        """A family of items: its term, or its code as words."""
        return self._terms.get(("family", code)) or named(None, None, plain(code))

    def process(self, code: str) -> Text:
        """A process: what it makes or releases, and on which kind of line."""
        if code not in self._processes:
            return named(None, None, plain(code))
        item, kind = self._processes[code]
        goods, line = self.item(item), self.kind(kind)
        return Text(f"{goods.en} ({line.en})", f"{goods.zh}（{line.zh}）")

    def conversion(self, code: str) -> Text:
        """A conversion: from which kind of line to which; or which kind it sets up anew."""
        if code not in self._conversions:
            return named(None, None, plain(code))
        before, after = (self.kind(kind) if kind else None for kind in self._conversions[code])
        if after is None:
            return named(None, None, plain(code))
        return Text(f"{before.en} → {after.en}", f"{before.zh} → {after.zh}") if before else after

    def line(self, code: str) -> Text:
        """A group of lines: its enterprise and its kind; a converted group tells what it has become."""
        group, *became = code.split(">")
        kind = self.kind(became[-1] if became else self._kinds.get(group))
        who = self.enterprise(self._lines.get(group, group))
        return Text(f"{who.en}, {kind.en}", f"{who.zh} {kind.zh}")

    def resource(self, code: str | None) -> Text:
        """A resource of the network, by its code (``goods:mask@wuhan/enterprise``)."""
        kind, parts = self._resource(code or "")
        return say(f"r_{kind}", **parts)

    def resource_group(self, code: str | None) -> Text:
        """The kind of resource that it is one of: all lines of a kind, all offers of an item."""
        kind, parts = self._resource(code or "")
        return say(f"rg_{kind}" if f"rg_{kind}" in TEXTS else f"r_{kind}", **parts)

    def _resource(self, code: str) -> tuple[str, dict[str, Text]]:
        """Key of the words for a resource, and their parts."""
        prefix, _, rest = code.partition(":")
        if not code:
            return "time", {}
        if prefix == "goods":
            item, _, where = rest.partition("@")
            return "goods", {"item": inside(self.item(item)), "place": self.place(where.partition("/")[0])}
        if prefix in ("capacity", "lines", "blocked", "unlocked", "convertible"):
            group, *became = rest.rpartition("@")[2].split(">")
            kind = self.kind(became[-1] if became else self._kinds.get(group))
            return "lines", {"kind": kind, "who": self.enterprise(self._lines.get(group, group))}
        if prefix == "room" and rest in self._lanes:
            lane = self._lanes[rest]
            ends = {"origin": self.place(lane["origin"]), "destination": self.place(lane["destination"])}
            return "room", {"mode": Text(*TEXTS[lane["mode"]]), **ends}
        if prefix == "offer" and rest in self._offers:
            return "offer", {"item": inside(self.item(self._offers[rest])), "source": named(None, None, plain(rest))}
        if prefix in ("licensed", "review"):
            who, _, item = rest.partition(":")
            return "licence", {"who": self.enterprise(who), "item": inside(self.item(item))}
        if prefix == "pool":
            return "pool", {"pool": self._pools.get(rest, named(None, None, plain(rest)))}
        return "other", {"code": named(None, None, plain(code))}

    def encoded(self) -> dict[str, dict[str, tuple[str, str]]]:
        """All names for the page: column -> code -> (English, Chinese)."""
        kinds = set(self._kinds.values()) | set(self._made)
        return {
            "item": {c: (t.en, t.zh) for c, t in self._items.items()},
            "place": {c: (t.en, t.zh) for c, t in self._places.items()},
            "enterprise": {c: (t.en, t.zh) for c, t in self._enterprises.items()},
            "measure": {c: (t.en, t.zh) for c, t in self._measures.items()},
            "setting": {c: (t.en, t.zh) for c, t in self._settings.items()},
            "driver": {c: (t.en, t.zh) for c, t in ((d, self.driver(d)) for d in sorted({GIVEN, *self._drivers}))},
            "family": {c: (t.en, t.zh) for c, t in ((f, self.family(f)) for f in self._families)},
            "process": {c: (t.en, t.zh) for c, t in ((p, self.process(p)) for p in self._processes)},
            "conversion": {c: (t.en, t.zh) for c, t in ((n, self.conversion(n)) for n in self._conversions)},
            "kind": {c: (t.en, t.zh) for c, t in ((k, self.kind(k)) for k in sorted(kinds))},
            "unit": {c: (t.en, t.zh) for c, t in ((i, self.unit(i)) for i in self._items)},
        }


def plain(code: str) -> str:
    """A code as words.

    >>> plain("n95_line")
    'n95 line'
    """
    return code.replace("_", " ")


def _names(frame: pl.DataFrame, key: str) -> dict[str, Text]:
    rows = frame.select(key, "name", "name_zh").iter_rows()
    return {code: named(name, name_zh, plain(code)) for code, name, name_zh in rows}
