"""The tables of a programme (design section 4).

Truth: `Source`, `Rendition`, `Commit`, `Entry`; append-only, guarded by triggers, proved by `verify`.
Projections: `Record`, `Version`, `Link`, rebuilt from entries; `Passage`, `Note`, `Claim`, read again from renditions.
Entries point at their commit, and projections at entries, without a database constraint: `verify` proves both, and on
PostgreSQL the check of each row costs as much as writing it. A reader of `Version` always says which `state` it wants.

Nobody outside this package imports these models: reads go through `ledger.rows`, sums through `ledger.snapshot`,
writes through `ledger.write` (a test holds this).
"""

from django.db import models

from clearland.ledger.fields import GeometryField


class WorkflowState(models.TextChoices):
    """Where a record stands. Only approved states count in figures."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    APPROVED = "approved"
    RETURNED = "returned"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Sensitivity(models.TextChoices):
    """Who may see it, widest first (design section 13)."""

    PUBLIC = "public"
    PARTNER = "partner"
    PROGRAMME = "programme"
    RESTRICTED = "restricted"
    SEALED = "sealed"


class Source(models.Model):
    """Anything handed to us, kept byte for byte under its SHA-256 in the programme's `sources` folder."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    filename = models.TextField()
    media_type = models.TextField()
    size_bytes = models.BigIntegerField()
    title = models.TextField(default="")
    publisher = models.TextField(default="")
    author = models.TextField(default="")
    transmitter = models.TextField(default="")
    circulator = models.TextField(default="")
    symbol = models.TextField(default="")
    published = models.TextField(default="")
    circulated = models.TextField(default="")
    received = models.DateField()
    language = models.TextField(default="")
    series = models.TextField(default="")
    full_edition = models.BooleanField(default=False)
    sensitivity = models.TextField(choices=Sensitivity.choices, default=Sensitivity.PROGRAMME)
    may_pass_on = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "source"


class Rendition(models.Model):
    """The text that one extractor version read from a source. Immutable; spans count its Unicode code points.

    `sha256` covers source, extractor, version and text (`ledger.sources.rendition_digest`), and is part of the root of
    its commit.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="renditions")
    commit = models.ForeignKey("Commit", on_delete=models.PROTECT, related_name="renditions")
    extractor = models.TextField()
    extractor_version = models.TextField()
    text = models.TextField()

    class Meta:
        db_table = "rendition"


class Commit(models.Model):
    """One write transaction. `hash` = SHA-256 of the canonical form of all other fields and of the source's digest.

    `root` covers the digests of its renditions (sorted), then of its entries in order.
    """

    sequence = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="commits")
    actor = models.TextField()
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    entry_count = models.IntegerField()
    rendition_count = models.IntegerField()
    root = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "commit"


class Entry(models.Model):
    """One immutable state of one record. `body` holds the canonical bytes themselves and is never re-serialised.

    `revision` is one more than that of the entry it follows; entries are ordered by known_at, revision, digest.
    """

    sequence = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    record_id = models.UUIDField()  # no index: the entries of a record are found through `version`
    revision = models.IntegerField()
    body = models.BinaryField()
    geometry = GeometryField(null=True)
    state = models.TextField(choices=WorkflowState.choices)
    known_at = models.DateTimeField()
    # No index: the entries of a commit follow one another in sequence, and each index is a tenth of what writing a row costs.
    commit = models.ForeignKey(
        Commit, on_delete=models.PROTECT, related_name="entries", db_constraint=False, db_index=False
    )
    digest = models.CharField(max_length=64)
    origin = models.TextField(default="")

    class Meta:
        db_table = "entry"


class RecordColumns(models.Model):
    """What a record looks like in one state, in columns that can be filtered. Shared by `Record` and `Version`.

    The bounding box is in degrees (EPSG:4326) and null without a geometry.
    """

    kind = models.TextField()
    local_id = models.TextField()
    attributes = models.JSONField(default=dict)
    geometry = GeometryField(null=True)
    min_x = models.FloatField(null=True)
    min_y = models.FloatField(null=True)
    max_x = models.FloatField(null=True)
    max_y = models.FloatField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    place = models.TextField(default="")
    organisation = models.TextField(default="")
    state = models.TextField(choices=WorkflowState.choices)
    sensitivity = models.TextField(choices=Sensitivity.choices)

    class Meta:
        abstract = True


class Record(RecordColumns):
    """What stands now: the newest approved, withdrawn or superseded state, or the newest of all while there is none.

    `head_entry` is the newest entry (a draft over an approved state shows only there), `approved_entry` the one that
    counts: null before approval and after withdrawal or supersession.
    """

    fid = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    head_entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    approved_entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "record"
        indexes = (models.Index(fields=["kind", "local_id"], name="record_kind_local_id"),)


class Version(RecordColumns):
    """What was known when: one row per entry, with the half-open time [known_from, known_to) in which it holds.

    An approved, withdrawn or superseded state holds until the next of these three; any other state until the next
    entry. So an approved row goes on counting under a draft. What counts has `state = 'approved'`.
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="versions", db_constraint=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)

    class Meta:
        db_table = "version"
        # All that a list filters, sorts and counts by: its pages are found without the rows, which hold geometry and attributes.
        # The second index is in the order in which things became known, so that what is newest needs no sorting.
        indexes = (
            models.Index(
                fields=[
                    "kind", "local_id", "known_to", "state", "sensitivity", "entry", "known_from", "valid_from", "place",
                    "organisation", "id",
                ],
                name="version_list",
            ),
            models.Index(fields=["kind", "known_from", "id", "known_to", "state", "sensitivity", "entry"], name="version_known"),
        )  # fmt: skip


