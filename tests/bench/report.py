#!/usr/bin/python3
"""Medians, ratios, a table and a chart of what bench.sh has measured.

report.py SAMPLES RESULTS SECONDS USERS    print the tables; RESULTS/results.json,
                                           RESULTS/results.svg
report.py --readme RESULTS.JSON README     write the tables into the page, between
                                           its two marks
"""
import json
import os
import subprocess
import sys
from statistics import median

sys.dont_write_bytecode = True
import chart  # noqa: E402  (after that line, or it leaves a directory here)

OURS = "latchkey"
COLUMNS = ("requests_per_s", "p50_ms", "p99_ms", "cpu_us", "db_cpu_us")
MARKS = ("<!-- results: bench.sh writes from here -->", "<!-- to here -->")

# At 16 connections: scenario, what we are compared with, at least how much of it.
GOALS = [
    ("me", "floor", 0.90),
    ("guard", "floor", 0.90),
    ("refresh-token", "floor", 0.90),
    ("login", "floor", 0.97),
    ("index", "floor", 0.97),
    ("me", "php-fpm", 1.5),
    ("refresh-token", "best peer", 1.3),
]
# Everywhere, against every peer: figure, what is worst, the bound.
EVERYWHERE = [
    ("requests_per_s", min, 1.0),
    ("p99_ms", max, 1.0),
    ("cpu_us", max, 0.85),
]


def floor_of(target):
    """The floor under the same server: latchkey-fcgid has floor-fcgid."""
    kind = target.rsplit("-", 1)[-1]
    return f"floor-{kind}" if kind in ("fcgid", "proxy", "cgi", "nginx") else "floor"


def is_ours(target):
    return target.split("-")[0] == OURS


def is_shipped(target):
    """Ours as it is shipped, behind any server."""
    return target == OURS + floor_of(target).removeprefix("floor")


def is_floor(target):
    return target.split("-")[0] == "floor"


# --- Samples to cells ---
def figures(sample):
    requests = max(sample["requests"], 1)
    return {
        "requests_per_s": sample["requests"] / sample["seconds"],
        "p50_ms": sample["p50_ms"],
        "p99_ms": sample["p99_ms"],
        "cpu_us": sample["cpu_s"] * 1e6 / requests,
        "db_cpu_us": sample["db_cpu_s"] * 1e6 / requests,
    }


def by_cell(samples):
    """{(scenario, connections): {target: {round: sample}}}"""
    cells = {}
    for s in samples:
        cell = cells.setdefault((s["scenario"], s["connections"]), {})
        cell.setdefault(s["target"], {})[s["round"]] = s
    return cells


def ratio(rounds, others, figure="requests_per_s"):
    """The median of the ratios within each round."""
    shares = [
        figures(rounds[r])[figure] / figures(others[r])[figure]
        for r in rounds
        if r in others and figures(others[r])[figure] > 0
    ]
    return round(median(shares), 3) if shares else None


def summary(target, cell):
    rounds = cell[target]
    rows = [figures(s) for s in rounds.values()]
    result = {name: round(median(r[name] for r in rows), 3) for name in COLUMNS}
    rates = [r["requests_per_s"] for r in rows]
    middle = max(median(rates), 1e-9)
    result["spread"] = round((max(rates) - min(rates)) / 2 / middle, 3)
    result["errors"] = sum(s["errors"] for s in rounds.values())
    result["rounds"] = len(rounds)
    result["answer_bytes"] = round(
        sum(s["bytes"] for s in rounds.values())
        / max(sum(s["requests"] for s in rounds.values()), 1)
    )
    if not is_floor(target) and floor_of(target) in cell:
        result["of_floor"] = ratio(rounds, cell[floor_of(target)])
    if is_ours(target):
        result["ratios"] = {
            other: {name: ratio(rounds, cell[other], name) for name in COLUMNS}
            for other in cell
            if not is_ours(other) and floor_of(other) == floor_of(target)
        }
    return result


def resources(samples):
    """Memory and processes of each target: idle, and the most there was."""
    found = {}
    for s in samples:
        entry = found.setdefault(s["target"], {"loaded_pss_kib": 0, "processes": 0})
        entry["processes"] = max(entry["processes"], s["processes"])
        if "idle" in s:
            entry["idle_pss_kib"], entry["bytes"] = s["pss_kib"], s["bytes"]
        else:
            entry["loaded_pss_kib"] = max(entry["loaded_pss_kib"], s["pss_kib"])
    return found


