"""JavaScript and CSS that ship inside Python wheels, served from there: nothing is copied and nothing is fetched.

MapLibre GL JS lies in the wheel `maplibre`; htmx comes with the app `django_htmx` by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# prefix under /static/ -> (package, folder in it, files that may be served)
WHEELS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "maplibre": ("maplibre", "srcjs", ("maplibre-gl.js", "maplibre-gl.css")),
}


def _folder(package: str, folder: str) -> Path:
    """Where the wheel's files lie. The package itself is not imported: it would load a notebook's worth of modules."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(next(iter(spec.submodule_search_locations))) / folder


class WheelFinder(BaseFinder):
    """Django static files finder over `WHEELS`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storages: dict[str, FileSystemStorage] = {}
        for prefix, (package, folder, _) in WHEELS.items():
            self.storages[prefix] = FileSystemStorage(location=str(_folder(package, folder)))
            self.storages[prefix].prefix = prefix  # type: ignore[attr-defined]  # Django's own convention

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to configure, nothing to check."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file behind `path`, or an empty list."""
        prefix, _, name = path.partition("/")
        if prefix in WHEELS and name in WHEELS[prefix][2]:
            found = self.storages[prefix].path(name)
            return [found] if find_all else found
        return []

    def list(self, ignore_patterns: Iterable[str] | Sequence[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """All files, with the storage each lies in."""
        for prefix, (_, _, names) in WHEELS.items():
            for name in names:
                yield name, self.storages[prefix]
