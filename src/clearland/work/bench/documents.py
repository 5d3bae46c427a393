"""Documents to claims: the examples' texts read and searched for claims, again and again."""

from pathlib import Path
from time import perf_counter

from clearland.evidence.extraction.extract import extract_claims
from clearland.evidence.reading.read import read_document
from clearland.work.bench.measure import Job, Measure

LEAST_PAGES_PER_S = 20
PAGE_CHARACTERS = 3_000
_PAGES_PER_RECORD = 1 / 500


def measure(job: Job) -> list[Measure]:
    """Pages of 3,000 characters per second, from bytes to claims."""
    work = "documents to claims"
    files = sorted((Path(job.examples) / "documents").glob("*.txt")) if job.examples else []
    if not files:
        return [Measure(work=work, unit="pages/s", note="the examples of a checkout are not here")]
    contents = [(path.read_bytes(), path.name) for path in files]
    pages = claims = 0.0
    for data, name in contents:  # word lists are read once per process
        extract_claims(read_document(data, name), name)
    start = perf_counter()
    while pages < job.size * _PAGES_PER_RECORD:
        for data, name in contents:
            document = read_document(data, name)
            claims += len(extract_claims(document, name))
            pages += len(document.text) / PAGE_CHARACTERS
    taken = perf_counter() - start
    note = f"{pages:.0f} pages, {claims / pages:.1f} claims a page"
    return [Measure(work=work, unit="pages/s", value=pages / taken, budget=LEAST_PAGES_PER_S, note=note)]
