"""Everything that callers hear exists in every language that a line may speak."""

import pytest

from app.base.language import ENGLISH, LANGUAGES
from app.plan.phrases import DEFAULTS, phrase_in
from routing.actions import Phrase
from tests.routing.a_plan import a_plan


@pytest.mark.parametrize("phrase", Phrase)
def test_every_phrase_exists_in_every_language(phrase: Phrase) -> None:
    assert set(DEFAULTS[phrase]) == set(LANGUAGES) == {"en", "es", "fr", "ru"}
    texts = list(DEFAULTS[phrase].values())
    assert all(text.strip() == text and text.endswith(".") for text in texts)
    assert len(set(texts)) == len(LANGUAGES)


@pytest.mark.parametrize("phrase", Phrase)
def test_russian_is_russian(phrase: Phrase) -> None:
    letters = [c for c in DEFAULTS[phrase]["ru"].replace("{place}", "").replace("{minutes}", "") if c.isalpha()]
    assert all("а" <= c.lower() <= "я" or c in "ёЁ" for c in letters)


def test_the_fake_queue_promises_nothing() -> None:
    for phrase in (Phrase.HOLD, Phrase.PLEASE_HOLD):
        for text in DEFAULTS[phrase].values():
            assert not any(word in text.lower() for word in ("important", "minute", "position", "soon", "bientôt"))
            assert not any(c.isdigit() for c in text)


def test_the_company_s_own_words_go_first_and_english_last() -> None:
    plan = a_plan(phrases={(Phrase.HOLD, "fr"): "Un instant."})
    assert phrase_in(plan, Phrase.HOLD, "fr") == "Un instant."
    assert phrase_in(plan, Phrase.HOLD, "ru") == DEFAULTS[Phrase.HOLD]["ru"]
    assert phrase_in(plan, Phrase.HOLD, "zu") == DEFAULTS[Phrase.HOLD][ENGLISH]
    assert phrase_in(None, Phrase.HOLD, "fr") == DEFAULTS[Phrase.HOLD]["fr"]
