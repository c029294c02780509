#!/usr/bin/python3
"""Clients that race, lose answers and keep a ledger, for the pages beside this.

load.py COMMAND ARGUMENT...: each command is a function below, and its first
line says what it takes and what it prints.
"""

import base64
import collections
import hashlib
import http.client
import json
import os
import random
import select
import signal
import socket
import sys
import threading
import time
import urllib.parse

PASSWORD = "correct horse"
API = "/api/v1/users/"


class Answer:
    """What came back; status 0: nothing did."""

    def __init__(self, status=0, body=b"{}", cookies=False):
        self.status = status
        self.cookies = cookies
        try:
            self.json = json.loads(body)
        except ValueError:
            self.json = {"message": "not JSON"}
        self.refresh = self.json.get("refreshToken")
        self.access = self.json.get("accessToken")
        self.message = self.json.get("message")


class Client:
    """One connection, kept alive.  A request is held back by its last byte, so
    that many can be let go at one moment."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.address = (parts.hostname, parts.port)
        self.base = parts.path
        self.sock = None
        self.rest = b""

    def connect(self):
        # Readable while idle means that the server has closed it.
        if self.sock and select.select([self.sock], [], [], 0)[0]:
            self.close()
        if not self.sock:
            self.sock = socket.create_connection(self.address, timeout=60)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def hold(self, method, name, body=None, access=None):
        content = b"" if body is None else json.dumps(body).encode()
        path = name if name.startswith("/") else API + name
        lines = ["%s %s HTTP/1.1" % (method, self.base + path),
                 "Host: %s:%d" % self.address,
                 "Content-Length: %d" % len(content)]
        if body is not None:
            lines.append("Content-Type: application/json")
        if access is not None:
            lines.append("Authorization: Bearer " + access)
        text = "\r\n".join(lines + ["", ""]).encode() + content
        self.connect()
        self.sock.sendall(text[:-1])
        self.rest = text[-1:]

    def let_go(self):
        self.sock.sendall(self.rest)

    def answer(self):
        reply = http.client.HTTPResponse(self.sock)
        reply.begin()
        out = Answer(reply.status, reply.read(), bool(reply.getheader("Set-Cookie")))
        if reply.will_close:
            self.close()
        return out

    def ask(self, method, name, body=None, access=None):
        self.hold(method, name, body, access)
        self.let_go()
        return self.answer()

    def refresh(self, token):
        return self.ask("POST", "refresh-token", {"refreshToken": token})

    def close(self):
        if self.sock:
            self.sock.close()
        self.sock = None


class User:
    """Somebody signed up for this run."""

    def __init__(self, client):
        self.client = client
        self.email = "%s-load@example.org" % os.urandom(8).hex()
        self.password = PASSWORD
        reply = client.ask("POST", "register", self.credentials())
        if reply.status != 201:
            sys.exit("signing up: %d %s" % (reply.status, reply.json))
        self.id = reply.json["user"]["_id"]

    def credentials(self):
        return {"email": self.email, "password": self.password}

    def log_in(self):
        reply = self.client.ask("POST", "login", self.credentials())
        if reply.status != 200:
            sys.exit("logging in: %d %s" % (reply.status, reply.json))
        return reply


def in_threads(functions):
    threads = [threading.Thread(target=f) for f in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


def show(value):
    print(json.dumps(value, sort_keys=True))


def race(token, rounds, *urls):
    """TOKEN ROUNDS (URL COUNT)...: all present one token at once; the next
    round has what they were given.  {"rounds": [{"status", "refresh"}],
    "refresh", "access"}: of each how many, and the different tokens."""
    clients = []
    for url, count in zip(urls[::2], urls[1::2]):
        clients += [Client(url) for _ in range(int(count))]
    out = {"rounds": []}
    for _ in range(int(rounds)):
        random.shuffle(clients)
        for client in clients:
            client.hold("POST", "refresh-token", {"refreshToken": token})
        for client in clients:
            client.let_go()
        replies = [client.answer() for client in clients]
        given = sorted({r.refresh for r in replies if r.refresh})
        out["rounds"].append({
            "status": collections.Counter(str(r.status) for r in replies),
            "refresh": given})
        for reply in replies:
            if reply.status == 200:
                out["refresh"], out["access"] = reply.refresh, reply.access
                token = reply.refresh
    show(out)


def chain(token, count, url):
    """TOKEN COUNT URL: rotate one after the other; a token a line, TOKEN first."""
    client = Client(url)
    print(token)
    for _ in range(int(count)):
        reply = client.refresh(token)
        if reply.status != 200:
            sys.exit("%d %s" % (reply.status, reply.json))
        token = reply.refresh
        print(token)


def present(url):
    """URL: present each token of standard input; "STATUS MESSAGE" a line."""
    client = Client(url)
    for line in sys.stdin:
        reply = client.refresh(line.strip())
        print(reply.status, reply.message)


def lose(token, url):
    """TOKEN URL: ask, and never read the answer."""
    client = Client(url)
    client.hold("POST", "refresh-token", {"refreshToken": token})
    client.let_go()
    signal.pause()


def drop(token, url):
    """TOKEN URL: ask, and hang up at once."""
    client = Client(url)
    client.hold("POST", "refresh-token", {"refreshToken": token})
    client.let_go()
    client.close()


def ten_tabs(user, url, replies):
    """One window: a short past, and then all tabs at once.  Each sends what
    the jar held at some moment; what is answered last is in the jar."""
    client = Client(url)
    past = [user.log_in().refresh]
    for _ in range(3):
        past.append(client.refresh(past[-1]).refresh)
    tabs = [Client(url) for _ in range(10)]
    jar, waiting, given = random.choice(past), [], []
    while tabs or waiting:
        if tabs and random.random() < (0.5 if waiting else 1):
            tab = tabs.pop()
            sent = random.choice(past + 4 * [jar])
            tab.hold("POST", "refresh-token", {"refreshToken": sent})
            tab.let_go()
            waiting.append(tab)
        else:
            tab = waiting.pop(random.randrange(len(waiting)))
            replies.append(tab.answer())
            jar = replies[-1].refresh
            given.append(jar)
            tab.close()
    return client, past + given


def tabs(rounds, url):
    """ROUNDS URL: ten tabs restored at once.  {"status": how many of each,
    "ends": how many different tokens all of a window's lead to, "user"}"""
    user = User(Client(url))
    replies, ends = [], []
    for _ in range(int(rounds)):
        client, tokens = ten_tabs(user, url, replies)
        for last in (False, True):
            random.shuffle(tokens)
            late = [client.refresh(token) for token in tokens]
            replies += late
        ends.append(len({reply.refresh for reply in late}))
    show({"status": collections.Counter(str(r.status) for r in replies),
          "ends": sorted(set(ends)), "user": user.id})


def logins(count, email, password, *urls):
    """COUNT EMAIL PASSWORD URL...: log in at one moment.  {"status",
    "access": [...]}"""
    clients = [Client(urls[i % len(urls)]) for i in range(int(count))]
    for client in clients:
        client.hold("POST", "login", {"email": email, "password": password})
    for client in clients:
        client.let_go()
    replies = [client.answer() for client in clients]
    show({"status": collections.Counter(str(r.status) for r in replies),
          "access": [r.access for r in replies if r.access]})


class Racer:
    """Rotates one session's tokens on and on, until it is refused."""

    def __init__(self, url, session):
        self.client = Client(url)
        self.tokens = [session.refresh]
        self.access = [session.access]
        self.refused = None
        self.busy = 0
        self.more = float("inf")  # set once the session should have ended

    def run(self):
        while not self.refused and self.more > 0:
            self.more -= 1
            reply = self.client.refresh(self.tokens[-1])
            if reply.status == 200:
                self.tokens.append(reply.refresh)
                self.access.append(reply.access)
                time.sleep(random.random() * 0.002)
            elif reply.status == 503:
                self.busy += 1
            else:
                self.refused = "%d %s" % (reply.status, reply.message)

    def survivors(self):
        """What of this session is still good for anything."""
        sample = self.tokens[-3:] + self.tokens[:1]
        alive = [t for t in sample if self.client.refresh(t).message
                 != "Refresh token is incorrect"]
        alive += [t for t in self.access[-2:] + self.access[:1]
                  if self.client.ask("GET", "me", access=t).message
                  != "Session has ended"]
        return alive


WAYS = {
    "logout": lambda user, own, other: ("POST", "logout", {}, other.access),
    "everywhere": lambda user, own, other:
        ("POST", "logout", {"everywhere": True}, own.access),
    "others": lambda user, own, other: ("DELETE", "sessions", None, own.access),
    "one": lambda user, own, other:
        ("DELETE", "sessions/" + session_id(other), None, own.access),
    "password": lambda user, own, other:
        ("POST", "change-password", {"oldPassword": user.password,
         "newPassword": PASSWORD + str(random.random())}, own.access),
}


def session_id(reply):
    part = reply.access.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["sid"]


class Ending:
    """One user's rounds of one way to end sessions that are being refreshed."""

    def __init__(self, url, way, rounds, others, out):
        self.url, self.way, self.out = url, way, out
        self.rounds, self.others = rounds, others
        self.client = Client(url)
        self.user = User(self.client)
        self.own = self.user.log_in()

    def run(self):
        for _ in range(self.rounds):
            self.round()

    def round(self):
        others = [self.user.log_in() for _ in range(self.others)]
        request = WAYS[self.way](self.user, self.own, others[0])
        racers = [Racer(self.url, other) for other in others]
        threads = [threading.Thread(target=racer.run) for racer in racers]
        self.client.hold(*request)
        for thread in threads:
            thread.start()
        time.sleep(random.random() * 0.012)
        self.client.let_go()
        reply = self.client.answer()
        while reply.status == 503:
            self.out["busy"] += 1
            reply = self.client.ask(*request)
        for racer in racers:
            racer.more = 10
        for thread in threads:
            thread.join()
        self.note(racers, reply)
        if self.way == "password":
            self.user.password = request[2]["newPassword"]
        if self.way == "everywhere":
            self.own = self.user.log_in()

    def note(self, racers, reply):
        alive = sum(len(racer.survivors()) for racer in racers)
        with LOCK:
            self.out["ended"][str(reply.status)] += 1
            self.out["alive"] += alive
            for racer in racers:
                self.out["refused"][str(racer.refused)] += 1
                self.out["busy"] += racer.busy
                self.out["rotations"] += len(racer.tokens) - 1
                self.out["raced"] += len(racer.tokens) > 1


LOCK = threading.Lock()


def end(way, rounds, others, url):
    """WAY ROUNDS OTHERS URL: end so many sessions at a time while they are
    refreshed, two users side by side.  {"ended": statuses, "refused": how the
    refreshing ended, "alive": what still worked afterwards, "raced": sessions
    whose refreshing had begun, "rotations", "busy": 503s, asked again}"""
    out = {"ended": collections.Counter(), "refused": collections.Counter(),
           "alive": 0, "raced": 0, "rotations": 0, "busy": 0}
    in_threads([Ending(url, way, int(rounds) // 2, int(others), out).run
                for _ in range(2)])
    show(out)


class Ledger:
    """One client of a load, with a chain of its own, that repeats what it got
    no answer to."""

    def __init__(self, url):
        self.client = Client(url)
        self.user = User(self.client)
        session = self.user.log_in()
        self.tokens = [session.refresh]
        self.access = session.access
        self.status = collections.Counter()
        self.lost = False  # whether the last request had no good answer
        self.healed = 0
        self.signed_out = None
        self.cookies = 0  # that came with anything but 200

    def step(self):
        try:
            reply = self.client.refresh(self.tokens[-1])
        except (OSError, http.client.HTTPException):
            self.client.close()
            reply = Answer()
        self.status[str(reply.status)] += 1
        if reply.status == 200:
            self.healed += self.lost
            self.lost = False
            self.tokens.append(reply.refresh)
            self.access = reply.access
            return True
        self.cookies += reply.cookies
        self.lost = True
        if reply.status not in (0, 500, 503):
            self.signed_out = "%d %s" % (reply.status, reply.message)
        return False

    def works(self):
        return (self.step() and
                self.client.ask("GET", "me", access=self.access).status == 200)


def load(count, url, spent):
    """COUNT URL SPENT: refresh until SIGTERM; SIGUSR1 marks a moment when all
    should be well again.  {"status", "lost": clients without an answer when it
    ended, "healed", "signed_out", "cookies", "works": whether each client's
    token does, "mended_s": the longest from a mark to the first 200, "users"};
    the last few spent tokens of each go into the file SPENT, a line each, and
    the current ones into SPENT.now."""
    clients = [None] * int(count)
    done, marks, delays = threading.Event(), [], []

    def make(i):
        clients[i] = Ledger(url)

    def run(client):
        while not done.is_set() and not client.signed_out:
            if not client.step():
                time.sleep(0.02)
            elif marks:
                now = time.monotonic()
                while marks:
                    delays.append(now - marks.pop())

    in_threads([lambda i=i: make(i) for i in range(len(clients))])
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    signal.signal(signal.SIGUSR1, lambda *_: marks.append(time.monotonic()))
    with open(spent + ".ready", "w"):
        pass
    in_threads([lambda c=c: run(c) for c in clients] +
               [lambda: done.wait()])
    out = {"lost": sum(c.lost for c in clients),
           "works": [c.works() for c in clients],
           "status": sum((c.status for c in clients), collections.Counter()),
           "healed": sum(c.healed for c in clients),
           "signed_out": [c.signed_out for c in clients if c.signed_out],
           "cookies": sum(c.cookies for c in clients),
           "mended_s": delays, "marks_left": len(marks),
           "users": [c.user.id for c in clients]}
    with open(spent, "w") as file:
        for client in clients:
            file.writelines(t + "\n" for t in client.tokens[-11:-1])
    with open(spent + ".now", "w") as file:
        file.writelines(client.tokens[-1] + "\n" for client in clients)
    show(out)


class Visitor:
    """Logs in now and then, refreshes, and looks at things; a connection for
    each request, so that a server which closes one takes nothing with it."""

    def __init__(self, url, paths):
        self.client = Client(url)
        self.user = User(self.client)
        self.paths = paths
        self.failed = collections.Counter()
        self.served = 0

    def ask(self, method, name, *args):
        try:
            reply = self.client.ask(method, name, *args)
        except (OSError, http.client.HTTPException) as error:
            reply = Answer(body=json.dumps({"message": str(error)}).encode())
        self.client.close()
        if reply.status == 200:
            self.served += 1
        else:
            self.failed["%s %s: %d %s" % (method, name, reply.status,
                                          reply.message)] += 1
        return reply

    def run(self, done):
        while not done.is_set():
            reply = self.ask("POST", "login", self.user.credentials())
            for _ in range(30):
                for path in self.paths:
                    self.ask("GET", path, None, reply.access)
                reply = self.ask("POST", "refresh-token",
                                 {"refreshToken": reply.refresh})
                time.sleep(0.01)


def visit(count, url, ready, *paths):
    """COUNT URL READY PATH...: log in, ask for each PATH and refresh until
    SIGTERM; the file READY is made once everybody is signed up.  {"served",
    "failed": {"METHOD NAME: STATUS MESSAGE": how many}}"""
    visitors = [Visitor(url, paths) for _ in range(int(count))]
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    with open(ready, "w"):
        pass
    in_threads([lambda v=v: v.run(done) for v in visitors] +
               [lambda: done.wait()])
    show({"served": sum(v.served for v in visitors),
          "failed": sum((v.failed for v in visitors), collections.Counter())})


if __name__ == "__main__":
    commands = (race, chain, present, lose, drop, tabs, logins, end, load, visit)
    {f.__name__: f for f in commands}[sys.argv[1]](*sys.argv[2:])
