"""The payments desk over HTTP: what a clerk sees, and what each step does."""

import re
from datetime import timedelta

import pytest

from kernel import clock
from orders.models import OrderState
from orders.payments.desk import in_percent
from orders.payments.forms import seen
from orders.payments.matcher import facts
from orders.payments.matcher.facts import Candidate, Decision
from orders.payments.models import Proposal, Verdict
from orders.payments.proposals import proposal_row, write_proposals
from orders.payments.reconcile import reconcile
from people.models import Role
from tests import books, make
from tests.bank import Bank
from tests.desk import pay, rows
from tests.pages import page, words
from tests.rush import rush

pytestmark = pytest.mark.usefixtures("right_books")

BECAUSE = "paid by her mother"


@pytest.fixture
def clerk(client):
    make.signed_in(client)
    return client


@pytest.fixture
def review(session):
    """A transfer that the matcher asks about, and the order that it names first."""
    bank, order = Bank(make.bank_account("AGR")), make.order(state=OrderState.EXPIRED, total=130_000)
    (transfer,) = bank.book(session, bank.statement((130_000, f"{order.code} {order.phone}")))
    for _done in reconcile(session, at=clock.now()):
        session.commit()
    return transfer, order


def fact(kind, read, weight, span):
    return {"kind": kind, "read": read, "weight": weight, "span": span}


def propose(transfer, *candidates, reasons=(), why=""):
    """What the matcher may have stored: candidates with their clues, all but certain."""
    stored = [{"code": order.code, "posterior": 0.998, "clues": clues} for order, clues in candidates]
    transfer.proposal = Proposal(
        verdict=Verdict.REVIEW,
        allocations=[],
        candidates=stored,
        reasons=list(reasons),
        confidence=0.998,
        why=why,
        decided_at=clock.now(),
    )


def candidates(client, transfer):
    return page(client.get(f"/desk/transfers/{transfer.id}")).all("div", **{"class": "candidate"})


def marked(element):
    return [mark.text or mark[0].text for mark in element.iter("mark")]


def heads(element):
    return [words(head) for head in element.iter("h3")]


def step(client, transfer, name, *, shown=None, **fields):
    """Take a step from the transfer's page as it is, or as it was ``shown``."""
    fields = {"because": BECAUSE, "seen": shown or seen(transfer), **fields}
    return make.submit(client, f"/desk/transfers/{transfer.id}/{name}", page=f"/desk/transfers/{transfer.id}", **fields)


def test_the_inbox_lists_what_waits_with_its_sum(clerk, session):
    waits, done = make.transfer(130_000, "mua combo Bưởi"), make.transfer(50_000, "xong roi")
    pay(session, done, make.order(total=50_000))

    page = clerk.get("/desk").text

    assert waits.memo in page
    assert "130.000" in page
    assert done.memo not in page


def test_it_shows_a_page_at_a_time(clerk):
    for number in range(41):
        make.transfer(1_000, f"memo-{number:02d}.")

    first, second = clerk.get("/desk").text, clerk.get("/desk?page=2").text

    assert ("memo-39." in first, "memo-40." in first) == (True, False)
    assert ("memo-39." in second, "memo-40." in second) == (False, True)


@pytest.mark.parametrize("page", ["0", "-3", "x", "99", "9" * 30])
def test_any_page_number_is_answered(clerk, page):
    assert clerk.get(f"/desk?page={page}").status_code == 200


def test_a_transfers_page_shows_candidates_with_clues_and_marks_the_memo(clerk, review):
    transfer, order = review

    page = clerk.get(f"/desk/transfers/{transfer.id}").text

    assert order.code in page
    assert order.name in page
    assert re.search(rf"<mark[^>]*>\s*{order.code}", page)


