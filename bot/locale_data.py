"""How dates, times and numbers are written in a language: Babel's data, without the rest of it."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel import Locale, localedata
from babel.core import get_global

NEEDED = frozenset(
    {
        "character_order", "date_formats", "datetime_formats", "datetime_skeletons", "day_period_rules", "day_periods",
        "days", "decimal_formats", "default_numbering_system", "eras", "list_patterns", "locale_id", "months",
        "number_symbols", "numbering_systems", "percent_formats", "plural_form", "quarters", "time_formats", "week_data",
    }
)  # fmt: skip
"""What is used of a locale. Its currencies, languages, time zones and units are 4 MB of memory a language (ran)."""


UNUSED = (
    "all_currencies", "currency_fractions", "territory_currencies", "territory_languages", "territory_zones",
    "windows_zone_mapping", "zone_aliases", "zone_territories", "meta_zones", "likely_subtags",
)  # fmt: skip
"""Of the data about all languages together, 2 MB more (ran)."""


@cache
def locale(language: str) -> Locale:
    """Raises babel.UnknownLocaleError for a language that Babel does not know."""
    found = Locale.parse(language)
    for key in UNUSED:
        data_of_all: Any = get_global(key)  # type: ignore[arg-type]
        data_of_all.clear()
    for name in ("root", language):
        data = localedata.load(name)  # Babel keeps this very dictionary
        for key in data.keys() - NEEDED:
            del data[key]
    return found
