"""The program as text: its schema, its commented examples, and what reads them."""

import json
from copy import deepcopy
from dataclasses import fields

import pytest
from jsonschema import Draft202012Validator

from app.cli.drafts import written
from app.domain.errors import InvalidProgram
from app.domain.templates import TEMPLATES
from app.models.program_document import program_document, program_from
from app.models.program_schema import program_schema
from app.models.program_text import commented, read_document
from app.models.program_words import EXPLAINED
from tests.source import ROOT

SCHEMA = ROOT / "docs" / "program.schema.json"
EXAMPLES = ROOT / "docs" / "programs"
CURRENCIES = ("DKK", "NOK", "SEK", "EUR", "ISK")
every_template = pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))


def document(**changes):
    """A program with a part of every kind, as it is written."""
    whole = program_document(TEMPLATES["members-club"].make("DKK"))
    return json.loads(json.dumps(whole)) | changes


def is_allowed(asked):
    return Draft202012Validator(program_schema()).is_valid(asked)


def is_read(asked):
    try:
        program_from(asked)
    except InvalidProgram:
        return False
    return True


def changed(place, value):
    """The document with one setting changed; `...` takes it out."""
    whole = document()
    *path, last = place
    part = whole
    for step in path:
        part = part[step]
    if value is ...:
        del part[last]
    else:
        part[last] = value
    return whole


def test_the_schema_that_is_committed_is_the_one_the_code_makes():
    assert SCHEMA.read_text() == written(program_schema()), (
        "Write it anew: stamkunde program schema > docs/program.schema.json"
    )


def test_the_schema_is_one():
    Draft202012Validator.check_schema(program_schema())


def test_every_setting_is_explained_and_nothing_else_is():
    schema = program_schema()
    parts = schema["$defs"] | {"Program": schema}

    settings = {name: set(part["properties"]) for name, part in parts.items()}

    assert settings == {name: set(words) for name, words in EXPLAINED.items()}


@every_template
@pytest.mark.parametrize("currency", CURRENCIES)
def test_every_template_is_as_the_schema_says(template, currency):
    program = template.make(currency)
    asked = json.loads(json.dumps(program_document(program)))

    assert is_allowed(asked)
    assert program_from(asked) == program


@every_template
def test_the_commented_example_is_the_template(template):
    example = EXAMPLES / f"{template.code}.json5"
    program = template.make("DKK")

    assert example.read_text() == commented(program, f"{template.title}. {template.summary}"), (
        f"Write it anew: stamkunde program templates {template.code} > docs/programs/{example.name}"
    )
    asked = read_document(example.read_bytes())
    assert is_allowed(asked)
    assert program_from(asked) == program


