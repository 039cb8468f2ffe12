"""Importing goes one way; this reads every import there is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("portal", "catalog", "orders", "channels")

# Lower may not import higher. The first prefix that fits decides.
LAYERS: tuple[tuple[str, int], ...] = (
    ("portal.lib", 0),
    ("portal.companies", 1),
    ("portal.ui", 2),
    ("catalog", 3),
    ("orders", 4),
    ("channels", 5),
    ("portal", 6),
)
# What a connector may know besides its own folder.
CONNECTOR_KNOWS = ("channels.contract", "channels.errors", "channels.http", "portal.lib")


def is_test(path: Path) -> bool:
    # The conformance suite is a test that connectors inherit.
    return not {"tests", "conformance"}.isdisjoint(path.parts) or path.stem == "conftest"


def modules() -> list[tuple[str, Path]]:
    """(dotted name, file) of every module of ours that is no test and no migration."""
    found = []
    for app in OURS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if not is_test(path.relative_to(ROOT)) and "migrations" not in path.parts:
                found.append((name_of(path), path))
    return found


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, name: str) -> Iterator[str]:
    """Dotted names of ours that the file imports anywhere, also inside functions."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        yield from (target for target in targets_of(node, package) if target.split(".")[0] in OURS)


def targets_of(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        parents = package.split(".")
        base = ".".join([*parents[: len(parents) - node.level + 1], *filter(None, [node.module])])
    return [f"{base}.{alias.name}" for alias in node.names]


def is_within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def is_any(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(is_within(name, prefix) for prefix in prefixes)


def layer_of(name: str) -> int:
    return next(layer for prefix, layer in LAYERS if is_within(name, prefix))


def connector_of(name: str) -> str:
    """The connector's package that ``name`` is in, or ""."""
    parts = name.split(".")
    return ".".join(parts[:3]) if parts[:2] == ["channels", "connectors"] and len(parts) > 2 else ""


def is_simulator(name: str) -> bool:
    return bool(connector_of(name)) and name.split(".")[3:4] == ["simulator"]


MODULES = modules()
IMPORTS = [(name, target) for name, path in MODULES for target in imports_of(path, name)]


def wrong(pairs: list[tuple[str, str]]) -> list[str]:
    return sorted({f"{name} imports {target}" for name, target in pairs})


def test_the_walk_sees_the_portal():
    assert len(MODULES) > 100
    assert ("portal.companies.guard", "portal.companies.permissions.Can") in IMPORTS


def test_nothing_imports_upward():
    upward = [(name, target) for name, target in IMPORTS if layer_of(name) < layer_of(target)]
    assert wrong(upward) == []


def test_a_connector_knows_only_the_contract():
    pairs = [(name, target) for name, target in IMPORTS if connector_of(name) and not is_simulator(name)]
    known = [(name, target, (*CONNECTOR_KNOWS, connector_of(name))) for name, target in pairs]
    assert wrong([(name, target) for name, target, may in known if not is_any(target, may)]) == []


def test_a_connector_never_looks_into_its_simulator():
    pairs = [(name, target) for name, target in IMPORTS if connector_of(name) and not is_simulator(name)]
    assert wrong([pair for pair in pairs if is_simulator(pair[1])]) == []


def test_a_simulator_knows_nothing_of_our_client():
    pairs = [(name, target) for name, target in IMPORTS if is_simulator(name)]
    known = [(name, target, ("channels.simkit", f"{connector_of(name)}.simulator")) for name, target in pairs]
    assert wrong([(name, target) for name, target, may in known if not is_any(target, may)]) == []


def test_the_shared_parts_of_simulators_know_nothing_of_ours():
    pairs = [(name, target) for name, target in IMPORTS if is_within(name, "channels.simkit")]
    assert wrong([pair for pair in pairs if not is_within(pair[1], "channels.simkit")]) == []


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("orders.services", "channels.models"),
        ("catalog.pricing", "orders.models"),
        ("portal.companies.mails", "portal.ui.times"),
        ("channels.sync.runner", "portal.web.views"),
    ],
)
def test_these_would_be_upward(name, target):
    assert layer_of(name) < layer_of(target)
