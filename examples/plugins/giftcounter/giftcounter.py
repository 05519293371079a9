"""Counts the gifts of a stream and writes them into a text file, which OBS shows: a plugin for LiveCue.

Usage: giftcounter.py FILE
"""

import os
import sys
from pathlib import Path

# The library lies beside this file, or where LiveCue's repository has it.
sys.path[:0] = [str(Path(__file__).resolve().parents[3] / "clients" / "python"), str(Path(__file__).resolve().parent)]
import livecue  # noqa: E402

SHOWN = 24  # letters of a name


def shown(user):
    """A viewer's name, fit for one line: viewers choose their names."""
    name = user.get("nickname") or user.get("handle") or "somebody"
    return "".join(letter for letter in name if letter.isprintable())[:SHOWN]


def write(path, text):
    """Replaces the file whole, so that OBS never reads half of it."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    path = Path(sys.argv[1])
    gifts = coins = 0
    write(path, "No gifts yet\n")
    print(f"writing to {path}", flush=True)
    for event in livecue.Client(events=["gift"]):
        if not livecue.is_real(event):
            continue  # a test or a rehearsal: nobody has paid for it
        gift = event["event"]
        gifts += gift["added"]
        coins += gift["added"] * gift["coins"]
        write(path, f"{gifts} gifts, {coins} coins\nThank you, {shown(event['user'])}!\n")
        print(f"{gifts} gifts, {coins} coins", flush=True)


if __name__ == "__main__":
    main()
