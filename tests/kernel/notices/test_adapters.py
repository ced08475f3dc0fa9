"""Each adapter against a server that speaks its protocol: what goes over the wire, and what each answer means."""

import base64
import json
import ssl
import subprocess
from email import message_from_bytes, policy

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from kernel.notices.adapters import push as push_adapter
from kernel.notices.adapters.mail import Mail
from kernel.notices.adapters.push import BadSubscription, Push, new_private_key, public_key, read_subscription
from kernel.notices.adapters.sms import Sms
from kernel.notices.adapters.zalo import Tokens, Zalo, refresh, token_worn
from kernel.notices.config import MailServer, SmsGateway, WebPush, ZaloOa
from kernel.notices.http import is_public, post
from kernel.notices.letters import Fault, Letter, Words
from tests.gateways import Reply, closed_port, gateway, post_office

TEXT = "Đi Chợ Thay: đơn DC2222222 đã thanh toán, 100.000\u00a0₫."
FOLDED = "Di Cho Thay: don DC2222222 da thanh toan, 100.000 d."
SECONDS = 3.0


def letter(address="0912345678", **changed):
    words = Words("Đơn DC2222222: đã thanh toán", TEXT, "https://di.example/o/x")
    return Letter(**{"key": "k" * 32, "event": "paid", "address": address, "words": words, **changed})


@pytest.fixture
def there():
    with gateway() as running:
        yield running


def fault(act, *args, **how) -> Fault:
    with pytest.raises(Fault) as refused:
        act(*args, **how)
    return refused.value


class TestSms:
    @pytest.fixture
    def sms(self, there):
        def build(**how):
            return Sms(SmsGateway(url=f"{there.url}/send", brand="DICHOTHAY", token="t0ken", **how), SECONDS)

        return build

    def test_json_without_tones_with_the_same_key_at_each_attempt(self, there, sms):
        sms()(letter())
        sms()(letter())

        assert there.last.json == {"to": "84912345678", "from": "DICHOTHAY", "text": FOLDED}
        assert [each.headers["Idempotency-Key"] for each in there.heard] == ["k" * 32] * 2
        assert there.last.headers["Authorization"] == "Bearer t0ken"

    def test_a_form_with_tones_headers_and_fields_as_set(self, there, sms):
        body = {"Phone": "{phone}", "Content": "{text}", "ApiKey": "{token}", "RequestId": "{key}"}
        sms(body=body, form=True, tones=True, headers={"X-Account": "city"})(letter())

        assert there.last.form == {"Phone": "0912345678", "Content": TEXT, "ApiKey": "t0ken", "RequestId": "k" * 32}
        assert there.last.headers["X-Account"] == "city"

    def test_what_a_text_holds_is_no_placeholder(self, there, sms):
        sms(tones=True)(letter(words=Words("", "{token} {phone}")))

        assert there.last.json["text"] == "{token} {phone}"

    def test_a_gateway_that_refuses_with_200_and_a_code(self, there, sms):
        there.replies = [Reply(body={"CodeResult": "100", "SMSID": "abc-1"}), Reply(body={"CodeResult": "99"})]
        send = sms(ok=("CodeResult", "100"), id_field="SMSID")

        assert send(letter()) == "abc-1"
        refused = fault(send, letter())
        assert (refused.code, refused.passing) == ("gateway-99", False)

    @pytest.mark.parametrize(
        ("status", "passing", "everyone"),
        [(500, True, True), (503, True, True), (429, True, True), (400, False, False), (422, False, False)]
        + [(401, True, True), (403, True, True), (302, True, True)],  # ours to mend: nobody's notice is lost by it
    )
    def test_what_passes_and_what_does_not(self, there, sms, status, passing, everyone):
        there.usual = Reply(status, headers={"Location": "http://169.254.169.254/"})

        refused = fault(sms(), letter())

        assert (refused.code, refused.passing, refused.everyone) == (f"http-{status}", passing, everyone)
        assert len(there.heard) == 1  # no redirect is followed

    @pytest.mark.parametrize(("said", "seconds"), [("120", 120), ("9999999", 86_400), ("soon", None)])
    def test_retry_after_is_read_and_bounded(self, there, sms, said, seconds):
        there.usual = Reply(429, headers={"Retry-After": said})

        assert fault(sms(), letter()).retry_after == seconds

    def test_retry_after_as_a_date(self, there, sms, stopped_clock):
        there.usual = Reply(503, headers={"Retry-After": "Mon, 06 Sep 2021 02:05:00 GMT"})

        assert fault(sms(), letter()).retry_after == 300

    @pytest.mark.parametrize("answer", [b"<html>", b"[1]", b"", b"\xff"])
    def test_an_answer_that_is_none_passes(self, there, sms, answer):
        there.usual = Reply(body=answer)

        refused = fault(sms(ok=("CodeResult", "100")), letter())

        assert (refused.code, refused.passing) == ("malformed-answer", True)

    @pytest.mark.parametrize("drip", [2.0, 0.2])
    def test_silence_and_dripping_end_in_time(self, there, drip):
        there.usual = Reply(drip=drip)
        send = Sms(SmsGateway(url=there.url), 0.6)

        refused = fault(send, letter())

        assert refused.code in {"timeout", "unreachable"}
        assert refused.passing

    def test_nobody_there(self):
        send = Sms(SmsGateway(url=f"http://127.0.0.1:{closed_port()}"), SECONDS)

        assert (fault(send, letter()).code, fault(send, letter()).passing) == ("unreachable", True)


