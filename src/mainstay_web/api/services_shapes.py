"""What goes in and out of the interface at the desks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from mainstay_web.api.shapes import Word
from mainstay_web.support.models import Kind

Said = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=2000)]
Code = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=100)]
Amount = Annotated[float, Field(gt=0, le=1e15, allow_inf_nan=False)]


class MatterStepIn(Schema):
    """What is said with a step: what its page asks, by name."""

    note: Said = ""
    given: dict[Code, Said | float | bool] = {}


class DocumentOut(Schema):
    kind: str
    name: str
    sha256: str


class MatterChangeOut(Schema):
    step: str
    old: str
    new: str
    at: datetime
    by: str | None
    note: str
    given: dict[str, Any]


class MatterOut(Schema):
    """An application, a consignment, a request or an arrear: ``facts`` by name, steps taken and possible now."""

    id: int
    service: str
    organisation: str
    state: str
    at: datetime
    facts: dict[str, Any]
    possible: list[str] = Field(description="steps that the caller may take now")
    changes: list[MatterChangeOut]
    documents: list[DocumentOut]


class ApplicationIn(Schema):
    organisation: Word = Field(description="code of the maker")
    item: Code
    standard: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=200)]
    line: Word = ""


class ConsignmentIn(Schema):
    organisation: Word = Field(description="code of the importer")
    item: Code
    quantity: Amount
    port: Code
    reference: Code
    source: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=100)] = Field(
        "", description="import offer of the register"
    )
    is_express: bool = True


class SupportIn(Schema):
    organisation: Word = Field(description="code of the maker")
    kind: Literal[tuple(Kind.values)]
    line: Code
    text: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=2000)]
    amount: Amount | None = None


class ArrearIn(Schema):
    organisation: Word = Field(description="code of the small firm that is owed")
    debtor: Code
    amount: Amount
    due: date
    invoice: Code


class MeasuredIn(Schema):
    source: Code
    column: Literal["customs_days", "express_days"]
    measured: int = Field(ge=0, le=3650)


class MeasuredOut(Schema):
    source: str
    column: str
    now: int | None
    measured: int
    cleared: int
    still: int
