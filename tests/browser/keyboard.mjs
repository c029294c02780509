// With the keyboard alone: Tab, Enter, Escape, and no mouse.

import { assert, at, newAddress, newUser, test, usual } from "./harness.mjs";
import { mail } from "./mails.mjs";
import { arrived, begun, button, field, nobody, parts, says, showsAccountOf,
	words } from "./pages.mjs";

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

await test("With the keyboard alone", async t => {
	const { page, check } = t;
	const user = { email: newAddress(), password: "correct horse" };

	nobody(t);
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
	nobody(t);
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

await test("A forgotten password, with the keyboard alone", { on: usual }, async t => {
	const { page, check } = t;
	const user = await newUser();

	nobody(t);
	await page.goto(at("login"));
	await begun(page, field(page, "email"));
	await check("the way is found", async () => {
		await press(page, parts(page).link("login.forgot"));
		await arrived(page, at("forgot"));
	});
	await check("a mail is asked for, Enter being enough", async () => {
		await begun(page, field(page, "email"));
		await page.keyboard.type(user.email);
		await page.keyboard.press("Enter");
	});
	await check("and the next step has the focus", async () => {
		await begun(page, parts(page).link("code.enter"));
		await page.keyboard.press("Enter");
		await arrived(page, at("reset"));
	});
	const { code } = await mail(user.email, "reset");
	await check("the code comes first, for the address is known", () =>
		begun(page, field(page, "code")));
	nobody(t);
	await check("the password is set", async () => {
		await page.keyboard.type(code);
		await type(page, field(page, "reset.new"), "battery staple");
		await press(page, button(page, "reset.button"));
		await says(page, "status", words("done.password-reset"));
	});
	await check("and somebody logs in with it", async () => {
		await begun(page, field(page, "email"));
		await page.keyboard.type(user.email);
		await type(page, field(page, "password"), "battery staple");
		await page.keyboard.press("Enter");
		await showsAccountOf(page, user);
	});
});
