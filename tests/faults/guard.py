#!/usr/bin/python3
"""A guard that is broken.

guard.py FILE SOCKET...   in place of the real ones: listens where they do,
                          until it ends
guard.py                  as a web server starts it; FILE is beside it and ends
                          in .fault

It answers what FILE says: a name of the table below, or "hang".
"""

import os
import signal
import socket
import struct
import sys
import threading

STDOUT, END_REQUEST = 6, 3


def record(kind, content):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def whole(text):
    """All the records of an answer."""
    return (record(STDOUT, text) + record(STDOUT, b"") +
            record(END_REQUEST, struct.pack(">IB3x", 0, 0)))


# No answer that ends well and has a head without a line "Status", or none at
# all: lighttpd takes that for leave.
ANSWERS = {
    "nothing": b"",
    "half-a-record": record(STDOUT, b"Status: 200\r\n\r\n")[:10],
    "half-a-head": record(STDOUT, b"Status: 200\r\nVariable-AUTH_USER_ID: x"),
    "no-records": b"HTTP/1.1 200 OK\r\nStatus: 200\r\n\r\n",
    "noise": bytes(range(256)) * 8,
    "status-0": whole(b"Status: 0\r\n\r\n"),
    "status-302": whole(b"Status: 302\r\nLocation: /auth/login.html\r\n\r\n"),
    "status-404": whole(b"Status: 404\r\n\r\n"),
    "status-500": whole(b"Status: 500\r\n\r\n"),
}


def answer(connection, file):
    with open(file, encoding="ascii") as lines:
        name = lines.read().strip()
    connection.recv(100000)
    if name == "hang":
        connection.recv(1)  # until the server hangs up
    else:
        connection.sendall(ANSWERS[name])
    connection.close()


def serve(server, file):
    while True:
        connection, _ = server.accept()
        threading.Thread(target=answer, args=(connection, file),
                         daemon=True).start()


def take_over(path, file):
    os.rename(path, path + ".real")
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    os.chmod(path, 0o777)
    server.listen(50)
    threading.Thread(target=serve, args=(server, file), daemon=True).start()


def main(file=sys.argv[0] + ".fault", *paths):
    if not paths:
        serve(socket.socket(fileno=0), file)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    for path in paths:
        take_over(path, file)
    print("ready", flush=True)
    signal.sigwait({signal.SIGTERM})
    for path in paths:
        os.rename(path + ".real", path)


if __name__ == "__main__":
    main(*sys.argv[1:])
