// What the themes beside this are written in: one browser, a fresh context for
// every test, and TAP.  Whatever a test is about, its pages also have to leave
// the console empty and to ask nobody but this site: the last line of each.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

export { assert };
export const usual = process.env.LATCHKEY_USUAL; // with a grace, and mail
export const wary = process.env.LATCHKEY_WARY; // wants addresses confirmed, too
export const client = process.env.LATCHKEY_CLIENT; // another origin
export const at = name => `${site}/auth/${name}.html`;

// What the test in hand is about: the site without grace or mail, or the one
// that its options name.
export let site, api, me, rotation;
visit();

function visit(url = process.env.LATCHKEY_URL) {
	site = url;
	api = `${site}/api/v1/users`;
	me = `${api}/me`;
	rotation = `${api}/refresh-token`;
}

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM,
	args: ["--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update",
		"--disable-sync"],
	chromiumSandbox: process.getuid() !== 0,
});

let tests = 0;

function report(good, text, trouble = "") {
	tests += 1;
	console.log(`${good ? "" : "not "}ok ${tests} - ${text.replaceAll("#", "\\#")}`);
	if (!good)
		console.error(`${tests}: ${text}\n${trouble}`.replace(/^/gm, "# "));
}

export async function finish() {
	await browser.close();
	console.log(`1..${tests}`);
}

// A context whose pages are listened to; options are Playwright's.
async function device(test, options) {
	const context = await browser.newContext({
		locale: "en-GB", viewport: { width: 1280, height: 800 }, ...options,
	});
	const origins = new Set([site, ...options.origins ?? []]);

	context.setDefaultTimeout(30000);
	context.on("weberror", e => test.noise.push(`uncaught: ${e.error()}`));
	context.on("console", m => {
		// The icon of the site itself is the site's; this one has none.
		if (["error", "warning"].includes(m.type()) &&
			m.location().url !== `${site}/favicon.ico`)
			test.noise.push(heard(m));
	});
	context.on("request", r => {
		test.requests.push(r);
		if (!origins.has(new URL(r.url()).origin))
			test.noise.push(`asked elsewhere: ${r.url()}`);
		if (/(@|%40)example\.org/.test(sent(r)))
			test.noise.push(`an address in a URL: ${r.url()}`);
	});
	test.contexts.push(context);
	return context;
}

// What a server sees, and may log.
const sent = request => request.url().split("#")[0];

// test(ABOUT, [OPTIONS,] BODY): about the site that OPTIONS have as "on"; BODY
// gets what a test needs:
//   page      a page of a context of its own, made with OPTIONS
//   check     check(TEXT, ASYNC FUNCTION): one line of TAP; true if it was good
//   device    another context, made with the options given
//   refused   refused(URL, TROUBLE): one line that Chromium writes to the
//             console of itself, for a request that is meant to fail
//   asked     asked(METHOD, URL): how many such requests were sent so far
//   urls      urls(): of all requests so far
export async function test(about, ...rest) {
	const body = rest.pop(), options = rest[0] ?? {};
	const run = { noise: [], requests: [], contexts: [], expected: [] };
	const check = async (text, claim) => {
		try {
			await claim();
		} catch (e) {
			report(false, `${about}: ${text}`, await state(run, e));
			return false;
		}
		report(true, `${about}: ${text}`);
		return true;
	};

	visit(options.on);
	try {
		const context = await device(run, options);
		await body({
			check, context,
			page: await context.newPage(),
			device: (options = {}) => device(run, options),
			refused: (url, trouble) => run.expected.push(failure(url, trouble)),
			asked: (method, url) => run.requests.filter(r =>
				r.method() === method && r.url() === url).length,
			urls: () => run.requests.map(sent),
		});
	} catch (e) {
		report(false, `${about}: to its end`, await state(run, e));
	}
	for (const context of run.contexts)
		await context.close();
	visit();
	report(same(run.noise, run.expected), `${about}: nothing in the console`,
		`heard:\n${run.noise.join("\n")}\nexpected:\n${run.expected.join("\n")}`);
}

