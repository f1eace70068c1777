"""The key of what a browser keeps of unsaved text: each person's own, on their own pages alone."""

import base64

import pytest
from django.test import Client

from nap_monitor.accounts.keeping import keeping_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_each_person_has_a_key_of_256_bits_and_a_name_that_names_nobody(settings) -> None:
    one, other = UserFactory(), UserFactory()
    assert keeping_of(one) == keeping_of(one)
    assert keeping_of(one).key != keeping_of(other).key
    assert keeping_of(one).owner != keeping_of(other).owner
    assert len(base64.b64decode(keeping_of(one).key)) == 32
    assert str(one.pk) not in keeping_of(one).owner
    before = keeping_of(one)
    settings.SECRET_KEY = "another key of the installation, as long as it has to be"
    assert keeping_of(one) != before


def test_only_the_persons_own_pages_carry_it(signed_in) -> None:
    one, other = UserFactory(), UserFactory()
    pages = [Client().get("/accounts/login/"), signed_in(one).get("/help/"), signed_in(other).get("/help/")]
    found = [[keeping_of(each).key in page.content.decode() for each in (one, other)] for page in pages]
    assert found == [[False, False], [True, False], [False, True]]
