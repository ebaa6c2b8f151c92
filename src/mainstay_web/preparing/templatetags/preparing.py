"""Figures on the pages of preparing."""

from __future__ import annotations

from django import template

from mainstay_web.preparing import words

register = template.Library()
register.filter("loss", words.loss)
