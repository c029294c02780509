#!/usr/bin/python3
"""Mails as another implementation reads them: Python's email package.

check.py DIR    DIR holds the unit tests mail_message.t and mail_command.t

Composed messages are parsed, sent by msmtp to sink.py, and parsed there again.
Prints TAP.
"""
import email
import email.policy
import os
import random
import re
import stat
import string
import subprocess
import sys
import tempfile
import time
from email.header import decode_header, make_header

HERE = os.path.dirname(os.path.abspath(__file__))
TEMPLATES = f"{HERE}/../../mail"
SENDER = "noreply@example.org"
ATEXT = string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-"
ODD = ["a..b@example.net", ".a@example.net", "a.@example.net", ".@example.net",
       "-t@example.net", "-@example.net", "=a?b?=c@example.net",
       "|true@example.net", "/dev/null@example.net", "a%b@example.net",
       "a!b@example.net", "{code}@example.net", "o'brien@example.net",
       "root@localhost", "a+b@xn--bcher-kva.example",
       "a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + ".example"]
# What headers are made of; not: controls and surrogates.
CHARS = "aZ09 .,;:<>()[]\\\"@=?_-+&" + "äß€😀\u00a0\u200d\u0301中"

count = 0


def ok(good, name, detail=""):
    global count
    count += 1
    print("ok" if good else "not ok", count, "-", name)
    if not good:
        print("# " + str(detail).replace("\n", "\n# "))
    sys.stdout.flush()


def compose(tests, mails):
    """The messages of these (sender, to, subject, lang, text, html)."""
    fields = "".join(field + "\0" for mail in mails for field in mail)
    done = subprocess.run([f"{tests}/mail_message.t", "compose"],
                          input=fields.encode(), stdout=subprocess.PIPE,
                          check=True)
    return done.stdout.split(b"\0")[:-1]


def compose_template(tests, to, name, lang):
    done = subprocess.run(
        [f"{tests}/mail_message.t", "template", SENDER, to, TEMPLATES, name,
         lang], stdout=subprocess.PIPE, check=True)
    return done.stdout


def parse(message):
    return email.message_from_bytes(message, policy=email.policy.default)


def sender_name(message):
    """The display name.  Where it takes several encoded-words, the parser of
    addresses puts a blank between them, against RFC 2047, 6.2."""
    raw = dict(message.raw_items())["From"]
    if raw.count("=?UTF-8?") < 2:
        return message["From"].addresses[0].display_name
    return str(make_header(decode_header(raw))).rpartition(" <")[0].strip(" ")


def defects(message):
    found = [str(defect) for part in message.walk() for defect in part.defects]
    for name, value in message.items():
        found += [f"{name}: {defect}" for defect in value.defects]
    return found


def raw_faults(raw):
    """What no message may be, whoever reads it."""
    head, _, body = raw.partition(b"\n\n")
    lines = raw.split(b"\n")
    encoded = [line for line in lines if b"=?UTF-8?" in line]
    faults = []
    if b"\r" in raw or not raw.isascii() or not raw.endswith(b"\n"):
        faults.append("CR, not ASCII, or no last line end")
    if any(len(line) > 76 for line in body.split(b"\n") + encoded):
        faults.append("a line over 76")
    if any(len(line) > 998 for line in lines):
        faults.append("a line over 998")
    if any(line.startswith((b".", b"From ")) for line in body.split(b"\n")):
        faults.append("a line that is altered on its way")
    if re.search(rb"[ \t]$", raw, re.M):
        faults.append("a blank at the end of a line")
    return faults


def split_sender(text):
    match = re.fullmatch(r"(?:(.*?) *)<(.*)>", text)
    return (match[1], match[2]) if match else ("", text)


def differences(message, mail):
    """In what the parsed message is not what was asked for."""
    sender, to, subject, lang, text, html = mail
    name, address = split_sender(sender)
    from_one, = message["From"].addresses
    to_one, = message["To"].addresses
    pairs = [
        ("From", f"{from_one.username}@{from_one.domain}", address),
        ("name", sender_name(message), name),
        ("To", f"{to_one.username}@{to_one.domain}", to),
        ("Subject", message["Subject"], subject),
        ("Content-Language", message["Content-Language"], lang),
        ("Auto-Submitted", message["Auto-Submitted"], "auto-generated"),
        ("Date", message["Date"].datetime.isoformat(),
         "2025-12-31T23:59:59+00:00"),
        ("Message-ID", message["Message-ID"].strip("<>").split("@")[1],
         address.split("@")[1]),
        ("headers", sorted(key for key in message.keys()
                           if not key.startswith(("X-", "Content-Tr"))),
         sorted(["From", "To", "Subject", "Date", "Message-ID",
                 "Auto-Submitted", "Content-Language", "MIME-Version",
                 "Content-Type"])),
        ("text", message.get_body(("plain",)).get_content().rstrip("\n"),
         text.rstrip("\n")),
    ]
    if html:
        plain, rich = message.iter_parts()
        pairs += [
            ("type", message.get_content_type(), "multipart/alternative"),
            ("first", plain.get_content_type(), "text/plain"),
            ("html", rich.get_content().rstrip("\n"), html.rstrip("\n")),
        ]
    return [(what, got, want) for what, got, want in pairs if got != want]


def check(name, raws, mails):
    """One test over many mails; the first that is wrong is told."""
    wrong = []
    for raw, mail in zip(raws, mails):
        message = parse(raw)
        wrong = (defects(message) + raw_faults(raw) +
                 differences(message, mail))
        if wrong:
            wrong = [mail, wrong, raw.decode()]
            break
    ok(len(raws) == len(mails) and not wrong, f"{name}: {len(mails)}",
       "\n".join(map(str, wrong)))


def mail_with(sender=SENDER, to="ada@example.net", subject="Hello", lang="en",
              text="Hello,\n\nAda\n", html="<p>Hello, Ada</p>\n"):
    return sender, to, subject, lang, text, html


def any_text(chars, length):
    return "".join(random.choice(chars) for _ in range(length))


def any_words(length, limit):
    """For a header: of blanks in names, Python keeps single ones inside."""
    while True:
        text = re.sub("[ \u00a0]{2,}", " ", any_text(CHARS, length))
        text = text.strip(" \u00a0")
        if text and len(text.encode()) <= limit:
            return text


def tables():
    yield "local parts of one character", [
        mail_with(to=f"{c}@example.net") for c in ATEXT + "."]
    yield "every character inside", [
        mail_with(to=f"a{c}b@example.net") for c in ATEXT + "."]
    yield "odd recipients", [mail_with(to=to) for to in ODD]
    yield "any recipients", [
        mail_with(to=any_text(ATEXT + "....", random.randint(1, 60)).replace(
            "=?", "?") + "@b.c") for _ in range(200)]
    yield "odd senders", [mail_with(sender=f"Example <{to}>") for to in ODD]
    yield "subjects of ASCII", [
        mail_with(subject=("a b" * n)[:n]) for n in range(1, 200)
        if n % 3 != 2]
    for char in "üß€😀":
        yield f"subjects of {char.encode().hex()}", [
            mail_with(subject="a" * n + char * m)
            for n in range(40, 60) for m in range(1, 60, 7)]
    yield "any subjects", [
        mail_with(subject=any_words(random.randint(1, 200), 500))
        for _ in range(300)]
    yield "names of ASCII", [
        mail_with(sender=f"{'a' * n} <{SENDER}>") for n in range(1, 200)]
    yield "any names", [
        mail_with(sender=re.sub("[<>\"]", "", "n" + any_words(
            random.randint(1, 100), 180) + "n") + f" <{SENDER}>")
        for _ in range(300)]
    yield "lines of ASCII", [
        mail_with(text="a" * n + "\n" + "b" * n, html="") for n in range(200)]
    yield "lines of UTF-8", [
        mail_with(text="a" * n + "😀" * 40 + " \n.\nFrom me\n")
        for n in range(80)]
    yield "any texts", [
        mail_with(text="t" + any_text(CHARS + "\n\n.", 2000),
                  html="h" + any_text(CHARS + "\n\n.", 2000))
        for _ in range(100)]
    yield "what looks like MIME", [
        mail_with(text="x\n--=_latchkey--\n\n--=_latchkey\n", html=html)
        for html in ("", "<p>", "--=_latchkey\nContent-Type: x/y\n\nz")]


def template_names():
    return sorted({file.split(".")[0] for file in os.listdir(TEMPLATES)})


def check_templates(tests):
    """Each is there in each language, whole, and says what it must."""
    for name in template_names():
        for lang in "en", "de":
            raw = compose_template(tests, "o'brien&b@example.net", name, lang)
            message = parse(raw)
            plain, rich = [part.get_content()
                           for part in message.iter_parts()]
            wrong = defects(message) + raw_faults(raw)
            source = ""
            for kind in "txt", "html":
                with open(f"{TEMPLATES}/{name}.{lang}.{kind}",
                          encoding="utf-8") as file:
                    source += file.read()
            if message["Content-Language"] != lang:
                wrong.append("another language")
            for word, in_text, in_html in (
                    ("{code}", "WXYZ-0123", "WXYZ-0123"),
                    ("{link}", "#email=a&code=", "#email=a&amp;code="),
                    ("{site}", "www.example.org", "www.example.org"),
                    ("{email}", "o'brien&b@", "o&#39;brien&amp;b@")):
                if (word in source) != (in_text in plain):
                    wrong.append(f"{word} in the text")
                if (word in source) != (in_html in rich):
                    wrong.append(f"{word} in the HTML")
            if re.search(r"\{[a-z-]+\}", plain + rich + message["Subject"]):
                wrong.append("a word is left")
            ok(not wrong, f"template {name}.{lang}", wrong)


class Sink:
    """sink.py, and what it got."""

    def __init__(self, directory):
        self.directory = directory
        self.process = subprocess.Popen([f"{HERE}/sink.py", directory])
        self.count = 0
        self.wait_for(f"{directory}/msmtprc")

    def wait_for(self, path):
        for _ in range(300):
            if os.path.exists(path):
                return True
            time.sleep(0.1)
        return False

    def next(self):
        self.count += 1
        path = f"{self.directory}/{self.count}.eml"
        if not self.wait_for(path):
            return b""
        with open(path, "rb") as file:
            return file.read()

    def stop(self):
        self.process.terminate()
        self.process.wait()


def hand_over(tests, command, raw):
    """Status, and what was logged."""
    done = subprocess.run([f"{tests}/mail_command.t", "run", command],
                          input=raw, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stderr.decode()


def unquoted(address):
    return re.sub(r'^"(.*)"@', r"\1@", address)


def send(tests, sink, command, mail, envelope_from):
    """In what the mail that arrived is another one than was sent."""
    raw, = compose(tests, [mail])
    status, log = hand_over(tests, command, raw)
    if status != 0:
        return [status, log]
    received = sink.next()
    message = parse(received.replace(b"\r\n", b"\n"))
    wrong = defects(message) + differences(message, mail)
    if unquoted(message["X-Envelope-To"]) != mail[1]:
        wrong.append(message["X-Envelope-To"])
    if unquoted(message["X-Envelope-From"]) != envelope_from:
        wrong.append(message["X-Envelope-From"])
    sent = raw.replace(b"\n", b"\r\n")
    if not received.endswith(sent):
        wrong.append("the bytes are not the same")
    return wrong


def check_sending(tests, directory):
    sink = Sink(directory)
    rc = f"{directory}/msmtprc"
    command = f"/usr/bin/msmtp -C {rc} -t -i"
    ok(stat.S_IMODE(os.stat(rc).st_mode) == 0o600, "msmtprc is nobody else's")
    mails = [mail_with(to=to) for to in ODD + [
        f"a{c}b@example.net" for c in ATEXT[62:]]]
    mails.append(mail_with(
        sender=f"Bücher & Söhne <{SENDER}>", subject="Ihr Code für " * 10,
        lang="de", text=".\n..\nFrom me\n \n" + "ä" * 500,
        html=".\n" + "a" * 500))
    for mail in mails:
        wrong = send(tests, sink, command, mail, "bounces@example.org")
        ok(not wrong, f"sent to {mail[1][:40]}", wrong)
    wrong = send(tests, sink, command + " --read-envelope-from",
                 mail_with(), SENDER)
    ok(not wrong, "--read-envelope-from", wrong)

    with open(rc, encoding="ascii") as file:
        wrong_rc = re.sub("password .*", "password wrong", file.read())
    with open(f"{directory}/wrong", "w", encoding="ascii",
              opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(wrong_rc)
    for row, to, more, text in (
            ("refused for good", "a@refused.example", "", "status 65"),
            ("refused for now", "a@later.example", "", "status 69"),
            ("wrong password", "a@b", f" -C {directory}/wrong", "status 77"),
            ("nobody listens", "a@b", " --port=1", "status 75"),
            ("no such option", "a@b", " --nonsense", "status 64"),
            ("no such file", "a@b", " -C /nonexistent", "status 74")):
        raw, = compose(tests, [mail_with(to=to)])
        status, log = hand_over(tests, command + more, raw)
        ok(status == 1 and text in log and log.count("\n") == 1 and
           to not in log, f"{row}: {log.strip()[25:]}", (status, log))
    sink.stop()
    ok(not os.path.exists(f"{directory}/{sink.count + 1}.eml"),
       "no other mail came")


def main(tests):
    random.seed(1)
    for name, mails in tables():
        check(name, compose(tests, mails), mails)
    check_templates(tests)
    with tempfile.TemporaryDirectory() as directory:
        check_sending(tests, directory)
    print(f"1..{count}")


if __name__ == "__main__":
    main(sys.argv[1])