class TestZalo:
    @pytest.fixture
    def account(self, there):
        return ZaloOa(
            app_id="77",
            secret="s3cret",
            refresh_token="r1",
            templates={"paid": "4711"},
            zns_url=there.url,
            oa_url=there.url,
            auth_url=there.url,
        )

    def test_a_template_to_a_phone(self, there, account):
        there.usual = Reply(body={"error": 0, "message": "Success", "data": {"msg_id": "m1", "sent_time": "1"}})

        receipt = Zalo(account, "token", SECONDS)(letter(fields={"code": "DC2222222"}))

        assert (receipt, there.last.path, there.last.headers["access_token"]) == ("m1", "/message/template", "token")
        assert there.last.json == {
            "phone": "84912345678",
            "template_id": "4711",
            "template_data": {"code": "DC2222222"},
            "tracking_id": "k" * 32,
        }

    def test_a_message_to_a_follower(self, there, account):
        there.usual = Reply(body={"error": 0, "data": {"message_id": "m2"}})

        assert Zalo(account, "token", SECONDS)(letter("user:2512523625412515")) == "m2"
        assert there.last.path == "/v3.0/oa/message/cs"
        assert there.last.json == {"recipient": {"user_id": "2512523625412515"}, "message": {"text": TEXT}}

    @pytest.mark.parametrize(
        ("code", "passing"), [(-118, False), (-119, False), (-109, False), (-133, True), (-115, True), (-124, True)]
    )
    def test_an_error_in_a_200_is_a_fault(self, there, account, code, passing):
        there.usual = Reply(body={"error": code, "message": "0912345678 has no account"})

        refused = fault(Zalo(account, "token", SECONDS), letter())

        assert (refused.code, refused.passing) == (f"zalo{code}", passing)
        assert token_worn(refused) == (code == -124)

    @pytest.mark.parametrize("body", [{}, {"error": "0"}, {"data": 1}, b"x"])
    def test_an_answer_without_a_code_is_no_success(self, there, account, body):
        there.usual = Reply(body=body)

        assert fault(Zalo(account, "token", SECONDS), letter()).code == "malformed-answer"

    def test_an_event_without_a_template_is_told_another_way(self, there, account):
        refused = fault(Zalo(account, "token", SECONDS), letter(event="placed"))

        assert (refused.code, refused.passing, there.heard) == ("no-template", False, [])

    def test_tokens_are_renewed(self, there, account):
        there.usual = Reply(body={"access_token": "a2", "refresh_token": "r2", "expires_in": "90000"})

        tokens = refresh(account, "r1", seconds=SECONDS)

        assert isinstance(tokens, Tokens)
        assert (tokens.access, tokens.refresh, tokens.lasts.total_seconds()) == ("a2", "r2", 90_000)
        assert (there.last.path, there.last.headers["secret_key"]) == ("/v4/oa/access_token", "s3cret")
        assert there.last.form == {"refresh_token": "r1", "app_id": "77", "grant_type": "refresh_token"}

    def test_a_refusal_of_new_tokens_is_ours_to_mend(self, there, account):
        there.usual = Reply(body={"error": -14014, "error_name": "Invalid refresh token."})

        assert fault(refresh, account, "r1", seconds=SECONDS).passing


