"""What a child of `kernel.pieces` runs: it reads pages and writes PDFs, until its parent has no more."""

from __future__ import annotations

import os
import sys

from kernel.printing import print_in_child

HEAD = 8
"""Bytes before each page and each PDF that say how long it is."""


def main() -> None:
    """Length and page in, length and PDF out. What the typesetting prints must not reach the answer."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while head := sys.stdin.buffer.read(HEAD):
        content = print_in_child(sys.stdin.buffer.read(int.from_bytes(head)).decode())
        answers.write(len(content).to_bytes(HEAD) + content)
        answers.flush()


if __name__ == "__main__":
    main()
