"""A batch shared out among teams: every stop in one run, loads that fit, runs that have begun stay."""

import pytest

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.errors import NotFound
from kernel.jobs import sweep
from people.models import Role
from suppliers.door.models import DoorKind
from suppliers.runs import keep
from suppliers.runs.keep import NoTeam, NothingToShare, prepare, solve, write
from suppliers.runs.queries import runs_of_batch
from tests import make
from tests.desk import rows, send

DOER = Doer("rau", clock.now())


def share_out(session, batch):
    task = prepare(session, batch)
    made = write(session, batch, task, dict(solve(task)), DOER)
    session.commit()
    return made


def keys(run):
    return {stop.parcel_id for stop in run.stops}


def test_every_stop_is_in_one_run_with_what_it_carries(out):
    (run,) = share_out(out.session, out.manifest.batch)

    assert run.code == "0001-RAU-1-C1"
    assert keys(run) == {out.parcel(stop).id for stop in (1, 2, 3)}
    assert (run.bags, run.amount, run.vehicle.name) == (3, out.manifest.snapshot["amount"], "Xe máy 1")


def test_loads_fit_the_vehicles(session, stopped_clock):
    supplier = make.supplier("RAU")
    combo, delivery = make.combo(packed_by=supplier), make.round()
    for number in range(7):
        make.paid_order(combo, delivery=delivery, address=f"{number} Lê Lợi, KP Đông")
    make.team(supplier, "Đội 1", ("Dĩ An", ""), bags=(2, 3))
    (manifest,) = send(session, delivery)

    runs = share_out(session, manifest.batch)

    assert sum(run.bags for run in runs) == 7
    assert all(run.bags <= run.vehicle.bags for run in runs)


def test_a_run_that_has_begun_stays_and_the_rest_is_shared_anew(out):
    first = make.team(out.team.supplier, "Đội 2", ("Dĩ An", "KP Đông"))
    before = share_out(out.session, out.manifest.batch)
    begun = next(run for run in before if out.parcel(1).id in keys(run))
    out.tell(DoorKind.FAILED, stop=1)
    first.active = False

    after = share_out(out.session, out.manifest.batch)

    now = {run.code: keys(run) for run in runs_of_batch(out.session, out.manifest.batch_id)}
    assert now[begun.code] == keys(begun)
    assert set().union(*now.values()) == {out.parcel(stop).id for stop in (1, 2, 3)}
    assert sum(map(len, now.values())) == 3
    assert not {run.code for run in after} & {run.code for run in before}


def test_without_a_team_it_is_refused_in_words(out):
    out.team.active = False

    with pytest.raises(NoTeam, match="There is no team yet"):
        prepare(out.session, out.manifest.batch)


def test_when_all_is_brought_there_is_nothing_to_share(out):
    for stop in (1, 2, 3):
        out.tell(DoorKind.DELIVERED, stop=stop)

    with pytest.raises(NothingToShare):
        prepare(out.session, out.manifest.batch)


def test_what_is_told_while_ways_are_sought_overtakes_them(out):
    task = prepare(out.session, out.manifest.batch)
    out.tell(DoorKind.DELIVERED, stop=2)

    with pytest.raises(keep.Overtaken):
        write(out.session, out.manifest.batch, task, dict(solve(task)), DOER)


def test_an_urgent_stop_leads(out):
    out.parcel(3).urgent = True

    (run,) = share_out(out.session, out.manifest.batch)

    assert run.stops[0].parcel_id == out.parcel(3).id


def test_stops_with_pins_are_ordered_by_the_shortest_way(session, stopped_clock):
    supplier = make.supplier("RAU")
    combo, delivery = make.combo(packed_by=supplier), make.round()
    for number, east in enumerate((0, 9, 1, 8, 2, 7)):
        order = make.paid_order(combo, delivery=delivery, address=f"{number} Lê Lợi")
        order.lat, order.lon = 10.9, 106.75 + east / 1000
    make.team(supplier, "Đội 1", ("Dĩ An", ""))
    (manifest,) = send(session, delivery)

    (run,) = share_out(session, manifest.batch)

    assert run.metres is not None
    assert run.metres < 2_100, "there and back along a street of 0.98 km"


def test_another_team_takes_a_run_over(out):
    other = make.team(out.team.supplier, "Đội 2")
    (run,) = share_out(out.session, out.manifest.batch)

    keep.give(out.session, run, other.id, seen="1", doer=DOER)

    assert (run.team, run.vehicle) == (other, None)
    assert rows(out.session, "SELECT was, became FROM changes WHERE kind = 'run'") == [("Đội 1", "Đội 2")]
    with pytest.raises(Overtaken):
        keep.give(out.session, run, out.team.id, seen="1", doer=DOER)


def test_a_run_goes_to_no_other_suppliers_team(out):
    (run,) = share_out(out.session, out.manifest.batch)

    with pytest.raises(NotFound):
        keep.give(out.session, run, make.team(make.supplier()).id, seen="1", doer=DOER)


def test_it_is_shared_out_by_a_job_that_is_done_once(client, out):
    make.signed_in(client, make.staff(Role.SUPPLIER, of=out.team.supplier))
    address = f"/suppliers/manifests/{out.manifest.number}/runs"
    answer = make.submit(client, address, follow=True)
    assert "The stops are being shared out" in answer.text

    sweep()

    page = client.get(answer.request.full_path).text
    assert "The stops are being shared out" not in page
    assert "0001-RAU-1-C1" in page
    assert rows(out.session, "SELECT count(*) FROM run_stops") == [(3,)]


def test_the_warehouse_does_not_share_out(client, out):
    make.signed_in(client, make.staff(Role.SUPPLIER, of=out.team.supplier, delivers=False))

    assert client.get(f"/suppliers/manifests/{out.manifest.number}/runs").status_code == 403
