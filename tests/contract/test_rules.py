"""The rules of the architecture, checked in the sources."""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median, quantiles

import pytest

# The packages of the program, lowest first: each imports only from those before it, and from the
# modules at the root, which all share and which import no package.
from scripts.tables import PACKAGES as ORDER

SRC = Path(__file__).resolve().parents[2] / "src"
PACKAGES = ("actions_toolkit", "github_sandbox", "release_assets")

# Modules without effects: no file, no socket, no clock, no randomness.
WITHOUT_EFFECTS = {
    *(
        "base64",
        "collections",
        "collections.abc",
        "dataclasses",
        "email.utils",
        "hashlib",
        "json",
        "math",
        "operator",
        "pathlib",
    ),
    *("re", "shlex", "string", "types", "typing", "unicodedata", "urllib.parse"),
    "datetime",  # only dates are parsed
    "functools",  # caches of pure functions
    *("wcmatch", "wcmatch.fnmatch"),  # only names are matched
    "difflib",
    "mimetypes",  # only the built-in table is used
    "bracex",  # from text to text
    *("yaml", "yaml.reader"),  # the only third-party parser
}
# Third-party package -> where it may be imported; other modules use the standard library only.
THIRD_PARTIES = {
    "requests": {"release_assets.github"},
    "urllib3": {"release_assets.github"},
    "certifi": {"release_assets.github"},
    "wcmatch": {
        "release_assets.files.patterns",
        "release_assets.plan.asset_patterns",
    },
    "rich": {"release_assets.cli.progress_bars"},
    "jq": {"release_assets.cli.jq_filter"},
    "bracex": {"release_assets.files.braces"},
    "yaml": {"release_assets.files.manifest"},
}
MOST_LINES = 250  # of a module
MEDIAN_LINES = 100  # of the modules of the program, below
MOST_FUNCTION_LINES = 40  # below; of nine functions in ten, below half of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module and its syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def title(self) -> str:
        """The first line of the docstring."""
        return (ast.get_docstring(self.tree) or "").partition("\n")[0]

    @property
    def is_pure(self) -> bool:
        return self.title.endswith("Pure.")

    def imports(self) -> set[str]:
        """Return all modules that it imports, also inside functions."""
        return set(imports_in(self.tree))


def read_modules() -> Iterator[Module]:
    for path in sorted(SRC.rglob("*.py")):
        if path.relative_to(SRC).parts[0] not in PACKAGES:
            continue
        parts = path.relative_to(SRC).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield Module(name=name, path=path, tree=ast.parse(path.read_text(encoding="utf-8")))


def imports_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports must be absolute"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if is_module(inner) else str(node.module)


def is_module(name: str) -> bool:
    path = SRC.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


MODULES: Mapping[str, Module] = {module.name: module for module in read_modules()}
PACKAGES_OF_MODULES = {
    name for name, module in MODULES.items() if module.path.name == "__init__.py" and "." in name
}
SHIPPED = [name for name in MODULES if not name.startswith("github_sandbox")]


