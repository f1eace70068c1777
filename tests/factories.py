"""Objects for tests. Rows are made plainly; a submission walks to its state through the real services."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from ministries.enums import BODY_ROLES, Role, State
from ministries.models import (
    Appointment,
    Assignment,
    BodyField,
    BodyName,
    ImplementingBody,
    Indicator,
    Round,
    Submission,
)
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.localized import LocalizedText
from objectives.models import ActionPlan, Area, Objective, Plan, Strategy

#: The password of every person made here.
PASSWORD = "quiet-river-42"


def both(ko: str, en: str = "") -> LocalizedText:
    """Text of the domain in both languages."""
    return LocalizedText({"ko": ko, "en": en or ko})


class UserFactory(DjangoModelFactory):
    """A person who can sign in with :data:`PASSWORD`; ``password=None`` for one who was never signed in."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(**kwargs)


class BodyNameFactory(DjangoModelFactory):
    """A name of a body, from the beginning where ``valid_from`` is not given."""

    class Meta:
        model = BodyName

    body = factory.SubFactory("tests.factories.ImplementingBodyFactory", names=None)
    name = factory.LazyAttribute(lambda o: both(f"기관 {o.body.code}", f"Body {o.body.code}"))
    short_name = factory.LazyAttribute(lambda o: both(f"기{o.body.code}", o.body.code))


class ImplementingBodyFactory(DjangoModelFactory):
    """A ministry with one name; ``names__name=both(…)`` words it, ``is_lead=True`` makes it the lead ministry."""

    class Meta:
        model = ImplementingBody
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"B{n}")
    order = factory.Sequence(lambda n: n)
    names = factory.RelatedFactory(BodyNameFactory, factory_related_name="body")


class PlanFactory(DjangoModelFactory):
    """A plan of three years, 2021 to 2023."""

    class Meta:
        model = Plan

    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda o: both(f"제{o.number}기 국가행동계획", f"National Action Plan {o.number}"))
    start_year = 2021
    end_year = 2023


class _ItemFactory(DjangoModelFactory):
    """What all items of a plan have."""

    class Meta:
        abstract = True

    order = factory.Sequence(lambda n: n)
    title = factory.LazyAttribute(lambda o: both(f"항목 {o.code}", f"Item {o.code}"))


class AreaFactory(_ItemFactory):
    """An area; ``plan=`` puts it in a plan."""

    class Meta:
        model = Area

    plan = factory.SubFactory(PlanFactory)
    code = factory.Sequence(lambda n: f"area-{n}")


class ObjectiveFactory(_ItemFactory):
    """An objective; ``area=`` or ``area__plan=`` places it."""

    class Meta:
        model = Objective

    area = factory.SubFactory(AreaFactory)
    code = factory.Sequence(lambda n: f"{n}")


class StrategyFactory(_ItemFactory):
    """A strategy; ``objective=`` or ``objective__area__plan=`` places it."""

    class Meta:
        model = Strategy

    objective = factory.SubFactory(ObjectiveFactory)
    code = factory.Sequence(lambda n: f"{n}.1")


class ActionPlanFactory(_ItemFactory):
    """An action plan; ``plan=`` makes the levels above it, ``strategy=`` puts it under that strategy."""

    class Meta:
        model = ActionPlan

    plan = None
    strategy = None
    code = factory.Sequence(lambda n: f"{n}.1.1")

    @classmethod
    def _create(cls, model_class: type[ActionPlan], *args: Any, **kwargs: Any) -> ActionPlan:
        if kwargs["strategy"] is None:
            kwargs["strategy"] = StrategyFactory(
                **({"objective__area__plan": kwargs["plan"]} if kwargs["plan"] else {})
            )
        kwargs["plan"] = kwargs["strategy"].objective.area.plan
        return super()._create(model_class, *args, **kwargs)


class AssignmentFactory(DjangoModelFactory):
    """A body's duty for an action plan, in all years of the plan; ``plan=`` makes the action plan in that plan."""

    class Meta:
        model = Assignment

    class Params:
        plan = None

    action_plan = factory.LazyAttribute(lambda o: ActionPlanFactory(plan=o.plan))
    body = factory.SubFactory(ImplementingBodyFactory)
    order = factory.Sequence(lambda n: n)
    start_year = factory.LazyAttribute(lambda o: o.action_plan.plan.start_year)
    end_year = factory.LazyAttribute(lambda o: o.action_plan.plan.end_year)


class RoundFactory(DjangoModelFactory):
    """The row of a round, open today and due in three weeks; the service ``create_round`` makes its submissions too."""

    class Meta:
        model = Round

    plan = factory.SubFactory(PlanFactory)
    year = factory.LazyAttribute(lambda o: o.plan.start_year)
    opening_date = factory.LazyFunction(lambda: clock.today() - dt.timedelta(days=30))
    due_date = factory.LazyFunction(lambda: clock.today() + dt.timedelta(days=21))
    closing_date = factory.LazyAttribute(lambda o: o.due_date + dt.timedelta(days=30))


