"""Sentences about resources and shortages, English and Chinese, by template."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from mainstay.network.network import Network
from mainstay.tables import Case
from mainstay.units import unit_zh

_WHAT = {
    "goods": ("{item} in {place}", "{place}的{item}"),
    "reserve": ("the reserve of {item} in {place}", "{place}的{item}储备"),
    "line capacity": ("the lines {subject} in {place}", "{place}的产线 {subject}"),
    "lines": ("the lines {subject} in {place}", "{place}的产线 {subject}"),
    "licence": ("the licence of {subject} for {item}", "{subject} 的{item}注册证"),
    "lane room": ("room on the lane {subject}", "通道 {subject} 的运力"),
    "import offer": ("what can be ordered from {subject}", "货源 {subject} 的可订量"),
    "pool": ("the pool {subject}", "资源池 {subject}"),
}


class Words:
    """Names and sentences for one case and, where resources and tasks are named, its network."""

    def __init__(self, case: Case | Mapping[str, pl.DataFrame], network: Network | None = None) -> None:
        self._of = network
        self._names = [_names(case, "items", "item"), _names(case, "places", "place")]
        self._units = dict(case["items"].select("item", "unit").iter_rows())

    @property
    def _network(self) -> Network:
        if self._of is None:
            raise TypeError("Resources are named by their network, and none was given.")
        return self._of

    def resource(self, number: int) -> tuple[str, str]:
        """What a resource is called, in English and Chinese."""
        row = self._network.resources.row(number, named=True)
        what = "reserve" if row["what"] == "goods" and row["subject"] == "reserve" else row["what"]
        english, chinese = _WHAT.get(what, ("{what} {subject}", "{what} {subject}"))
        fields = {name: row[name] or "" for name in ("what", "subject")}
        items, places = self._names
        item, place = items.get(row["item"], ("", "")), places.get(row["place"], ("", ""))
        return (
            english.format(item=item[0], place=place[0], **fields),
            chinese.format(item=item[1], place=place[1], **fields),
        )

    def binding(self, number: int) -> tuple[str, str]:
        """What a resource is called where it binds: of goods, the stock of them."""
        english, chinese = self.resource(number)
        row = self._network.resources.row(number, named=True)
        if (row["what"], row["subject"]) == ("goods", "enterprise"):
            return f"the stock of {english}", f"{chinese}库存"
        return english, chinese

    def reason(
        self,
        need: tuple[str, str, str],
        lost: float,
        first: date,
        last: date,
        resource: int | None,
        chain: tuple[int, ...],
        until: date,
    ) -> tuple[str, str]:
        """One shortage and what binds, as a sentence each."""
        item, place, _ = need
        items, places = self._names
        unit = self._units[item]
        when, when_zh = (
            (f"on {first}", f"{first}") if first == last else (f"from {first} to {last}", f"{first} 至 {last}")
        )
        english = f"{items[item][0]} in {places[place][0]}: {_amount(lost, unit)} lost {when}"
        chinese = f"{places[place][1]}的{items[item][1]}：{when_zh} 缺 {lost:,.0f} {unit_zh(unit)}"
        if not chain:
            return (f"{english}: nothing can bring it there within the plan.", f"{chinese}：计划期内没有途径可送达。")
        if resource is None:
            return (
                f"{english}: nothing that is started on the first day can be there in time.",
                f"{chinese}：即使首日开始也来不及到货。",
            )
        names = [self.resource(r) for r in dict.fromkeys(chain)]
        binding = self.binding(resource)
        through = " < ".join(n for n, _ in names[:-1])
        through_zh = " < ".join(n for _, n in names[:-1])
        return (
            f"{english}. What binds is {binding[0]}, until {until}{f' ({through})' if through else ''}.",
            f"{chinese}。瓶颈是{binding[1]}，至 {until}{f'（{through_zh}）' if through_zh else ''}。",
        )

    def effect(self, promised: float, found: float, until: float, holds: bool, item: str, unit: str) -> tuple[str, str]:
        """What one more unit of what binds brings, promised and found."""
        brought, said = _amount(found, self._units[item]), _amount(promised, self._units[item])
        one = _amount(1, unit)
        chinese = f"每增加 1 {unit_zh(unit)}，重新求解得 {_figure(found)} {unit_zh(self._units[item])}"
        if holds:
            up_to = _amount(until, unit)
            return (
                f"One more unit of it ({one}) brings {brought}, found by solving again; so does each up to {up_to}.",
                f"{chinese}；增至 {_figure(until)} {unit_zh(unit)}以内均如此。",
            )
        return (
            f"One more unit of it ({one}) brings {brought}, found by solving again; its price promised {said}, which "
            "does not hold.",
            f"{chinese}；影子价格所示 {_figure(promised)} 不成立。",
        )

    def lever(
        self, kind: str, subject: str, row: int, amount: float, need: tuple[str, str, str], days: int
    ) -> tuple[str, str]:
        """What could be done, as a phrase: ``row`` is that of the task or resource in the network."""
        english, chinese = _LEVERS[kind]
        items, places = self._names
        whole = kind in ("convert", "license", "measure")
        of = (self._network.tasks if whole else self._network.resources).row(row, named=True)
        item = items.get(of["item"] or need[0], ("", ""))
        place = places.get(of["place"] or need[1], ("", ""))
        unit = self._units.get(of["item"] or need[0], "unit")
        name = of["task"].partition(":")[2] if whole else subject
        fields = {"subject": name, "days": days, "amount": _amount(amount, unit), "number": _figure(amount)}
        modes = {"contingency": "应急", "crisis": "危机"}
        return (
            english.format(item=item[0], place=place[0], **fields),
            chinese.format(
                item=item[1], place=place[1], **(fields | {"amount": f"{_figure(amount)} {unit_zh(unit)}"}),
                mode=modes.get(subject, subject),
            ),
        )  # fmt: skip

    def pulled(
        self,
        what: tuple[str, str],
        need: tuple[str, str, str],
        gain: float,
        cost: float | None,
        begins: date,
        until: date,
        currency: str,
    ) -> tuple[str, str]:
        """What a lever brings, until when it helps, and what it costs, as a sentence each."""
        unit = self._units[need[0]]
        price, price_zh = (
            (f" for {_figure(cost)} {currency}", f"，费用 {_figure(cost)} {currency}") if cost else ("", "")
        )
        return (
            f"{what[0][0].upper()}{what[0][1:]} from {begins}: {_amount(gain, unit)} more{price}; "
            f"helps if begun by {until}.",
            f"{what[1]}（自 {begins}）：可增 {_figure(gain)} {unit_zh(unit)}{price_zh}；须不迟于 {until} 开始。",
        )

    def instead(
        self, to: str, to_tier: str, quantity: float, fill: float | None, rule: str, item: str
    ) -> tuple[str, str]:
        """Who gets the goods, and by which rule."""
        _, places = self._names
        where = places.get(to, (to, to))
        amount, unit = _amount(quantity, self._units[item]), self._units[item]
        english, chinese = RULES[rule]
        share, share_zh = ("", "") if fill is None else (f", {fill:.1%} of its need met", f"，满足率 {fill:.1%}")
        tier = (TIER_WORDS[to_tier][0], TIER_WORDS[to_tier][1]) if to_tier in TIER_WORDS else (to_tier, to_tier)
        return (
            f"{where[0]} ({tier[0]}): {amount}{share}: {english}.",
            f"{where[1]}（{tier[1]}）：{_figure(quantity)} {unit_zh(unit)}{share_zh}：{chinese}。",
        )

    def need(self, need: tuple[str, str, str]) -> tuple[str, str]:
        """An item at a place and its tier."""
        items, places = self._names
        item, place, tier = items[need[0]], places[need[1]], TIER_WORDS[need[2]]
        return f"{item[0]} in {place[0]} ({tier[0]})", f"{place[1]}的{item[1]}（{tier[1]}）"

    def line(
        self, task: str, day: date, started: float, need: tuple[str, str, str], reasons: pl.DataFrame
    ) -> tuple[tuple[str, str], tuple[str, str]]:
        """A line of the plan: its name, and a paragraph on what it is for and what keeps it from being larger."""
        served, served_zh = self.need(need)
        english = [f"{_figure(started)} of {task} are started on {day}. Short of what it leads to is {served}."]
        chinese = [f"{day} 启动 {task} {_figure(started)}。所通向的短缺为{served_zh}。"]
        for row in reasons.iter_rows(named=True):
            number = self._network.resources["resource"].index_of(row["resource"])
            assert number is not None
            binding = self.binding(number)
            said = self.effect(row["promised"], row["found"], row["range"], row["holds"], need[0], row["counted_in"])
            english.append(f"It draws on {binding[0]}, which binds. {said[0]}")
            chinese.append(f"其占用的{binding[1]}为瓶颈。{said[1]}")
        if reasons.is_empty():
            english.append("Nothing that it draws on binds then: more of it would not be of use.")
            chinese.append("其占用的资源此时均非瓶颈，再多亦无益。")
        return (f"{task}, {day}", f"{task}，{day}"), (" ".join(english), "".join(chinese))

    def shortage(
        self, need: tuple[str, str, str], lost: float, needed: float, first: date, last: date
    ) -> tuple[str, str]:
        """A shortage as a whole, as a sentence each."""
        unit = self._units[need[0]]
        name, name_zh = self.need(need)
        return (
            f"{name}: {_amount(lost, unit)} of {_amount(needed, unit)} needed are lost, {first} to {last}.",
            f"{name_zh}：{first} 至 {last} 需 {_figure(needed)} {unit_zh(unit)}，缺 {_figure(lost)} {unit_zh(unit)}。",
        )


TIER_WORDS = {
    "vital": ("vital", "紧要"),
    "essential": ("essential", "重要"),
    "desirable": ("desirable", "一般"),
    "floor": ("stock that must stay", "最低库存"),
}

RULES = {
    "tier": ("its tier comes first", "层级在先"),
    "fairness": ("the smallest share met of any place is raised first", "先提高各地中最低的满足率"),
    "deprivation": (
        "at equal weight, deeper and longer shortages come first, and this is what was left",
        "同等权重下，先补更深更久的缺口",
    ),
    "reach": ("it can be reached when this place cannot", "此时可达，而本地不可达"),
    "floor": ("this stock must stay", "最低库存不得动用"),
    "in force": ("the plan in force is kept to in its frozen days", "冻结期内沿用现行计划"),
}
"""By which rule goods go elsewhere."""

_LEVERS = {
    "convert": ("convert lines once more ({subject})", "再改造一条产线（{subject}）"),
    "license": ("license {subject}", "批准注册 {subject}"),
    "measure": ("take the measure {subject}", "采取措施 {subject}"),
    "import": ("order a tenth more from {subject}, {amount} a day", "向 {subject} 多订一成，日均 {amount}"),
    "lines": ("run a tenth more of the lines {subject}, {number} lines", "产线 {subject} 增开一成，{number} 条"),
    "release": (
        "release faster with a tenth more of {subject}, such as irradiation, {number} lines",
        "放行能力 {subject}（如辐照）增加一成，{number} 条",
    ),
    "ease": ("step down to {subject} use in {place}, {amount} saved", "{place}降至{mode}使用标准，节省 {amount}"),
    "borrow": (
        "borrow {amount} for {place} and give them back after {days} days",
        "{place}借用 {amount}，{days} 天后归还",
    ),
}


def _figure(quantity: float) -> str:
    return f"{quantity:,.0f}" if abs(quantity) >= 10 else f"{quantity:,.3g}"


_COUNTED = ("piece", "pair", "set", "test", "dose", "course", "unit")


def _amount(quantity: float, unit: str) -> str:
    """A quantity with its unit: ``48 pieces``, ``1 set``, ``3 kg``.

    >>> _amount(12345.6, "piece"), _amount(1, "set"), _amount(2, "box"), _amount(0.4, "t")
    ('12,346 pieces', '1 set', '2 boxes', '0.4 t')
    """
    number = f"{quantity:,.0f}" if quantity >= 10 else f"{quantity:,.3g}"
    if number != "1" and unit in _COUNTED:
        unit += "s"
    return f"{number} {'boxes' if number != '1' and unit == 'box' else unit}"


def _names(case: Case | Mapping[str, pl.DataFrame], table: str, key: str) -> dict[str, tuple[str, str]]:
    rows = case[table].select(key, "name", "name_zh").iter_rows()
    return {code: (name or code, name_zh or name or code) for code, name, name_zh in rows}
