"""``/scripts``: what to say in a conversation, step by step."""

from typing import Annotated, Final

from pydantic import BaseModel, Field

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault
from app.edits.edit import Edit
from app.plan.rows import Row
from app.web.resource import Resource
from app.web.schema import Input, Language, Name, Stored
from models import ScriptRecord

_STEPS: Final[list[dict[str, list[dict[str, str]]]]] = [
    {"en": [{"title": "State the matter", "text": "“You ordered on the third, and it has not come.”"}]}
]


class ScriptStep(Input):
    """One step."""

    title: Name
    text: str = Field("", max_length=limits.TEXT, description="What can be said, or what to mind.")


class ScriptIn(Input):
    """A script."""

    name: Name = Field(examples=["Difficult conversation"])
    steps: dict[Language, Annotated[list[ScriptStep], Field(max_length=limits.STEPS)]] = Field(
        min_length=1, description="By language; operators see theirs, else the company's.", examples=_STEPS
    )


class ScriptStepOut(BaseModel):
    """One step."""

    title: str
    text: str = ""


class ScriptOut(Stored):
    """A script as stored."""

    name: str
    steps: dict[str, list[ScriptStepOut]]


class Scripts(Resource[ScriptRecord]):
    """A script has something to say."""

    async def check(self, edit: Edit, fields: Row, record: ScriptRecord | None) -> None:
        """Raises :class:`Unprocessable`."""
        if "steps" in fields:
            fields["steps"] = {code: steps for code, steps in fields["steps"].items() if steps}
            if not fields["steps"]:
                raise Unprocessable(CompanyFault.SCRIPT_EMPTY, field="steps")


SCRIPTS = Scripts(
    ScriptRecord, ScriptIn, "script", out=ScriptOut, finds=[ScriptRecord.name],
    about="What to say in a conversation, step by step.", lists="All scripts.", reads="One script.",
    adds="Add a script; categories refer to it.",
    changes="Change the fields that are given; `steps` replaces all of them.",
    deletes="Delete a script that no category has.",
)  # fmt: skip