class TestMail:
    @staticmethod
    def server(port, **how):
        plain = {"host": "127.0.0.1", "port": port, "sender": "Di Cho Thay <cho@city.example>", "security": "none"}
        return MailServer(**{**plain, **how})

    def test_plain_text_with_one_message_id_however_often(self):
        with post_office() as (postman, port):
            send = Mail(self.server(port), SECONDS)
            receipts = [send(letter("ban@example.vn")) for _attempt in range(2)]

        read = [message_from_bytes(each.original_content or b"", policy=policy.default) for each in postman.letters]
        assert [each["Message-ID"] for each in read] == receipts == [f"<{'k' * 32}@city.example>"] * 2
        assert (read[0]["To"], read[0]["Subject"]) == ("ban@example.vn", "Đơn DC2222222: đã thanh toán")
        assert read[0].get_content().strip() == TEXT
        assert postman.letters[0].rcpt_tos == ["ban@example.vn"]

    @pytest.mark.parametrize(
        "address", ["a@b.vn\r\nBcc: all@city.vn", "a@b.vn\nX: y", "a@b.vn, c@d.vn", "", "none", "<a@b.vn> c@d.vn"]
    )
    def test_no_address_makes_another_header_or_a_second_reader(self, address):
        with post_office() as (postman, port):
            refused = fault(Mail(self.server(port), SECONDS), letter(address))

        assert (refused.passing, postman.letters) == (False, [])

    def test_no_title_makes_another_header(self):
        with post_office() as (postman, port):
            send = Mail(self.server(port), SECONDS)
            fault(send, letter("a@b.vn", words=Words("hello\r\nBcc: all@city.vn", "text")))

        assert postman.letters == []

    @pytest.mark.parametrize(("said", "passing"), [("451 later", True), ("554 no", False), ("552 full", False)])
    def test_for_now_and_for_good(self, said, passing):
        with post_office() as (postman, port):
            postman.refusals = [said]
            refused = fault(Mail(self.server(port), SECONDS), letter("ban@example.vn"))

        assert (refused.code, refused.passing) == (f"smtp-{said[:3]}", passing)

    def test_nobody_there(self):
        assert fault(Mail(self.server(closed_port()), SECONDS), letter("ban@example.vn")).passing

    @pytest.fixture
    def certificate(self, tmp_path, monkeypatch):
        """A certificate for 127.0.0.1 that this test's contexts believe."""
        names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
        files = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "crt")]
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files]
        subprocess.run(command, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "crt", tmp_path / "key")
        return context, str(tmp_path / "crt")

    def test_starttls_and_a_sign_in(self, certificate, monkeypatch):
        context, path = certificate
        monkeypatch.setenv("SSL_CERT_FILE", path)
        with post_office(tls_context=context, require_starttls=True) as (postman, port):
            how = {"security": "starttls", "user": "city"}
            Mail(self.server(port, password="right", **how), SECONDS)(letter("ban@example.vn"))
            wrong = fault(Mail(self.server(port, password="wrong", **how), SECONDS), letter("ban@example.vn"))

        assert (len(postman.letters), set(postman.signed_in)) == (1, {b"city"})
        assert (wrong.code, wrong.passing, wrong.everyone) == ("smtp-535", True, True)

    def test_no_letter_goes_to_a_server_that_cannot_prove_its_name(self, certificate):
        with post_office(tls_context=certificate[0]) as (postman, port):
            refused = fault(Mail(self.server(port, security="starttls"), SECONDS), letter("ban@example.vn"))

        assert (refused.passing, postman.letters) == (True, [])

    def test_no_letter_goes_in_the_open_where_tls_was_asked_for(self):
        with post_office() as (postman, port):
            fault(Mail(self.server(port, security="starttls"), SECONDS), letter("ban@example.vn"))

        assert postman.letters == []