def test_each_candidate_has_its_own_clues_for_and_against_and_its_own_marks(clerk, session):
    transfer, orders = make.transfer(200_000, "A Lan 0912345678 di an"), [make.order(), make.order(phone="0987654321")]
    name, phone, ward = fact("name", "LAN", 4.2, [2, 5]), fact("phone", "0912345678", 28.0, [6, 16]), [17, 22]
    against = [fact("ward_other", "DI AN", -5.0, ward), fact("amount_more", "130000", -5.0, None)]
    propose(transfer, (orders[0], [name, phone]), (orders[1], [name, *against]))

    first, second = candidates(clerk, transfer)

    assert marked(first) == ["Lan", "0912345678", "0912345678", "LAN"]
    assert marked(second) == ["Lan", "di an", "LAN", "DI AN"]
    assert heads(first) == ["Speaks for it"]
    assert heads(second) == ["Speaks for it", "Contradicts"]
    assert "+28,0 phone number: 0912345678" in words(first)
    assert "−5,0 more than is owed: “130.000 ₫”" in words(second)


def test_clues_that_read_the_same_letters_are_both_told(clerk, session):
    transfer, order = make.transfer(memo="tran thi buoi di an"), make.order()
    propose(transfer, (order, [fact("name", "TRAN THI BUOI", 9.0, [0, 13]), fact("payer", "BUOI DI AN", 1.0, [9, 19])]))

    (candidate,) = candidates(clerk, transfer)
    pieces = [(mark.text, mark.get("title")) for mark in candidate.iter("mark")][:3]

    assert pieces == [("tran thi ", "name"), ("buoi", "name, the payer’s name"), (" di an", "the payer’s name")]


def test_the_page_says_first_why_a_human_is_asked(clerk, session):
    transfer, order = make.transfer(memo="tien cho DC2CYTZ9S"), make.order()
    propose(transfer, (order, []), reasons=[fact("unknown_code", "DC2CYTZ9S", 0.0, [9, 18])])

    shown = page(clerk.get(f"/desk/transfers/{transfer.id}"))

    assert "an order code that does not exist" in shown.text()
    assert marked(shown.by_id("main"))[0] == "DC2CYTZ9S"
    assert "> 99 %" in shown.text()
    assert "100 %" not in shown.text()
    assert "the code of no order" in clerk.get("/desk").text


@pytest.mark.parametrize(
    ("state", "words"), [("paid", "is paid already"), ("expired", "has expired"), ("cancelled", "is cancelled")]
)
def test_a_closed_order_is_named_by_what_became_of_it(clerk, session, state, words):
    transfer, order = make.transfer(), make.order()
    propose(transfer, (order, []), reasons=[fact("closed", state, 0.0, None)])
    session.commit()

    text = page(clerk.get(f"/desk/transfers/{transfer.id}")).text()

    assert f"The order that it means {words}." in text
    assert "or no longer open" not in text


def test_the_whole_memo_stands_there_once(clerk, session):
    memo = "MBVCB.2498116249.A Lan 0912345678.CT tu 788968133410 LE VAN A toi 1013456789"
    transfer, orders = make.transfer(memo=memo), [make.order(), make.order()]
    propose(transfer, *((order, [fact("name", "A LAN", 4.0, [17, 22])]) for order in orders))
    session.commit()

    shown = page(clerk.get(f"/desk/transfers/{transfer.id}"))

    assert shown.text().count("788968133410") == 1
    assert [words(each).count("A Lan") for each in shown.all("div", **{"class": "candidate"})] == [1, 1]


def test_nothing_shown_is_called_certain_or_impossible():
    assert [in_percent(likely).replace("\u00a0", " ") for likely in (0.0, 0.004, 0.01, 0.99, 1.0)] == [
        "< 1 %",
        "< 1 %",
        "1 %",
        "99 %",
        "> 99 %",
    ]


