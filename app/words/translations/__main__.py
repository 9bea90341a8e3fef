"""``python -m app.words.translations``: bring the files in line with the code, and say what is to be translated."""

import sys

from app.words.translations.messages import TRANSLATED, bring_up_to_date

for _language in TRANSLATED:
    _left = bring_up_to_date(_language)
    sys.stdout.write(f"app/words/translations/{_language}.po: {_left} to be translated\n")
