"""Reads every language of the lexicon, says which files cannot be used, and keeps the others ready for the next start.

python -m knowledge.understanding.check
"""

from __future__ import annotations

import sys

from knowledge.understanding.lexicon import Language, LexiconError, kept_languages


def main() -> int:
    wrong = 0
    for name, kept in kept_languages().items():
        try:
            kept.make()
        except LexiconError as error:
            wrong += 1
            sys.stderr.write(f"{error}\n")
        else:
            sys.stdout.write(f"{name}: {len(Language(name, kept.packed()).labels())} words for services\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
