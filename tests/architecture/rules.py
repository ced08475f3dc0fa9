"""The rules of the Python code, each a function from a module to its offences."""

import ast
import builtins
import re
from collections.abc import Callable, Iterator

from tests.architecture.code import Module, Offence, dotted

Rule = Callable[[Module], Iterator[Offence]]

LONGEST_FUNCTION = 40  # lines
LONGEST_MODULE = 300
CLOCKS = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime)"
    r"|func\.(now|current_timestamp|current_date|localtimestamp))$"
)
ENVIRONMENT = re.compile(r"^os\.(environb?|getenvb?|putenv|unsetenv)$")
RAW_READ = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
WORDED = re.compile(r"(Field|InputRequired|DataRequired|ValidationError|StopValidation|flash)$")
SPOKEN = {"placeholder", "title", "alt", "aria-label", "aria-description"}  # of a field's render_kw
WORDS = re.compile(r"[^\W\d_]{2}.* |^[A-ZĐ][a-zà-ỹ]+$")  # more than one word, or one that begins as a label does


def queries_have_a_home(module: Module) -> Iterator[Offence]:
    """SQL is asked in ``queries.py`` alone."""
    if module.name == "queries.py":
        return
    for node, name in module.imports():
        if re.fullmatch(r"sqlalchemy(\.\w+)*\.select", name):
            yield module.offence(node, "select( belongs in queries.py")
    for call in module.calls():
        name = dotted(call.func)
        if re.search(r"(^|\.)(sa|sqlalchemy)\.select$|session\.query$", name):
            yield module.offence(call, f"{name}( belongs in queries.py")
        if re.search(r"(^|\.)text$", name) and RAW_READ.match(_literal(call)):
            yield module.offence(call, "SQL that reads belongs in queries.py")


def only_the_edge_commits(module: Module) -> Iterator[Offence]:
    """``commit()`` in views, commands and the job runner: what they call can be put together in one transaction."""
    if module.name in {"views.py", "cli.py"}:
        return
    for call in module.calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit":
            yield module.offence(call, "commit() belongs to the edge: views.py, cli.py, the job runner")


def only_the_lifecycle_sets_an_orders_state(module: Module) -> Iterator[Offence]:
    """An order's state is assigned where the lawful steps stand."""
    if module.path == "orders/lifecycle.py":
        return
    for node in ast.walk(module.tree):
        if _sets_an_orders_state(module, node):
            yield module.offence(node, "an order's state is set by orders/lifecycle.py alone: advance() takes the step")


def time_comes_from_the_clock(module: Module) -> Iterator[Offence]:
    """A test can stop ``kernel.clock``, and no other."""
    if module.path == "kernel/clock.py":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and CLOCKS.search(dotted(node)):
            yield module.offence(node, f"{dotted(node)}: ask kernel.clock")
    for node, name in module.imports():
        if re.fullmatch(r"time\.(time|time_ns|localtime|gmtime)", name):
            yield module.offence(node, f"{name}: ask kernel.clock")


def the_environment_is_read_by_the_settings(module: Module) -> Iterator[Offence]:
    """What a machine may set is listed in one place."""
    if module.path == "kernel/settings.py":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and ENVIRONMENT.match(dotted(node)):
            yield module.offence(node, f"{dotted(node)}: add it to kernel/settings.py")
    for node, name in module.imports():
        if ENVIRONMENT.match(name):
            yield module.offence(node, f"{name}: add it to kernel/settings.py")


def nobody_imports_the_app(module: Module) -> Iterator[Offence]:
    """Only what the server runs knows the composition root."""
    if module.path == "wsgi.py":
        return
    for node, name in module.imports():
        if name.split(".")[0] in {"app", "wsgi"}:
            yield module.offence(node, f"{name}: nobody imports the composition root")


def markup_is_made_by_templates(module: Module) -> Iterator[Offence]:
    """Autoescape is never stepped around."""
    for call in module.calls():
        if dotted(call.func).rpartition(".")[2] in {"Markup", "render_template_string"}:
            yield module.offence(call, f"{dotted(call.func)}( steps around a template's escaping")


def functions_stay_short(module: Module) -> Iterator[Offence]:
    """At most ``LONGEST_FUNCTION`` lines."""
    for function in module.functions():
        if (lines := length(function)) > LONGEST_FUNCTION:
            yield module.offence(function, f"{function.name} has {lines} lines, more than {LONGEST_FUNCTION}")


