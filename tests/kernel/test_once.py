"""A property that is worked out once."""

from kernel.once import once


class Work:
    def __init__(self) -> None:
        self.done = 0

    @once
    def result(self) -> int:
        """How often it was worked out."""
        self.done += 1
        return self.done


def test_it_is_worked_out_when_asked_for_and_then_kept_for_each_object() -> None:
    one, other = Work(), Work()

    assert (one.done, one.result, one.result, one.done) == (0, 1, 1, 1)
    assert other.done == 0


def test_the_class_still_shows_what_it_is() -> None:
    assert Work.result.__doc__ == "How often it was worked out."
