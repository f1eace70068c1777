"""One fault after the other in the sample plan: what is replaced, and the lines that must be said.

Each expected line is (a piece of the faulty line, place, reason). A reason that ends in "…" is compared up to there.
"""

TITLE_A = '    title: {en: "Participation", fr: "Participation"}\n'
SHELTERS = '            title: {en: "Shelters", fr: "Refuges"}\n'
OBJECTIVE_2 = "      - number: 2\n"
NUMBER_21 = 'number: "2.1"\n'
REFUGES = 'fr: "Refuges"'
DISTRICT = 'en: "Open shelters in each district"'

OBJECTIVE = "areas[1].objectives[0]"
STRATEGY = f"{OBJECTIVE}.strategies[0]"
ACTION = f"{STRATEGY}.actions[0]"
FIRST_ACTION = "areas[0].objectives[0].strategies[0].actions[0]"
SECOND_ACTION = "areas[0].objectives[0].strategies[0].actions[1]"

ADDRESS = "cannot stand in an address: use letters and digits, with points, hyphens or underscores between them."


def quoted(value: str) -> str:
    """The reason for a value that YAML takes for something else than text."""
    return f'YAML does not read {value} as text. Put it in quotes: "{value}".'


def unknown(key: str, below: str) -> str:
    """The reason for a key that an objective or a strategy does not know."""
    return f"The key “{key}” is not known here. Known are: number, title, {below}, source, note."


LEVELS = {
    "area without objectives": (
        [("    objectives:\n      - number: 2\n", "    objectives: []\n    extra:\n      - number: 2\n")],
        [
            ("objectives: []", "areas[1].objectives", "The list is empty."),
            (
                "extra:",
                "areas[1]",
                "The key “extra” is not known here. Known are: code, title, objectives, source, note.",
            ),
        ],
    ),
    "strategy without actions": (
        [(f"{SHELTERS}            actions:\n", f"{SHELTERS}            actions: ~\n            acts:\n")],
        [
            ("actions: ~", f"{STRATEGY}.actions", "Expected: a list. Found: nothing."),
            ("acts:", STRATEGY, f"{unknown('acts', 'actions')} Did you mean “actions”?"),
        ],
    ),
    "level missing": (
        [(f"strategies:\n          - {NUMBER_21}", f"strategy:\n          - {NUMBER_21}")],
        [
            (OBJECTIVE_2, OBJECTIVE, "“strategies” is missing."),
            ("strategy:", OBJECTIVE, f"{unknown('strategy', 'strategies')} Did you mean “strategies”?"),
        ],
    ),
    "action without bodies": (
        [("                bodies: [POLICE, EQUALITY]\n", "")],
        [('"A.1-a-i"', FIRST_ACTION, "“bodies” is missing.")],
    ),
    "plan missing": (
        [("plan:\n  number: 1\n", "plans:\n  number: 1\n")],
        [
            ("plans:", "", "The key “plans” is not known here. Known are: plan, areas, bodies. Did you mean “plan”?"),
            ("plans:", "", "“plan” is missing."),
        ],
    ),
    "unknown key with a suggestion": (
        [("  start_year: 2025\n", "  strat_year: 2025\n")],
        [
            ("number: 1\n", "plan", "“start_year” is missing."),
            (
                "strat_year",
                "plan",
                "The key “strat_year” is not known here. Known are: number, title, start_year, end_year. "
                "Did you mean “start_year”?",
            ),
        ],
    ),
}

