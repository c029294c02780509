// The way to the log-in and back; and that next= leads nowhere else.

import { api, assert, at, cookieValue, logIn, newUser, site, test } from "./harness.mjs";
import { arrived, arrivedAtLogin, openLogin, parts, showsAccountOf, submit,
	words } from "./pages.mjs";

const guarded = `${site}/members/`;

await test("A guarded page, not signed in", async t => {
	const { page, context, check, refused } = t;
	const user = await newUser();
	const there = "/members/?a=1&b=%C3%A4";

	refused(`${api}/me`, 401);
	refused(`${api}/refresh-token`, 401);
	await page.goto(site + there);
	await check("leads to the log-in, which knows the way back", () =>
		arrivedAtLogin(page, there));
	await check("and shows nothing of itself", async () =>
		assert.equal(await page.getByText(words("members.text")).count(), 0));
	await parts(page).field("password").waitFor();
	await submit(page, user, "login.button");
	await check("and back, once signed in", () => arrived(page, site + there));
	await check("where it opens", () =>
		page.getByText(words("members.text")).waitFor());
	assert.ok(await cookieValue(context, "refreshToken"));
});

await test("A guarded page, without an account", async ({ page, check, refused }) => {
	refused(`${api}/me`, 401);
	refused(`${api}/refresh-token`, 401);
	await page.goto(guarded);
	await parts(page).link("login.signup").click();
	await check("the way back goes along to the sign-up", () =>
		arrived(page, `${at("signup")}?next=%2Fmembers%2F`));
	await submit(page, { ...await newUser(), email: `new-${process.pid}@example.org` },
		"signup.button");
	await check("and is taken after it", () => arrived(page, guarded));
});

// A browser makes another site of many more spellings than "https://...".
const here = new URL(site);
const tricks = [
	"https://other.example/", "//other.example", "///other.example",
	"////other.example",
	"/\\other.example", "\\/other.example", "\\\\other.example", "/\\/other.example",
	"/\t/other.example", "\t//other.example", "/\n/other.example", " //other.example",
	"\u0000//other.example", "https:other.example", "https:/other.example",
	"https:///other.example", "/.//other.example", "/..//other.example",
	"/a/..//other.example", "/%2e//other.example", "/%2E%2E//other.example",
	"/%2F/other.example", "/%5Cother.example", "/%09/other.example",
	"%2F%2Fother.example", `http://${here.host}@other.example/`,
	`//${here.host}@other.example`, "//other.example\u3002org",
	"javascript:window.ran=1", "JaVaScRiPt:window.ran=1", "java\nscript:window.ran=1",
	"\u0001javascript:window.ran=1", "data:text/html,<script>alert(1)</script>",
	"blob:null/x", "file:///etc/passwd", "about:blank", "@other.example",
	".other.example", ":1@other.example", `//${here.hostname}:1/`,
];

await test("next= that is no path on this site", async ({ page, context, check }) => {
	await logIn(context, await newUser());
	await page.goto(`${at("login")}?next=${encodeURIComponent(tricks[0])}`);
	await check("leads to the account", async () => {
		const link = parts(page).link("continue");
		assert.equal(await link.evaluate(a => a.href), at("account"));
	});
	// By what decides it, for a page load each would take too long; and lighttpd
	// refuses some of them before the page can.
	await check("however it is written", async () => {
		const wrong = await page.evaluate(async tricks => {
			const { ACCOUNT, nextPath } = await import("/auth/ways.js");
			return tricks.filter(trick => {
				history.replaceState(null, "", `?next=${encodeURIComponent(trick)}`);
				return nextPath() !== ACCOUNT;
			});
		}, tricks);
		assert.deepEqual(wrong, []);
	});
	await check("a path does not", async () => {
		await page.goto(`${at("login")}?next=%2Fmembers%2F%3Fa%3D%2F%2Fb%23c`);
		await parts(page).link("continue").click();
		await arrived(page, `${guarded}?a=//b#c`);
	});
});

// The program has to be as wary.
await test("resume?next= that is no path on this site", async t => {
	const { page, context, check } = t;

	await logIn(context, await newUser());
	const wrong = [];
	for (const trick of tricks.filter(t => !/[\0-\x1f]/.test(t))) {
		await page.goto(`${api}/resume?next=${encodeURIComponent(trick)}`);
		if (page.url() !== `${site}/`)
			wrong.push([trick, page.url()]);
	}
	await check("leads to the front page", () => assert.deepEqual(wrong, []));
	await page.goto(`${api}/resume?next=%2Fmembers%2F`);
	await check("a path does not", () => arrived(page, guarded));
});

await test("Logging in with such a next=", async t => {
	const user = await newUser();
	for (const trick of ["//other.example", "/.//other.example", "javascript:alert(1)"]) {
		await t.context.clearCookies();
		await openLogin(t, `?next=${encodeURIComponent(trick)}`);
		await submit(t.page, user, "login.button");
		await t.check(`leads to the account: ${trick}`, () =>
			showsAccountOf(t.page, user));
	}
});