def test_what_an_earlier_or_a_later_version_stored_is_shown(clerk, session):
    earlier, later, order = make.transfer(memo="som"), make.transfer(memo="muon"), make.order()
    propose(earlier, (order, [fact("code", "DC", 44.0, None)]), why="several orders fit; order code DC (+44.0)")
    odd = [{"kind": "horoscope", "read": "leo"}, fact("closed", "melted", -1.0, [90, 95])]
    propose(later, (order, odd), reasons=[fact("full_moon", "", 0.0, None), fact("amount_less", "", 0.0, None)])
    session.commit()

    assert "several orders fit" in clerk.get(f"/desk/transfers/{earlier.id}").text
    text = page(clerk.get(f"/desk/transfers/{later.id}")).text()
    assert "horoscope" in text
    assert "melted" in text
    assert "full_moon" in text
    assert "Less was paid" in text


def test_a_memo_is_shown_not_run(clerk):
    transfer = make.transfer(memo="<script>alert(1)</script>")

    page = clerk.get(f"/desk/transfers/{transfer.id}").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_missing_transfer_is_not_found(clerk):
    assert clerk.get("/desk/transfers/999").status_code == 404
    assert clerk.get("/desk/transfers/999999999999999999999").status_code == 404


def test_settling_by_a_candidate_confirms_the_order(clerk, session):
    transfer, order = make.transfer(150_000), make.order(total=130_000)

    answer = step(clerk, transfer, "settle", order=order.code)
    session.expire_all()

    assert (answer.status_code, answer.location) == (303, "/desk")
    assert (order.state, transfer.by_hand) == (OrderState.CONFIRMED, True)
    assert books.balances(session) == {transfer.identity: {order.code: 130_000, "credit": 20_000}}
    assert rows(session, "SELECT because, automatic FROM allocations")[0] == (BECAUSE, False)
    assert order.code in clerk.get(answer.location).text


def test_settling_by_a_typed_code_takes_it_however_it_is_typed(clerk, session):
    transfer, order = make.transfer(50_000), make.order(total=130_000)

    step(clerk, transfer, "settle", code=f" {order.code[:4].lower()} {order.code[4:]} ")

    assert books.balances(session) == {transfer.identity: {order.code: 50_000}}


def test_a_part_settles_what_it_has_and_a_debt_what_it_owes(clerk, session):
    first, second, order = make.transfer(100_000), make.transfer(100_000), make.order(total=130_000)

    step(clerk, first, "settle", code=order.code)
    step(clerk, second, "settle", code=order.code)

    assert books.balances(session)[second.identity] == {order.code: 30_000, "credit": 70_000}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("settle", {}),
        ("settle", {"code": "DC2CYTZ9S", "because": ""}),
        ("split", {"shares": " \n "}),
        ("settle", {"code": "DC2CYTZ9S", "because": "\t "}),
        ("split", {"shares": "nonsense"}),
        ("split", {"shares": "DC2CYTZ9S 0"}),
        ("split", {"shares": "DC2CYTZ9S 1,5"}),
        ("split", {"shares": "DC2CYTZ9S 1\nDC2CYTZ9S 2"}),
        ("set-aside", {"because": ""}),
        ("undo", {"because": " "}),
    ],
)
def test_a_faulty_form_is_shown_again_with_its_fault(clerk, session, name, fields):
    transfer = make.transfer(130_000)

    answer = step(clerk, transfer, name, **fields)

    assert answer.status_code == 422
    assert "130.000" in answer.text
    assert books.balances(session) == {transfer.identity: {"unplaced": 130_000}}


@pytest.mark.parametrize(
    ("name", "fields"),
    [("settle", {"code": "DC2CYTZ9S"}), ("settle", {"order": "DC2CYTZ9S"}), ("split", {"shares": "DC2CYTZ9S 1.000"})],
)
def test_an_order_that_is_not_there_is_not_found(clerk, name, fields):
    assert step(clerk, make.transfer(), name, **fields).status_code == 404


def test_a_paid_order_is_refused_in_words(clerk, session):
    transfer, order = make.transfer(), make.paid_order()

    answer = step(clerk, transfer, "settle", code=order.code)

    assert answer.status_code == 409
    assert order.code in answer.text


