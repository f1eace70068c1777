"""What a screen reader is told: the language of each part, titles, charts as numbers, faults and news.

Read from the pages as the program sends them, and in the browser where something has to be done. What is told of faults
in a form holds `test_every_page`, which has those pages open.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.test.html import Element, parse_html
from playwright.sync_api import Page, expect

from tests.browser.page_types import BY_KEY, PAGE_TYPES, PageType
from tests.browser.page_world import STRANGER, World
from tests.browser.visitors import Visitors
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
#: Attributes that are read out.
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-label", "value")
#: What holds a chart and its numbers together.
AROUND = ("figure", "tr", "li", "section", "div", "main")
SILENT = ("script", "style", "template", "svg")
#: Pages that are reached by asking for them alone.
ASKED = [kind for kind in PAGE_TYPES if not kind.then]
LANGUAGES = ["ko", "en"]


@pytest.fixture(scope="module")
def transactional_db(kept_database: None) -> None:
    """The rows stay from test to test: pages are only looked at."""


class Tree:
    """A page as the program sends it from an address."""

    def __init__(self, html: str, address: str) -> None:
        self.address = address
        self.root = parse_html(re.sub(r"^\s*<!doctype html>", "", html))

    def parts(self, *names: str, within: Element | None = None) -> Iterator[Element]:
        """All elements of these names, in the order of the page."""
        for child in (within or self.root).children:
            if isinstance(child, Element):
                if child.name in names:
                    yield child
                yield from self.parts(*names, within=child)

    @property
    def title(self) -> str:
        """What stands in the browser's tab; a chart has titles of its own."""
        (title,) = (found for head in self.parts("head") for found in self.parts("title", within=head))
        return squeezed(words(title))

    def with_ancestors(self, within: Element | None = None, above: tuple[Element, ...] = ()) -> Iterator[tuple]:
        """Every element and text, each with the elements around it, the nearest last."""
        here = within or self.root
        for child in here.children:
            yield child, (*above, here)
            if isinstance(child, Element):
                yield from self.with_ancestors(child, (*above, here))


def attribute(element: Element, name: str) -> str:
    return str(dict(element.attributes).get(name) or "")


def words(element: Element) -> str:
    """The text of an element, without what is not read."""
    return " ".join(
        child if isinstance(child, str) else words(child)
        for child in element.children
        if isinstance(child, str) or child.name not in SILENT
    )


def squeezed(text: str) -> str:
    return " ".join(text.split())


