"""The platform never loses its last administrator."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mainstay_web.accounts.models import Membership


def keep_an_administrator() -> None:
    """Refuse an act that leaves nobody who edits people at the top.

    Called after the act's audit row is written: that row locks the chain, so two acts at once cannot each rely on
    the person whom the other removes.

    Raises
    ------
    ValidationError : nobody would be left
    """
    at_the_top = Membership.objects.filter(
        organisation__parent__isnull=True, organisation__is_active=True, person__is_active=True
    )
    if not any("people.edit" in actions for actions in at_the_top.values_list("role__actions", flat=True)):
        raise ValidationError(
            _("This would leave no administrator at the top. Give another person the role of administrator first.")
        )
