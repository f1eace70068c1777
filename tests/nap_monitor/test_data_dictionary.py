"""The data dictionary says what the models say."""

from django.conf import settings

from nap_monitor.lib.data_dictionary import dictionary
from nap_monitor.lib.management.commands.write_dictionary import own_apps


def test_the_dictionary_in_docs_is_up_to_date() -> None:
    written = (settings.BASE_DIR / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary(own_apps()), "run make dictionary"


def test_every_own_model_stands_in_it() -> None:
    assert own_apps() == ["accounts", "audit", "objectives", "ministries", "reports"]
    assert "## Submission (`ministries_submission`)" in dictionary(["ministries"])
