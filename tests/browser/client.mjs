// The client module, in a front end of another origin with a copy of it.  Its
// page has window.latchkey, and counts in window.signedOut.

import { createServer } from "node:http";
import { api, assert, client, expireAccessToken, forgetAccessToken, logIn, me,
	newUser, refreshAfter, rotation, site, test } from "./harness.mjs";

const module = await (await fetch(`${site}/auth/latchkey.js`)).text();
const html = `<!DOCTYPE html><html lang="en"><title>A front end</title>
<link rel="icon" href="data:,">
<script type="module">
	import * as latchkey from '/latchkey.js';
	window.signedOut = 0;
	latchkey.setup({ api: '${api}', onSignedOut: () => { signedOut += 1; } });
	window.latchkey = latchkey;
</script>`;

const server = createServer((asked, reply) => {
	const script = asked.url === "/latchkey.js";
	reply.setHeader("Content-Type", script ? "text/javascript" : "text/html");
	reply.end(script ? module : html);
}).listen(new URL(client).port, "127.0.0.1");

const elsewhere = { origins: [client] };

async function open(page) {
	await page.goto(client);
	await page.waitForFunction("window.latchkey");
}

// request(PAGE, URL, [INIT]): what the module's request() comes to.
function request(page, url, init) {
	return page.evaluate(async ([url, init]) => {
		const reply = await window.latchkey.request(url, init);
		return { status: reply.status, ...await reply.json() };
	}, [url, init]);
}

const posted = fields => ({ method: "POST", body: JSON.stringify(fields),
	headers: { "Content-Type": "application/json" } });

const signedOut = page => page.evaluate("window.signedOut");

for (const [how, expire] of [["expired", expireAccessToken],
	["was dropped by the browser", forgetAccessToken]]) {
	await test(`A front end elsewhere, whose access token ${how}`, elsewhere,
		async ({ page, context, check, refused, asked }) => {
			const user = await newUser();
			await logIn(context, user);
			await open(page);
			await expire(context);
			refused(me, 401);
			await check("gets its answer", async () =>
				assert.equal((await request(page, me)).user.email, user.email));
			await check("by one refresh and one repetition", async () => {
				assert.equal(asked("POST", rotation), 1);
				assert.equal(asked("GET", me), 2);
			});
			await check("and needs neither for the next", async () => {
				assert.equal((await request(page, me)).status, 200);
				assert.equal(asked("POST", rotation), 1);
				assert.equal(asked("GET", me), 3);
			});
		});
}

await test("A front end elsewhere", elsewhere,
	async ({ page, context, check, refused, asked }) => {
		const user = await newUser();
		const change = `${api}/change-password`;
		await logIn(context, user);
		await open(page);

		refused(change, 401);
		await check("gets a wrong password said once, and unrefreshed", async () => {
			const reply = await request(page, change,
				posted({ oldPassword: "wrong one", newPassword: "battery staple" }));
			assert.equal(reply.status, 401);
			assert.equal(reply.message, "Incorrect password");
			assert.equal(asked("POST", change), 1);
			assert.equal(asked("POST", rotation), 0);
		});

		await expireAccessToken(context);
		refused(change, 401);
		await check("has its body repeated with the request", async () => {
			const reply = await request(page, change,
				posted({ oldPassword: user.password, newPassword: "battery staple" }));
			assert.equal(reply.message, "Password changed successfully");
			assert.equal(asked("POST", rotation), 1);
		});

		await expireAccessToken(context);
		refused(change, 401);
		await check("and that of a Request object too", async () => {
			const message = await page.evaluate(async ([url, init]) => {
				const reply = await window.latchkey.request(new Request(url, init));
				return (await reply.json()).message;
			}, [change, posted({ oldPassword: "battery staple",
				newPassword: user.password })]);
			assert.equal(message, "Password changed successfully");
			assert.equal(asked("POST", rotation), 2);
		});

		await check("refreshes when it is asked to", async () => {
			assert.equal(await page.evaluate("window.latchkey.refresh()"), true);
			assert.equal(asked("POST", rotation), 3);
			assert.equal(await signedOut(page), 0);
		});
	});

