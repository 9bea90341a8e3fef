"""The categories and the script that a new company begins with; it changes them as it likes."""

from typing import Final

from app.base.language import LANGUAGES, speaking
from app.company.categories import CATEGORIES, CategoryIn
from app.company.scripts import SCRIPTS, ScriptIn
from app.edits.edit import Edit
from app.plan.rows import Row
from app.web.schema import validated
from app.words.start_set_words import start_categories, start_script_name, start_script_steps

_RECEIVED: Final[dict[str, Row]] = {
    "vip": {"priority": 60, "colour": "amber", "responsible_first": True},
    "care": {"priority": 20, "colour": "violet", "responsible_first": True},
    "company": {"colour": "blue", "responsible_first": True},
    "employee": {"colour": "grey"},
    "supplier": {"colour": "grey"},
    "prospect": {"priority": 10, "colour": "green"},
    "prepayment": {"colour": "red"},
}
"""How the clients of each are received, and the colour of its word; none has a queue of its own."""


async def add_start_set(edit: Edit, language: str) -> None:
    """Add the script, in every language, and the categories, in the company's."""
    steps: dict[str, list[dict[str, str]]] = {}
    for code in LANGUAGES:
        with speaking(code):
            steps[code] = start_script_steps()
    with speaking(language):
        name, categories = start_script_name(), start_categories()
    script = await SCRIPTS.save(edit, validated(ScriptIn, {"name": name, "steps": steps}).model_dump())
    for one in categories:
        fields = {
            "name": one.name, "word": one.word, "required_treatment": one.required_treatment,
            "guidance": {"opening": one.opening, "avoid": one.avoid, "offer": one.offer},
            "script_id": script["id"] if one.key == "care" else None,
        }  # fmt: skip
        await CATEGORIES.save(edit, validated(CategoryIn, fields | _RECEIVED.get(one.key, {})).model_dump())
