"""What ``manage.py check`` says of the libraries for PDF."""

import pytest
from django.core.checks.registry import registry

from reports import checks


def test_nothing_is_missing_here_and_the_check_is_registered() -> None:
    assert checks.pdf_libraries() == []
    assert checks.pdf_libraries in registry.registered_checks


@pytest.mark.parametrize("library", checks.LIBRARIES)
def test_a_missing_library_is_an_error_that_names_its_package(monkeypatch, library) -> None:
    _names, package = checks.LIBRARIES[library]
    monkeypatch.setitem(checks.LIBRARIES, library, (("there-is-no-such-library.so",), package))
    (found,) = checks.pdf_libraries()
    assert found.is_serious()
    assert library in found.msg
    assert package in found.hint
