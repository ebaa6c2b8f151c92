"""Names of codes and the words of reasons, in English and in Chinese."""

from __future__ import annotations

from mainstay.tables import Case

Words = tuple[str, str]

TEXTS: dict[str, Words] = {
    "lost": ("Without it {what} is lost even with all others at full capacity.", "缺它则即使其余满产仍损失{what}。"),
    "rests": ("{what} rests on it.", "承担{what}。"),
    "sole": ("At some places it is the only source of {what}.", "在部分地区是{what}的唯一来源。"),
    "licence": ("It alone holds the licence for {what}.", "唯一持有{what}注册证的企业。"),
    "path": ("It stands on the lead-time critical path of {what}.", "处于{what}交付关键路径。"),
    "busy": ("The plan uses {share} of its lines.", "方案使用其产线的{share}。"),
    "and_more": ("{what} and {more} more", "{what}等另{more}项"),
    "nothing": ("Nothing that is needed rests on it by 5% or more.", "没有任何需求的5%以上依赖它。"),
}


class Names:
    """Names of items, places and enterprises by code; a code without a name stands for itself."""

    def __init__(self, case: Case) -> None:
        self._of = {
            table: {
                code: (name, name_zh or name)
                for code, name, name_zh in case[table].select(key, "name", "name_zh").iter_rows()
            }
            for table, key in (("items", "item"), ("places", "place"), ("enterprises", "enterprise"))
        }

    def item(self, code: str) -> Words:
        """Name of an item."""
        return self._of["items"].get(code, (code, code))

    def place(self, code: str | None) -> Words:
        """Name of a place."""
        return self._of["places"].get(code or "", (code or "", code or ""))

    def enterprise(self, code: str) -> Words:
        """Name of an enterprise."""
        return self._of["enterprises"].get(code, (code, code))


def told(key: str, **parts: Words) -> Words:
    """A text in both languages, its parts filled in."""
    en, zh = TEXTS[key]
    return en.format(**{k: v[0] for k, v in parts.items()}), zh.format(**{k: v[1] for k, v in parts.items()})


def share_words(share: float) -> str:
    """A share as per cent, never rounded up to 100 %.

    >>> share_words(1.0), share_words(0.9999), share_words(0.072)
    ('100%', '99.9%', '7.2%')
    """
    if share >= 1 - 1e-9:
        return "100%"
    return f"{min(100 * share, 99.9):.3g}%"
