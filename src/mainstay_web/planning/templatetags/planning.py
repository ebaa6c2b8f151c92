"""Figures and marked texts on the pages of planning."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from mainstay_web.accounts.templatetags.words import is_chinese, named
from mainstay_web.planning import words

register = template.Library()
register.filter("quantity", words.quantity)
register.filter("signed", words.signed)
register.filter("points", words.signed_points)


@register.filter
def marked(pair: Any) -> SafeString:
    """A text in the reader's language; ``*word*`` is strong."""
    text = pair["zh" if is_chinese() else "en"] if isinstance(pair, dict) else named(pair)
    return mark_safe(re.sub(r"\*(.+?)\*", r"<strong>\1</strong>", escape(text)))


@register.filter
def tier(name: str) -> str:
    """A tier in the reader's language."""
    return str(named(words.say(name)))