class Link(models.Model):
    """A link between two records in one role (`hazard`, `activity`, …), as stated by `entry`; both ends exist.

    Every entry's links are here: those as known on D are found through the `Version` of the same entry.
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="links")
    role = models.TextField()
    target = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="linked_from")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_constraint=False)

    class Meta:
        db_table = "link"


class SealedPerson(models.Model):
    """One sealed value of a record: envelope and wrapped data key; entries hold its commitment (`ledger.sealed`).

    `record_id` is the record's identity, not its row: projections are made anew, this table is truth. Rows may be deleted.
    """

    id = models.BigAutoField(primary_key=True)
    record_id = models.UUIDField(db_index=True)
    field = models.TextField()
    commitment = models.CharField(max_length=71, unique=True)
    wrapped_key = models.BinaryField()
    envelope = models.BinaryField()
    blind_index = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "sealed_person"


class Passage(models.Model):
    """One block of a rendition: heading, paragraph, list item, table cell, question, answer, note."""

    id = models.BigAutoField(primary_key=True)
    rendition = models.ForeignKey(Rendition, on_delete=models.CASCADE, related_name="passages")
    number = models.IntegerField()
    kind = models.TextField()
    level = models.IntegerField(default=0)
    label = models.TextField(default="")
    page = models.IntegerField(null=True)
    start = models.IntegerField()
    end = models.IntegerField()
    details = models.JSONField(default=dict)

    class Meta:
        db_table = "passage"
        constraints = (models.UniqueConstraint(fields=["rendition", "number"], name="passage_number"),)


class Note(models.Model):
    """A note of a rendition with the places of its markers; without `body_start` its body is missing."""

    id = models.BigAutoField(primary_key=True)
    rendition = models.ForeignKey(Rendition, on_delete=models.CASCADE, related_name="notes")
    label = models.TextField()
    body_start = models.IntegerField(null=True)
    body_end = models.IntegerField(null=True)
    markers = models.JSONField(default=list)

    class Meta:
        db_table = "note"


class Claim(models.Model):
    """A proposed claim as design section 7 shapes it: derived from a rendition by one extractor version."""

    id = models.BigAutoField(primary_key=True)
    rendition = models.ForeignKey(Rendition, on_delete=models.CASCADE, related_name="claims")
    extractor_version = models.TextField()
    ref = models.TextField(unique=True)
    start = models.IntegerField()
    end = models.IntegerField()
    subject = models.TextField()
    attribute = models.TextField()
    value = models.JSONField(null=True)
    value_number = models.FloatField(null=True)
    unit = models.TextField(null=True)  # null is "not said"
    period = models.TextField(default="")
    claimant = models.TextField(default="")
    stance = models.TextField(default="reported")
    body = models.JSONField(default=dict)

    class Meta:
        db_table = "claim"
        indexes = (models.Index(fields=["attribute"], name="claim_attribute"),)
