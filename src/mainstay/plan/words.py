"""Sentences about resources and shortages, English and Chinese, by template."""

from __future__ import annotations

from datetime import date

from mainstay.network.network import Network
from mainstay.tables import Case

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
    """Names and sentences for one case and its network."""

    def __init__(self, case: Case, network: Network) -> None:
        self._network = network
        self._names = [_names(case, "items", "item"), _names(case, "places", "place")]
        self._units = dict(case["items"].select("item", "unit").iter_rows())

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

    def _binding(self, number: int) -> tuple[str, str]:
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
        chinese = f"{places[place][1]}的{items[item][1]}：{when_zh} 缺 {lost:,.0f} {unit}"
        if not chain:
            return (f"{english}: nothing can bring it there within the plan.", f"{chinese}：计划期内没有途径可送达。")
        if resource is None:
            return (
                f"{english}: nothing that is started on the first day can be there in time.",
                f"{chinese}：即使首日开始也来不及到货。",
            )
        names = [self.resource(r) for r in dict.fromkeys(chain)]
        binding = self._binding(resource)
        through = " < ".join(n for n, _ in names[:-1])
        through_zh = " < ".join(n for _, n in names[:-1])
        return (
            f"{english}. What binds is {binding[0]}, until {until}{f' ({through})' if through else ''}.",
            f"{chinese}。瓶颈是{binding[1]}，至 {until}{f'（{through_zh}）' if through_zh else ''}。",
        )


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


def _names(case: Case, table: str, key: str) -> dict[str, tuple[str, str]]:
    rows = case[table].select(key, "name", "name_zh").iter_rows()
    return {code: (name or code, name_zh or name or code) for code, name, name_zh in rows}
