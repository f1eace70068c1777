"""Queries that are written once answer what the ORM answers, for each person, and see each change at once."""

import datetime as dt

import pytest

from ministries import rules
from ministries.enums import Role
from ministries.models import BodyName, Round, Submission
from ministries.selectors.body_names import names_on
from ministries.selectors.rounds import current_address, current_round
from nap_monitor.lib import clock
from nap_monitor.lib.prepared import prepared
from tests.factories import AppointmentFactory, ImplementingBodyFactory, RoundFactory, SubmissionFactory, person

pytestmark = pytest.mark.django_db


def test_values_come_back_as_the_orm_gives_them(focal_point) -> None:
    SubmissionFactory(started_at=clock.now(), extended_until=dt.date(2026, 2, 3))
    columns = ("started_at", "extended_until", "round__guidance", "round__plan__title", "confirmed_version_id", "step")
    query = Submission.objects.order_by("pk").values_list(*columns)
    kept = prepared("test-values", lambda: query)
    assert kept.rows() == list(query)
    Submission.objects.update(step=7)
    assert kept.rows()[0][-1] == 7


def test_roles_are_read_once_for_a_page_and_anew_when_they_were_forgotten(
    signed_in, body, other_body, django_assert_num_queries
) -> None:
    user = person(Role.FOCAL_POINT, body)
    lazy = signed_in(user).get("/").context["user"]
    with django_assert_num_queries(0):
        assert rules.roles_of(lazy).own_bodies == {body.pk}
        assert lazy.has_perm("ministries.change_submission")
    AppointmentFactory(user=user, role=Role.APPROVER, body=other_body)
    assert rules.roles_of(lazy).own_bodies == {body.pk}
    rules.forget_roles(lazy)
    assert rules.roles_of(lazy).own_bodies == {body.pk, other_body.pk}
    assert rules.roles_of(person(Role.APPROVER, other_body)).own_bodies == {other_body.pk}


def test_names_are_those_of_the_day_in_the_order_of_the_government(body) -> None:
    later = ImplementingBodyFactory(order=0)
    since = dt.date(2025, 10, 1)
    BodyName.objects.create(body=body, valid_from=since, name={"ko": "새 이름"}, short_name={})
    for day in (since - dt.timedelta(days=1), since):
        found = names_on(day)
        assert {pk: each.name for pk, each in found.items()} == {
            each.pk: each.named_on(day).name for each in (body, later)
        }
    assert str(names_on(since)[body.pk].short_name) == "새 이름"
    later.names.all().delete()
    assert names_on(since)[later.pk].name == later.named_on(since).name == {"ko": later.code}
    assert (list(names_on(since, [later.pk])), names_on(since, [])) == ([later.pk], {})


def test_the_menu_leads_to_the_round_at_work() -> None:
    assert current_address() is None
    RoundFactory(year=2021), RoundFactory(year=2022)
    day = clock.today()
    for year, opening in ((2021, day), (2022, day + dt.timedelta(days=9))):
        days = {"due_date": opening + dt.timedelta(days=9), "closing_date": opening + dt.timedelta(days=9)}
        Round.objects.filter(year=year).update(opening_date=opening, **days)
    found = current_round()
    assert found is not None
    assert current_address() == (found.plan.number, found.year) == (found.plan.number, 2021)
