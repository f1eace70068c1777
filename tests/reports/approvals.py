"""A submission with something in everything that it can hold, and every text that stands in what is printed of it."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ministries.figures import Figure, shown_text
from ministries.models import Activity, BodyFieldValue, BudgetLine, ImplementingBody, IndicatorResult, Round, Submission
from ministries.services.submissions import Change, save_submission
from nap_monitor.accounts.models import User
from tests.evidence import attach
from tests.factories import BodyFieldFactory, IndicatorFactory, SubmissionFactory, both, fill_in

Content = dict[str, Any]

TEXTS = {
    "this_year_plan": "올해의 계획을 적은 글",
    "results": "○ 교육을 네 차례 실시\n○ 지휘관 <삼백> & 이십 명 참여\n\n둘째 문단입니다.",
    "self_rating": "attention",
    "self_rating_reason": "자체평가의 사유를 적은 글",
    "shortcomings": "미흡한 점을 적은 글",
    "improvement_measures": "개선할 점을 적은 글",
    "next_year_plan": "다음 해의 계획을 적은 글",
    "consultation": "시민사회와 협의한 글",
    "consultation_outcome": "협의의 결과를 적은 글",
    "recommendations_action": "권고사항에 대하여 한 일을 적은 글",
    "related": "결의 1325호, 제2기 국가행동계획",
    "gender_impact_assessment": "성별영향평가를 적은 글",
    "department": "국방여성가족정책과",
    "disclosure": "partly",
    "disclosure_ground": "「공공기관의 정보공개에 관한 법률」 제9조",
}


def whole_submission(round: Round, body: ImplementingBody, by: User) -> Submission:
    """Every field, two rows of the tables, an own field of the body, two files and a remark on a point to check."""
    made = SubmissionFactory(round=round, body=body)
    for number in (1, 2):
        _activity(made, number).save()
        line = BudgetLine(submission=made, programme=f"세부사업 {number}", account="fund", gender_responsive=True)
        line.budget, line.executed = Figure.of("1234.5"), Figure(None, "not-known")
        line.save()
    indicator = IndicatorFactory(action_plan=made.assignment.action_plan, name=both("이수율", "Completed training"))
    result = IndicatorResult(submission=made, indicator=indicator, source="통계연보", reason="표본이 작음")
    result.target, result.actual = Figure.of(80), Figure.of(12)
    result.save()
    BodyFieldValue.objects.create(submission=made, field=BodyFieldFactory(body=body), text="자체 항목에 대한 답")
    attach(made, by, "교육결과.pdf")
    attach(made, by, "명단.pdf", is_restricted=True)
    fill_in(made, by, **TEXTS)
    key = f"small-count.{made.activities.first().pk}.women"
    save_submission(submission=made, by=by, changes={}, remarks={key: Change("", "공개하지 아니함")})
    made.refresh_from_db()
    return made


def _activity(submission: Submission, number: int) -> Activity:
    made = Activity(
        submission=submission,
        order=number,
        kind="training",
        title=f"활동 {number}의 이름",
        date=dt.date(2022, 5, number),
        end_date=dt.date(2022, 6, number),
        place=f"장소 {number}",
        province="KR-30",
        partners=f"협력기관 {number}",
        phase="planning",
        currency="USD",
        description=f"활동 {number}의 경과를 길게 설명하는 글입니다. " * 4,
    )
    made.women, made.men, made.contribution = Figure.of(number + 1), Figure.of(30), Figure.of(4500)
    return made


def fields_of(entry: Content) -> Iterator[Content]:
    """All fields of a submission in the content, those of rows too."""
    for section in entry["sections"]:
        yield from section.get("fields", ())
        for row in section.get("rows", ()):
            yield from row["fields"]


def texts_of(field: Content, language: str) -> list[str]:
    """What a reader must find of a field: nothing for a flag or where nothing was given."""
    if field["value"] is None or field["kind"] in ("flag", "date"):
        return []
    if field["kind"] in ("choice", "localized"):
        return [field["text"].get(language) or field["value"]]
    if field["kind"] == "figure":
        return [shown_text(Decimal(field["value"]))]
    return [line for line in field["value"].splitlines() if line.strip()]
