"""results.json as bars: one group a scenario, one bar a target, in SVG."""
from xml.sax.saxutils import escape

CONNECTIONS = 16
WIDTH, LEFT, BAR, GAP, GROUP = 760, 130, 15, 4, 30
LONGEST = 360

# scenario in results.json: its title, and whose bars it has
GROUPS = [
    ("index", "GET /"),
    ("me", "GET me: one SELECT"),
    ("guard", "a guarded static file"),
    ("refresh-token", "POST refresh-token: a durable commit"),
    ("login", "POST login: bcrypt, cost 10"),
    ("register", "POST register: bcrypt, cost 10, and a durable commit"),
]
TARGETS = ["floor", "latchkey", "fastify", "express", "express-tutorial", "php-fpm"]

# A ground of its own, so that it can be read on any page.
STYLE = """
    .ground { fill: #ffffff } text { font: 12px sans-serif; fill: #1f2328 }
    .title { font-weight: bold } .note { fill: #59636e }
    .latchkey { fill: #0969da } .floor { fill: #8c959f } .peer { fill: #d4a72c }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117 } text { fill: #f0f6fc } .note { fill: #9198a1 }
      .latchkey { fill: #4493f8 } .floor { fill: #656c76 } .peer { fill: #9e6a03 }
    }
"""


def text(x, y, words, kind="", anchor="start"):
    return (
        f'  <text x="{x}" y="{y}" class="{kind}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def bar(y, row, longest):
    width = max(LONGEST * row["requests_per_s"] / longest, 1)
    target = row["target"]
    kind = target if target in ("latchkey", "floor") else "peer"
    rate = row["requests_per_s"]
    words = f"{rate:,.0f}/s" if rate >= 100 else f"{rate:.1f}/s"
    words += f" · 99 % within {row['p99_ms']:,.3g} ms"
    return [
        text(LEFT - 8, y + BAR - 3, target, anchor="end"),
        f'  <rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" class="{kind}"/>',
        text(LEFT + width + 6, y + BAR - 3, words, "note"),
    ]


def group(y, title, rows):
    lines = [text(10, y + 14, title, "title")]
    longest = max(row["requests_per_s"] for row in rows)
    y += 22
    for row in rows:
        lines += bar(y, row, longest)
        y += BAR + GAP
    return lines, y + GROUP - BAR


def draw(results):
    found = {
        (c["scenario"], c["target"]): c
        for c in results["cells"]
        if c["connections"] == CONNECTIONS
    }
    y, lines = 34, []
    lines.append(
        text(10, 20, f"Requests per second, {CONNECTIONS} connections; longer is better")
    )
    for scenario, title in GROUPS:
        rows = [found[scenario, t] for t in TARGETS if (scenario, t) in found]
        if rows:
            more, y = group(y, title, rows)
            lines += more
    machine = results["machine"]
    lines.append(
        text(10, y + 8, f"{machine['cores']} cores of {machine['processor']}, "
             f"{results['date']}; floor: libfcgi and Connector/C alone", "note")
    )
    height = y + 22
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" '
        'aria-label="Requests per second of Latchkey and others">\n'
        f"  <style>{STYLE}  </style>\n"
        f'  <rect width="{WIDTH}" height="{height}" rx="6" class="ground"/>\n'
        + "\n".join(lines)
        + "\n</svg>\n"
    )
