"""The architecture is held by contracts that can fail: each gate is fed a violation and must turn red."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "clearland"
LONGEST_MODULE = 450
LONGEST_FUNCTION = 80


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c",
         "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def checkout(tmp_path):
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "static", "locale"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_import_contracts_hold_and_an_upward_import_turns_them_red(checkout):
    held = lint_imports(checkout)
    assert held.returncode == 0, held.stdout
    assert "2 kept, 0 broken" in held.stdout
    target = checkout / "src" / "clearland" / "core" / "units.py"
    target.write_text(target.read_text() + "\nimport clearland.ledger.chain\n")
    broken = lint_imports(checkout)
    assert broken.returncode == 1
    assert "clearland.core is not allowed to import clearland.ledger" in broken.stdout


def test_a_package_outside_the_layers_turns_the_contract_red(checkout):
    stray = checkout / "src" / "clearland" / "stray"
    stray.mkdir()
    (stray / "__init__.py").write_text('"""Nobody placed me."""\n')
    broken = lint_imports(checkout)
    assert broken.returncode == 1
    assert "stray" in broken.stdout


def modules():
    return [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]


def too_long(source: str) -> list[str]:
    """Functions of a module that are longer than one idea needs."""
    return [
        node.name for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]  # fmt: skip


def test_modules_and_functions_stay_small():
    long_modules = {str(p.relative_to(ROOT)): n for p in modules() if (n := len(p.read_text().splitlines())) > LONGEST_MODULE}
    long_functions = {str(p.relative_to(ROOT)): names for p in modules() if (names := too_long(p.read_text()))}
    assert not long_modules
    assert not long_functions


def test_the_size_gate_can_fail():
    body = "\n".join(f"    x = {n}" for n in range(LONGEST_FUNCTION))
    assert too_long(f"def endless():\n{body}\n") == ["endless"]


def test_package_roots_hold_a_docstring_only():
    for path in SOURCE.rglob("__init__.py"):
        tree = ast.parse(path.read_text())
        assert all(isinstance(node, ast.Expr) for node in tree.body), path


def test_the_words_of_the_house():
    """Released ground is never called safe in what a person reads."""
    pages = [*SOURCE.rglob("*.html"), *SOURCE.rglob("*.yaml"), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    said = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in pages
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\b(is|are|declared|now) safe\b", line)
    ]
    assert not said


def test_links_between_documents_lead_somewhere():
    broken = []
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} → {target}")
    assert not broken
