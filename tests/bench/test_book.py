"""The jobs on one large book at a small size: each reads what the first one wrote."""

from clearland.work.bench import run
from clearland.work.bench.child import BOOK_JOBS


def test_a_book_is_written_summed_up_changed_and_asked() -> None:
    measures = {measure.work: measure for measure in run.run(3_000, jobs=BOOK_JOBS, with_postgres=False)}
    assert all(measure.value and measure.value > 0 for measure in measures.values())
    limits = [work for work, measure in measures.items() if measure.budget is not None]
    assert limits == [
        "book written as one commit, peak memory", "book written, points, SQLite", "another writer waits for one commit",
        "book: snapshot built",
        "book: snapshot built, peak memory", "book: one more entry, in a running server",
        "book: all indicators × years × districts", "book: the same when nothing changed",
        "programme of 3,000 products: first balance, peak memory", "one new report, balance by a command",
        "one new report, balance in the running server",
    ]  # fmt: skip
    again = measures["book: the same when nothing changed"].value
    first = measures["book: all indicators × years × districts"].value
    assert again is not None
    assert first is not None
    assert again < first