await test("A front end elsewhere, of nobody", elsewhere,
	async ({ page, check, refused, asked }) => {
		await open(page);
		refused(me, 401);
		refused(rotation, 401);
		await check("gets the 401", async () =>
			assert.equal((await request(page, me)).message, "Token not found"));
		await check("after one refresh in vain, and is told", async () => {
			assert.equal(asked("GET", me), 1);
			assert.equal(asked("POST", rotation), 1);
			assert.equal(await signedOut(page), 1);
		});
		refused(rotation, 401);
		await check("knows it by refresh(), too", async () =>
			assert.equal(await page.evaluate("window.latchkey.refresh()"), false));
	});

// --- At once ---

const without = {
	"with Web Locks": "",
	"without Web Locks":
		'Object.defineProperty(navigator, "locks", { value: undefined })',
	"where storage is forbidden": `for (const name of ["localStorage", "caches"])
		Object.defineProperty(window, name,
			{ get() { throw new DOMException("no", "SecurityError"); } });`,
};

for (const [how, script] of Object.entries(without)) {
	await test(`Ten requests at once, ${how}`, elsewhere,
		async ({ page, context, check, refused, asked }) => {
			await context.addInitScript(script);
			await logIn(context, await newUser());
			await open(page);
			await expireAccessToken(context);
			await refreshAfter(context, 10);
			for (let i = 0; i < 10; i += 1) refused(me, 401);
			await check("are all answered", async () => {
				const replies = await Promise.all(
					Array.from({ length: 10 }, () => request(page, me)));
				assert.deepEqual(replies.map(r => r.status), Array(10).fill(200));
			});
			await check("after one refresh", async () => {
				assert.equal(asked("POST", rotation), 1);
				assert.equal(await signedOut(page), 0);
			});
		});
}

await test("Two tabs at once", elsewhere,
	async ({ page, context, check, refused, asked }) => {
		const other = await context.newPage();
		await logIn(context, await newUser());
		await Promise.all([open(page), open(other)]);
		await expireAccessToken(context);
		await refreshAfter(context, 6);
		for (let i = 0; i < 6; i += 1) refused(me, 401);
		await check("are both answered, three times each", async () => {
			const replies = await Promise.all([page, other, page, other, page, other]
				.map(tab => request(tab, me)));
			assert.deepEqual(replies.map(r => r.status), Array(6).fill(200));
		});
		await check("after one refresh between them", async () =>
			assert.equal(asked("POST", rotation), 1));

		// A request from before the refresh, whose 401 is late.
		let release;
		const late = new Promise(resolve => { release = resolve; });
		await other.route(me, async route => {
			await late;
			await route.fulfill({ status: 401, body: "{}", headers: {
				"Access-Control-Allow-Origin": client,
				"Access-Control-Allow-Credentials": "true",
				"Access-Control-Expose-Headers": "WWW-Authenticate, Retry-After",
				"WWW-Authenticate": 'Bearer error="invalid_token"' } });
		}, { times: 1 });
		const waiting = request(other, me);
		await page.evaluate("window.latchkey.refresh()");
		refused(me, 401);
		release();
		await check("need no second one for a 401 that is late", async () => {
			assert.equal((await waiting).status, 200);
			assert.equal(asked("POST", rotation), 2);
		});
	});

await test("An outage behind the client module", elsewhere,
	async ({ page, context, check, refused, asked }) => {
		await logIn(context, await newUser());
		await open(page);
		await expireAccessToken(context);
		await page.route(rotation, route => route.abort(), { times: 1 });
		refused(me, 401);
		refused(rotation, "net::ERR_FAILED");
		await check("ends in no sign-out", async () => {
			await request(page, me).catch(() => {});
			assert.equal(asked("POST", rotation), 1);
			assert.equal(await signedOut(page), 0);
		});
		refused(me, 401);
		await check("and once it is over, in an answer", async () =>
			assert.equal((await request(page, me)).status, 200));
	});

server.close();
server.closeAllConnections();
