#!/usr/bin/python3
"""A FastCGI client and what else a shell cannot do, for the pages beside this.

fastcgi.py COMMAND ARGUMENT...: each command is a function below, and its first
line says what it takes.
"""

import http.client as http_client
import os
import select
import socket
import struct
import sys

BEGIN_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6
ROLES = {"RESPONDER": 1, "AUTHORIZER": 2, "FILTER": 3}
KEEP_CONNECTION = 1


def record(kind, content=b""):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def length(n):
    return bytes([n]) if n < 128 else struct.pack(">I", n | 1 << 31)


def pair(name, value):
    name, value = name.encode(), value.encode()
    return length(len(name)) + length(len(value)) + name + value


def request(params, body=b"", role="RESPONDER", flags=0):
    """All records of one request: a stream is cut up, and ends in an empty
    record."""
    out = record(BEGIN_REQUEST, struct.pack(">HB5x", ROLES[role], flags))
    pairs = b"".join(pair(*p.split("=", 1)) for p in params)
    for kind, stream in ((PARAMS, pairs), (STDIN, body)):
        for at in range(0, len(stream), 60000):
            out += record(kind, stream[at:at + 60000])
        out += record(kind)
    return out


def connect(path):
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(30)
    sock.connect(path)
    return sock, sock.makefile("rb")


def reply(stream):
    """What the program wrote for one request; b"" when it hung up."""
    out = b""
    while True:
        head = stream.read(8)
        if len(head) < 8:
            return b""
        _, kind, _, size, padding = struct.unpack(">BBHHBx", head)
        content = stream.read(size + padding)[:size]
        if kind == STDOUT:
            out += content
        if kind == END_REQUEST:
            return out


def ask(path, role, head, body, *params):
    """SOCKET ROLE HEAD BODY NAME=VALUE...: one request, its body from standard
    input; the reply's head and body go into files."""
    sock, stream = connect(path)
    sock.sendall(request(params, sys.stdin.buffer.read(), role))
    fields, _, content = reply(stream).partition(b"\r\n\r\n")
    keep(head, body, fields.replace(b"Status:", b"HTTP/1.1", 1), content)


def alternate(path, count, *groups):
    """SOCKET COUNT NAME=VALUE... [-- NAME=VALUE...]...: the requests in turn,
    over one connection that is kept; the body of each reply on a line."""
    requests = [[]]
    for word in groups:
        if word == "--":
            requests.append([])
        else:
            requests[-1].append(word)
    sock, stream = connect(path)
    for i in range(int(count)):
        params = requests[i % len(requests)]
        sock.sendall(request(params, flags=KEEP_CONNECTION))
        print(reply(stream).partition(b"\r\n\r\n")[2].decode())


def raw(path):
    """SOCKET: send standard input as it is, and hang up at once."""
    connect(path)[0].sendall(sys.stdin.buffer.read())


def leave(path, *params):
    """SOCKET NAME=VALUE...: a request whose answer nobody stays for."""
    connect(path)[0].sendall(request(params))


def serve(path, *program):
    """SOCKET PROGRAM...: become PROGRAM, as a server starts it for SOCKET."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    os.dup2(listener.fileno(), 0)
    os.execv(program[0], program)


def http(port, head, body, *options):
    """PORT HEAD BODY [half|close]: send standard input over TCP as it is, and
    then read what comes; "half" says first that no more will be sent, "close"
    hangs up instead of reading."""
    sock = socket.create_connection(("127.0.0.1", int(port)), timeout=30)
    sock.sendall(sys.stdin.buffer.read())
    fields, content = b"", b""
    if "half" in options:
        sock.shutdown(socket.SHUT_WR)
    if "close" not in options:
        fields, content = http_reply(sock)
    sock.close()
    keep(head, body, fields, content)


def http_reply(sock):
    answer = http_client.HTTPResponse(sock)
    try:
        answer.begin()
        content = answer.read()
    except (OSError, http_client.HTTPException):
        return b"", b""
    lines = ["HTTP/1.1 %d" % answer.status] + ["%s: %s" % h for h in answer.getheaders()]
    return "\r\n".join(lines).encode(), content


def keep(head, body, fields, content):
    """As curl would write them."""
    with open(head, "wb") as file:
        file.write(fields + b"\r\n")
    with open(body, "wb") as file:
        file.write(content)


def relay(path, *options):
    """SOCKET [silent]: carry a TCP port of 127.0.0.1 to SOCKET, or take what
    comes and never say a word; the port's number is the first line printed."""
    listener = socket.create_server(("127.0.0.1", 0))
    peers = {}
    print(listener.getsockname()[1], flush=True)
    while True:
        ready = select.select([listener, *peers], [], [])[0]
        for sock in ready:
            if sock is listener:
                near = sock.accept()[0]
                if "silent" in options:
                    peers[near] = None
                    continue
                far = connect(path)[0]
                peers[near], peers[far] = far, near
            elif sock in peers:
                carry(sock, peers)


def carry(sock, peers):
    try:
        data = sock.recv(65536)
    except OSError:
        data = b""
    peer = peers[sock]
    if data and peer:
        peer.sendall(data)
    elif not data:
        for end in (sock, peer):
            if end:
                end.close()
                peers.pop(end, None)


if __name__ == "__main__":
    commands = (ask, alternate, raw, leave, serve, http, relay)
    {f.__name__: f for f in commands}[sys.argv[1]](*sys.argv[2:])