def is_own(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in PACKAGES


def test_modules_are_found() -> None:
    assert len(MODULES) > 60
    assert {name.split(".")[0] for name in MODULES} == set(PACKAGES)
    assert sum(MODULES[name].is_pure for name in SHIPPED) >= 15


def sources_of(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that define the imported names; packages only re-export them."""
    for node in ast.walk(tree):
        face = MODULES.get(node.module or "") if isinstance(node, ast.ImportFrom) else None
        if face is None or face.path.name != "__init__.py":
            continue
        assert isinstance(node, ast.ImportFrom)
        for alias in node.names:
            if is_module(f"{face.name}.{alias.name}"):
                continue
            yield next(
                (
                    str(inner.module)
                    for inner in face.tree.body
                    if isinstance(inner, ast.ImportFrom)
                    and alias.name in {one.name for one in inner.names}
                ),
                face.name,
            )


@pytest.mark.parametrize("name", [name for name in SHIPPED if MODULES[name].is_pure])
def test_a_pure_module_imports_only_pure_modules(name: str) -> None:
    module = MODULES[name]
    faces = {other for other in module.imports() if other in PACKAGES_OF_MODULES}
    others = {other for other in module.imports() if is_own(other)} - faces
    others |= set(sources_of(module.tree))
    assert [other for other in others if not MODULES[other].is_pure] == []
    assert {other for other in module.imports() if not is_own(other)} <= WITHOUT_EFFECTS


# Functions with an effect, and methods with one of paths, files and modules.
EFFECTS = {"open", "print", "input", "exec", "eval", "__import__"}
METHODS_WITH_EFFECTS = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "write", "writelines"),
    *("mkdir", "rmdir", "touch", "unlink", "rename", "chmod", "symlink_to", "hardlink_to"),
    *("exists", "is_file", "is_dir", "is_symlink", "stat", "lstat", "iterdir", "glob", "rglob"),
    *("resolve", "expanduser", "cwd", "home", "samefile", "readlink", "now", "today", "utcnow"),
}


def effects_in(tree: ast.AST) -> Iterator[str]:
    """Yield the calls that read or change anything outside of the program."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in EFFECTS:
            yield node.func.id
        elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS_WITH_EFFECTS:
            yield f".{node.func.attr}"


@pytest.mark.parametrize("name", [name for name in SHIPPED if MODULES[name].is_pure])
def test_a_pure_module_calls_no_function_with_an_effect(name: str) -> None:
    assert list(effects_in(MODULES[name].tree)) == []


def test_functions_and_methods_with_effects_are_found() -> None:
    code = 'print(1)\nPath("a").write_text("b")\nPath.cwd()\n"a".strip()'
    assert list(effects_in(ast.parse(code))) == ["print", ".write_text", ".cwd"]


def test_imports_have_no_cycle() -> None:
    graph = {
        name: {other for other in module.imports() if is_own(other) and other != name}
        for name, module in MODULES.items()
    }
    # Every module may import its top-level package, for the version.
    for name in graph:
        graph[name] -= {package for package in PACKAGES if name.startswith(f"{package}.")}
    TopologicalSorter(graph).prepare()  # raises CycleError


PROGRAM = [name for name in MODULES if name.startswith("release_assets.")]


def package_of(name: str) -> str:
    """Return the package that a module of the program belongs to, or "" for one at the root."""
    home = name.removeprefix("release_assets.").partition(".")[0]
    return home if (SRC / "release_assets" / home).is_dir() else ""


def test_the_order_has_every_package() -> None:
    assert sorted({package_of(name) for name in PROGRAM} - {""}) == sorted(ORDER)


@pytest.mark.parametrize("name", PROGRAM)
def test_a_module_imports_only_from_lower_packages(name: str) -> None:
    home = package_of(name)
    below = ORDER[: ORDER.index(home) + 1] if home else []
    known = {package_of(other) for other in MODULES[name].imports() if other in PROGRAM}
    assert known - {"", *below} == ({"cli"} if name == "release_assets.__main__" else set())


LIGHT_DATACLASSES = "release_assets.light_dataclasses"


@pytest.mark.parametrize("name", sorted(MODULES.keys() - {LIGHT_DATACLASSES}))
def test_no_import_is_for_type_checking_only(name: str) -> None:
    assert "TYPE_CHECKING" not in MODULES[name].path.read_text(encoding="utf-8")


def test_dataclasses_of_the_program_share_their_methods() -> None:
    importing = {name for name in PROGRAM if "dataclasses" in MODULES[name].imports()}
    assert importing == {LIGHT_DATACLASSES}, "import the one that starts fast"


SHARED_METHODS = {f"__{name}__" for name in ("init", "repr", "eq", "hash", "setattr", "delattr")}
SHARED_METHODS.add("__post_init__")  # which none of them calls


def decorated_classes() -> Iterator[ast.ClassDef]:
    """Yield the dataclasses of the program."""
    for name in PROGRAM:
        for node in ast.walk(MODULES[name].tree):
            if isinstance(node, ast.ClassDef) and any(
                isinstance(one, ast.Call) and ast.unparse(one.func) == "dataclass"
                for one in node.decorator_list
            ):
                yield node


def test_dataclasses_use_only_what_is_supported() -> None:
    """No class inherits fields, replaces a shared method, or has a `ClassVar` or `InitVar`."""
    classes = list(decorated_classes())
    assert len(classes) > 60
    assert [one.name for one in classes if one.bases] == []
    for one in classes:
        annotations = {
            ast.unparse(node.annotation) for node in one.body if isinstance(node, ast.AnnAssign)
        }
        assert not {name for name in annotations if name.startswith(("ClassVar", "InitVar"))}
        methods = {node.name for node in one.body if isinstance(node, ast.FunctionDef)}
        assert not methods & SHARED_METHODS


@pytest.mark.parametrize("name", MODULES)
def test_a_third_party_package_is_imported_only_where_allowed(name: str) -> None:
    foreign = {
        other.split(".")[0]
        for other in MODULES[name].imports()
        if not is_own(other) and other.split(".")[0] not in sys.stdlib_module_names
    }
    for package in foreign:
        places = THIRD_PARTIES.get(package, set())
        assert any(name == place or name.startswith(f"{place}.") for place in places), package


@pytest.mark.parametrize("name", PROGRAM)
def test_a_module_imports_other_packages_only_through_their_public_names(name: str) -> None:
    homes = {"", package_of(name)}
    others = {other for other in MODULES[name].imports() if other in PROGRAM}
    faces = {f"release_assets.{package}" for package in ORDER}
    assert {other for other in others if package_of(other) not in homes} <= faces


@pytest.mark.parametrize("entry_point", ["action", "cli"])
def test_no_package_imports_an_entry_point(entry_point: str) -> None:
    importing = {
        package_of(name)
        for name, module in MODULES.items()
        if name in PROGRAM and entry_point in {package_of(other) for other in module.imports()}
    }
    assert importing <= {entry_point, ""}


def test_the_toolkit_imports_no_other_package() -> None:
    known = {
        other
        for name, module in MODULES.items()
        if name.startswith("actions_toolkit")
        for other in module.imports()
        if is_own(other) and not other.startswith("actions_toolkit")
    }
    assert known == set()


def test_only_the_action_imports_the_toolkit() -> None:
    # The wheel contains neither of them, but the command line.
    importing = {
        package_of(name)
        for name in PROGRAM
        for other in MODULES[name].imports()
        if other.startswith("actions_toolkit")
    }
    assert importing == {"action"}


def test_the_sandbox_and_the_program_share_no_code() -> None:
    # Otherwise both could share the same mistake about GitHub.
    shared = {
        (name, other)
        for name, module in MODULES.items()
        for other in module.imports()
        if is_own(other)
        and (name.startswith("github_sandbox") != other.startswith("github_sandbox"))
    }
    assert shared == {("release_assets.cli.parser", "github_sandbox.command")}
    # The image does not contain the sandbox.
    at_the_top = {
        other
        for node in MODULES["release_assets.cli.parser"].tree.body
        for other in imports_in(ast.Module(body=[node], type_ignores=[]))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert not any(other.startswith("github_sandbox") for other in at_the_top)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_has_a_docstring_of_one_line(name: str) -> None:
    title = MODULES[name].title
    assert title.endswith(".")
    assert len(title) <= 97


def documented(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Yield every public function and class, and whether it is documented."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node.name, bool(ast.get_docstring(node))
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", bool(ast.get_docstring(inner))


@pytest.mark.parametrize("name", MODULES)
def test_every_public_function_and_class_has_a_docstring(name: str) -> None:
    documented_names: dict[str, bool] = {}
    for what, is_documented in documented(MODULES[name].tree):
        documented_names[what] = (
            documented_names.get(what, False) or is_documented
        )  # one docstring is enough for all overloads
    assert [what for what, is_documented in documented_names.items() if not is_documented] == []


@pytest.mark.parametrize("name", MODULES)
def test_no_module_exceeds_the_line_limit(name: str) -> None:
    assert lines_of(name) <= MOST_LINES


def lines_of(module: str) -> int:
    return len(MODULES[module].path.read_text(encoding="utf-8").splitlines())


def test_half_of_the_modules_of_the_program_are_short() -> None:
    assert median(map(lines_of, PROGRAM)) < MEDIAN_LINES


def function_lengths() -> Iterator[tuple[int, str]]:
    """Yield the lines of each function of the program, with its docstring, and its name."""
    for name in PROGRAM:
        for node in ast.walk(MODULES[name].tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield node.end_lineno - node.lineno + 1, f"{name}.{node.name}"


def test_no_function_of_the_program_is_long() -> None:
    assert [name for lines, name in function_lengths() if lines >= MOST_FUNCTION_LINES] == []


def test_nine_in_ten_functions_of_the_program_are_short() -> None:
    lengths = [lines for lines, _ in function_lengths()]
    assert quantiles(lengths, n=10)[-1] < MOST_FUNCTION_LINES / 2
