"""Recovery copies of a new sealing key, to be printed and kept in two places."""

from clearland.cli.output import out
from clearland.core.sealing import SealingKey, printed
from clearland.ledger.sealing_keys import keep


def show_and_keep(secret: bytes) -> None:
    """Print two copies of a new key to be cut apart, then keep it for this user."""
    fingerprint = SealingKey.from_secret(secret).fingerprint
    text = printed(secret)
    half = text.index("-", len(text) // 2)
    for copy in (1, 2):
        out.print(f"- - 8< - - - - sealing key {fingerprint}, copy {copy} of 2 - - - - - - - - -", markup=False)
        out.print(f"  {text[:half]}-\n  {text[half + 1 :]}", markup=False)
    out.print("- - 8< - - - - print both, cut, keep them in two places; without the key no identity can be opened", markup=False)
    out.print(f"Kept for this user in {keep(secret)}.", markup=False)
