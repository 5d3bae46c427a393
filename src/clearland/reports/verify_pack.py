"""Check an evidence pack of Clearland. Needs Python 3.9 or later and nothing else:  python verify.py [FOLDER]

1. Every file is what the manifest says.  2. The ledger's entry of the edition names these very files.  3. The entry's digest
and the hash of the commit that wrote it come out again; compare that hash with the one the programme printed or sent you.
4. Where the pack lists the records behind the figures, each figure's digest comes out of them and their amounts add up to it.
"""

import csv
import hashlib
import json
import sys
from collections import defaultdict
from pathlib import Path


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def problems(folder: Path) -> list[str]:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = [f"{name}: the bytes are not those of the manifest" for name, digest in manifest["files"].items()
             if not (folder / name).is_file() or sha256((folder / name).read_bytes()) != digest]  # fmt: skip
    entry, commit = manifest["entry"], dict(manifest["commit"])
    body = entry["body"].encode()
    if sha256(len(body).to_bytes(8, "little") + body) != entry["digest"]:
        found.append("the digest of the edition's entry does not come out")
    named = {each["sha256"] for each in json.loads(json.loads(body)["attributes"]["files"])}
    unnamed = [name for name in manifest["frozen"] if manifest["files"][name] not in named]
    found += [f"{name}: the ledger's entry does not name it" for name in unnamed]
    if sha256(bytes.fromhex("".join(manifest["digests"]))) != commit["root"] or entry["digest"] not in manifest["digests"]:
        found.append("the root of the commit does not come out of its digests")
    stated = commit.pop("hash")
    if sha256(canonical(commit)) != stated:
        found.append("the hash of the commit does not come out")
    return found + lineage_problems(folder, manifest["figures"])


def lineage_problems(folder: Path, figures: str) -> list[str]:
    path = folder / "lineage.csv"
    if not path.is_file():
        return []
    digests: defaultdict[str, set[str]] = defaultdict(set)
    sums: defaultdict[str, float] = defaultdict(float)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            digests[row["reference"]].add(row["digest"])
            sums[row["reference"]] += float(row["amount"])
    found = []
    for figure in json.loads((folder / figures).read_text(encoding="utf-8"))["figures"]:
        lineage = figure["lineage"]
        if sha256("".join(sorted(digests[lineage["ref"]])).encode()) != lineage["digest"]:
            found.append(f"{lineage['ref']}: the digest does not come out of the records")
        if figure["value"] is not None and abs(sums[lineage["ref"]] - figure["value"]) > 0.01:
            found.append(f"{lineage['ref']}: the amounts add up to {sums[lineage['ref']]}, not {figure['value']}")
    return found


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    found = problems(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    holds = f"All holds. Edition {manifest['edition']}; commit {manifest['commit']['hash']}"
    sys.stdout.write(("\n".join(found) or holds) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