def test_a_split_gives_each_order_its_share_and_leaves_the_rest(clerk, session):
    transfer, orders = make.transfer(500_000), [make.order(total=200_000), make.order(total=250_000)]
    shares = f"{orders[0].code} 200.000\n\n {orders[1].code.lower()}: 250k "

    answer = step(clerk, transfer, "split", shares=shares)

    assert answer.status_code == 303
    assert books.balances(session)[transfer.identity] == {
        **{order.code: order.total for order in orders},
        "unplaced": 50_000,
    }


def test_a_split_of_more_than_there_is_books_nothing(clerk, session):
    transfer, orders = make.transfer(300_000), [make.order(total=200_000), make.order(total=250_000)]

    answer = step(clerk, transfer, "split", shares="\n".join(f"{order.code} {order.total}" for order in orders))

    assert answer.status_code == 409
    assert books.balances(session) == {transfer.identity: {"unplaced": 300_000}}


def test_the_example_of_a_reason_fits_what_the_button_does(clerk, session):
    transfer = make.transfer(100_000)

    def hint(name):
        return page(clerk.get(f"/desk/transfers/{transfer.id}")).text(f"{name}-hint")

    assert "a gift, not for an order" in hint("aside-because")
    step(clerk, transfer, "set-aside")
    assert "she has ordered meanwhile" in hint("aside-because")
    step(clerk, transfer, "bring-back")
    pay(session, transfer, make.order(total=100_000))
    assert "it pays another order" in hint("undo-because")


def test_set_aside_and_brought_back(clerk, session):
    transfer = make.transfer(memo="tien dien thang 8")

    assert step(clerk, transfer, "set-aside").status_code == 303
    session.expire_all()
    assert transfer.memo not in clerk.get("/desk").text
    assert transfer.memo in clerk.get("/desk?show=aside").text

    assert step(clerk, transfer, "bring-back").status_code == 303
    assert transfer.memo in clerk.get("/desk").text


def test_undo_opens_the_order_again_and_the_matcher_leaves_it_so(clerk, session):
    bank, order = Bank(make.bank_account("AGR")), make.order(total=130_000)
    (transfer,) = bank.book(session, bank.statement((130_000, f"{order.code} {order.phone}")))
    for _done in reconcile(session, at=clock.now()):
        session.commit()

    answer = step(clerk, transfer, "undo")
    for _done in reconcile(session, at=clock.now()):
        session.commit()
    session.expire_all()

    assert answer.status_code == 303
    assert (order.state, transfer.unplaced, transfer.by_hand) == (OrderState.OPEN, 130_000, True)


@pytest.mark.parametrize("name", ["settle", "split", "set-aside", "bring-back", "undo"])
def test_a_page_that_is_out_of_date_books_nothing(clerk, session, name):
    transfer, order = make.transfer(300_000), make.order(total=100_000)
    shown = seen(transfer)
    pay(session, transfer, make.order(total=50_000), as_credit=False)
    before = books.balances(session), books.count(session, "postings")

    fields = {"code": order.code, "shares": f"{order.code} 100.000"}
    answer = step(clerk, transfer, name, shown=shown, **fields)
    session.rollback()

    assert answer.status_code == 409
    assert (books.balances(session), books.count(session, "postings")) == before
    assert rows(session, "SELECT id FROM desk_events") == []


def form_of(client, transfer, name, *, at=None):
    """A step's path and fields as a page shows them: the transfer's own, or the one ``at`` a place."""
    shown, path = page(client.get(at or f"/desk/transfers/{transfer.id}")), f"/desk/transfers/{transfer.id}/{name}"
    form = next(form for form in shown.all("form") if form.get("action") == path)
    return path, {field.get("name"): field.get("value") for field in form.iter("input")}


def done_again(client, transfer, order):
    """What a colleague does meanwhile: the transfer is undone, and pays another order."""
    step(client, transfer, "undo")
    assert step(client, transfer, "settle", code=order.code).status_code == 303


