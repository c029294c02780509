#!/usr/bin/python3
"""What the processes of a target use.

processes.py cpu PID...   CPU seconds so far of each PID and all below it, those
                          that have ended included: a line for each
processes.py all PID...   and behind that, of those that live, the memory (PSS,
                          KiB) and how many there are, without the shells that
                          hold a target together
processes.py settle PID   wait until they have nothing more to do

PID,PID... in place of a PID: its memory and number, but as CPU seconds those of
the whole machine without the others' own.  mod_cgid's programs leave no account
of theirs with anybody.
"""
import os
import sys
import time

TICK = os.sysconf("SC_CLK_TCK")
SHELLS = ("sh", "bash", "dash")


def read_stat(pid):
    """(parent, name, CPU seconds) of one process, or None: it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
            text = f.read()
    except OSError:
        return None
    name = text[text.index("(") + 1 : text.rindex(")")]
    rest = text[text.rindex(")") + 2 :].split()
    # proc(5): ppid is field 4; utime, stime, cutime, cstime are 14 to 17.
    return int(rest[1]), name, sum(int(n) for n in rest[11:15]) / TICK


def all_processes():
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            stat = read_stat(entry)
            if stat is not None:
                found[int(entry)] = stat
    return found


def tree(root, processes):
    """The PIDs of a process and all below it."""
    below = [root] if root in processes else []
    for pid in below:
        below.extend(p for p, stat in processes.items() if stat[0] == pid)
    return below


def pss(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as f:
            for line in f:
                if line.startswith("Pss:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def cpu(pids, processes):
    return sum(processes[pid][2] for pid in pids)


def machine_cpu():
    """Seconds that all processors have worked: proc(5), stat."""
    with open("/proc/stat", encoding="utf-8") as f:
        user, nice, system, _idle, _iowait, irq, softirq = f.readline().split()[1:8]
    return sum(int(n) for n in (user, nice, system, irq, softirq)) / TICK


def describe(root, others, processes, with_memory):
    pids = tree(root, processes)
    spent = cpu(pids, processes)
    if others:
        spent = machine_cpu() - cpu(others, processes)
    line = f"{spent:.2f}"
    if with_memory:
        servers = [p for p in pids if processes[p][1] not in SHELLS]
        line += f" {sum(pss(p) for p in servers)} {len(servers)}"
    return line


def settle(root):
    last = None
    for _ in range(300):
        processes = all_processes()
        now = cpu(tree(root, processes), processes)
        if last is not None and now - last <= 1.5 / TICK:
            return
        last = now
        time.sleep(0.1)


def main():
    command = sys.argv[1]
    roots = [[int(pid) for pid in word.split(",")] for word in sys.argv[2:]]
    if command == "settle":
        settle(roots[0][0])
        return
    processes = all_processes()
    for root, *others in roots:
        print(describe(root, others, processes, command == "all"))


if __name__ == "__main__":
    main()
