"""What is near somebody of whom only the arrondissements are known: no position is ever kept."""

from __future__ import annotations

from collections.abc import Collection

from knowledge.frame import Place
from knowledge.gazetteer.distance import metres_between

WITHIN_REACH_M = 3000.0
"""From the middle of an arrondissement that somebody chose: a mission there is still worth asking them for."""
NEAR_M = 1500.0
"""For those who want to be asked near them only."""

CENTRES = {
    "75001": (48.8626, 2.3364), "75002": (48.8683, 2.3428), "75003": (48.8629, 2.3600), "75004": (48.8543, 2.3576),
    "75005": (48.8444, 2.3507), "75006": (48.8491, 2.3329), "75007": (48.8562, 2.3122), "75008": (48.8727, 2.3126),
    "75009": (48.8772, 2.3375), "75010": (48.8761, 2.3607), "75011": (48.8591, 2.3801), "75012": (48.8411, 2.3882),
    "75013": (48.8284, 2.3623), "75014": (48.8292, 2.3265), "75015": (48.8401, 2.2928), "75016": (48.8639, 2.2767),
    "75017": (48.8873, 2.3068), "75018": (48.8926, 2.3482), "75019": (48.8871, 2.3848), "75020": (48.8635, 2.4012),
    "75116": (48.8639, 2.2767),
}  # fmt: skip
"""Postcode -> degrees of its middle (opendata.paris.fr, arrondissements, geom_x_y); of the 12th and the 16th, whose middles
lie in their woods, of the town hall."""


def near(
    districts: Collection[str], district: str, position: tuple[float, float] | None, within_m: float
) -> bool | None:
    """Whether something in `district` (a postcode, "" where that is unknown), at `position`, is in one of `districts` or
    within `within_m` of the middle of one; None where it cannot be told."""
    if district and district in districts:
        return True
    where = position or CENTRES.get(district)
    if where is None:
        return False if district else None
    here = Place("", *where)
    return any(metres_between(Place("", *CENTRES[one]), here) <= within_m for one in districts if one in CENTRES)
