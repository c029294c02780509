// Coming back after the access token has expired: nobody notices.

import { assert, at, cookieValue, expireAccessToken, forgetAccessToken,
	logIn, me, newUser, refreshAfter, rotation, site, test, usual } from "./harness.mjs";
import { arrived, arrivedAtLogin, button, field, openLogin, parts, says,
	showsAccountOf, signedIn, submit, words } from "./pages.mjs";

const guarded = `${site}/members/`;
const expiries = {
	"has expired": expireAccessToken,
	"was dropped by the browser": forgetAccessToken,
};

async function tokens(context) {
	return Promise.all(["accessToken", "refreshToken"]
		.map(name => cookieValue(context, name)));
}

// Both there, and both other ones.
function renewed(before, after) {
	for (const i of [0, 1]) {
		assert.ok(after[i]);
		assert.notEqual(after[i], before[i]);
	}
}

for (const [how, expire] of Object.entries(expiries)) {
	for (const javaScriptEnabled of [true, false]) {
		const script = javaScriptEnabled ? "" : ", without JavaScript";
		await test(`Coming back when the token ${how}${script}`,
			{ javaScriptEnabled }, async ({ page, context, check }) => {
				await logIn(context, await newUser());
				await expire(context);
				const before = await tokens(context);
				await check("the guarded page just opens", async () => {
					const reply = await page.goto(`${guarded}?a=1&b=%C3%A4#part`);
					assert.equal(reply.status(), 200);
					assert.equal(page.url(), `${guarded}?a=1&b=%C3%A4#part`);
					await parts(page).link("members.account").waitFor();
				});
				await check("with new tokens", async () =>
					renewed(before, await tokens(context)));
			});
	}

	await test(`A page in use when the token ${how}`,
		async ({ page, context, check, refused, asked }) => {
			const user = await newUser();
			await logIn(context, user);
			await expire(context);
			const before = await tokens(context);
			refused(me, 401);
			await page.goto(at("account"));
			await check("gets what it asked for", () => showsAccountOf(page, user));
			await check("after one refresh", async () => {
				assert.equal(asked("POST", rotation), 1);
				assert.equal(asked("GET", me), 2);
				renewed(before, await tokens(context));
			});
		});
}

await test("Two tabs at once", async ({ page, context, check, refused, asked }) => {
	const user = await newUser(), other = await context.newPage();

	await logIn(context, user);
	await expireAccessToken(context);
	await refreshAfter(context, 2);
	refused(me, 401);
	refused(me, 401);
	await Promise.all([page, other].map(tab => tab.goto(at("account"))));
	await check("are both signed in", () =>
		Promise.all([page, other].map(tab => showsAccountOf(tab, user))));
	await check("by one refresh", () => assert.equal(asked("POST", rotation), 1));
	await check("and still are when they are loaded again", async () => {
		await Promise.all([page.reload(), other.reload()]);
		await Promise.all([page, other].map(tab => showsAccountOf(tab, user)));
		assert.equal(asked("POST", rotation), 1);
	});
});

// Each of the tabs asks for new tokens by itself, and none knows of the others:
// what REFRESH_GRACE is for.
await test("Four guarded tabs at once, with the grace that is the default",
	{ on: usual }, async ({ page, context, check }) => {
		await logIn(context, await newUser());
		await forgetAccessToken(context);
		const tabs = [page];
		while (tabs.length < 4) tabs.push(await context.newPage());
		await check("all open", async () => {
			const replies = await Promise.all(
				tabs.map(tab => tab.goto(`${usual}/members/`)));
			assert.deepEqual(replies.map(r => r.status()), [200, 200, 200, 200]);
			for (const tab of tabs)
				await arrived(tab, `${usual}/members/`);
		});
		await check("and stay signed in", async () => {
			await forgetAccessToken(context);
			await page.reload();
			await arrived(page, `${usual}/members/`);
		});
	});

// --- While something is away ---

const outages = {
	"The server away": [route => route.abort(), "net::ERR_FAILED", "failed.network"],
	"The database away": [route => route.fulfill({ status: 503,
		json: { message: "Service unavailable" } }), 503, "failed.server"],
};

for (const [about, [fail, trouble, text]] of Object.entries(outages)) {
	await test(about, async t => {
		const { page, context, check, refused } = t;
		const user = await newUser();
		const outage = async url => {
			refused(url, trouble);
			await page.route(url, fail, { times: 1 });
		};

		await logIn(context, user);
		await outage(me);
		await page.goto(at("account"));
		await check("the account says so, in plain words", () =>
			says(page, "alert", words(text)));
		await button(page, "retry").click();
		await check("and loads when it is tried again", () =>
			showsAccountOf(page, user));

		await expireAccessToken(context);
		refused(me, 401);
		await outage(rotation);
		await page.goto(at("account"));
		await check("a refresh in vain says the same", () =>
			says(page, "alert", words(text)));
		await check("and signs nobody out", async () => {
			assert.equal(await signedIn(context), true);
			refused(me, 401);
			await button(page, "retry").click();
			await showsAccountOf(page, user);
		});

		await context.clearCookies();
		await openLogin(t);
		await outage(`${site}/api/v1/users/login`);
		await submit(page, user, "login.button");
		await check("a log-in says it, too", () => says(page, "alert", words(text)));
		await button(page, "login.button").click();
		await check("and the next one, as it was typed, is good", () =>
			showsAccountOf(page, user));
	});
}

await test("Leaving", async t => {
	const { page, context, check, refused } = t;
	const user = await newUser();

	await logIn(context, user);
	const reply = await page.goto(guarded);
	await check("what was guarded is in no cache", async () =>
		assert.match(await reply.headerValue("Cache-Control") ?? "", /no-store/));
	await page.goto(at("account"));
	await showsAccountOf(page, user);
	refused(me, 401);
	refused(rotation, 401);
	await button(page, "logout").click();
	await check("the log-in says so", () =>
		says(page, "status", words("done.logged-out")));
	await field(page, "password").waitFor();
	await check("no token is left", async () =>
		assert.equal(await signedIn(context), false));
	refused(me, 401);
	refused(rotation, 401);
	await page.goBack();
	await check("Back leads to no guarded page but to the log-in", async () => {
		await arrivedAtLogin(page, "/members/");
		await field(page, "password").waitFor();
	});
});
