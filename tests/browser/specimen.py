"""Every control of the crispy pack on one page, before the real frame, policy and script: an address for tests only."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.forms.formsets import formset_factory
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from ministries.enums import Rating
from ministries.forms.fields import FigureField
from nap_monitor.lib.forms import AskedRows, DateField, FilesField, InlineRadioSelect, unjudged
from nap_monitor.urls import urlpatterns as real

LONG = "여성·평화·안보 국가행동계획의 이행에 필요한 인력과 예산을 확보하고 관계기관과 협의하여 추진한 과제의 세부내용"
KINDS = [("training", "교육·연수"), ("conference", "회의·행사"), ("long", LONG)]


class Specimen(forms.Form):
    """One field of each sort."""

    title = forms.CharField(label="제목", max_length=20, help_text="한 줄로 적습니다.")
    results = forms.CharField(label="추진실적", widget=forms.Textarea(attrs={"rows": 4}), max_length=100)
    day = DateField(label="시행일자", help_text="문서의 시행일자")
    people = forms.IntegerField(label="참여인원", required=False)
    amount = FigureField(label="예산현액", unit="백만원")
    share = forms.DecimalField(label="여성 비율", required=False)
    kind = forms.ChoiceField(label="활동 유형", choices=[("", "선택"), *KINDS])
    rating = forms.ChoiceField(
        label="자체평가", choices=Rating.choices, widget=forms.RadioSelect, help_text="하나를 고릅니다."
    )
    answer = forms.ChoiceField(label="성인지 예산", choices=[("y", "해당"), ("n", "미해당")], widget=InlineRadioSelect)
    kinds = forms.MultipleChoiceField(label=LONG, choices=KINDS, widget=forms.CheckboxSelectMultiple)
    sure = forms.BooleanField(label="개인정보가 들어 있지 않음을 확인하였습니다.", help_text="집계값만 입력합니다.")
    file = forms.FileField(label="공문", required=False)
    files = FilesField(label="증빙자료", required=False, most=3, max_size=1024 * 1024, endings=("pdf", "hwp", "hwpx"))
    folded = forms.CharField(label="접힌 항목")
    password = forms.CharField(label="비밀번호", widget=forms.PasswordInput)
    fixed = forms.CharField(label="기관", disabled=True, initial="국방부")
    fixed_kind = forms.ChoiceField(label="고정된 유형", choices=KINDS, disabled=True, initial="training")
    fixed_answer = forms.ChoiceField(
        label="고정된 답",
        choices=[("y", "해당"), ("n", "미해당")],
        disabled=True,
        initial="y",
        widget=InlineRadioSelect,
    )
    read = forms.CharField(
        label="읽기 전용", required=False, initial="2022", widget=forms.TextInput({"readonly": True})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {"share": "%", "people": "명"}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset("한 줄과 여러 줄", "title", "results", "day"),
            Fieldset("수치", Row("people", "share"), "amount"),
            Fieldset("선택", "kind", "rating", "answer", "kinds", "sure"),
            Fieldset(
                "파일과 그 밖의 것",
                "file",
                "files",
                "password",
                Row("fixed", "fixed_kind"),
                Row("read", "fixed_answer"),
            ),
        )


class LineForm(forms.Form):
    """A row with few columns."""

    programme = forms.CharField(label="세부사업명", max_length=20)
    budget = FigureField(label="예산현액(백만원)")
    responsive = forms.BooleanField(label="성인지 예산", required=False)


class ActivityForm(forms.Form):
    """A row with too many columns for a table."""

    day = DateField(label="일자")
    kind = forms.ChoiceField(label="활동 유형", choices=[("", "선택"), *KINDS])
    name = forms.CharField(label="활동명", widget=forms.Textarea(attrs={"rows": 2}), max_length=200)
    women = forms.IntegerField(label="여", required=False)
    men = forms.IntegerField(label="남", required=False)


class Lines(AskedRows):
    """The lines."""

    title = "예산 내역"


LineSet = formset_factory(LineForm, formset=Lines, extra=1, max_num=4, validate_max=True, can_delete=True)
ActivitySet = formset_factory(ActivityForm, formset=AskedRows, extra=1, can_delete=True)

PAGE = """
{% extends "base.html" %}{% load i18n krds crispy_forms_tags %}
{% block title %}Specimen{% endblock %}{% block heading %}Specimen{% endblock %}
{% block content %}{% faults_of form lines activities as faults %}{% include "krds/summary.html" %}
{% if saved %}<p id="saved">{{ saved }}</p>{% endif %}
<form method="post" enctype="multipart/form-data" novalidate>{% csrf_token %}{% crispy form form.helper %}
<details class="disclosure" id="folded"><summary>접힌 부분</summary>
<div class="disclosure-body">{{ form.folded|as_crispy_field }}</div></details>
{% include "krds/formset.html" with formset=lines caption="예산 내역" add_label="내역 추가" only %}
{% include "krds/formset.html" with formset=activities caption="세부 활동" row_label="활동" layout="cards" only %}
<div class="form-buttons"><button class="krds-btn medium primary" name="save" value="1">저장</button></div>
</form>{% endblock %}
""".strip()


@login_not_required
def specimen(request: HttpRequest) -> HttpResponse:
    """Shows the page, and what was posted to it."""
    data = request.POST if request.method == "POST" else None
    form = Specimen(data, request.FILES if data is not None else None)
    form.helper.form_show_errors = False
    lines = LineSet(data, prefix="lines", initial=[{"programme": "여성 인력 모집"}])
    activities = ActivitySet(data, prefix="activities")
    parts = (form, lines, activities)
    saved = ""
    if data is not None and (lines.asks_for_row or activities.asks_for_row):
        unjudged(*parts)
    elif data is not None and all([part.is_valid() for part in parts]):
        saved = f"{form.cleaned_data['day']:%Y-%m-%d} {len(form.cleaned_data['files'])} {len(lines.deleted_forms)}"
    context = {"form": form, "lines": lines, "activities": activities, "saved": saved}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [*real, *i18n_patterns(path("specimen/", specimen), prefix_default_language=False)]