def test_an_old_undo_leaves_a_colleagues_decision_as_it_is_and_shows_it(clerk, session):
    transfer, first, second = make.transfer(50_000), make.order(total=50_000), make.order(total=50_000)
    step(clerk, transfer, "settle", code=first.code)
    path, fields = form_of(clerk, transfer, "undo")
    done_again(clerk, transfer, second)

    answer = clerk.post(path, data={**fields, "because": BECAUSE})
    shown = page(answer)

    assert (answer.status_code, shown.value("seen")) == (409, seen(transfer))
    assert second.code in shown.text()
    assert books.balances(session) == {transfer.identity: {second.code: 50_000}}


def test_the_button_beside_the_last_word_is_out_of_date_as_well(clerk, session):
    transfer, first, second = make.transfer(50_000), make.order(total=50_000), make.order(total=50_000)
    onward = step(clerk, transfer, "settle", code=first.code).location
    path, fields = form_of(clerk, transfer, "undo", at=onward)
    done_again(clerk, transfer, second)

    assert clerk.post(path, data=fields).status_code == 409
    assert books.balances(session) == {transfer.identity: {second.code: 50_000}}


@pytest.mark.parametrize("name", ["settle", "split", "set-aside"])
def test_what_was_done_and_undone_makes_a_page_out_of_date(clerk, session, name):
    transfer, order = make.transfer(50_000), make.order(total=50_000)
    shown = seen(transfer)
    step(clerk, transfer, "settle", code=make.order(total=50_000).code)
    step(clerk, transfer, "undo")
    fields = {"code": order.code, "shares": f"{order.code} 50.000"}

    assert step(clerk, transfer, name, shown=shown, **fields).status_code == 409
    assert books.balances(session) == {transfer.identity: {"unplaced": 50_000}}


def test_an_old_bring_back_leaves_what_was_set_aside_anew(clerk, session):
    transfer = make.transfer(50_000)
    step(clerk, transfer, "set-aside")
    session.expire_all()
    shown = seen(transfer)
    step(clerk, transfer, "bring-back")
    step(clerk, transfer, "set-aside")
    session.expire_all()

    assert step(clerk, transfer, "bring-back", shown=shown).status_code == 409
    session.expire_all()
    assert transfer.set_aside


def test_a_newer_proposal_makes_a_page_out_of_date(clerk, session, review):
    transfer, _order = review
    shown = seen(transfer)
    transfer.proposal.why = "something new"
    session.commit()

    assert step(clerk, transfer, "set-aside", shown=shown).status_code == 409


def test_a_new_decision_that_changes_the_candidates_books_nothing(clerk, session):
    transfer, orders = make.transfer(100_000), [make.order(total=100_000), make.order(total=100_000)]
    propose(transfer, (orders[0], []))
    session.commit()
    shown = seen(transfer)
    found = Decision("", facts.Verdict.REVIEW, (), (Candidate(orders[1].code, 0.9, ()),), 0.9)
    write_proposals(session, {transfer.id: proposal_row(found)}, at=clock.now())
    session.commit()

    answer = step(clerk, transfer, "settle", shown=shown, order=orders[0].code)

    assert answer.status_code == 409
    assert books.balances(session) == {transfer.identity: {"unplaced": 100_000}}
    assert orders[1].code in answer.text


def test_an_order_that_was_paid_in_part_meanwhile_gets_nothing_before_the_clerk_has_seen_it(clerk, session):
    transfer, order = make.transfer(100_000), make.order(total=100_000)
    propose(transfer, (order, []))
    session.commit()
    owed = page(clerk.get(f"/desk/transfers/{transfer.id}")).value("owed")
    pay(session, make.transfer(60_000), order)

    answer = step(clerk, transfer, "settle", order=order.code, owed=owed)

    assert answer.status_code == 409
    assert "40.000" in answer.text
    assert len(rows(session, "SELECT id FROM allocations")) == 1
    again = page(answer).value("owed")
    assert step(clerk, transfer, "settle", order=order.code, owed=again).status_code == 303