def modules_stay_short(module: Module) -> Iterator[Offence]:
    """At most ``LONGEST_MODULE`` lines."""
    if module.lines > LONGEST_MODULE:
        yield module.offence(module.tree, f"{module.lines} lines, more than {LONGEST_MODULE}")


def a_module_says_what_it_holds(module: Module) -> Iterator[Offence]:
    """One line, at the top."""
    if not (ast.get_docstring(module.tree) or "").strip():
        yield module.offence(module.tree, "the first line of a module says what you will find here")


def refusals_are_marked(module: Module) -> Iterator[Offence]:
    """What is raised, put beside a field or hinted in it is read by people; a ``…Fault`` and Python's own are not."""
    for node in ast.walk(module.tree):
        for word in _told(module, node):
            parts = word.values if isinstance(word, ast.JoinedStr) else [word]
            said = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            if WORDS.search(said):
                yield module.offence(word, "mark these words for translation with _( or _l(")


def _told(module: Module, node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        name = dotted(node.exc.func).rpartition(".")[2]
        for_people = name[:1].isupper() and not name.endswith("Fault") and not hasattr(builtins, name)
        if for_people or (module.name == "forms.py" and name == "ValueError"):
            yield from node.exc.args[:1]
    elif isinstance(node, ast.Assign) and any(dotted(target).endswith(".errors") for target in node.targets):
        yield from node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else ()
    elif isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "abort":
        yield from node.args[1:]
    elif isinstance(node, ast.Dict):
        keys = (key.value if isinstance(key, ast.Constant) else None for key in node.keys)
        yield from (value for key, value in zip(keys, node.values, strict=True) if key in SPOKEN)


def words_for_people_are_marked(module: Module) -> Iterator[Offence]:
    """A label, a validator's message or a flash that is a bare string cannot be translated."""
    for call in module.calls():
        if not WORDED.search(dotted(call.func)):
            continue
        named = (keyword.value for keyword in call.keywords if keyword.arg in {"label", "message", "description"})
        for word in (*call.args[:1], *named):
            if isinstance(word, ast.JoinedStr) or (isinstance(word, ast.Constant) and WORDS.search(str(word.value))):
                yield module.offence(word, f"{dotted(call.func)}: mark these words for translation with _( or _l(")


RULES: tuple[Rule, ...] = (
    queries_have_a_home,
    only_the_edge_commits,
    only_the_lifecycle_sets_an_orders_state,
    time_comes_from_the_clock,
    the_environment_is_read_by_the_settings,
    nobody_imports_the_app,
    markup_is_made_by_templates,
    functions_stay_short,
    modules_stay_short,
    a_module_says_what_it_holds,
    words_for_people_are_marked,
    refusals_are_marked,
)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the last."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _literal(call: ast.Call) -> str:
    return str(call.args[0].value) if call.args and isinstance(call.args[0], ast.Constant) else ""


def _sets_an_orders_state(module: Module, node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(_is_an_orders_state(module, part) for target in targets for part in ast.walk(target))
    if isinstance(node, ast.Call):
        return _writes_state_by_call(node)
    return False


def _is_an_orders_state(module: Module, target: ast.AST) -> bool:
    """In ``orders/`` every ``.state`` but that of a statement's import; elsewhere that of what is called an order."""
    if not (isinstance(target, ast.Attribute) and target.attr == "state"):
        return False
    about_orders = module.path.startswith("orders/") and not module.path.startswith("orders/payments/feeds/")
    return about_orders or "order" in dotted(target).lower()


def _writes_state_by_call(call: ast.Call) -> bool:
    name = dotted(call.func).rpartition(".")[2]
    if name == "setattr":
        return len(call.args) > 1 and isinstance(call.args[1], ast.Constant) and call.args[1].value == "state"
    if name == "values" or (isinstance(call.func, ast.Attribute) and call.func.attr == "values"):
        of_orders = any(isinstance(part, ast.Name) and part.id == "Order" for part in ast.walk(call.func))
        return of_orders and any(keyword.arg == "state" for keyword in call.keywords)
    return name == "Order" and any(keyword.arg == "state" for keyword in call.keywords)
