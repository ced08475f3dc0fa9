"""The rule of pairing under any order of any tellings, in memory: thousands of worlds, each with a clerk who knows."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.payments.feeds.tellings.pairing import Standing, pair
from orders.payments.feeds.tellings.told import Feed, Told
from orders.payments.intervals import interval
from tests.orders.payments.feeds.tellings.happened import Movement, Telling, told

Name = tuple[Feed, str]


class Memory:
    """What the tables hold, as plain values."""

    def __init__(self, wrapped: frozenset[str]) -> None:
        self.wrapped = wrapped
        self.transfers: list[list[Told]] = []
        self.known: set[Name] = set()
        self.doubts: dict[Name, tuple[Told, list[int]]] = {}
        self.truth: dict[Name, Movement] = {}

    def tell(self, telling: Telling) -> None:
        feed, twins = Feed(telling.feed), Counter[object]()
        fresh = []
        for movement in telling.movements:
            key = str(movement.number)
            if feed is Feed.STATEMENT:  # a bank's row is named by its content and the how-manieth of its like it is
                content = (movement.looks_in_statement, self._memo(feed, movement))
                key = f"{content}#{twins[content]}"
                twins[content] += 1
            self.truth[feed, key] = movement
            if (feed, key) not in self.known and (feed, key) not in self.doubts:
                fresh.append(self._told(feed, key, movement))
        paired = pair(fresh, self._standing(feed))
        for each in fresh:
            if each.key in paired.doubtful:
                self.doubts[feed, each.key] = (each, paired.doubtful[each.key][1])
            else:
                self._book(each, paired.joined.get(each.key))

    def _memo(self, feed: Feed, movement: Movement) -> str:
        return movement.wrapped() if feed in self.wrapped else movement.memo

    def _told(self, feed: Feed, key: str, movement: Movement) -> Told:
        statement = feed is Feed.STATEMENT
        day = movement.booked_on if statement else movement.day
        earliest, latest = interval(day, None if statement else movement.at)
        memo = self._memo(feed, movement)
        return Told(feed, key, movement.amount, day, earliest, latest, earliest, movement.reference, memo)

    def _standing(self, feed: Feed) -> list[Standing]:
        return [
            Standing(number, each)
            for number, tellings in enumerate(self.transfers)
            if feed not in {each.feed for each in tellings}
            for each in tellings
        ]

    def _book(self, each: Told, joined: int | None) -> None:
        self.known.add((each.feed, each.key))
        if joined is None:
            self.transfers.append([each])
        else:
            self.transfers[joined].append(each)

    def decide(self) -> None:
        """A clerk who counted: the same, if as many are in the books as there really were."""
        for name, (each, ids) in list(self.doubts.items()):
            stands = self._standing(each.feed)
            found = pair([each], stands)
            now = found.doubtful.get(each.key, (None, []))[1] + list(found.joined.values())
            free = sorted({*now, *(set(ids) & {standing.transfer_id for standing in stands})})
            del self.doubts[name]
            if free and self._are_booked(self.truth[name]):
                self._book(each, free[0])
            else:
                besides = [standing for standing in stands if standing.transfer_id not in free]
                self._book(each, pair([each], besides).joined.get(each.key))

    def _are_booked(self, movement: Movement) -> bool:
        """Whether there is a transfer for each that we have heard of and that looks like this one."""
        known = {true.number for true in self.truth.values() if true.looks == movement.looks}
        return sum(self._of(i).looks == movement.looks for i in range(len(self.transfers))) >= len(known)

    def _of(self, number: int) -> Movement:
        first = self.transfers[number][0]
        return self.truth[first.feed, first.key]

    def booked(self, *, confirmed: bool = False) -> Counter[int]:
        """Sums of the transfers, or of those that the statement has told."""
        feeds = {Feed.STATEMENT} if confirmed else set(Feed)
        return Counter(tellings[0].amount for tellings in self.transfers if feeds & {each.feed for each in tellings})


def run(told: tuple[list[Movement], list[Telling], frozenset[str]], *, at_once: bool) -> tuple[Memory, Counter[int]]:
    """The world after all was told, and what is true."""
    made, listed, wrapped = told
    here = Memory(wrapped)
    for telling in listed:
        here.tell(telling)
        if at_once:
            here.decide()
    here.decide()
    return here, Counter(each.amount for each in made)


@settings(max_examples=300, deadline=None)
@given(told=told(), at_once=st.booleans())
def test_each_movement_that_the_statement_tells_is_one_transfer_whoever_told_it_and_when(told, at_once):
    here, truth = run(told, at_once=at_once)

    assert here.booked() == truth


@settings(max_examples=300, deadline=None)
@given(told=told(late_days=2), at_once=st.booleans())
def test_late_on_two_nights_with_one_memo_what_is_too_much_is_what_no_statement_confirmed(told, at_once):
    """A webhook's transfer may stay over, and the desk lists it; what the statement tells is there, once."""
    here, truth = run(told, at_once=at_once)

    assert here.booked(confirmed=True) == truth