class Reader:
    """Every kind of reader with a session; a page is asked for once and then remembered."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients: dict[str, Client] = {}
        self.trees: dict[tuple[str, str], Tree] = {}

    def tree(self, kind: PageType, language: str) -> Tree:
        """The page as its reader gets it."""
        key = kind.who, kind.address(self.world, language)
        if key not in self.trees:
            client = self.clients.setdefault(kind.who, Client(raise_request_exception=False))
            if kind.who != STRANGER and "sessionid" not in client.cookies:
                client.force_login(self.world.people[kind.who])
            answer = client.get(key[1], follow=True)
            where = answer.redirect_chain[-1][0] if answer.redirect_chain else key[1]
            assert (answer.status_code, "/login/" in where) == (kind.status, kind.name == "account_login"), kind.key
            self.trees[key] = Tree(answer.content.decode(), where)
        return self.trees[key]


@pytest.fixture(scope="module")
def reader(world: World) -> Reader:
    return Reader(world)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ASKED, ids=lambda kind: kind.key)
def test_a_page_says_its_language_its_title_and_one_heading(kind: PageType, language: str, reader: Reader) -> None:
    tree = reader.tree(kind, language)
    # The plainest error page speaks both languages and knows of none.
    spoken = "ko" if kind.status == 500 else language
    assert attribute(tree.root, "lang") == spoken
    (heading,), (main,) = (list(tree.parts(name)) for name in ("h1", "main"))
    assert squeezed(words(heading))
    assert heading in list(tree.parts("h1", within=main))
    assert tree.title.split(" – ")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_leads_to_itself_in_the_other_language(language: str, reader: Reader) -> None:
    # The plainest error page speaks both languages at once.
    wrong = []
    for kind in [kind for kind in ASKED if kind.status != 500]:
        tree = reader.tree(kind, language)
        (switch,) = [nav for nav in tree.parts("nav") if "language-switch" in attribute(nav, "class")]
        links = {attribute(link, "hreflang"): attribute(link, "href") for link in tree.parts("a", within=switch)}
        korean = tree.address.removeprefix("/en")
        if links != {"ko": korean, "en": f"/en{korean}"}:
            wrong.append((kind.key, tree.address, links))
    assert wrong == []


# The plainest error page speaks Korean first, and marks the English.
@pytest.mark.parametrize("kind", [kind for kind in ASKED if kind.status != 500], ids=lambda kind: kind.key)
def test_korean_words_on_an_english_page_are_marked_as_korean(kind: PageType, reader: Reader) -> None:
    found = []
    for part, above in reader.tree(kind, "en").with_ancestors():
        chain = [*above, part] if isinstance(part, Element) else list(above)
        spoken = next((lang for each in reversed(chain) if (lang := attribute(each, "lang"))), "")
        hidden = isinstance(part, Element) and attribute(part, "type") == "hidden"
        if spoken == "ko" or hidden or any(each.name in SILENT for each in chain):
            continue
        texts = [part] if isinstance(part, str) else [attribute(part, name) for name in SPOKEN]
        found += [squeezed(text)[:60] for text in texts if HANGUL.search(text)]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_tell_pages_apart(language: str, reader: Reader) -> None:
    addresses = defaultdict(set)
    for kind in ASKED:
        if kind.status != 200:
            continue
        # The same page for another reader, or with a filter, has the same title.
        addresses[reader.tree(kind, language).title].add(urlsplit(kind.address(reader.world, language)).path)
    # A start page sends readers on to the page that their role is about.
    start = "/en/" if language == "en" else "/"
    several = {title: found - {start} for title, found in addresses.items() if len(found - {start}) > 1}
    assert several == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_has_its_numbers_beside_it(language: str, reader: Reader) -> None:
    charts, silent = 0, []
    for kind in ASKED:
        for part, above in reader.tree(kind, language).with_ancestors():
            if not isinstance(part, Element) or part.name != "svg" or attribute(part, "aria-hidden") == "true":
                continue
            charts += 1
            said = attribute(part, "aria-label") or " ".join(
                child
                for title in part.children
                if isinstance(title, Element)
                for child in title.children
                if title.name == "title" and isinstance(child, str)
            )
            beside = next(each for each in reversed(above) if each.name in AROUND)
            missing = set(NUMBER.findall(said)) - set(NUMBER.findall(words(beside)))
            if not said or missing:
                silent.append((kind.key, squeezed(said), missing))
    assert (silent, charts > 10) == ([], True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_and_the_words_about_accessibility_stand_in_the_same_place(language: str, reader: Reader) -> None:
    prefix = "/en" if language == "en" else ""
    places = defaultdict(set)
    for kind in ASKED:
        tree = reader.tree(kind, language)
        if kind.status == 500 or not list(tree.parts("footer")):  # a sheet of paper has none
            continue
        links = [attribute(link, "href") for header in tree.parts("header") for link in tree.parts("a", within=header)]
        footer = [attribute(link, "href") for part in tree.parts("footer") for link in tree.parts("a", within=part)]
        signed_in = kind.who != STRANGER
        # Counted from behind: on the page of help itself the switch of languages leads there too.
        after = links[::-1].index(f"{prefix}/help/") if signed_in else -1
        places[kind.who].add((len(links) - after, footer.index(f"{prefix}/accessibility/")))
    assert {who: found for who, found in places.items() if len(found) > 1} == {}


# Forms


#: What a browser or a password manager fills in, by field.
FILLED_IN = {
    "sign in": {"login": "email", "password": "current-password"},
    "forgotten password": {"email": "email"},
    "invitation": {"password1": "new-password", "password2": "new-password"},
    "change password": {
        "oldpassword": "current-password",
        "password1": "new-password",
        "password2": "new-password",
    },
}


@pytest.mark.parametrize("key", FILLED_IN)
def test_nobody_has_to_remember_or_to_type_a_password(key: str, visitors: Visitors) -> None:
    page = visitors.open(BY_KEY[key], "ko")
    found = {name: page.locator(f"[name={name}]").get_attribute("autocomplete") for name in FILLED_IN[key]}
    assert found == FILLED_IN[key]
    for name in FILLED_IN[key]:
        assert paste(page, name, PASSWORD), f"{name} refuses what is pasted"


def paste(page: Page, name: str, text: str) -> bool:
    """Paste into a field as a password manager or a person does; whether the page lets it."""
    field = page.locator(f"[name={name}]")
    allowed = field.evaluate(
        """(field, text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      return field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }""",
        text,
    )
    field.focus()
    page.keyboard.insert_text(text)
    return bool(allowed) and field.input_value() == text


def test_what_was_typed_need_not_be_typed_again(visitors: Visitors) -> None:
    page = visitors.open(BY_KEY["sign in, refused"], "ko")
    expect(page.locator("[name=login]")).to_have_value("x@example.org")
    page = visitors.open(BY_KEY["forgotten password, refused"], "ko")
    expect(page.locator("[name=email]")).to_have_value("nobody")


# News


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_saved_is_told_in_a_status(language: str, visitors: Visitors) -> None:
    page = visitors.open(BY_KEY["form, fresh"], language)
    page.fill("[name=shortcomings]", f"{language}로 열어 저장하는 글")
    with page.expect_navigation(wait_until="load"):
        page.locator("main form[data-keep] .krds-btn[name=save]").click()
    expect(
        page.locator("main [role=status]:visible").filter(has_text={"ko": "저장", "en": "Saved"}[language])
    ).to_be_visible()


def test_how_many_a_filter_leaves_is_told(visitors: Visitors) -> None:
    page = visitors.open(BY_KEY["submissions, all bodies"], "en")
    announcer = page.locator("#announcer[role=status]")
    expect(announcer).to_have_text("")
    page.select_option("main [name=body]", "MOFA")
    page.locator("main form[method=get] button[type=submit]").click()
    expect(announcer).to_contain_text(re.compile(r"^\d+ of \d+"))


def test_the_tree_of_a_page_notices_unmarked_korean() -> None:
    tree = Tree('<html lang="en"><body><p>Plan <span lang="ko">계획</span> 계획</p></body></html>', "/en/")
    texts = [part for part, _above in tree.with_ancestors() if isinstance(part, str) and HANGUL.search(part)]
    assert len(texts) == 2
