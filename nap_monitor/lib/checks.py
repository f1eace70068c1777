"""What the machine must have for the pages: asked by ``manage.py check``, before one is shown without its style."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

NEEDED = ("css/token/krds_tokens.css", "css/component/output.css")
HINT = "Run `make frontend`, or `npm ci --omit=dev --ignore-scripts`, in {folder}."


def krds_style_sheets(**_options: Any) -> list[CheckMessage]:
    """An error where KRDS, which npm brings, is not in ``node_modules``, or in another version than the lock's."""
    base, krds = Path(settings.BASE_DIR), Path(settings.KRDS_ROOT)
    hint = HINT.format(folder=base)
    if not all((krds / name).is_file() for name in NEEDED):
        sentence = f"The style sheets of KRDS are not installed ({krds.parent}); no page can be shown with its style."
        return [Error(sentence, hint=hint, id="nap_monitor.E001")]
    locked = json.loads((base / "package-lock.json").read_text())["packages"]["node_modules/krds-uiux"]["version"]
    found = json.loads((krds.parent / "package.json").read_text())["version"]
    if found != locked:
        sentence = f"KRDS is installed in version {found}, but package-lock.json has {locked}."
        return [Error(sentence, hint=hint, id="nap_monitor.E002")]
    return []
