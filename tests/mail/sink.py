#!/usr/bin/python3
"""A mail server that delivers nothing: what it takes, it writes into files.

sink.py DIR    serve on 127.0.0.1 until it is ended

DIR/N.eml is message number N, from 1, as it came, below two headers more:
X-Envelope-From and X-Envelope-To; N.txt and N.html are its two texts, decoded.
Once it serves, DIR/msmtprc is there, and

    MAIL_COMMAND="/usr/bin/msmtp -C DIR/msmtprc -t -i"

sends mails here, with the user and the password that it asks for.  It refuses
recipients of these domains: refused.example for good (550), later.example for
now (450).
"""
import email
import email.policy
import logging
import os
import secrets
import signal
import socket
import sys
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER = "latchkey"


def write_file(path, content, mode=0o644):
    """At once: whoever sees the file sees all of it."""
    descriptor = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
                         mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    os.rename(path + ".new", path)


class Handler:
    """What the server asks at each step."""

    def __init__(self, directory):
        self.directory = directory
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.endswith("@refused.example"):
            return "550 5.1.1 No such user"
        if address.endswith("@later.example"):
            return "450 4.2.1 Not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        self.write_texts(envelope.original_content)
        head = "".join(
            [f"X-Envelope-From: {envelope.mail_from}\r\n"] +
            [f"X-Envelope-To: {address}\r\n" for address in envelope.rcpt_tos])
        write_file(f"{self.directory}/{self.count}.eml",
                   head.encode() + envelope.original_content)
        return "250 OK"

    def write_texts(self, content):
        message = email.message_from_bytes(content,
                                           policy=email.policy.default)
        for kind, name in ("plain", "txt"), ("html", "html"):
            part = message.get_body((kind,))
            if part is not None:
                write_file(f"{self.directory}/{self.count}.{name}",
                           part.get_content().encode())


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main(directory):
    password = secrets.token_hex(16)
    port = free_port()

    def authenticate(server, session, envelope, mechanism, data):
        good = (data.login, data.password) == (USER.encode(),
                                               password.encode())
        return AuthResult(success=good, handled=False)

    # That there is no TLS, and what aiosmtpd will do without in 2.0.
    warnings.simplefilter("ignore", UserWarning)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    controller = Controller(
        Handler(directory), hostname="127.0.0.1", port=port,
        authenticator=authenticate, auth_required=True,
        auth_require_tls=False)
    controller.start()
    write_file(f"{directory}/msmtprc", f"""\
account default
host 127.0.0.1
port {port}
tls off
auth plain
user {USER}
password {password}
from bounces@example.org
""".encode(), 0o600)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main(sys.argv[1])