// Without the words behind a status, which servers are free in.
const heard = message => `${message.text()} <${message.location().url}>`
	.replace(/( with a status of \d+) \(.*\) </, "$1 <");

const same = (a, b) => a.sort().join("\n") === b.sort().join("\n");

function failure(url, trouble) {
	const said = typeof trouble === "number" ?
		`the server responded with a status of ${trouble}` : trouble;
	return `Failed to load resource: ${said} <${url}>`;
}

// What a person would look at first.
async function state(run, error) {
	const lines = [error.stack];
	for (const page of run.contexts.flatMap(c => c.pages())) {
		const text = await page.locator("body").innerText({ timeout: 1000 })
			.catch(() => "");
		lines.push(`--- ${page.url()}`, text.slice(0, 1500));
	}
	return [...lines, "--- console", ...run.noise].join("\n");
}

// --- Users, signed up and logged in without a page ---

let users = 0;

// ask(METHOD, NAME, [FIELDS, [HEADERS]]): an endpoint, from outside of any page.
export function ask(method, name, fields, headers = {}) {
	return fetch(`${api}/${name}`, {
		method, headers: { "Content-Type": "application/json", ...headers },
		body: fields && JSON.stringify(fields),
	});
}

export function newAddress() {
	users += 1;
	return `browser-${process.pid}-${users}@example.org`;
}

export async function newUser() {
	const user = { email: newAddress(), password: "correct horse" };
	const reply = await ask("POST", "register", user);
	assert.equal(reply.status, 201);
	return user;
}

// logIn(CONTEXT, USER, [AGENT]): a session, its cookies in the context as the
// program sets them; returns the tokens.
export async function logIn(context, user, agent = "a browser") {
	const reply = await ask("POST", "login", user, { "User-Agent": agent });
	assert.equal(reply.status, 200);
	await context.addCookies(reply.headers.getSetCookie().map(cookie));
	return reply.json();
}

function cookie(line) {
	const [, name, value, path, age] =
		line.match(/^(\w+)=([^;]*); Path=([^;]*); Max-Age=(\d+); /);
	return { name, value, path, domain: "127.0.0.1", httpOnly: true, secure: true,
		sameSite: "Lax", expires: Math.floor(Date.now() / 1000) + Number(age) };
}

export async function cookieValue(context, name) {
	return (await context.cookies()).find(c => c.name === name)?.value;
}

// Time passes: the browser has dropped the access token's cookie with it ...
export function forgetAccessToken(context) {
	return context.clearCookies({ name: "accessToken" });
}

// ... or its clock is slow and it still sends a token that expired an hour ago.
export async function expireAccessToken(context) {
	const cookies = await context.cookies();
	const old = cookies.find(c => c.name === "accessToken");
	const [head, payload] = old.value.split(".");
	const claims = JSON.parse(Buffer.from(payload, "base64url"));
	const hour = 3600 + claims.exp - claims.iat;
	claims.iat -= hour;
	claims.exp -= hour;
	const signed = `${head}.` +
		Buffer.from(JSON.stringify(claims)).toString("base64url");
	const mac = createHmac("sha256", secret()).update(signed).digest("base64url");
	await context.addCookies([{ ...old, value: `${signed}.${mac}` }]);
}

function secret() {
	const settings = readFileSync(process.env.LATCHKEY_ENV, "utf8");
	return settings.match(/^ACCESS_TOKEN_SECRET=(.*)$/m)[1];
}

// refreshAfter(CONTEXT, REFUSALS): no refresh gets through until so many requests
// for me have met their 401: "at once" is then no matter of luck.
export async function refreshAfter(context, refusals) {
	let all;
	const seen = new Promise(resolve => { all = resolve; });
	context.on("response", reply => {
		if (reply.url() === me && reply.status() === 401 && (refusals -= 1) === 0)
			all();
	});
	await context.route(rotation, async route => {
		await seen;
		await route.continue();
	});
}
