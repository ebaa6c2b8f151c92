"""All writes of accounts."""

from mainstay_web.accounts.actions.organisations import (
    add_organisation,
    change_organisation,
    close_organisation,
    move_organisation,
    open_organisation,
)
from mainstay_web.accounts.actions.people import (
    add_person,
    change_profile,
    close_person,
    end_session,
    give_role,
    link_to_set_password,
    open_person,
    remove_second_factor,
    take_role,
)
from mainstay_web.accounts.actions.roles import add_role, change_role, make_first_roles
from mainstay_web.accounts.actions.tokens import end_token, make_token

__all__ = [
    "add_organisation",
    "add_person",
    "add_role",
    "change_organisation",
    "change_profile",
    "change_role",
    "close_organisation",
    "close_person",
    "end_session",
    "end_token",
    "give_role",
    "link_to_set_password",
    "make_first_roles",
    "make_token",
    "move_organisation",
    "open_organisation",
    "open_person",
    "remove_second_factor",
    "take_role",
]
