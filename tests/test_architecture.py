"""The shape of the program, held by tests, so that a stranger may change it without fear.

Each test collects every place that breaks its rule and fails with the list. The rules are those of
docs/architecture.md; the picture of who may import whom is held by import-linter (pyproject.toml).
"""

import ast
import re
import sys
from graphlib import CycleError, TopologicalSorter
from importlib import import_module

from alembic.script import ScriptDirectory
from sqlalchemy import Index, MetaData, Table, UniqueConstraint

from app.models.base import Base
from tests.source import FUNCTIONS, ROOT, Source, ours, parent, sources

LONGEST_FILE = 250
LONGEST_FUNCTION = 50
BELOW_WEB_AND_JOBS = (
    "app/domain/",
    "app/models/",
    "app/loyalty/",
    "app/analytics/",
    "app/platforms/",
)

# Each library, and the only places that may import it.
HOMES = {
    "flask": ("app/web/",),
    "flask_babel": ("app/web/",),
    "flask_bootstrap": ("app/web/",),
    "flask_limiter": ("app/web/",),
    "flask_wtf": ("app/web/",),
    "werkzeug": ("app/web/",),
    "wtforms": ("app/web/",),
    "limits": ("app/web/",),
    "marshmallow": ("app/web/", "app/platforms/", "app/models/"),
    "requests": ("app/platforms/",),
    "urllib3": ("app/platforms/",),
    "environs": ("app/config.py",),
    "click": ("app/cli.py", "app/cli/"),
}
NAMELESS = {"common", "helper", "helpers", "manager", "managers", "misc", "service", "services"}
NAMELESS |= {"util", "utils"}

# What fetches the time, chance or a setting, which are passed in below web and jobs.
FETCHED = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.time(_ns)?|os\.(environ|getenv|urandom)"
    r"|uuid[147]|random\.\w+|secrets\.\w+)$"
)
# The one file that mints ids for new rows, which carry no meaning.
MINTS_IDS = "app/models/base.py"
# The places that catch everything: two record what they caught on the row, and one tries each part
# again by itself, so that whoever brought the wrong one hears of it.
CATCH_EVERYTHING = (
    "app/jobs/inbox.py",
    "app/jobs/outbox.py",
    "app/web/webhooks/routes.py",
    "app/together.py",
)
# The tables that belong to no one shop, and why.
OF_NO_SHOP = {
    "shop": "it is the shop",
    "unknown_delivery": "it names a shop we do not know",
    "worker_pulse": "a worker serves every shop",
    "chore": "it is done for the whole installation",
}
NOT_IN_TESTS = re.compile(
    r"pytest\.(skip|mark\.skip|mark\.xfail|xfail|importorskip)|unittest\.mock|monkeypatch\.setattr"
    r"|\bsleep\(|wait_for_timeout"
)


def test_the_domain_knows_only_the_standard_library_and_itself():
    allowed = sys.stdlib_module_names

    strangers = [
        f"{source.at(line)} imports {name}"
        for source in sources("app/domain")
        for name, line in source.imports()
        if name.split(".")[0] not in allowed and not name.startswith("app.domain")
    ]

    assert strangers == []


def test_a_library_is_imported_only_at_its_home():
    astray = [
        f"{source.at(line)} imports {name}"
        for source in sources("app")
        for name, line in source.imports()
        if (homes := HOMES.get(name.split(".")[0])) and not source.within(*homes)
    ]

    assert astray == []


def test_platforms_see_no_session_and_no_row():
    seen = [
        f"{source.at(line)} imports {name}"
        for source in sources("app/platforms")
        for name, line in source.imports()
        if name.startswith(("sqlalchemy", "app.models", "app.db", "app.loyalty"))
    ]

    assert seen == []


def test_the_app_and_the_demo_shop_do_not_know_each_other():
    acquainted = [
        f"{source.at(line)} imports {name}"
        for source in ours()
        for name, line in source.imports()
        if name.split(".")[0] == ("demoshop" if source.within("app/") else "app")
    ]

    assert acquainted == []


def test_no_modules_import_each_other_in_a_circle():
    modules = {source.module for source in ours()}
    graph = {
        source.module: {
            known
            for name, _ in source.imports()
            for known in [name if name in modules else parent(name)]
            if known in modules and known != source.module
        }
        for source in ours()
    }

    try:
        TopologicalSorter(graph).prepare()
        circle = []
    except CycleError as error:
        circle = error.args[1]

    assert circle == []


def test_no_import_hides_in_a_function():
    hidden = [
        source.at(node.lineno)
        for source in ours()
        for function in source.functions()
        if function.name != "create_app"
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]

    assert hidden == []


