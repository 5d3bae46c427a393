"""Submissions fetched from an ODK Central or KoboToolbox server and added; what is there already changes nothing."""

import json
import mimetypes
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Literal

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import ClearlandError
from clearland.ledger.drafts import NewSource
from clearland.ledger.opening import current_opening
from clearland.ledger.rows import sources
from clearland.ledger.scope import Actor, scope
from clearland.ledger.write import write
from clearland.work.add import Added, AddOptions, add_file

System = Literal["odk", "kobo"]
_TIMEOUT_S = 60
_PAGE = 500
_MOST_PAGES = 10_000
_LARGEST_BYTES = 256 * 1024 * 1024
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where a form's submissions lie: `form` is the form's id on Central (with its project), the asset's uid on Kobo."""

    url: str
    system: System
    form: str
    token: str
    project: str = "1"


@dataclass(frozen=True)
class Collected:
    """What was fetched: what adding the submissions did, and how many attachments are new."""

    added: Added
    submissions: int
    attachments: int


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Redirects may not carry the token to another host."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if _origin(newurl) != _origin(req.full_url):
            raise _refused(f"it leads to another host ({urllib.parse.urlsplit(newurl).netloc})")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def collect(server: Server, kind: str, *, actor: Actor, clock: Clock = system_clock) -> Collected:
    """Fetch every submission of a form with its attachments and add them as records of a kind.

    Raises ClearlandError E-COLLECT-SERVER (address, answer or token), RefusedInput as `add_file` does.
    """
    fetch = _fetcher(server)
    rows = sorted(_rows(server, fetch), key=lambda row: str(row.get("__id") or row.get("_id")))
    content = _as_export(server, rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{server.form}-submissions.json"
        # The same submissions are the same bytes, so that fetching them again makes no new source.
        path.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1), encoding="utf-8")
        options = AddOptions(kind=kind, publisher=urllib.parse.urlsplit(server.url).netloc, title=f"Submissions of {server.form}")
        added = add_file(path, options, actor=actor, clock=clock)
    attachments = sum(_keep_attachments(server, row, fetch, actor, clock) for row in rows)
    return Collected(added, len(rows), attachments)


def _origin(url: str) -> tuple[str, str]:
    parts = urllib.parse.urlsplit(url)
    return parts.scheme, parts.netloc


def _refused(why: str) -> ClearlandError:
    return ClearlandError("E-COLLECT-SERVER", f"The server cannot be asked: {why}.", remedy="Check address, form and token.")


def _fetcher(server: Server) -> Callable[[str], bytes]:
    """Fetches addresses of this server only, with its token, over HTTPS (or on this machine)."""
    parts = urllib.parse.urlsplit(server.url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise _refused("its address does not begin with https://")
    opener = urllib.request.build_opener(_SameHost())
    word = "Bearer" if server.system == "odk" else "Token"

    def fetch(url: str) -> bytes:
        if _origin(url) != _origin(server.url):
            raise _refused(f"it names an address elsewhere ({urllib.parse.urlsplit(url).netloc})")
        request = urllib.request.Request(url, headers={"Authorization": f"{word} {server.token}"})  # noqa: S310 -- checked above
        try:
            with opener.open(request, timeout=_TIMEOUT_S) as answer:
                data: bytes = answer.read(_LARGEST_BYTES + 1)
        except urllib.error.HTTPError as error:
            error.close()
            raise _refused(f"it answers {error.code}") from error
        except (urllib.error.URLError, TimeoutError, OSError) as error:
            raise _refused(str(getattr(error, "reason", error))) from error
        if len(data) > _LARGEST_BYTES:
            raise _refused(f"an answer is larger than {_LARGEST_BYTES:,} bytes")
        return data

    return fetch


def _first(server: Server) -> str:
    base, form = server.url.rstrip("/"), urllib.parse.quote(server.form)
    if server.system == "odk":
        return f"{base}/v1/projects/{urllib.parse.quote(server.project)}/forms/{form}.svc/Submissions?%24expand=*&%24top={_PAGE}"
    return f"{base}/api/v2/assets/{form}/data.json?limit={_PAGE}"


def _rows(server: Server, fetch: Callable[[str], bytes]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    url: str | None = _first(server)
    for _ in range(_MOST_PAGES):
        if url is None:
            return rows
        try:
            page = json.loads(fetch(url))
            rows += page["value" if server.system == "odk" else "results"]
            url = page.get("@odata.nextLink") if server.system == "odk" else page.get("next")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _refused("it answers something that is no list of submissions") from error
    raise _refused("its list of submissions does not end")


def _as_export(server: Server, rows: list[dict[str, Any]]) -> dict[str, Any]:
    if server.system == "kobo":
        return {"results": rows}
    return {"@odata.context": _first(server).split("Submissions")[0] + "$metadata#Submissions", "value": rows}


def _keep_attachments(server: Server, row: Mapping[str, Any], fetch: Callable[[str], bytes], actor: Actor, clock: Clock) -> int:
    """Each attachment as a source of its own, named after its submission; those kept already are not fetched again."""
    series = f"attachments:{server.form}"
    known = set(sources(scope(actor, "collect")).filter(series=series).values_list("filename", flat=True))
    kept = 0
    for name, url in _attachments(server, row, fetch):
        filename = f"{str(row.get('__id') or row.get('_uuid')).removeprefix('uuid:')}/{name}"
        if filename in known:
            continue
        media = mimetypes.guess_type(name)[0] or "application/octet-stream"
        received = clock().astimezone(current_opening().time_zone).date()
        source = NewSource(
            data=fetch(url), filename=filename, media_type=media, received=received, series=series, sensitivity="restricted",
            title=f"{name} of submission {row.get('local_id') or filename}", publisher=urllib.parse.urlsplit(server.url).netloc,
        )  # fmt: skip
        write([], actor=actor, reason=f"Collected {filename}", source=source, clock=clock)
        kept += 1
    return kept


def _attachments(server: Server, row: Mapping[str, Any], fetch: Callable[[str], bytes]) -> list[tuple[str, str]]:
    if server.system == "kobo":
        named = [(str(each.get("filename", "")), each.get("download_url")) for each in row.get("_attachments") or ()]
        return [(name.rsplit("/", 1)[-1], str(url)) for name, url in named if url]
    if not (row.get("__system") or {}).get("attachmentsPresent"):
        return []
    base = _first(server).split(".svc/")[0]
    folder = f"{base}/submissions/{urllib.parse.quote(str(row['__id']))}/attachments"
    listed = json.loads(fetch(folder))
    return [(str(each["name"]), f"{folder}/{urllib.parse.quote(str(each['name']))}") for each in listed if each.get("exists")]
