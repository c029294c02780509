// What people do on the pages: everything is found as they find it, by what it
// is and what it is called, in the words of the texts.

import { readFileSync } from "node:fs";
import { assert, at, cookieValue, me, rotation } from "./harness.mjs";

export const texts = Object.fromEntries(["en", "de"].map(language =>
	[language, JSON.parse(readFileSync(new URL(
		`../../htdocs/auth/texts/${language}.json`, import.meta.url)))]));

// words(KEY, [PLACES, [LANGUAGE]]): the text, its {places} filled in.
export function words(key, places = {}, language = "en") {
	const known = texts[language];
	assert.ok(key in known, `no text ${key}`);
	return known[key].replace(/\{(\w+)\}/g, (place, name) =>
		places[name] ?? known[name] ?? place);
}

// The parts of a page, in its language.
export function parts(page, language = "en") {
	const name = key => ({ name: words(key, {}, language), exact: true });
	return {
		field: key => page.getByLabel(name(key).name, { exact: true }),
		button: key => page.getByRole("button", name(key)),
		link: key => page.getByRole("link", name(key)),
		heading: key => page.getByRole("heading", name(key)),
	};
}

export const button = (page, key) => parts(page).button(key);
export const field = (page, key) => parts(page).field(key);

// Where nobody is signed in, who asks so asks twice, and in vain.
export const nobody = ({ refused }) => [me, rotation].forEach(url => refused(url, 401));

// The log-in page asks who is there, and finds out that nobody is.
export async function openLogin(t, query = "") {
	const { page } = t;

	nobody(t);
	await page.goto(at("login") + query);
	await field(page, "password").waitFor();
}

export async function submit(page, user, key) {
	await field(page, "email").fill(user.email);
	await field(page, "password").fill(user.password);
	await button(page, key).click();
}

// arrived(PAGE, URL): there, and the page says what it has to say.
export async function arrived(page, url) {
	await page.waitForURL(url);
	await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
}

export function arrivedAtLogin(page, next) {
	return arrived(page, url => url.origin + url.pathname === at("login") &&
		url.searchParams.get("next") === next);
}

export async function showsAccountOf(page, user) {
	await arrived(page, at("account"));
	await page.getByText(user.email).waitFor();
}

// says(PAGE, ROLE, TEXT): in an element that screen readers speak out.
export function says(page, role, text) {
	return page.getByRole(role).filter({ hasText: text }).waitFor();
}

// It has the focus, and no key was pressed for that.
export const begun = (page, target) => target.and(page.locator(":focus")).waitFor();

// The field is marked as wrong, has the focus, and is described by the text.
export async function marked(input, text) {
	await input.and(input.page().locator("[aria-invalid=true]")).waitFor();
	assert.deepEqual(await input.evaluate(e => [e === document.activeElement,
		e.getAttribute("aria-describedby").split(" ")
			.map(id => document.getElementById(id)?.textContent).at(-1)]),
	[true, text]);
}

export async function signedIn(context) {
	return await cookieValue(context, "accessToken") !== undefined ||
		await cookieValue(context, "refreshToken") !== undefined;
}
