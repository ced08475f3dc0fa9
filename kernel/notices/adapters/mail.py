"""E-mail by SMTP: plain text, over TLS, one Message-ID a notice however often it is tried."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from kernel import clock
from kernel.notices.config import MailServer
from kernel.notices.letters import Fault, Letter


@dataclass(frozen=True, slots=True)
class Mail:
    """Sends by the server that the settings name. Without the TLS that was asked for nothing is sent."""

    server: MailServer
    seconds: float

    def __call__(self, letter: Letter) -> str:
        message = self.message(letter)
        try:
            with self._connected() as smtp:
                smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as fault:
            code = next(iter(fault.recipients.values()))[0]
            raise _refused(code, everyone=False) from fault
        except smtplib.SMTPResponseException as fault:
            raise _refused(fault.smtp_code, everyone=True) from fault
        except TimeoutError as fault:
            raise Fault("timeout", passing=True, everyone=True) from fault
        except (OSError, smtplib.SMTPException) as fault:
            raise Fault("unreachable", passing=True, everyone=True) from fault
        return str(message["Message-ID"])

    def message(self, letter: Letter) -> EmailMessage:
        """Whole. A line end in an address or a title is refused by the library, before anything is sent."""
        host = self.server.sender.rpartition("@")[2].strip(" >")
        message = EmailMessage()
        try:
            message["To"] = Address(addr_spec=letter.address)
            message["From"] = self.server.sender
            message["Subject"] = letter.words.title
        except (ValueError, IndexError, MessageError) as fault:
            raise Fault("bad-address", passing=False) from fault
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{letter.key}@{host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.words.text)
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self.server
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self.seconds, context=ssl.create_default_context()
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=self.seconds)
        with smtp:
            if server.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.user:
                smtp.login(server.user, server.password)
            yield smtp


def _refused(code: int, *, everyone: bool) -> Fault:
    """4yz is for now, 5yz for good; a wrong password (535) is ours to mend, and the letters wait for that."""
    passing = code < 500 or code in {530, 534, 535, 538}
    return Fault(f"smtp-{code}", passing=passing, everyone=everyone and passing)
