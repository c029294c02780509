// English and German.

import { readdirSync, readFileSync } from "node:fs";
import { assert, at, logIn, newUser, site, test } from "./harness.mjs";
import { arrived, openLogin, parts, texts, words } from "./pages.mjs";

const htdocs = new URL("../../htdocs/", import.meta.url);
const sorted = list => [...new Set(list)].sort();
const blanks = line => sorted(line.match(/\{\w+\}/g) ?? []);

await test("The texts", async ({ check }) => {
	const { en, de } = texts;
	await check("are the same ones in English and German", () =>
		assert.deepEqual(sorted(Object.keys(de)), sorted(Object.keys(en))));
	await check("are none of them empty", () =>
		assert.deepEqual([...Object.entries(en), ...Object.entries(de)]
			.filter(([, line]) => line.trim() === ""), []));
	await check("leave the same blanks to fill in", () => {
		for (const key of Object.keys(en))
			assert.deepEqual(blanks(de[key]), blanks(en[key]), key);
	});
	await check("have all that the pages name", () => {
		const files = ["members/index.html", ...readdirSync(new URL("auth", htdocs))
			.filter(name => name.endsWith(".html")).map(name => `auth/${name}`)];
		const named = files.flatMap(file =>
			[...readFileSync(new URL(file, htdocs), "utf8")
				.matchAll(/\sdata-(?:text|aria-label)="([^"]+)"/g)].map(m => m[1]));
		assert.ok(named.length > 20);
		assert.deepEqual(named.filter(key => !(key in en)), []);
	});
});

const language = page => page.evaluate("document.documentElement.lang");

// Every text of the page is one of that language's, and none an unknown key.
async function speaks(page, code) {
	assert.equal(await language(page), code);
	const shown = await page.evaluate(() => [...document.querySelectorAll("[data-text]")]
		.map(e => [e.dataset.text, e.textContent]).filter(([key]) => key !== ""));
	assert.ok(shown.length > 5);
	for (const [key, text] of shown) {
		const pattern = texts[code][key]
			.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".*");
		assert.match(text, new RegExp(`^${pattern}$`), key);
	}
	return shown;
}

for (const [locale, code] of [["de-DE", "de"], ["de-AT", "de"], ["en-US", "en"],
	["fr-FR", "en"]]) {
	await test(`A browser in ${locale}`, { locale }, async ({ page, check }) => {
		await page.goto(at("signup"));
		await parts(page, code).heading("signup.heading").waitFor();
		await check(`is spoken to in ${code}`, () => speaks(page, code));
		await check("and has it in the title", async () =>
			assert.equal(await page.title(), words("signup.title", {}, code)));
	});
}

await test("The choice of a language", async t => {
	const { page, context, check, refused } = t;
	const select = code => page.getByRole("combobox",
		{ name: words("language", {}, code), exact: true });
	const user = await newUser();

	await openLogin(t);
	await check("begins with the browser's", () => speaks(page, "en"));
	await parts(page).field("email").fill(user.email);
	await select("en").selectOption("Deutsch");
	await parts(page, "de").heading("login.heading").waitFor();
	await check("turns the page at once", () => speaks(page, "de"));
	await check("and what was typed stays", async () =>
		assert.equal(await parts(page, "de").field("email").inputValue(), user.email));

	await parts(page, "de").link("login.signup").click();
	await parts(page, "de").heading("signup.heading").waitFor();
	await check("is kept on the next page", async () => {
		await speaks(page, "de");
		assert.equal(await select("de").inputValue(), "de");
	});
	await logIn(context, user);
	await page.goto(at("account"));
	await page.getByText(user.email).waitFor();
	await check("and on the account", () => speaks(page, "de"));
	refused(`${site}/api/v1/users/change-password`, 401);
	await parts(page, "de").field("change.old").fill("wrong one");
	await parts(page, "de").field("change.new").fill("battery staple");
	await parts(page, "de").button("change.button").click();
	await check("also for what the server says", () => page.getByRole("alert")
		.filter({ hasText: words("server: Incorrect password", {}, "de") }).waitFor());
	await page.goto(`${site}/members/`);
	await arrived(page, `${site}/members/`);
	await check("and on a guarded page", () => speaks(page, "de"));
	await select("de").selectOption("English");
	await parts(page).heading("members.heading").waitFor();
	await check("and back", () => speaks(page, "en"));
});