class Browser:
    """A browser's side of web push."""

    def __init__(self, endpoint: str) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"sixteen bytes...."[:16]
        self.endpoint = endpoint

    @property
    def subscription(self):
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": encoded(point), "auth": encoded(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def read(self, body: bytes):
        return json.loads(http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth, version="aes128gcm"))


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class TestPush:
    KEY = new_private_key()
    HERE = WebPush(contact="mailto:cho@city.example", hosts=("127.0.0.1",), here=True)
    WORLD = WebPush(contact="mailto:cho@city.example")

    def test_only_the_browser_reads_it_and_knows_whom_it_comes_from(self, there, stopped_clock):
        browser = Browser(f"{there.url}/push/v2/abc")
        endpoint, keys = read_subscription(browser.subscription, self.HERE)
        there.usual = Reply(201, headers={"Location": "https://push.example/m/9"})

        receipt = Push(self.HERE, self.KEY, SECONDS)(letter(endpoint, keys=keys))

        said = {"title": "Đơn DC2222222: đã thanh toán", "body": TEXT, "link": "https://di.example/o/x", "tag": "paid"}
        assert (receipt, browser.read(there.last.body)) == ("9", said)
        sent = there.last.headers
        assert (sent["Content-Encoding"], sent["TTL"], sent["Topic"]) == ("aes128gcm", "43200", "k" * 32)
        assert TEXT.encode() not in there.last.body
        self.check_signature(sent["Authorization"], there.url)

    def check_signature(self, authorization, audience):
        assert Vapid02.verify(authorization)
        token, key = (part.split("=", 1)[1] for part in authorization.removeprefix("vapid ").split(","))
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        assert (claims["aud"], claims["sub"]) == (audience, "mailto:cho@city.example")
        assert key == public_key(self.KEY)

    @pytest.mark.parametrize(
        ("status", "passing", "gone"), [(404, False, True), (410, False, True), (403, False, False), (500, True, False)]
    )
    def test_a_browser_that_is_gone_is_forgotten_and_one_that_is_ill_is_not(self, there, status, passing, gone):
        there.usual = Reply(status)
        browser = Browser(f"{there.url}/push")

        refused = fault(Push(self.HERE, self.KEY, SECONDS), letter(browser.endpoint, keys=browser.subscription["keys"]))

        # One browser's service that is ill says nothing about the others'.
        assert (refused.passing, refused.gone, refused.everyone) == (passing, gone, False)

    @pytest.mark.parametrize(
        "endpoint",
        [
            "https://fcm.googleapis.com/fcm/send/abc",
            "https://updates.push.services.mozilla.com/wpush/v2/abc",
            "https://wns2-sg2p.notify.windows.com/w/?token=abc",
        ],
    )
    def test_the_services_of_the_common_browsers_are_known(self, endpoint):
        assert read_subscription(Browser(endpoint).subscription, self.WORLD)[0] == endpoint

    @pytest.mark.parametrize(
        "endpoint",
        [
            "http://fcm.googleapis.com/fcm/send/abc",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://169.254.169.254/latest/meta-data",
            "https://localhost/x",
            "https://db/x",
            "https://fcm.googleapis.com.evil.example/x",
            "https://evilnotify.windows.com/x",
            "https://fcm.googleapis.com@evil.example/x",
            "https://evil.example#fcm.googleapis.com",
            "https://fcm.googleapis.com:6379/x",
            "https://fcm.googleapis.com/\r\nHost: x",
            "https://fcm.googleapis.com/ x",
            "ftp://fcm.googleapis.com/x",
            "https://fcm.googleapis.com/" + "x" * 1000,
            "https://fcm.googleapis.com:x/",
            "",
            None,
        ],
    )
    def test_nobody_chooses_whom_our_server_talks_to(self, endpoint):
        with pytest.raises(BadSubscription):
            read_subscription(Browser(endpoint).subscription, self.WORLD)

    @pytest.mark.parametrize(
        "keys",
        [{}, {"p256dh": "x", "auth": "y"}, {"p256dh": "A" * 87, "auth": "A" * 22}, {"p256dh": 1, "auth": []}, []],
    )
    def test_keys_that_are_none_are_refused(self, keys):
        with pytest.raises(BadSubscription):
            read_subscription({"endpoint": "https://fcm.googleapis.com/x", "keys": keys}, self.WORLD)

    @pytest.mark.parametrize("sent", [None, [], "x", {}, {"endpoint": 1}])
    def test_what_is_no_subscription_is_refused(self, sent):
        with pytest.raises(BadSubscription):
            read_subscription(sent, self.WORLD)

    def test_a_known_name_that_means_an_address_of_ours_is_not_spoken_to(self, there, monkeypatch):
        browser = Browser("https://fcm.googleapis.com/x")
        port = int(there.url.rpartition(":")[2])
        monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", port))])

        refused = fault(
            Push(self.WORLD, self.KEY, SECONDS), letter(browser.endpoint, keys=browser.subscription["keys"])
        )

        assert (refused.code, there.heard) == ("private-address", [])

    def test_the_guard_can_be_seen_to_guard(self, there, monkeypatch):
        """Without the look at the address the same letter would reach this machine."""
        monkeypatch.setattr("kernel.notices.http.is_public", lambda _address: True)

        post(f"{there.url}/", b"", {}, seconds=SECONDS, public_only=True)

        assert len(there.heard) == 1

    @pytest.mark.parametrize(
        ("address", "public"),
        [("8.8.8.8", True), ("2001:4860:4860::8888", True)]
        + [(private, False) for private in ("10.0.0.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0")]
        + [
            (private, False)
            for private in ("::1", "fd00::1", "fe80::1%eth0", "::ffff:10.0.0.1", "2002:7f00:1::", "224.0.0.1")
        ],
    )
    def test_which_addresses_are_out_in_the_world(self, address, public):
        assert is_public(address) is public

    def test_a_raw_key_gives_the_point_that_browsers_expect(self):
        point = base64.urlsafe_b64decode(public_key(new_private_key()) + "==")

        assert (len(point), point[0]) == (65, 4)
        assert push_adapter.LONGEST_ENDPOINT == 1000