def test_every_example_is_of_a_template():
    assert {path.stem for path in EXAMPLES.iterdir()} == set(TEMPLATES)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        pytest.param(("currency",), ..., id="no currency"),
        pytest.param(("currency",), "kr", id="no currency code"),
        pytest.param(("name",), 5, id="a name that is a number"),
        pytest.param(("name",), "", id="an empty name"),
        pytest.param(("name",), "x" * 81, id="a long name"),
        pytest.param(("name",), {}, id="a name in no language"),
        pytest.param(("name",), {"fi": "Klubi"}, id="a language we do not speak"),
        pytest.param(("live",), "yes", id="a switch in words"),
        pytest.param(("live",), 1, id="a switch as a number"),
        pytest.param(("join_points",), -1, id="below zero"),
        pytest.param(("join_points",), 10**7, id="too large"),
        pytest.param(("join_points",), 1.5, id="half a point"),
        pytest.param(("join_points",), "5", id="a number in quotes"),
        pytest.param(("join_points",), True, id="a number that is a switch"),
        pytest.param(("join_points",), None, id="nothing where a number is"),
        pytest.param(("rounding",), "up", id="an unknown choice"),
        pytest.param(("surprise",), 1, id="an unknown setting"),
        pytest.param(("earning",), {}, id="an object where a list is"),
        pytest.param(("earning",), None, id="nothing where a list is"),
        pytest.param(("earning", 0), "spend", id="a text where a rule is"),
        pytest.param(("earning", 0, "code"), "Spend It", id="a code with a space"),
        pytest.param(("earning", 0, "code"), ..., id="a rule without a code"),
        pytest.param(("earning", 0, "points"), ..., id="a rule without points"),
        pytest.param(("earning", 0, "per_minor"), 0, id="points for nothing"),
        pytest.param(("earning", 0, "include"), {"tags": "new"}, id="a text where names are"),
        pytest.param(("earning", 0, "include"), {"tags": [1]}, id="a number among names"),
        pytest.param(("earning", 0, "multipliers"), [{"percent": 5}], id="a weight on nothing"),
        pytest.param(("actions", 0, "per_day"), 0, id="never a day"),
        pytest.param(("campaigns", 0, "starts_on"), "1/2/2027", id="no date"),
        pytest.param(("campaigns", 0, "weekdays"), [7], id="an eighth day"),
        pytest.param(("campaigns", 0, "weekdays"), 1, id="a day where a list is"),
        pytest.param(("campaigns", 0, "weekdays"), [True], id="a day that is a switch"),
        pytest.param(("segments", 0, "stages"), ["asleep"], id="an unknown stage"),
        pytest.param(("stages",), None, id="nothing where a part is"),
        pytest.param(("basis", "tax"), "included", id="a switch in a part"),
        pytest.param(("tiers", "ladder", 0, "name"), ..., id="a tier without a name"),
        pytest.param(("tiers", "ladder", 0, "threshold"), ..., id="a tier from nowhere"),
        pytest.param(("tiers", "grace_days"), 9999, id="too long a grace"),
        pytest.param(("rewards", 0, "cost_points"), 0, id="a reward for nothing"),
        pytest.param(("rewards", 0, "tier"), "", id="a tier without a code"),
        pytest.param(("rewards", 0, "valid_days"), 0, id="a code for no day"),
    ],
)
def test_what_the_schema_refuses_is_not_read_either(place, value):
    asked = changed(place, value)

    assert (is_allowed(asked), is_read(asked)) == (False, False)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        pytest.param(("name",), "Club", id="one wording for all"),
        pytest.param(("rewards", 0, "valid_days"), None, id="a code for good"),
        pytest.param(("campaigns", 0, "starts_on"), "2027-02-01", id="a date"),
        pytest.param(("earning", 0, "include"), {"tags": ["new"]}, id="products"),
        pytest.param(("earning", 0, "kind"), ..., id="a default"),
        pytest.param(("tiers",), ..., id="no tiers"),
    ],
)
def test_what_the_schema_allows_is_read(place, value):
    asked = changed(place, value)
    asked["rewards"] = [one | {"tier": None} for one in asked["rewards"]]
    asked["campaigns"] = [one | {"tiers": []} for one in asked["campaigns"]]

    assert (is_allowed(asked), is_read(asked)) == (True, True)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        pytest.param(
            ("rewards", 2, "tier"), "gold", "asks for a tier gold that is not", id="no tier"
        ),
        pytest.param(("tiers", "ladder", 1, "threshold"), 0, "must start above", id="no climb"),
        pytest.param(("segments",), [], "for a segment away that is not", id="no segment"),
    ],
)
def test_what_parts_ask_of_each_other_only_reading_tells(place, value, said):
    asked = changed(place, value)

    assert is_allowed(asked)
    with pytest.raises(InvalidProgram, match=said):
        program_from(asked)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(b"{", "not JSON: Expecting .* line 1", id="broken"),
        pytest.param(b"// what\n{\n  nonsense\n}", "line 3", id="broken after a comment"),
        pytest.param(b"[]", "must be a JSON object", id="a list"),
        pytest.param(b"\xff", "UTF-8", id="no text"),
        pytest.param(b"[" * 100_000, "not JSON", id="deep"),
        pytest.param(b'{"name": "\\ud800"}', "not JSON: .*surrogates", id="half a character"),
    ],
)
def test_what_is_no_document_says_why(text, said):
    with pytest.raises(InvalidProgram, match=said):
        read_document(text)


def test_a_part_is_written_with_every_setting_its_value_has():
    schema = program_schema()
    missing = {
        name: {one.name for one in fields(builds)} - set(schema["$defs"][name]["properties"])
        for name, builds in built_parts().items()
    }

    assert {name: settings for name, settings in missing.items() if settings} == {}


def built_parts():
    """The values that parts of a document become, by their names."""
    program = deepcopy(TEMPLATES["members-club"].make("DKK"))
    values = [
        program.earning[0],
        program.actions[0],
        program.campaigns[0],
        program.segments[0],
        program.stages,
        program.basis,
        program.tiers,
        program.tiers.ladder[0],
        program.rewards[0],
        program.expiry,
        program.campaigns[0].products,
    ]
    return {type(value).__name__: type(value) for value in values}
