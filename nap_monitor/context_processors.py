"""What every page may ask of the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def installation(request: HttpRequest) -> dict[str, Any]:
    """Whether this is a sample installation, and whether it is an official site: every page then says so."""
    return {"sample_installation": settings.SAMPLE_INSTALLATION, "official_site": settings.OFFICIAL_SITE}