def test_one_place_commits():
    elsewhere = [
        f"{source.at(line)} says {name}"
        for source in sources("app")
        if not source.within("app/db.py")
        for name, line in source.names()
        if name.endswith((".commit", ".begin", ".begin_nested"))
    ]

    assert elsewhere == []


def test_time_chance_and_settings_are_passed_in():
    fetched = [
        f"{source.at(line)} fetches {name}"
        for source in sources("app")
        if source.within(*BELOW_WEB_AND_JOBS) and not source.within(MINTS_IDS)
        for name, line in (*source.names(), *source.imports())
        if FETCHED.search(name)
    ]

    assert fetched == []


def test_one_file_reads_the_environment():
    readers = [
        source.at(line)
        for source in sources("app")
        # The commands start other processes, which inherit an environment.
        if not source.within("app/config.py", "app/cli.py", "app/cli/")
        for name, line in source.names()
        if name in {"os.environ", "os.getenv"}
    ]

    assert readers == []


def test_everything_is_caught_only_where_it_is_recorded():
    caught = [
        source.at(node.lineno)
        for source in sources("app")
        if not source.within(*CATCH_EVERYTHING)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler)
        if node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
    ]

    assert caught == []


def test_graphql_lives_in_graphql_files():
    written = re.compile(r"\s*(query|mutation|fragment)\b[^.]*\{")

    in_python = [
        source.at(node.lineno)
        for source in sources("app")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if written.match(node.value)
    ]

    assert in_python == []


def test_files_and_functions_are_short():
    long_files = [
        f"{source.path} has {lines} lines"
        for source in ours()
        if (lines := len(source.text.splitlines())) > LONGEST_FILE
    ]
    long_functions = [
        f"{source.at(function.lineno)} {function.name} has {lines} lines"
        for source in ours()
        for function in source.functions()
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    ]

    assert long_files + long_functions == []


def test_every_file_opens_with_one_sentence():
    silent = [source.path for source in (*ours(), *sources("tests")) if not opens_well(source)]

    assert silent == []


def opens_well(source: Source) -> bool:
    """Whether a file says in one sentence what it is for."""
    first, _, _ = (ast.get_docstring(source.tree) or "").partition("\n\n")
    is_one = bool(first) and not re.search(r"[.?!] +[A-Z]", first.replace("\n", " "))
    return is_one and first.endswith((".", "?")) and not first.startswith("This ")


def test_no_name_says_nothing():
    nameless = [
        source.path
        for source in (*ours(), *sources("tests"))
        if NAMELESS & set(source.path.removesuffix(".py").split("/"))
    ]

    assert nameless == []


def test_nothing_is_left_for_later():
    later = [
        source.at(number)
        for source in (*ours(), *sources("migrations"))
        for number, line in enumerate(source.text.splitlines(), 1)
        if re.search(r"#.*\b(TODO|FIXME|XXX|HACK)\b", line)
    ]

    assert later == []


def test_tests_neither_skip_nor_sleep_nor_patch():
    tricks = [
        f"{source.at(number)} {found.group()}"
        for source in sources("tests")
        if source.module != __name__
        for number, line in enumerate(source.text.splitlines(), 1)
        if (found := NOT_IN_TESTS.search(line))
    ]

    assert tricks == []


def test_every_key_begins_with_the_shop():
    unled = [
        f"{table.name}: {', '.join(columns)}"
        for table in tables()
        if table.name not in OF_NO_SHOP
        for columns in keys_of(table)
        if columns[:1] != ["shop_id"]
    ]

    assert unled == []
    assert OF_NO_SHOP.keys() <= {table.name for table in tables()}


def metadata() -> MetaData:
    """What all models of the app describe together."""
    for source in sources("app/models"):
        import_module(source.module)
    return Base.metadata


def tables() -> list[Table]:
    """Every table of the app."""
    return metadata().sorted_tables


def keys_of(table: Table) -> list[list[str]]:
    """The columns of everything that must be unique in a table, in their order."""
    unique = [table.primary_key]
    unique += [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    unique += [each for each in table.indexes if isinstance(each, Index) and each.unique]
    return [[column.name for column in each.columns] for each in unique]


def test_migrations_have_one_head():
    heads = ScriptDirectory(str(ROOT / "migrations")).get_heads()

    assert len(heads) == 1


def test_every_function_of_the_domain_says_what_it_yields():
    untold = [
        f"{source.at(function.lineno)} {function.name}"
        for source in sources("app/domain", "app/loyalty")
        for function in source.tree.body
        if isinstance(function, FUNCTIONS) and not function.name.startswith("_")
        if not ast.get_docstring(function)
    ]

    assert untold == []
