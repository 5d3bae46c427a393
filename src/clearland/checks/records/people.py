"""Rules 67, 69 and 71: a victim's dates, ages and outcome agree, and nothing is passed on without consent."""

from collections.abc import Iterator

from clearland.checks.records.model import Attributes, Said, Setting, before, day, number, text

_ADULT_YEARS = 18
_AFTER = ("occupation_after",)


def ages(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """67: the birth lies before the accident, and stated age, class of age and dates agree within a year.

    The date of birth is there only where a person enters it, before it is sealed.
    """
    born, happened, age = day(said, "birth_date"), day(said, "accident_date"), number(said, "age_years")
    if before(happened, born):
        yield Said("R-BORN-AFTER", "birth_date")
    elif born and happened and age is not None and abs(int(happened[:4]) - int(born[:4]) - age) > 1:
        yield Said("R-AGE", "age_years")
    group = text(said, "age_class")
    if age is not None and ((group == "child" and age >= _ADULT_YEARS) or (group == "adult" and age < _ADULT_YEARS)):
        yield Said("R-AGE", "age_class")


def outcome(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """69: who was killed has no later life in the record; who died later died after the accident."""
    if text(said, "outcome") == "killed":
        later = [name for name in _AFTER if said.get(name)]
        losses = said.get("losses")
        if isinstance(losses, list) and set(losses) - {"none"}:
            later.append("losses")
        for name in later:
            yield Said("R-KILLED-LATER-LIFE", name, {"field": name})
    if before(day(said, "passed_away_on"), day(said, "accident_date")):
        yield Said("R-DIED-BEFORE", "passed_away_on")


def referral_consent(said: Attributes, _setting: Setting) -> Iterator[Said]:
    """71: a referral hands a victim's data to somebody else."""
    consent = text(said, "consent")
    if consent and consent != "given":
        yield Said("R-NO-CONSENT", "consent", {"consent": consent})
