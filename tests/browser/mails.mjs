// The mails, as MAIL_COMMAND got them: a file each, named by the time.

import { readdirSync, readFileSync } from "node:fs";

const box = process.env.LATCHKEY_MAILS;
const taken = new Set();

// Both parts are quoted-printable (RFC 2045, 6.7), and begin with the text.
function read(name) {
	const raw = readFileSync(`${box}/${name}`, "latin1");
	const text = Buffer.from(raw.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g,
		(_, hex) => String.fromCharCode(parseInt(hex, 16))), "latin1").toString();
	return {
		text,
		to: text.match(/^To:\s+<?([^\s>]+)/m)[1],
		language: text.match(/^Content-Language:\s+(\S+)/m)[1],
		link: text.match(/http\S+\/auth\/\S+/)?.[0] ?? "",
		code: text.match(/^ +([0-9A-Z]{4}-[0-9A-Z]{4})\s*$/m)?.[1],
	};
}

// mail(ADDRESS, PAGE): the next one to there that leads to that page: its text,
// its language, its link and its code.
export async function mail(address, page) {
	for (const end = Date.now() + 30000; Date.now() < end;) {
		for (const name of readdirSync(box).filter(n => n.endsWith(".eml")).sort()) {
			const found = taken.has(name) ? {} : read(name);
			if (found.to === address && found.link.includes(`/${page}.html`)) {
				taken.add(name);
				return found;
			}
		}
		await new Promise(resolve => setTimeout(resolve, 50));
	}
	throw new Error(`no mail to ${address} leads to ${page}`);
}
