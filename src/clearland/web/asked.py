"""What a form's field asks for, read without trusting it."""

from uuid import UUID


def uuid_or_nil(text: str) -> UUID:
    """The record that a field names; the nil UUID, which no record has, where the text is no UUID."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