# --- The machine ---
def first_line(*command):
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=20
        )
        return (done.stdout or done.stderr).strip().splitlines()[0]
    except (OSError, IndexError):
        return "none"


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        models = [line.split(":", 1)[1].strip() for line in f if "model name" in line]
    with open("/proc/meminfo", encoding="utf-8") as f:
        memory = int(f.readline().split()[1])
    return {
        "processor": models[0] if models else "unknown",
        "cores": os.cpu_count(),
        "memory_mib": memory // 1024,
        "system": first_line("sh", "-c", '. /etc/os-release; echo "$PRETTY_NAME"'),
        "kernel": os.uname().release,
        "load_before": os.environ.get("BENCH_LOAD", ""),
    }


def versions():
    return {
        "latchkey": first_line(
            "git", "-C", os.path.dirname(__file__), "describe", "--always", "--dirty"
        ),
        "lighttpd": first_line("lighttpd", "-v"),
        "apache": first_line("apache2", "-v"),
        "mariadb": first_line("mariadbd", "--version"),
        "node": first_line("node", "--version"),
        "php": first_line("php", "--version"),
        "wrk": first_line("wrk", "--version"),
    }


def reduce_samples(samples, seconds, users):
    measured = [s for s in samples if "idle" not in s]
    return {
        "date": first_line("date", "-u", "+%Y-%m-%dT%H:%MZ"),
        "machine": machine(),
        "versions": versions(),
        "seconds_each": int(seconds),
        "users": int(users),
        "cells": [
            {"scenario": scenario, "connections": count, "target": target}
            | summary(target, cell)
            for (scenario, count), cell in by_cell(measured).items()
            for target in sorted(cell)
        ],
        "resources": resources(samples),
    }


# --- Tables ---
def number(value):
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def times(value):
    return "-" if value is None else f"{value:.2f}"


def ours_against(row, cells):
    """What ours makes of it: ours / this one, by the round."""
    for other in cells:
        if is_shipped(other["target"]) and all(
            other[key] == row[key] for key in ("scenario", "connections")
        ):
            if row["target"] in other["ratios"]:
                return other["ratios"][row["target"]]["requests_per_s"]
    return None


def cell_row(row, cells):
    return [
        row["scenario"],
        str(row["connections"]),
        row["target"],
        number(row["requests_per_s"]),
        f"{row['spread'] * 100:.0f} %",
        number(row["p50_ms"]),
        number(row["p99_ms"]),
        number(row["cpu_us"]),
        number(row["db_cpu_us"]),
        str(row["errors"]),
        times(row.get("of_floor")),
        times(ours_against(row, cells)),
    ]


def cell_table(results):
    head = ["scenario", "conn.", "target", "req/s", "±", "p50 ms", "p99 ms"]
    head += ["CPU µs", "DB µs", "errors", "of floor", "ours : it"]
    return [head] + [cell_row(row, results["cells"]) for row in results["cells"]]


def resource_table(results):
    table = [["target", "idle MiB", "loaded MiB", "processes", "KiB to install"]]
    for target, r in results["resources"].items():
        idle = r.get("idle_pss_kib")
        table.append(
            [
                target,
                "-" if idle is None else f"{idle / 1024:.1f}",
                f"{r['loaded_pss_kib'] / 1024:.1f}",
                str(r["processes"]),
                f"{r['bytes'] / 1024:,.0f}" if r.get("bytes") else "-",
            ]
        )
    return table


def peer_ratios(row, figure):
    """[(ours / peer, where, peer)] of a row of ours"""
    where = f"{row['scenario']}, {row['connections']}"
    return [
        (values[figure], where, peer)
        for peer, values in row.get("ratios", {}).items()
        if not is_floor(peer) and values[figure] is not None
    ]


def goal_row(goal, results):
    scenario, against, wanted = goal
    for row in results["cells"]:
        if (row["target"], row["scenario"], row["connections"]) != (OURS, scenario, 16):
            continue
        got = row["ratios"].get(against, {}).get("requests_per_s")
        if against == "best peer":
            got = min(peer_ratios(row, "requests_per_s"), default=(None,))[0]
        if got is not None:
            verdict = "yes" if got >= wanted else "no"
            return [f"{scenario}, 16", "req/s", against, f"≥ {wanted}", times(got), verdict]
    return None


