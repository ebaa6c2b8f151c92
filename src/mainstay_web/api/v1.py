"""Version 1 of the interface."""

from __future__ import annotations

from ninja import NinjaAPI
from ninja.operation import Operation

from mainstay import __version__
from mainstay_web.api.endpoints import (
    audit,
    directive_lots,
    directives,
    jobs,
    ledger,
    plans,
    readiness,
    register,
    replays,
    reports,
    services,
)
from mainstay_web.api.problems import add_handlers
from mainstay_web.api.tokens import Bearer, TokenThrottle


class Interface(NinjaAPI):
    """Names each operation in the document as its function is named."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """As in ``submit``."""
        return operation.view_func.__name__


api = Interface(
    title="Mainstay",
    version="1",
    description=(
        f"The platform of a supply office, for machines (Mainstay {__version__}). Every call carries a token of a "
        "person; it may do what its scopes name and never more than its person. Errors have one shape, Problem."
    ),
    docs_url=None,
    auth=Bearer(),
    throttle=[TokenThrottle()],
    urls_namespace="api-v1",
)
add_handlers(api)
for name, endpoint in (
    ("register", register),
    ("ledger", ledger),
    ("reports", reports),
    ("plans", plans),
    ("readiness", readiness),
    ("replays", replays),
    ("directives", directives),
    ("directives", directive_lots),
    ("services", services),
    ("jobs", jobs),
    ("audit", audit),
):
    api.add_router("", endpoint.router, tags=[name])
