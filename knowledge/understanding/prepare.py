"""Makes names of places and languages ready and keeps them, so that the bot starts at once: part of setting it up.

python -m knowledge.understanding.prepare [--first | --others]

Says which languages cannot be used. Where nothing can be kept, the bot makes them ready at each start.
`--first`: French alone, whose words every sentence needs; `--others`: all but French, and the places.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from knowledge.gazetteer import kept as places
from knowledge.understanding.lexicon import ALWAYS, LexiconError, kept_languages


def main(arguments: Sequence[str]) -> int:
    gc.disable()  # nothing of what is made here is thrown away before the end
    if (not arguments or "--others" in arguments) and not places.is_ready():
        places.make()
    wrong = 0
    kept = kept_languages()
    for name in sorted(kept, key=lambda name: name not in ALWAYS):
        share = "--first" if name == ALWAYS[0] else "--others"
        if (not arguments or share in arguments) and not kept[name].is_ready():
            try:
                kept[name].make()
            except LexiconError as error:
                wrong += 1
                sys.stderr.write(f"{error}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
