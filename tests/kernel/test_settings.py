"""What a machine may set, and the secret that outlives a restart."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest

from kernel.notices.config import Notices, SmsGateway
from kernel.notices.environment import SettingFault, notices_from
from kernel.settings import database_url, from_environment, lasting_secret


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """An environment that names nothing but where the instance is."""
    for name in ("DATABASE_URL", "SECRET_KEY", "DCT_SECURE_COOKIES", "DCT_PROXIES", "DCT_FILES_URL", "DCT_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DCT_INSTANCE", str(tmp_path / "instance"))
    return monkeypatch


def test_nothing_needs_to_be_set(bare, tmp_path):
    settings = from_environment()

    assert settings.instance == tmp_path / "instance"
    assert settings.instance.is_dir()
    assert settings.database_url == f"sqlite:///{settings.instance}/market.sqlite3"
    assert settings.sqlite
    assert len(settings.secret_key) == 64
    assert settings.files_url == f"file://{settings.instance}/files"
    assert (settings.payment_window, settings.feed_patience) == (timedelta(hours=24), timedelta(hours=48))
    assert (settings.secure_cookies, settings.proxies, settings.testing) == (False, 0, False)


def test_what_is_set_counts(bare):
    bare.setenv("DATABASE_URL", "postgres://city@db/market")
    bare.setenv("SECRET_KEY", "of our own")
    bare.setenv("DCT_SECURE_COOKIES", "1")
    bare.setenv("DCT_PROXIES", "2")
    bare.setenv("DCT_PAYMENT_WINDOW_HOURS", "6")

    settings = from_environment()

    assert settings.database_url == "postgresql+psycopg://city@db/market"
    assert not settings.sqlite
    assert (settings.secret_key, settings.secure_cookies, settings.proxies) == ("of our own", True, 2)
    assert settings.payment_window == timedelta(hours=6)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_gets_the_driver_that_is_installed(scheme, tmp_path):
    assert database_url(f"{scheme}://h/d", tmp_path) == "postgresql+psycopg://h/d"


def test_the_secret_lasts_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "secret-key"

    secret = lasting_secret(path)

    assert lasting_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_processes_that_start_together_agree_on_one_secret(tmp_path):
    with ThreadPoolExecutor(8) as together:
        secrets = set(together.map(lasting_secret, [tmp_path / "secret-key"] * 40))

    assert len(secrets) == 1


def test_no_notice_leaves_until_somebody_sets_a_way():
    rules = notices_from({})

    assert rules == Notices()
    assert [way for way in ("sms", "zalo", "email", "push", "hand") if rules.is_on(way)] == ["hand"]


def test_the_ways_of_notices_are_read():
    rules = notices_from(
        {
            "DCT_SMS_URL": "https://sms.example/send",
            "DCT_SMS_BODY": '{"Phone": "{phone}"}',
            "DCT_SMS_OK": "CodeResult=100",
            "DCT_ZALO_APP_ID": "1",
            "DCT_ZALO_SECRET": "s",
            "DCT_ZALO_REFRESH_TOKEN": "r",
            "DCT_ZALO_TEMPLATES": '{"paid": 7}',
            "DCT_SMTP_URL": "smtp://city:p%40ss@mail.example",
            "DCT_MAIL_FROM": "a@b.vn",
            "DCT_PUSH_CONTACT": "mailto:a@b.vn",
            "DCT_QUIET_HOURS": "22:30-06:00",
            "DCT_NOTICES_URGENT": "on_its_way, failed",
            "DCT_PUBLIC_URL": "https://cho.example/",
            "DCT_REMINDER_HOURS": "1.5",
        }
    )

    assert rules.sms == SmsGateway(url="https://sms.example/send", body={"Phone": "{phone}"}, ok=("CodeResult", "100"))
    assert rules.zalo
    assert rules.zalo.templates == {"paid": "7"}
    assert rules.mail
    assert (rules.mail.port, rules.mail.password, rules.mail.security) == (587, "p@ss", "starttls")
    assert rules.push
    assert not rules.push.here
    assert (rules.quiet_from, rules.quiet_until) == (time(22, 30), time(6))
    assert (rules.urgent, rules.public_url) == (frozenset({"on_its_way", "failed"}), "https://cho.example")
    assert rules.reminder == timedelta(minutes=90)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DCT_SMS_URL", "file:///etc/passwd"),
        ("DCT_PUBLIC_URL", "cho.example"),
        ("DCT_SMTP_URL", "http://mail.example"),
        ("DCT_SMTP_URL", "smtp://mail.example"),  # without a sender
        ("DCT_ZALO_APP_ID", "1"),  # without its secret
        ("DCT_ZALO_TEMPLATES", "[]"),
        ("DCT_QUIET_HOURS", "late"),
        ("DCT_PUSH_CONTACT", "me"),
    ],
)
def test_a_setting_that_cannot_be_meant_stops_the_start(name, value):
    zalo = {"DCT_ZALO_APP_ID": "1", "DCT_ZALO_SECRET": "s", "DCT_ZALO_REFRESH_TOKEN": "r"}
    others = zalo if name == "DCT_ZALO_TEMPLATES" else {}

    with pytest.raises(SettingFault):
        notices_from({**others, name: value})
