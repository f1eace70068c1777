"""The crispy pack: what stands around a field, and that nothing typed is lost."""

import datetime as dt
import re
from types import SimpleNamespace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Column, Div, Fieldset, Layout, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template.loader import render_to_string
from django.utils import translation

from ministries.enums import Rating
from tests.nap_monitor.looking import text_of

AT = dt.datetime(2022, 1, 31, 14, 5, tzinfo=dt.UTC)


class Example(forms.Form):
    """One field of each sort that the work uses."""

    results = forms.CharField(
        label="Results", widget=forms.Textarea, max_length=10, help_text="In short.", show_hidden_initial=True
    )
    amount = forms.DecimalField(label="Amount", required=False, min_value=0)
    rating = forms.ChoiceField(label="Rating", choices=Rating.choices, widget=forms.RadioSelect)
    sure = forms.BooleanField(label="Sure", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    helper = FormHelper()
    helper.layout = Layout(
        Fieldset("Narrative", "results"),
        Row(Column("amount"), Div("rating", css_class="choices")),
        "sure",
        "secret",
        HTML("<hr>"),
        ButtonHolder(Submit("save", "Save")),
    )


def shown(form: forms.Form) -> str:
    """The form as the crispy pack renders it, in English."""
    with translation.override("en"):
        return render_crispy_form(form)


def tag_of(html: str, name: str) -> str:
    """The opening tag of the control with this name."""
    match = re.search(rf'<(?:input|textarea|select)[^>]*name="{name}"[^>]*>', html)
    assert match
    return match[0]


def test_field_is_tied_to_help_error_and_count() -> None:
    html = shown(Example({"results": "x" * 11}))
    control = tag_of(html, "results")
    assert 'aria-describedby="id_results_helptext id_results_error id_results_count"' in control
    assert 'aria-invalid="true"' in control
    for part in ("helptext", "error", "count"):
        assert html.count(f'id="id_results_{part}"') == 1


def test_text_is_counted_and_never_cut() -> None:
    control = tag_of(shown(Example()), "results")
    assert " maxlength" not in control
    assert 'data-maxlength="10"' in control


def test_hidden_initial_value_is_sent_along() -> None:
    assert tag_of(shown(Example(initial={"results": "before"})), "initial-results").count('value="before"') == 1


def test_what_is_no_number_stays_in_its_field() -> None:
    control = tag_of(shown(Example({"amount": "12 million"})), "amount")
    assert 'type="text"' in control
    assert 'value="12 million"' in control


def test_labels_say_what_is_required() -> None:
    words = text_of(shown(Example()))
    assert "Results Required" in words
    assert "Amount Optional" in words


def test_choices_have_a_legend_that_carries_help_and_errors() -> None:
    html = shown(Example({}))
    assert (
        '<fieldset class="form-group form-group-choices" id="div_id_rating" aria-describedby="id_rating_error">' in html
    )
    assert "<legend" in html
    box = tag_of(html, "rating")
    assert 'aria-invalid="true"' in box
    assert 'aria-describedby="id_rating_error"' in box, "the summary leads to it: it says what is wrong"
    assert "aria-describedby" not in tag_of(shown(Example()), "rating")


def test_summary_of_errors_links_to_each_field() -> None:
    html = shown(Example({}))
    assert 'href="#id_results"' in html
    assert 'href="#id_rating_0"' in html


def test_form_shows_warnings_conflicts_remarks_and_last_years_text() -> None:
    form = Example()
    form.warnings = {"amount": "More than the budget."}
    form.conflicts = {"results": {"stored": "theirs", "mine": "ours", "by": "Lee", "at": AT}}
    form.remarks = {"results": [SimpleNamespace(text="Which source?", author_label="Kim", at=AT, resolved_at=None)]}
    form.previous = {"results": "As last year."}
    html = shown(form)
    control = tag_of(html, "results")
    assert 'aria-describedby="id_results_remarks id_results_helptext id_results_conflict id_results_count"' in control
    assert 'aria-describedby="id_amount_warning"' in tag_of(html, "amount")
    for sentence in ("More than the budget.", "theirs", "ours", "Which source?", "As last year."):
        assert sentence in html


def test_a_translation_is_marked_as_unofficial_and_in_its_language() -> None:
    form = Example()
    form.translations = {"results": "en"}
    html = shown(form)
    assert 'lang="en"' in tag_of(html, "results")
    assert "lang" not in tag_of(html, "amount")
    assert text_of(html).count("Unofficial translation") == 1


def test_an_error_of_no_field_promises_nothing_about_fields() -> None:
    form = Example({"results": "x", "rating": "on-track"})
    form.add_error(None, "The round is closed.")
    words = text_of(shown(form))
    assert "The round is closed." in words
    assert "Please mend" not in words


def test_summary_says_that_what_was_typed_stands_where_it_does() -> None:
    class Secret(forms.Form):
        password = forms.CharField(widget=forms.PasswordInput)

    helper = FormHelper()
    with translation.override("en"):
        words = text_of(render_crispy_form(Secret({}), helper))
    assert "Please mend what is named here. Password: This field is required." in words
    assert "Please mend what is named here. What you wrote is still there." in text_of(shown(Example({})))


def test_form_set_has_a_row_to_copy_and_can_be_used_without_script() -> None:
    class RowForm(forms.Form):
        programme = forms.CharField(label="Programme")
        key = forms.CharField(widget=forms.HiddenInput, required=False)

    formset = forms.formset_factory(RowForm, extra=1, can_delete=True)(prefix="budget")
    with translation.override("en"):
        html = render_to_string("krds/formset.html", {"formset": formset, "caption": "Budget lines"})
    assert html.count('name="budget-0-programme"') == 1
    assert html.count('name="budget-0-key"') == 1
    assert html.count('name="budget-__prefix__-programme"') == 1
    assert 'name="budget-TOTAL_FORMS"' in html
    assert re.search(r'<button[^>]* type="submit" name="budget-add" value="1" data-formset-add>', html)
    assert html.index('type="submit" tabindex="-1"') < html.index("budget-add"), "Enter is not to add a row"
