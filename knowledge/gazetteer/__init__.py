"""Place names of Paris and its ring: which place a name means, and where names stand in a sentence."""

from knowledge.gazetteer.gazetteer import Gazetteer
from knowledge.gazetteer.spots import UNSURE, Spot

__all__ = ["UNSURE", "Gazetteer", "Spot"]