class SubmissionFactory(DjangoModelFactory):
    """A submission that nobody has started; ``body=`` and ``round=`` place it. For other states: `submission_in`."""

    class Meta:
        model = Submission

    class Params:
        body = None

    round = factory.SubFactory(RoundFactory)
    assignment = factory.LazyAttribute(
        lambda o: AssignmentFactory(plan=o.round.plan, **({"body": o.body} if o.body else {}))
    )

    @classmethod
    def _generate(cls, strategy: Any, params: dict[str, Any]) -> Submission:
        if "assignment" in params and not any(name.startswith("round") for name in params):
            params["round__plan"] = params["assignment"].action_plan.plan
        return super()._generate(strategy, params)


class IndicatorFactory(DjangoModelFactory):
    """An indicator of an action plan."""

    class Meta:
        model = Indicator

    action_plan = factory.SubFactory(ActionPlanFactory)
    code = factory.Sequence(lambda n: f"I{n}")
    order = factory.Sequence(lambda n: n)
    name = factory.LazyAttribute(lambda o: both(f"지표 {o.code}", f"Indicator {o.code}"))
    unit = factory.LazyFunction(lambda: both("명", "persons"))


class BodyFieldFactory(DjangoModelFactory):
    """A field of a body's own, for text, in all years."""

    class Meta:
        model = BodyField

    body = factory.SubFactory(ImplementingBodyFactory)
    key = factory.Sequence(lambda n: f"field-{n}")
    order = factory.Sequence(lambda n: n)
    label = factory.LazyAttribute(lambda o: both(f"자체 항목 {o.key}", f"Own {o.key}"))


class AppointmentFactory(DjangoModelFactory):
    """A role that holds from a month ago on; a role of a body gets a body of its own where none is given."""

    class Meta:
        model = Appointment

    user = factory.SubFactory(UserFactory)
    role = Role.FOCAL_POINT
    body = factory.LazyAttribute(
        lambda o: ImplementingBodyFactory(is_lead=o.role == Role.COORDINATOR) if o.role in BODY_ROLES else None
    )
    start = factory.LazyFunction(lambda: clock.today() - dt.timedelta(days=30))


def person(role: Role, body: ImplementingBody | None = None, **user: Any) -> User:
    """A person who holds ``role`` today (in ``body``, for a role of a body)."""
    return AppointmentFactory(user=UserFactory(**user), role=role, **({"body": body} if body else {})).user


#: What a body writes for a submission to be complete.
COMPLETE = {
    "results": "교육을 네 차례 실시하였습니다.",
    "self_rating": "on-track",
    "next_year_plan": "교육을 다섯 차례 실시할 계획입니다.",
}


def fill_in(submission: Submission, by: User, **content: str) -> Submission:
    """Save :data:`COMPLETE`, and ``content`` over it, through the service."""
    from ministries.services.submissions import Change, save_submission

    changes = {
        field: Change(base=str(getattr(submission, field)), new=new)
        for field, new in {**COMPLETE, **content}.items()
        if str(getattr(submission, field)) != new
    }
    save_submission(submission=submission, by=by, changes=changes)
    submission.refresh_from_db()
    return submission


def submission_in(
    state: State | str,
    submission: Submission | None = None,
    *,
    by: User | None = None,
    approver: User | None = None,
    coordinator: User | None = None,
    rating: str = "on-track",
    content: dict[str, str] | None = None,
    **factory_fields: Any,
) -> Submission:
    """A submission that has come to ``state`` from the first one through the real services.

    People that are not given are made: a focal point (``by``) and an approver of its body, a coordinator of a lead
    ministry. ``content`` is written beside :data:`COMPLETE`; ``factory_fields`` go to :class:`SubmissionFactory`.
    """
    from ministries.services import transitions

    submission = submission or SubmissionFactory(**factory_fields)
    if state == State.DRAFT:
        return submission
    body = submission.assignment.body
    writer = by or person(Role.FOCAL_POINT, body)
    approver = approver or person(Role.APPROVER, body)
    fill_in(submission, writer, **(content or {}))
    transitions.sign_off(submission=submission, by=approver)
    if state != State.SIGNED_OFF:
        submission.refresh_from_db()
        transitions.submit(submission=submission, by=approver)
        submission.refresh_from_db()
    if state in (State.RETURNED, State.CONFIRMED):
        lead = coordinator or person(Role.COORDINATOR)
        if state == State.RETURNED:
            transitions.return_submission(submission=submission, by=lead, reason="근거를 보완하여 주시기 바랍니다.")
        else:
            transitions.confirm(submission=submission, by=lead, rating=rating)
    submission.refresh_from_db()
    return submission