TEXTS = {
    "text missing in a language": (
        [(TITLE_A, '    title: {en: "Participation"}\n')],
        [('{en: "Participation"}', "areas[0].title", "The text in “fr” is missing.")],
    ),
    "text in a language that the plan has not": (
        [(REFUGES, f'{REFUGES}, de: "Zuflucht"')],
        [(REFUGES, f"{STRATEGY}.title.de", "“de” is none of the languages of this file: en, fr.")],
    ),
    "no language code": (
        [('    fr: "Premier plan', '    French: "Premier plan')],
        [("French:", "plan.title.French", "“French” is no language code, such as ko, en or fr-CA.")],
    ),
    "blank text": ([(DISTRICT, 'en: "  "')], [('en: "  "', f"{ACTION}.text.en", "There is no text here.")]),
    "title too long": (
        [(DISTRICT, f'en: "{"x" * 2001}"')],
        [("xxx", f"{ACTION}.text.en", "The text is too long: 2001 characters, at most 2000.")],
    ),
    "note too long": (
        [("'evry'.\n", f"'evry'.{'x' * 5000}\n")],
        [("note: |", f"{SECOND_ACTION}.note", "The text is too long: 5054 characters, at most 5000.")],
    ),
    "escaped control character": (
        [(REFUGES, 'fr: "Re\\0fuges"')],
        [("Re\\0", f"{STRATEGY}.title.fr", "There is a control character (U+0000) in the text.")],
    ),
    "half a character": (
        [(REFUGES, 'fr: "Re\\ud800fuges"')],
        [("Re\\ud800", f"{STRATEGY}.title.fr", "There is a control character (U+D800) in the text.")],
    ),
    "title on two lines": (
        [(REFUGES, 'fr: "Re\\nfuges"')],
        [("Re\\n", f"{STRATEGY}.title.fr", "This text must stand on one line.")],
    ),
    "raw control character": (
        [(REFUGES, 'fr: "Re\x07fuges"')],
        [("Re\x07", "", "There is a control character (U+0007) in the text.")],
    ),
    "raw NUL": (
        [(REFUGES, 'fr: "Re\0fuges"')],
        [("Re\0", "", "There is a control character (U+0000) in the text.")],
    ),
}

TYPES = {
    "number read as a fraction": ([(NUMBER_21, "number: 1.10\n")], [("1.10", f"{STRATEGY}.number", quoted("1.10"))]),
    "number with a leading zero": (
        [(OBJECTIVE_2, "      - number: 010\n")],
        [("010", f"{OBJECTIVE}.number", quoted("010"))],
    ),
    "text given as a date": (
        [(REFUGES, "fr: 2025-01-01")],
        [("2025-01-01", f"{STRATEGY}.title.fr", quoted("2025-01-01"))],
    ),
    "text given as a truth value": ([(REFUGES, "fr: yes")], [("fr: yes", f"{STRATEGY}.title.fr", quoted("yes"))]),
    "text given as a number": ([(REFUGES, "fr: 12")], [("fr: 12", f"{STRATEGY}.title.fr", quoted("12"))]),
    "text given as nothing": (
        [(REFUGES, "fr: ~")],
        [("fr: ~", f"{STRATEGY}.title.fr", "Expected: text. Found: nothing.")],
    ),
    "text given as a list": (
        [(REFUGES, "fr: [Refuges]")],
        [("[Refuges]", f"{STRATEGY}.title.fr", "Expected: text. Found: a list.")],
    ),
    "text given as a mapping": (
        [(REFUGES, "fr: {a: b}")],
        [("{a: b}", f"{STRATEGY}.title.fr", "Expected: text. Found: keys with values.")],
    ),
    "title without languages": (
        [(SHELTERS, "            title: Shelters\n")],
        [("title: Shelters", f"{STRATEGY}.title", "Expected: keys with values. Found: Shelters.")],
    ),
    "areas given as text": (
        [("areas:\n  - code: A\n", "areas: none\nplaces:\n  - code: A\n")],
        [
            ("areas: none", "areas", "Expected: a list. Found: none."),
            ("places:", "", "The key “places” is not known here. Known are: plan, areas, bodies.…"),
        ],
    ),
    "an area given as text": (
        [("areas:\n", "areas:\n  - Zero\n")],
        [("- Zero", "areas[0]", "Expected: keys with values. Found: Zero.")],
    ),
    "language read as a truth value": (
        [(REFUGES, f'{REFUGES}, no: "Tilflukt"')],
        [("Tilflukt", f"{STRATEGY}.title", 'YAML does not read the key no as text. Put it in quotes: "no".')],
    ),
    "a key that is a list": (
        [(REFUGES, f'{REFUGES}, [a]: "b"')],
        [('[a]: "b"', f"{STRATEGY}.title", "A key must be text.")],
    ),
    "body read as a truth value": (
        [('                bodies: ["NO"]', "                bodies: [NO]")],
        [("[NO]", f"{SECOND_ACTION}.bodies[0]", quoted("NO"))],
    ),
}

