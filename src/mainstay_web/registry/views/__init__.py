"""Pages of the register."""

from mainstay_web.registry.views.keys import key_enterprises, mark
from mainstay_web.registry.views.rows import edit, new, remove, restore, row, settings_of_case, upload
from mainstay_web.registry.views.tables import home, table

__all__ = [
    "edit",
    "home",
    "key_enterprises",
    "mark",
    "new",
    "remove",
    "restore",
    "row",
    "settings_of_case",
    "table",
    "upload",
]
