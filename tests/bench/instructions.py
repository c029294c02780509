#!/usr/bin/python3
"""What one request costs a program: instructions by callgrind, system calls by
strace.

instructions.py PROGRAMS STUB SETTINGS: a line for each program, "name
instructions calls", with the calls by name behind that; without poll() and what
would have blocked, for how often there is to wait is the machine's affair.  PROGRAMS is the
directory that they are in, STUB what is preloaded, SETTINGS the file that
LATCHKEY_ENV names; that of the database is the one it names, and is filled.

A program serves requests on a socket as lighttpd sends them, a connection each,
once COUNT and once twice as many: half of what they differ by is the requests',
and what it takes to start is gone.
"""
import base64
import collections
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "faults"))
import fastcgi  # noqa: E402

COUNT = 20
USERS = 4 * COUNT
SESSION = "0190a5b0-0000-7000-8000-00000000abcd"
OPENED = 1700000000
HASH = "$2b$10$" + "abcdefghijklmnopqrstuuKZZMZTAFBKzVMSCWLKVUA1ZyYYR0CP."
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def read_settings(path):
    with open(path, encoding="utf-8") as file:
        pairs = (line.rstrip("\n").split("=", 1) for line in file if "=" in line)
        return {name: value.strip('"') for name, value in pairs}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(claims, secret):
    parts = [base64url(json.dumps(part, separators=(",", ":")).encode())
             for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    text = ".".join(parts)
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return text + "." + base64url(mac)


class User:
    """One of those in the table, with the tokens of its one session."""

    def __init__(self, number, settings):
        self.id = f"0190a5b0-1111-7000-8000-{number:012x}"
        self.email = f"user{number:05}@bench.example"
        now = int(time.time())
        shared = {"_id": self.id, "sid": SESSION}
        times = {"iat": now, "exp": now + 900}
        self.access = sign({**shared, "email": self.email, **times},
                           settings["ACCESS_TOKEN_SECRET"])
        self.refresh = sign({**shared, "jti": f"{number:064x}", **times},
                            settings["REFRESH_TOKEN_SECRET"])
        self.document = json.dumps({SESSION: {
            "hash": hashlib.sha256(self.refresh.encode()).hexdigest(),
            "opened": now, "rotated": [now], "agent": AGENT,
            "ip": "192.0.2.1"}}, separators=(",", ":"))

    def row(self):
        return (f"(X'{self.id.replace('-', '')}','{self.email}','{HASH}',"
                f"'{self.document}','2026-01-01','2026-01-01')")


def fill(settings, users):
    """All rows anew, so that every run of a program finds the same."""
    sql = ("DELETE FROM users; INSERT INTO users (id, email, password,"
           " refresh_token, created_at, updated_at) VALUES "
           + ",".join(user.row() for user in users))
    subprocess.run(
        ["mariadb", "--no-defaults", "--socket", settings["DB_SOCKET"],
         "--user=root", settings["DB_NAME"]],
        input=sql.encode(), check=True)


def params(method, path, cookie="", body=b"", **more):
    """What lighttpd 1.4 sends, in its order."""
    found = {
        "CONTENT_LENGTH": str(len(body)), "SCRIPT_NAME": path, "PATH_INFO": "",
        "SCRIPT_FILENAME": "/srv/www" + path, "DOCUMENT_ROOT": "/srv/www",
        "REQUEST_URI": path, "REDIRECT_STATUS": "200", "QUERY_STRING": "",
        "REQUEST_METHOD": method, "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "lighttpd/1.4.69", "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_SCHEME": "http", "SERVER_PORT": "80",
        "SERVER_ADDR": "192.0.2.2", "SERVER_NAME": "www.example.org",
        "REMOTE_ADDR": "192.0.2.1", "REMOTE_PORT": "40000",
        "HTTP_HOST": "www.example.org", "HTTP_USER_AGENT": AGENT,
        "HTTP_ACCEPT": "*/*", **more,
    }
    if cookie:
        found["HTTP_COOKIE"] = cookie
    if body:
        found["CONTENT_TYPE"] = "application/json"
    return [f"{name}={value}" for name, value in found.items()], body


def request_of(program, user):
    """(parameters, body, role, what the answer begins with)"""
    api = "/api/v1/users/"
    access = "accessToken=" + user.access
    role, good = "RESPONDER", b"Status: 200"
    if program == "index":
        asked = params("GET", api, REQUEST_URI="/")
    elif program == "me":
        asked = params("GET", api + program, access)
    elif program == "guard":
        role = "AUTHORIZER"
        asked = params("GET", "/members/page.html", access)
    elif program == "refresh-token":
        asked = params("POST", api + program, "refreshToken=" + user.refresh)
    else:
        fields = {"email": user.email, "password": "correct horse battery"}
        asked = params("POST", api + program, body=json.dumps(fields).encode())
    return *asked, role, good


def ask(path, program, user):
    given, body, role, good = request_of(program, user)
    sock, stream = fastcgi.connect(path)
    sock.sendall(fastcgi.request(given, body, role))
    answer = fastcgi.reply(stream)
    sock.close()
    if not answer.startswith(good):
        sys.exit(f"{program}: {answer[:300]!r}")


def serve(command, environment, program, users):
    """Run COMMAND as a server would, until it has answered all of them."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "socket")
        server = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "..", "faults", "fastcgi.py"),
             "serve", path, *command], env=environment,
            stderr=subprocess.DEVNULL)
        while not os.path.exists(path):
            time.sleep(0.02)
        time.sleep(0.1)
        for user in users:
            ask(path, program, user)
        time.sleep(0.2)  # libfcgi misses a signal that comes just before accept()
        server.terminate()
        server.wait(timeout=60)


def count(command, environment, program, settings, read):
    """What READ finds after COUNT requests and after twice as many."""
    users = [User(n, settings) for n in range(USERS)]
    found = []
    for n in (COUNT, 2 * COUNT):
        fill(settings, users)
        serve(command, environment, program, users[:n])
        found.append(read())
    return found


def instructions(program, path, environment, settings, out):
    def total():
        with open(out, encoding="utf-8") as file:
            return int(re.search(r"^totals: (\d+)", file.read(), re.M)[1])

    valgrind = ["/usr/bin/valgrind", "--tool=callgrind", "--quiet",
                "--callgrind-out-file=" + out, path]
    less, more = count(valgrind, environment, program, settings, total)
    return round((more - less) / COUNT)


def system_calls(program, path, environment, settings, out):
    def by_name():
        # With -D the program is ours to end, and strace ends a little later.
        while "+++ exited" not in open(out, encoding="utf-8", errors="replace").read():
            time.sleep(0.02)
        with open(out, encoding="utf-8", errors="replace") as file:
            return collections.Counter(re.findall(
                r"^(?:\d+ +)?(?!r?poll)(\w+)\((?!.*= -1 EAGAIN)", file.read(), re.M))

    strace = ["/usr/bin/strace", "-D", "-f", "-o", out, path]
    less, more = count(strace, environment, program, settings, by_name)
    each = {name: (more[name] - less[name]) / COUNT for name in more}
    return {name: n for name, n in each.items() if n >= 0.5}


def main():
    programs, stub, settings_file = sys.argv[1:]
    settings = read_settings(settings_file)
    environment = {"LATCHKEY_ENV": settings_file, "PATH": "/usr/bin:/bin",
                   "LD_PRELOAD": stub}
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, "out")
        for program in ("index", "me", "guard", "refresh-token", "login"):
            given = (program, os.path.join(programs, program), environment,
                     settings, out)
            total = instructions(*given)
            calls = sorted(system_calls(*given).items(), key=lambda c: (-c[1], c[0]))
            print(f"{program:14}{total:8}{sum(n for _, n in calls):6g}  ",
                  ", ".join(f"{name} {n:g}" for name, n in calls), flush=True)


if __name__ == "__main__":
    main()
