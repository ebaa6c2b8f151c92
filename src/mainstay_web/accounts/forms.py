"""Forms of accounts: what a page asks, nothing of who may do it."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person, Role
from mainstay_web.accounts.templatetags.words import named


class NamedChoice(forms.ModelChoiceField):
    """A choice of rows by their names in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ("code", "name", "name_zh", "kind", "place", "enterprise", "carries")
        labels = {
            "code": _("Code"),
            "name": _("Name"),
            "name_zh": _("Name in Chinese"),
            "kind": _("Kind"),
            "place": _("Place in the register"),
            "enterprise": _("Enterprise in the register"),
            "carries": _("Carries"),
        }
        help_texts = {
            "code": _("Short, and never changed: letters, digits, - and _."),
            "place": _("Code of the place it stands for, if any."),
            "enterprise": _("Code of the enterprise it is, if any."),
            "carries": _("For a carrier: modes (road, rail, air, sea) and codes of lanes, with spaces between."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Organisation.Kind.choices
        if self.instance.pk:
            del self.fields["code"]


class MoveForm(forms.Form):
    parent = forms.CharField(label=_("Code of the organisation above it"), max_length=100)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class PersonForm(forms.Form):
    username = forms.CharField(label=_("Name for signing in"), max_length=150)
    first_name = forms.CharField(label=_("Name"), max_length=150)
    role = NamedChoice(label=_("Role"), queryset=Role.objects.none(), empty_label=None)
    language = forms.ChoiceField(label=_("Language"), choices=Person._meta.get_field("language").choices)

    def __init__(self, *args: Any, roles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = roles

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        Person._meta.get_field("username").run_validators(name)
        if Person.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("Somebody has this name already. Choose another."))
        return name


class GiveForm(forms.Form):
    organisation = forms.CharField(label=_("Code of the organisation"), max_length=100)
    role = NamedChoice(label=_("Role"), queryset=Role.objects.all(), empty_label=None)


class RoleForm(forms.ModelForm):
    actions = forms.MultipleChoiceField(
        label=_("What it allows"), choices=rights.ACTIONS.items(), widget=forms.CheckboxSelectMultiple, required=False
    )
    gives = forms.MultipleChoiceField(
        label=_("Roles that its holder may give"),
        help_text=_("Counts only if the role may edit people."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Role
        fields = ("code", "name", "name_zh", "actions", "gives")
        labels = {"code": _("Code"), "name": _("Name"), "name_zh": _("Name in Chinese")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gives"].choices = [(role.code, named(role)) for role in Role.objects.all()]
        if self.instance.pk:
            del self.fields["code"]


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    class Meta:
        model = Person
        fields = ("first_name", "language", "time_zone")
        labels = {"first_name": _("Name"), "language": _("Language")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
        self.fields["time_zone"].choices = [("", _("That of the platform")), *((zone, zone) for zone in zones)]


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What it is for"), max_length=100)
    days = forms.IntegerField(label=_("Days until it ends"), min_value=1, max_value=366, initial=90)
    scopes = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [
            (action, words) for action, words in rights.ACTIONS.items() if rights.may_somewhere(person, action)
        ]