def test_the_refusal_shows_the_transfer_as_it_stands_now_ready_to_go_on(clerk, session):
    transfer, order = make.transfer(300_000), make.order(total=100_000)
    shown = seen(transfer)
    pay(session, transfer, make.order(total=50_000), as_credit=False)

    refused = step(clerk, transfer, "settle", shown=shown, code=order.code)
    now = page(refused)

    assert (refused.status_code, now.value("seen")) == (409, seen(transfer))
    assert "250.000" in now.text()
    assert step(clerk, transfer, "settle", shown=now.value("seen"), code=order.code).status_code == 303


def test_a_listed_order_needs_no_reason_any_other_does(clerk, session):
    first, second, order = make.transfer(50_000), make.transfer(50_000), make.order(total=100_000)
    propose(first, (order, []))
    session.commit()

    assert step(clerk, second, "settle", code=order.code, because="").status_code == 422
    assert step(clerk, first, "settle", order=order.code, because="").status_code == 303
    assert rows(session, "SELECT because FROM allocations") == [("as proposed",)]
    assert "chosen among the orders" in clerk.get(f"/desk/transfers/{first.id}").text


def test_after_a_decision_the_desk_goes_on_to_the_next_and_offers_to_take_it_back(clerk, session):
    early, middle, late = (make.transfer(50_000, at=clock.now() + timedelta(minutes=n)) for n in range(3))
    order = make.order(total=50_000)

    answer = step(clerk, middle, "settle", code=order.code)
    onward = page(clerk.get(answer.location))
    (form,) = [form for form in onward.all("form") if form.get("action") == f"/desk/transfers/{middle.id}/undo"]
    fields = {field.get("name"): field.get("value") for field in form.iter("input")}
    undone = clerk.post(form.get("action"), data=fields)

    assert answer.location == f"/desk/transfers/{late.id}"
    assert order.code in onward.text()
    assert undone.location == f"/desk/transfers/{middle.id}"
    assert books.balances(session)[middle.identity] == {"unplaced": 50_000}
    assert step(clerk, late, "set-aside").location == f"/desk/transfers/{early.id}"


def test_it_goes_on_within_the_kind_that_the_clerk_works_through(clerk, session):
    transfers = [make.transfer(50_000) for _each in range(3)]
    propose(transfers[0], (make.order(), []))
    propose(transfers[2], (make.order(), []))
    session.commit()

    answer = step(clerk, transfers[0], "set-aside?show=review")

    assert answer.location == f"/desk/transfers/{transfers[2].id}?show=review"


def test_what_a_split_leaves_is_gone_on_with(clerk, session):
    transfer, order, _other = make.transfer(300_000), make.order(total=100_000), make.transfer()

    answer = step(clerk, transfer, "split", shares=f"{order.code} 100.000")

    assert answer.location == f"/desk/transfers/{transfer.id}"


def test_settling_by_hand_teaches_the_payers_account_and_undoing_forgets_it(clerk, session):
    transfer, order = make.transfer(50_000, payer_account="190312345678"), make.order(total=50_000)

    step(clerk, transfer, "settle", code=order.code)
    learnt = rows(session, "SELECT account, phone, transfer_id FROM payer_aliases")
    session.expire_all()
    step(clerk, transfer, "undo")

    assert learnt == [("190312345678", order.phone, transfer.id)]
    assert rows(session, "SELECT id FROM payer_aliases") == []


