// With the keyboard alone: Tab, Enter, Escape, and no mouse.

import { assert, at, me, newAddress, rotation, test } from "./harness.mjs";
import { arrived, button, field, parts, says, showsAccountOf, words } from "./pages.mjs";

// What has the focus: where it is, and whether that can be seen.
const focused = page => page.evaluate(() => {
	const e = document.activeElement, style = getComputedStyle(e);
	const { top, bottom, left } = e.getBoundingClientRect();
	return { what: e.outerHTML.slice(0, 100), left,
		top: top + scrollY, bottom: bottom + scrollY,
		page: e === document.body,
		outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) };
});

// tabTo(PAGE, TARGET): the ways there, in the order they are read.
async function tabTo(page, target) {
	let before;
	for (let i = 0; i < 40; i += 1) {
		await page.keyboard.press("Tab");
		const now = await focused(page);
		assert.ok(!now.page, `Tab never comes to ${target}`);
		assert.ok(now.outline >= 2, `no outline: ${now.what}`);
		if (before)
			assert.ok(now.top > before.top || now.bottom >= before.top &&
				now.left > before.left, `${now.what} after ${before.what}`);
		if (await target.evaluate(e => e === document.activeElement))
			return;
		before = now;
	}
	assert.fail(`40 times Tab, and not at ${target}`);
}

async function type(page, target, text) {
	await tabTo(page, target);
	await page.keyboard.type(text);
}

async function press(page, target) {
	await tabTo(page, target);
	await page.keyboard.press("Enter");
}

// Where it is without a key.
const begun = (page, target) => target.and(page.locator(":focus")).waitFor();

await test("With the keyboard alone", async ({ page, check, refused }) => {
	const user = { email: newAddress(), password: "correct horse" };
	const nobody = () => [me, rotation].forEach(url => refused(url, 401));

	nobody();
	await page.goto(at("login"));
	await check("the log-in begins in its first field", () =>
		begun(page, field(page, "email")));
	await check("the sign-up is found", async () => {
		await press(page, parts(page).link("login.signup"));
		await arrived(page, at("signup"));
	});
	await check("the sign-up begins in its first field, too", () =>
		begun(page, field(page, "email")));
	await check("somebody signs up", async () => {
		await page.keyboard.type(user.email);
		await type(page, field(page, "password"), user.password);
		await press(page, button(page, "signup.button"));
		await showsAccountOf(page, user);
	});

	await check("opens the question before the end, and says no", async () => {
		await press(page, button(page, "delete.open"));
		await begun(page, field(page.getByRole("dialog"), "password"));
		await page.keyboard.press("Escape");
		await begun(page, button(page, "delete.open"));
	});
	await check("comes to the choice of a language, the last of all", async () =>
		tabTo(page, page.getByRole("combobox", { name: words("language") })));

	await page.reload();
	await showsAccountOf(page, user);
	nobody();
	await check("logs out", async () => {
		await press(page, button(page, "logout"));
		await says(page, "status", words("done.logged-out"));
		await begun(page, field(page, "email"));
	});

	await check("and logs in again, Enter in the last field being enough", async () => {
		await page.keyboard.type(user.email);
		await type(page, field(page, "password"), user.password);
		await page.keyboard.press("Enter");
		await showsAccountOf(page, user);
	});
});
