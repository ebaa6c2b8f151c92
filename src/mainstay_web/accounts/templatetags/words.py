"""Names and texts in the reader's language."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mainstay.report.texts import share
from mainstay.units import unit_zh
from mainstay_web.listing import shown

register = template.Library()


def is_chinese() -> bool:
    """Whether the page is being written in Chinese."""
    return (get_language() or "").startswith("zh")


@register.filter
def named(thing: Any) -> str:
    """The name of an organisation or role, or the text of a pair, in the reader's language."""
    if thing is None:
        return ""
    zh = getattr(thing, "name_zh", None) or getattr(thing, "zh", "")
    return (zh if is_chinese() else "") or getattr(thing, "name", None) or getattr(thing, "en", "") or str(thing)


@register.simple_tag
def new_key() -> SafeString:
    """The field of a form with a key of its own, so that the form counts once however often it is sent."""
    return format_html('<input type="hidden" name="key" value="{}">', secrets.token_hex(12))


@register.filter
def message_of(finding: Any) -> str:
    """What was found, of a finding of the core, of a submission or of a run."""
    return _of_finding(finding, "message")


@register.filter
def remedy_of(finding: Any) -> str:
    """What to do about a finding."""
    return _of_finding(finding, "remedy")


@register.filter
def reason_of(job: Any) -> str:
    """Why work failed or changed its state; in English where it was not said in Chinese."""
    return _of_finding(job, "reason")


def _of_finding(finding: Any, part: str) -> str:
    said = finding if isinstance(finding, dict) else {p: getattr(finding, p) for p in (part, f"{part}_zh")}
    return str((is_chinese() and said.get(f"{part}_zh")) or said[part])


@register.filter
def starred(pair: dict[str, str]) -> str:
    """A text of the plan in the reader's language; what stands between stars is strong."""
    return mark_safe(re.sub(r"\*(.+?)\*", r"<strong>\1</strong>", escape(pair["zh" if is_chinese() else "en"])))


@register.filter
def percent(value: float | None) -> str:
    """A share from 0 to 1 as per cent; never rounded up to 100%."""
    return "" if value is None else share(value)


register.filter("amount", shown)


@register.filter
def unit_words(unit: str) -> str:
    """What a unit is called: in English its code."""
    return unit_zh(unit) if is_chinese() else unit


@register.filter
def tier_words(tier: str) -> str:
    """The name of a tier of need."""
    return {"vital": _("Vital"), "essential": _("Essential"), "desirable": _("Desirable")}.get(tier, tier)


@register.filter
def action_words(action: str) -> str:
    """What an action of the audit or of a role is called."""
    from mainstay_web.accounts.rights import ACTIONS, OWN_ACTS, STEPS

    return str(ACTIONS.get(action) or OWN_ACTS.get(action) or STEPS.get(action) or action)


@register.simple_tag(takes_context=True)
def may_do(context: dict[str, Any], action: str, organisation: Any = None) -> bool:
    """Whether the signed-in person may do this there, or anywhere."""
    from mainstay_web.accounts import rights

    person = context["request"].user
    return rights.may(person, action, organisation) if organisation else rights.may_somewhere(person, action)
