"""From an address to places, through the national geocoder and Nominatim."""

from knowledge.geocoding.area import in_service_area
from knowledge.geocoding.geocoder import Geocoder

__all__ = ["Geocoder", "in_service_area"]
