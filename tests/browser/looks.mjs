// How the pages look: light and dark, phone and desk, and to axe, which knows
// what assistive technology stumbles over.  Each page in each of its states.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { api, assert, at, logIn, me, newAddress, newUser, site, test,
	usual } from "./harness.mjs";
import { nobody, parts, words } from "./pages.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const shots = new URL("../../build/screenshots/", import.meta.url);
mkdirSync(shots, { recursive: true });

const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) " +
	"AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1";

// What a program would say.
const answer = (page, url, status, message) => page.route(url, route =>
	route.fulfill({ status, json: { message } }), { times: 1 });

// Each opens its page, or goes on from the one before, and waits until it looks
// as it should.
const states = {
	async login(t, part) {
		nobody(t);
		await t.page.goto(at("login"));
		await part.field("password").waitFor();
	},
	async "login-wrong"({ page, refused, user }, part) {
		refused(`${api}/login`, 401);
		await part.field("email").fill(user.email);
		await part.field("password").fill("wrong one");
		await part.button("login.button").click();
		await page.locator("[aria-invalid=true]").waitFor();
	},
	async "login-unverified"({ page, refused, user }, part) {
		refused(`${api}/login`, 403);
		await answer(page, `${api}/login`, 403, "Email not verified");
		await part.field("password").fill(user.password);
		await part.button("login.button").click();
		await part.link("login.verify").waitFor();
	},
	async signup({ page }, part) {
		await page.goto(at("signup"));
		await part.button("signup.button").click();
		await page.locator("[aria-invalid=true]").first().waitFor();
	},
	async forgot({ page, user }, part) {
		await page.goto(at("forgot"));
		await part.field("email").fill(user.email);
	},
	async "forgot-sent"(t, part) {
		await part.button("forgot.button").click();
		await part.link("code.enter").waitFor();
	},
	async reset({ page, user }, part) {
		await page.goto(`${at("reset")}#email=${user.email}`);
		await part.button("reset.button").click();
		await page.locator("[aria-invalid=true]").first().waitFor();
	},
	async verify({ page, user, language }, part) {
		await page.goto(`${at("verify")}#email=${user.email}&code=ABCD-EFGH`);
		await part.button("code.resend").click();
		await page.getByText(words("verify.resent", {}, language)).waitFor();
	},
	async "verify-wrong"(t, part) {
		nobody(t);
		t.refused(`${api}/verify-email`, 401);
		await part.button("verify.button").click();
		await t.page.locator("[aria-invalid=true]").waitFor();
	},
	async verified(t, part) {
		nobody(t);
		await answer(t.page, `${api}/verify-email`, 200, "Email verified");
		await part.button("verify.button").click();
		await part.link("login.button").waitFor();
	},
	async "login-done"({ page, context, user, language }) {
		await logIn(context, user, phone);
		await context.clearCookies();
		await logIn(context, user, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
		await page.goto(at("login"));
		await page.getByText(words("login.signed-in", user, language)).waitFor();
	},
	async account({ page, user, language }, part) {
		await page.goto(at("account"));
		await page.getByText(user.email).waitFor();
		await part.button("code.resend").click();
		await page.getByText(words("account.resent", {}, language)).waitFor();
	},
	async "account-changing"({ page, user }, part) {
		await part.field("address.new").fill(newAddress());
		await part.field("address.password").fill(user.password);
		await part.button("address.button").click();
		await page.locator("#to-confirm").waitFor();
	},
	async "account-delete"({ page }, part) {
		await part.button("delete.open").click();
		await part.field("password").waitFor();
	},
	async "account-away"({ page, refused }, part) {
		refused(me, 503);
		await answer(page, me, 503, "Service unavailable");
		await page.goto(at("account"));
		await part.button("retry").waitFor();
	},
	async members({ page }, part) {
		await page.goto(`${site}/members/`);
		await part.heading("members.heading").waitFor();
	},
};

// What axe objects to, a line each.
async function objections(page) {
	const { violations } = await page.evaluate(() => window.axe.run(document,
		{ resultTypes: ["violations"] }));
	return violations.flatMap(({ id, impact, nodes }) =>
		nodes.map(node => `${impact} ${id}: ${node.html}`));
}

const widest = page => page.evaluate(() => document.documentElement.scrollWidth);

// Luminance, roughly: 0 is black, 255 white.
const background = page => page.evaluate(() => {
	const color = [document.body, document.documentElement]
		.map(e => getComputedStyle(e).backgroundColor)
		.find(c => c !== "rgba(0, 0, 0, 0)");
	const [r, g, b] = (color ?? "rgb(255, 255, 255)").match(/\d+/g).map(Number);
	return 0.3 * r + 0.6 * g + 0.1 * b;
});

// Contrast is no matter of the language, nor are names one of the colours: two
// of the four are all of it.  German has the longer words.
for (const [colorScheme, locale] of [["light", "en-GB"], ["dark", "de-DE"]]) {
	const language = locale.slice(0, 2);
	const options = { on: usual, colorScheme, locale };
	await test(`${colorScheme}, ${language}`, options, async t => {
		const { page, context, check } = t;
		t.user = await newUser();
		t.language = language;
		await context.addInitScript({ content: axe });

		for (const [name, open] of Object.entries(states)) {
			await open(t, parts(page, language));
			await check(`${name}: really ${colorScheme}`, async () => {
				const light = await background(page);
				assert.ok(colorScheme === "dark" ? light < 60 : light > 200, `${light}`);
			});
			await check(`${name}: axe has nothing to say`, async () =>
				assert.deepEqual(await objections(page), []));
			for (const width of [1280, 360]) {
				await page.setViewportSize({ width, height: 800 });
				await check(`${name}: no scrolling to the side at ${width}`, async () =>
					assert.ok(await widest(page) <= width));
				const shot = new URL(`${name}-${colorScheme}-${width}.png`, shots);
				await page.screenshot({ path: shot.pathname,
					fullPage: name !== "account-delete" });
			}
			await page.setViewportSize({ width: 1280, height: 800 });
		}
	});
}