def everywhere_row(claim, results):
    figure, worst, bound = claim
    ratios = [
        r
        for row in results["cells"]
        if is_shipped(row["target"])
        for r in peer_ratios(row, figure)
    ]
    if not ratios:
        return None
    got, where, peer = worst(ratios)
    met = got >= bound if worst is min else got <= bound
    sign = "≥" if worst is min else "≤"
    return [f"worst: {where}", figure, peer, f"{sign} {bound}", times(got), "yes" if met else "no"]


def memory_row(results):
    ours, php = (results["resources"].get(t) for t in (OURS, "php-fpm"))
    if not ours or not php:
        return None
    got = ours["loaded_pss_kib"] / php["loaded_pss_kib"]
    met = "yes" if got <= 1 else "no"
    return ["all programs, loaded", "memory", "php-fpm", "≤ 1.0", times(got), met]


def goal_table(results):
    head = ["where", "figure", "ours compared with", "goal", "got", "met"]
    rows = [goal_row(goal, results) for goal in GOALS]
    rows += [everywhere_row(claim, results) for claim in EVERYWHERE]
    rows.append(memory_row(results))
    return [head] + [row for row in rows if row]


def aligned(table):
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        cells = [
            c.rjust(w) if c[:1].isdigit() or c == "-" else c.ljust(w)
            for c, w in zip(row, widths)
        ]
        yield "  ".join(cells).rstrip()


def markdown(table):
    yield "| " + " | ".join(table[0]) + " |"
    yield "| " + " | ".join("---" for _ in table[0]) + " |"
    for row in table[1:]:
        yield "| " + " | ".join(row) + " |"


def tables(results):
    return [
        t for t in map(lambda f: f(results), (cell_table, resource_table, goal_table))
        if len(t) > 1
    ]


def same_size(row, cells):
    """
    Bytes of our answer in those of the floor's, headers included; of a log-in
    they do not matter.
    """
    if row["scenario"] in ("login", "register"):
        return 1
    for c in cells:
        if c["target"] == "floor" and (c["scenario"], c["connections"]) == (
            row["scenario"],
            row["connections"],
        ):
            return row["answer_bytes"] / max(c["answer_bytes"], 1)
    return 1


# --- The page ---
def page(results):
    m = results["machine"]
    lines = [
        "",
        f"{results['date']}, {results['versions']['latchkey']}: {m['cores']} cores of"
        f" {m['processor']}, {m['memory_mib']} MiB, {m['system']}, Linux {m['kernel']};"
        f" {results['seconds_each']} s each.",
        "",
        "![requests per second at 16 connections](results/results.svg)",
    ]
    for table in tables(results):
        lines += ["", *markdown(table)]
    return "\n".join(lines) + "\n\n"


def write_page(results_path, page_path):
    with open(results_path, encoding="utf-8") as f:
        results = json.load(f)
    with open(page_path, encoding="utf-8") as f:
        text = f.read()
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    with open(page_path, "w", encoding="utf-8") as f:
        f.write(before + MARKS[0] + "\n" + page(results) + MARKS[1] + after)


def main():
    if sys.argv[1] == "--readme":
        write_page(sys.argv[2], sys.argv[3])
        return
    path, out, seconds, users = sys.argv[1:]
    with open(path, encoding="utf-8") as f:
        results = reduce_samples([json.loads(line) for line in f], seconds, users)
    with open(f"{out}/results.json", "w", encoding="utf-8") as f:
        json.dump(results, f, indent=1, ensure_ascii=False)
        f.write("\n")
    with open(f"{out}/results.svg", "w", encoding="utf-8") as f:
        f.write(chart.draw(results))
    for table in tables(results):
        print("\n".join(aligned(table)), end="\n\n")
    for c in results["cells"]:
        if c["target"] == OURS and not 0.97 < same_size(c, results["cells"]) < 1.03:
            print(f"{c['scenario']}: our answer is not as long as the floor's: mend floors/")
    failed = [c for c in results["cells"] if c["errors"] > 0]
    for c in failed:
        print(f"errors: {c['errors']} of {c['target']}, {c['scenario']}, {c['connections']}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
