"""What was said in complaints is forgotten with the order that it is about."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from kernel import files
from suppliers.complaints.queries import to_be_forgotten


def forget(session: Session, order_ids: Collection[int]) -> None:
    """Blank the words of these orders' complaints and delete their photographs. Does not commit."""
    for complaint in to_be_forgotten(session, order_ids):
        if complaint.photo:
            files.delete(complaint.photo)
        complaint.words = complaint.photo = complaint.answer = complaint.reply = ""