def test_what_was_learnt_shows_the_next_order_of_that_phone_first_and_matches_nothing(clerk, session):
    memo, mother = "CHUYEN TIEN", "190312345678"
    first = make.transfer(50_000, memo, payer_account=mother)
    step(clerk, first, "settle", code=make.order(total=50_000).code)
    again, order = make.transfer(70_000, memo, payer_account=mother), make.order(total=70_000)
    make.order(total=70_000, phone="0987654321", name="Lê Văn Cam")
    session.commit()

    for _done in reconcile(session, at=clock.now()):
        session.commit()
    session.expire_all()
    text = page(clerk.get(f"/desk/transfers/{again.id}")).text()
    (candidate,) = candidates(clerk, again)

    assert again.unplaced == 70_000
    assert order.code in words(candidate)
    assert "the payer’s account has paid for this phone before" in text


def test_a_refused_settlement_teaches_nothing(clerk, session):
    transfer = make.transfer(50_000, payer_account="190312345678")

    step(clerk, transfer, "settle", code=make.paid_order().code)

    assert rows(session, "SELECT id FROM payer_aliases") == []


def test_what_the_matcher_matched_teaches_nothing(session):
    bank, order = Bank(make.bank_account("AGR")), make.order(total=130_000)
    memo = f"REM TFR AC:31410001234567 O@L_080002_310821_0_0_53463463_{order.code} {order.phone}"
    (transfer,) = bank.book(session, bank.statement((130_000, memo)))
    for _done in reconcile(session, at=clock.now()):
        session.commit()
    session.expire_all()

    assert transfer.unplaced == 0
    assert rows(session, "SELECT id FROM payer_aliases") == []


def test_a_page_sent_twice_settles_once(clerk, session):
    transfer, order = make.transfer(300_000), make.order(total=100_000)
    shown = seen(transfer)

    answers = [step(clerk, transfer, "settle", shown=shown, code=order.code).status_code for _click in range(2)]

    assert answers == [303, 409]
    assert books.balances(session) == {transfer.identity: {order.code: 100_000, "credit": 200_000}}


def test_clerks_at_once_settle_a_transfer_once(app, session, client):
    transfer, orders = make.transfer(100_000), [make.order(total=100_000) for _clerk in range(4)]
    clients = [app.test_client() for _clerk in range(4)]
    staff = make.staff()
    session.commit()
    shown, path = seen(transfer), f"/desk/transfers/{transfer.id}"
    codes = [order.code for order in orders]
    session.rollback()
    tokens = []
    for each in clients:
        make.signed_in(each, staff)
        tokens.append(make.csrf_token(each, path))
    session.rollback()

    def act(number: int) -> str:
        fields = {"csrf_token": tokens[number], "seen": shown, "because": BECAUSE, "code": codes[number]}
        return str(clients[number].post(f"{path}/settle", data=fields).status_code)

    assert rush(app, 4, act) == {"303": 1, "409": 3}
    assert len(rows(session, "SELECT id FROM allocations")) == 1


def test_clerks_at_once_with_two_transfers_for_one_order_pay_it_once(app, session, client):
    transfers, order = [make.transfer(100_000) for _clerk in range(2)], make.order(total=100_000)
    clients, staff = [app.test_client() for _clerk in range(2)], make.staff()
    for transfer in transfers:
        propose(transfer, (order, []))
    session.commit()
    paths = [f"/desk/transfers/{transfer.id}" for transfer in transfers]
    forms = []
    for each, path in zip(clients, paths, strict=True):
        make.signed_in(each, staff)
        forms.append({**page(each.get(path)).filled(), "order": order.code, "because": "", "code": ""})
    session.rollback()

    def act(number: int) -> str:
        return str(clients[number].post(f"{paths[number]}/settle", data=forms[number]).status_code)

    assert rush(app, 2, act) == {"303": 1, "409": 1}
    assert rows(session, "SELECT SUM(amount) FROM allocations") == [(100_000,)]
    assert rows(session, "SELECT SUM(unplaced) FROM transfers") == [(100_000,)]


def test_a_supplier_has_no_business_here(client):
    make.signed_in(client, make.staff(Role.SUPPLIER))

    assert client.get("/desk").status_code == 403


def test_a_stranger_is_led_to_the_sign_in(client):
    assert client.get("/desk").location.startswith("/sign-in")
