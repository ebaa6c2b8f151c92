"""Organisations in a tree, people, roles as data, and memberships that join them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """A country, province, city, enterprise or facility; ``path`` lists the codes from the top: ``/cn/hubei/``."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("Country")
        PROVINCE = "province", _("Province")
        CITY = "city", _("City")
        ENTERPRISE = "enterprise", _("Enterprise")
        FACILITY = "facility", _("Facility")

    code = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=700, unique=True, editable=False)
    place = models.CharField(max_length=100, blank=True, db_index=True, help_text=_("Code of the place it stands for"))
    enterprise = models.CharField(max_length=100, blank=True, db_index=True, help_text=_("Code of the enterprise"))
    carries = models.CharField(max_length=500, blank=True, help_text=_("Modes and codes of lanes that it carries"))
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("path",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="country") | models.Q(parent__isnull=False), name="only_a_country_is_at_the_top"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the path of this organisation; ``accounts.actions.move`` keeps those under it."""
        self.path = f"{self.parent.path if self.parent else '/'}{self.code}/"
        super().save(*args, **kwargs)

    @property
    def ways(self) -> list[str]:
        """The modes and lanes that it carries."""
        return self.carries.replace(",", " ").split()

    @property
    def ancestors(self) -> list[str]:
        """Paths of this organisation and all above it, the top first."""
        parts = self.path.strip("/").split("/")
        return ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


class Role(models.Model):
    """A name for what may be done: actions of ``accounts.rights.ACTIONS``.

    ``gives`` are the codes of the roles that its holder may give, where the role has ``people.edit``.
    """

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=100, blank=True)
    actions = models.JSONField(default=list)
    gives = models.JSONField(default=list)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Person(AbstractUser):
    """Someone who signs in; what they may do follows from their memberships alone."""

    language = models.CharField(max_length=10, default="en", choices=(("en", "English"), ("zh-hans", "简体中文")))
    time_zone = models.CharField(max_length=50, blank=True)
    organisations = models.ManyToManyField(Organisation, through="Membership", related_name="people")


class Membership(models.Model):
    """A person's role in an organisation; it holds for all that lies under it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "organisation", "role"), name="one_membership_of_a_kind"),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.role} of {self.organisation}"


class TokenQuerySet(models.QuerySet["Token"]):
    def in_force(self) -> TokenQuerySet:
        """Those that open the interface now."""
        return self.filter(ended_at__isnull=True, expires_at__gt=timezone.now(), person__is_active=True)


class Token(models.Model):
    """A key of a person to the interface; only the SHA-256 of its random text is kept.

    It may do what its ``scopes`` name, and never more than its person may. ``calls`` of it were given out to the server
    processes in the ``minute`` (since 1970) in which it was used last.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    minute = models.BigIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="a_token_expires_after_it_was_made"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.name}"

    @property
    def is_in_force(self) -> bool:
        """Whether it opens the interface now."""
        return self.ended_at is None and self.expires_at > timezone.now()