NUMBERS = {
    "years upside down": (
        [("  end_year: 2028\n", "  end_year: 2024\n")],
        [("end_year", "plan.end_year", "The last year (2024) lies before the first (2025).")],
    ),
    "year beyond reason": (
        [("  end_year: 2028\n", "  end_year: 20288\n")],
        [("end_year", "plan.end_year", "This must be a whole number from 1900 to 2200.")],
    ),
    "year as text": (
        [("  end_year: 2028\n", '  end_year: "2028"\n')],
        [("end_year", "plan.end_year", "Expected: a whole number. Found: 2028.")],
    ),
    **{
        f"number of the plan is {number[:8]}": (
            [("  number: 1\n", f"  number: {number}\n")],
            [(f"  number: {number}", "plan.number", "This must be a whole number from 1 to 32767.")],
        )
        for number in ("0", "-3", "40000", "0x10", "1_0", "9" * 50_000)
    },
    "number of the plan is a truth value": (
        [("  number: 1\n", "  number: true\n")],
        [("number: true", "plan.number", "Expected: a whole number. Found: true.")],
    ),
    "number too long": (
        [(NUMBER_21, f'number: "{"1" * 41}"\n')],
        [("1" * 41, f"{STRATEGY}.number", "The text is too long: 41 characters, at most 40.")],
    ),
    "plain number too long": (
        [(OBJECTIVE_2, f"      - number: {'2' * 41}\n")],
        [("2" * 41, f"{OBJECTIVE}.number", quoted("2" * 41))],
    ),
    **{
        f"number in an address: {code}": (
            [(NUMBER_21, f'number: "{code}"\n')],
            [(f'"{code}"', f"{STRATEGY}.number", f"“{code}” {ADDRESS}")],
        )
        for code in ("2/1", "2 1", "..", ".1", "1.", "2?1", "2%1", "a€b")
    },
}

DOUBLES = {
    "doubled area": (
        [("  - code: B\n", "  - code: a\n")],
        [("code: a\n", "areas[1].code", "The number “a” stands twice; the first time in line {code: A}.")],
    ),
    "doubled objective": (
        [(OBJECTIVE_2, '      - number: "A.1" # again\n')],
        [("# again", f"{OBJECTIVE}.number", 'The number “A.1” stands twice; the first time in line {"A.1"}.')],
    ),
    "doubled strategy": (
        [(NUMBER_21, 'number: "A.1-a" # again\n')],
        [("# again", f"{STRATEGY}.number", 'The number “A.1-a” stands twice; the first time in line {"A.1-a"}.')],
    ),
    "doubled action": (
        [('number: "2.1.1"\n', 'number: "A.1-a-i" # again\n')],
        [("# again", f"{ACTION}.number", 'The number “A.1-a-i” stands twice; the first time in line {"A.1-a-i"}.')],
    ),
    "doubled key": (
        [(TITLE_A, f'{TITLE_A}    title: {{en: "Again", fr: "Encore"}}\n')],
        [("Encore", "areas[0]", "The key “title” stands twice here; the first time in line {Participation}.")],
    ),
    "doubled body of an action": (
        [("bodies: [POLICE, EQUALITY]", "bodies: [POLICE, EQUALITY, POLICE]")],
        [("EQUALITY, POLICE]", f"{FIRST_ACTION}.bodies[2]", "The body “POLICE” stands twice in this list.")],
    ),
    "unknown body": (
        [("bodies: [POLICE, EQUALITY]", "bodies: [POLICE, EQUALTY]")],
        [
            (
                "EQUALTY",
                f"{FIRST_ACTION}.bodies[1]",
                "“EQUALTY” is no known implementing body. Did you mean “EQUALITY”?",
            )
        ],
    ),
    "doubled body of the file": (
        [("areas:\n", '  - {code: police, en: "Again", fr: "Encore", kind: agency}\nareas:\n')],
        [("Encore", "bodies[3].code", "The body “police” stands twice; the first time in line {code: POLICE}.")],
    ),
}

