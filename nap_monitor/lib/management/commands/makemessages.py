"""``manage.py makemessages``: Django's, in the form in which catalogues are kept here."""

import re
import subprocess
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import makemessages

#: Folders without strings of ours; Django itself leaves out those that begin with a point.
NOT_OURS = ["node_modules", "tests", "var"]
LOCALES = ["ko", "en"]


class Command(makemessages.Command):
    """Files without line numbers, times, guesses and leftovers: a catalogue changes where its strings change."""

    # Functions that translate at once, in modules where ``_`` is the lazy one.
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_now"]
    # A guessed translation would stand in the program unread.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> Any:
        """Collect the strings into both catalogues."""
        if not options["locale"] and not options["all"]:
            options["locale"] = LOCALES
        options["ignore_patterns"] = [*options["ignore_patterns"], *NOT_OURS]
        return super().handle(*args, **{**options, "add_location": "file", "no_wrap": True, "no_obsolete": True})

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Without the time of the collection, which would make every two catalogues differ.

        The ids are English: where the English catalogue says nothing else, it says its id.
        """
        super().write_po_file(potfile, locale)
        file = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        if locale == "en":
            command = ["msgen", "--no-wrap", "--lang=en", "--output-file", str(file), str(file)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
            if done.returncode:
                raise CommandError(f"msgen could not fill in the English catalogue: {done.stderr.strip()}")
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r'^"POT-Creation-Date: .*\n', "", text, flags=re.MULTILINE), encoding="utf-8")
