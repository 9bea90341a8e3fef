"""The numbers from which French telemarketing must call, and nobody else may: facts of the numbering plan, so there is
nothing to fetch. ARCEP, decision 2022-1583; for the overseas departments ARCEP's numbering plan."""

from typing import Final

from filters.pattern import Pattern, PatternKind

_ZONES: Final = {
    "Île-de-France": ("+33162", "+33163"),
    "Nord-Ouest": ("+33270", "+33271"),
    "Nord-Est": ("+33377", "+33378"),
    "Sud-Est": ("+33424", "+33425"),
    "Sud-Ouest": ("+33568", "+33569"),
    "non-geographic": ("+33948", "+33949"),
    "overseas departments": ("+339475", "+339476", "+339477", "+339478", "+339479"),
}
PREFIXES: Final = tuple(Pattern(PatternKind.PREFIX, prefix) for zone in _ZONES.values() for prefix in zone)