BODIES = {
    "body without a name in a language of the plan": (
        [('en: "Northern Office", fr: "Bureau du Nord"', 'en: "Northern Office"')],
        [("Northern", "bodies[2]", "“fr” is missing.")],
    ),
    "body of no known kind": (
        [("kind: council", "kind: church")],
        [
            (
                "church",
                "bodies[2].kind",
                "“church” is not known here. Known are: ministry, agency, council, public institution.",
            )
        ],
    ),
    "new name without a day": (
        [("{from: 2026-07-01, en:", "{en:")],
        [("Arcadian Police Service", "bodies[1].renamed[0]", "“from” is missing.")],
    ),
    "new name on a day that does not exist": (
        [("from: 2026-07-01", "from: 2026-02-30")],
        [("2026-02-30", "bodies[1].renamed[0].from", "“2026-02-30” is no day. Write it as 2025-10-01.")],
    ),
    "names upside down": (
        [("day_to_confirm: true}]", "day_to_confirm: true}, {from: 2026-07-01, en: a, fr: b}]")],
        [
            (
                "Arcadian Police Service",
                "bodies[1].renamed[1].from",
                "This day must be later than that of the name before it.",
            )
        ],
    ),
    "lead that is no truth value": (
        [("lead: true", 'lead: "true"')],
        [("lead", "bodies[0].lead", "Expected: true or false. Found: true.")],
    ),
    "code of a body too long": (
        [("areas:\n", f'  - {{code: {"X" * 21}, en: "a", fr: "b", kind: agency}}\nareas:\n')],
        [("XXX", "bodies[3].code", "The text is too long: 21 characters, at most 20.")],
    ),
    "name too long": (
        [('en: "Northern Office"', f'en: "{"x" * 201}"')],
        [("xxx", "bodies[2].en", "The text is too long: 201 characters, at most 200.")],
    ),
}

YAML = {
    "not YAML": (
        [(SHELTERS, SHELTERS.replace("}", ""))],
        [('            actions:\n              - number: "2.1.1"', "", "This is not valid YAML: …")],
    ),
    "a character that does not exist": ([(REFUGES, 'fr: "\\UFFFFFFFF"')], [("", "", "This is not valid YAML: …")]),
    "two documents": (
        [("areas:\n", "---\nareas:\n")],
        [("---\n", "", "A second document begins here. The file must hold one only.")],
    ),
    "a tag that runs code": (
        [(REFUGES, "fr: !!python/object/apply:os.system ['exit 1']")],
        [
            ("!!python", "", "Tags (tag:yaml.org,2002:python/object/apply:os.system) are not allowed."),
            ("!!python", f"{STRATEGY}.title.fr", "Expected: text. Found: a list."),
        ],
    ),
    "a tag of one's own": ([(REFUGES, 'fr: !mine "Refuges"')], [("!mine", "", "Tags (!mine) are not allowed.")]),
    "a standard tag": ([(REFUGES, "fr: !!str 12")], [("!!str", "", "Tags (tag:yaml.org,2002:str) are not allowed.")]),
    "an anchor and a reference": (
        [(REFUGES, "fr: &a Refuges"), ('[EQUALITY, POLICE, "NO"]', '[*a, POLICE, "NO"]')],
        [("&a", "", "Anchors (&a) are not allowed."), ("*a", "", "References (*a) are not allowed.")],
    ),
    "a merge key": (
        [(REFUGES, f'<<: {{en: "x"}}, {REFUGES}')],
        [("<<", f"{STRATEGY}.title", "Merge keys (<<) are not allowed.")],
    ),
    "translation into a language that the plan has not": (
        [("  translation_fr: unofficial\n", "  translation_ko: unofficial\n")],
        [("translation_ko", "plan.translation_ko", "“ko” is none of the languages of this file: en, fr.")],
    ),
    "translation official in an unknown way": (
        [("  translation_fr: unofficial\n", "  translation_fr: half\n")],
        [("translation_fr", "plan.translation_fr", "“half” is not known here. Known are: unofficial, official.")],
    ),
}

FAULTS = LEVELS | TEXTS | TYPES | NUMBERS | DOUBLES | BODIES | YAML
