// Several devices of one user.

import { assert, at, logIn, me, newUser, rotation, site, test } from "./harness.mjs";
import { arrived, arrivedAtLogin, button, field, openLogin, parts, says,
	showsAccountOf, submit, words } from "./pages.mjs";

const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) " +
	"AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1";
const laptop = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) " +
	"Gecko/20100101 Firefox/140.0";
const name = (browser, system) => words("sessions.device", { browser, system });

const lockedOut = async (page, next) => {
	await arrivedAtLogin(page, next);
	await field(page, "password").waitFor();
};

await test("A second device", async ({ page, context, device, check, refused }) => {
	const user = await newUser();
	const other = await device(), tab = await other.newPage();

	await logIn(context, user, laptop);
	await logIn(other, user, phone);
	await tab.goto(at("account"));
	await page.goto(at("account"));
	await showsAccountOf(page, user);
	const listed = hasText => page.getByRole("listitem").filter({ hasText });
	const there = listed(name("Safari", "iPhone"));
	const here = listed(name("Firefox", "Linux"));
	await check("is listed by its name", () => there.waitFor());
	await check("beside this one, which is marked", async () => {
		await here.getByText(words("sessions.current")).waitFor();
		assert.equal(await page.getByRole("listitem").count(), 2);
		assert.equal(await here.getByRole("button").count(), 0);
	});

	await there.getByRole("button").click();
	await check("is signed out from here, which is spoken out", () =>
		says(page, "status", words("sessions.ended")));
	await check("and leaves the list", async () => {
		await there.waitFor({ state: "detached" });
		assert.equal(await page.getByRole("listitem").count(), 1);
	});

	// Its tokens have not expired; its next click is to change the password.
	for (const url of [`${site}/api/v1/users/change-password`, rotation, me, rotation])
		refused(url, 401);
	await field(tab, "change.old").fill(user.password);
	await field(tab, "change.new").fill("of a thief");
	await button(tab, "change.button").click();
	await check("is locked out at its next click", () =>
		lockedOut(tab, "/auth/account.html"));
	refused(me, 401);
	refused(rotation, 401);
	await tab.goto(`${site}/members/`);
	await check("and of every guarded page", () => lockedOut(tab, "/members/"));
	await check("while this one is not", async () => {
		await page.goto(`${site}/members/`);
		await arrived(page, `${site}/members/`);
	});
});

await test("All other devices", async ({ page, context, device, check, refused }) => {
	const user = await newUser();
	const other = await device(), third = await device();

	for (const one of [context, other, third])
		await logIn(one, user);
	await page.goto(at("account"));
	await showsAccountOf(page, user);
	await check("are listed", async () =>
		assert.equal(await page.getByRole("listitem").count(), 3));
	await button(page, "sessions.end-others").click();
	await check("are signed out by one click", () =>
		says(page, "status", words("sessions.others-ended")));
	await check("after which there is nothing left to click", async () => {
		assert.equal(await page.getByRole("listitem").count(), 1);
		assert.equal(await button(page, "sessions.end-others").isVisible(), false);
	});
	for (const one of [other, third]) {
		const tab = await one.newPage();
		refused(me, 401);
		refused(rotation, 401);
		await tab.goto(`${site}/members/`);
		await check("are locked out", () => lockedOut(tab, "/members/"));
	}
});

// What comes from outside is text.
const evil = '<img src=x onerror="window.ran = 1"><b>bold</b>&amp;{site}';

await test("A device that calls itself HTML", { userAgent: evil }, async t => {
	const { page, check } = t;
	const user = await newUser();

	await openLogin(t);
	await submit(page, user, "login.button");
	await showsAccountOf(page, user);
	await check("is on a page that runs no script but the site's", async () => {
		const reply = await page.reload();
		const policy = await reply.headerValue("Content-Security-Policy");
		assert.match(policy, /^default-src 'none'; script-src 'self';/);
		assert.doesNotMatch(policy, /unsafe|\*/);
		await showsAccountOf(page, user);
	});
	await check("is shown by that name", () =>
		page.getByRole("listitem").getByText(evil, { exact: true }).waitFor());
	await check("and nothing of it is in the page, or has run", async () => {
		assert.equal(await page.locator("main img, main b").count(), 0);
		assert.equal(await page.evaluate("window.ran"), undefined);
	});
	await check("nor does the address of the page get in", async () => {
		await page.goto(`${at("login")}?next=${encodeURIComponent(evil)}#${evil}`);
		await parts(page).link("continue").waitFor();
		assert.equal(await page.locator("main img, main b").count(), 0);
	});
});
