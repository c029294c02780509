// Signing up, in and out; the password, and the end of an account.

import { api, ask, assert, at, logIn, me, newAddress, newUser, rotation,
	test } from "./harness.mjs";
import { arrived, button, field, marked, openLogin, parts, says,
	showsAccountOf, signedIn, submit, words } from "./pages.mjs";

const wrong = () => words("server: Incorrect password");

async function logsIn(user) {
	return (await ask("POST", "login", user)).status === 200;
}

await test("Signing up", async ({ page, check, refused }) => {
	const user = { email: newAddress(), password: "short" };

	await page.goto(at("signup"));
	await button(page, "signup.button").click();
	await check("an empty form is sent back to its first field", () =>
		marked(field(page, "email"), words("missing")));
	await submit(page, { ...user, email: "nobody" }, "signup.button");
	await check("what is no address is marked", () =>
		marked(field(page, "email"), words("server: Invalid email")));

	refused(`${api}/register`, 400);
	await submit(page, { ...user, password: "four" }, "signup.button");
	await check("a short password is marked, with how long it has to be", () =>
		marked(field(page, "password"),
			words("server: Password must be at least {n} characters", { n: 5 })));
	await submit(page, user, "signup.button");
	await check("a good one leads to the account, signed in", () =>
		showsAccountOf(page, user));
});

await test("Signing up twice", async ({ page, check, refused }) => {
	const user = await newUser();

	await page.goto(at("signup"));
	refused(`${api}/register`, 400);
	await submit(page, user, "signup.button");
	await check("is refused at the address", () =>
		marked(field(page, "email"), words("server: User already exists")));
	refused(me, 401);
	refused(rotation, 401);
	await parts(page).link("signup.login").click();
	await check("the log-in is a link away", () => arrived(page, at("login")));
	await field(page, "password").waitFor();
});

await test("Logging in", async t => {
	const { page, context, check, refused, asked } = t;
	const user = await newUser();

	await openLogin(t);
	refused(`${api}/login`, 404);
	await submit(page, { ...user, email: newAddress() }, "login.button");
	await check("an unknown address is marked", () =>
		marked(field(page, "email"), words("server: User not found")));

	refused(`${api}/login`, 401);
	await submit(page, { ...user, password: "wrong one" }, "login.button");
	await check("a wrong password is spoken out", () => says(page, "alert", wrong()));
	await check("and marked, and has the focus", () =>
		marked(field(page, "password"), wrong()));
	await check("and sent once", () => {
		assert.equal(asked("POST", `${api}/login`), 2);
		assert.equal(asked("POST", rotation), 1);
	});
	await check("and keeps what was typed, in place", async () => {
		assert.equal(await field(page, "email").inputValue(), user.email);
		assert.equal(page.url(), at("login"));
		assert.equal(await signedIn(context), false);
	});

	await submit(page, user, "login.button");
	await check("the right one leads to the account", () => showsAccountOf(page, user));
	await check("no script can read a token", async () =>
		assert.deepEqual(await page.evaluate(() => [document.cookie,
			JSON.stringify(localStorage).includes("eyJ")]), ["", false]));

	await page.goto(at("login"));
	await check("who is signed in is told so", async () => {
		await page.getByText(words("login.signed-in", user)).waitFor();
		assert.equal(await field(page, "password").isVisible(), false);
	});
	await button(page, "logout").click();
	await check("and can log out there", () => field(page, "password").waitFor());
	await check("which ends the session", async () =>
		assert.equal(await signedIn(context), false));
});

await test("A password", async t => {
	const { page, check } = t;
	const eye = page.getByRole("button", { name: words("show.label"), exact: true });

	await openLogin(t);
	await field(page, "password").fill("correct horse");
	await check("is hidden", async () =>
		assert.equal(await field(page, "password").getAttribute("type"), "password"));
	await eye.click();
	await check("is shown on demand", async () =>
		assert.equal(await field(page, "password").getAttribute("type"), "text"));
	await page.getByRole("button", { name: words("hide.label"), exact: true }).click();
	await check("and hidden again", async () =>
		assert.equal(await field(page, "password").getAttribute("type"), "password"));
});

await test("Changing the password", async ({ page, context, check, refused, asked }) => {
	const user = await newUser(), next = "battery staple";
	const change = async (old, fresh) => {
		await field(page, "change.old").fill(old);
		await field(page, "change.new").fill(fresh);
		await button(page, "change.button").click();
	};

	await logIn(context, user);
	await page.goto(at("account"));
	refused(`${api}/change-password`, 401);
	await change("wrong one", next);
	await check("a wrong old one is marked", () =>
		marked(field(page, "change.old"), wrong()));
	await check("and asked about once", () => {
		assert.equal(asked("POST", `${api}/change-password`), 1);
		assert.equal(asked("POST", rotation), 0);
	});
	refused(`${api}/change-password`, 400);
	await change(user.password, "four");
	await check("a short new one is marked", () => marked(field(page, "change.new"),
		words("server: Password must be at least {n} characters", { n: 5 })));
	await change(user.password, next);
	await check("the change is spoken out", () =>
		says(page, "status", words("change.done")));
	await check("no password is left on the page", async () => {
		assert.equal(await field(page, "change.old").inputValue(), "");
		assert.equal(await field(page, "change.new").inputValue(), "");
	});
	await check("and from then on counts", async () => assert.deepEqual(
		[await logsIn(user), await logsIn({ ...user, password: next })], [false, true]));
});

await test("Deleting the account", async ({ page, context, check, refused }) => {
	const user = await newUser();
	const dialog = page.getByRole("dialog");

	await logIn(context, user);
	await page.goto(at("account"));
	await button(page, "delete.open").click();
	await check("asks first", () => dialog.getByText(words("delete.question")).waitFor());
	await page.keyboard.press("Escape");
	await check("and Escape is no", async () => {
		await dialog.waitFor({ state: "hidden" });
		assert.equal(await button(page, "delete.open")
			.evaluate(e => e === document.activeElement), true);
	});

	await button(page, "delete.open").click();
	refused(me, 401);
	await field(dialog, "password").fill("wrong one");
	await button(dialog, "delete.button").click();
	await check("a wrong password is marked", () =>
		marked(field(dialog, "password"), wrong()));

	await field(dialog, "password").fill(user.password);
	refused(me, 401);
	refused(rotation, 401);
	await button(dialog, "delete.button").click();
	await check("the right one ends at the log-in, which says so", () =>
		says(page, "status", words("done.account-deleted")));
	await field(page, "password").waitFor();
	await check("where nobody is signed in", async () =>
		assert.equal(await signedIn(context), false));
	await check("and the account is gone", async () =>
		assert.equal((await ask("POST", "login", user)).status, 404));
});

// What password managers and phones go by.
const fields = {
	login: { email: "username", password: "current-password" },
	signup: { email: "email", password: "new-password" },
	account: { "change.old": "current-password", "change.new": "new-password" },
};

await test("The fields", async t => {
	const { page, context, check } = t;
	for (const [name, wanted] of Object.entries(fields)) {
		if (name === "account") await logIn(context, await newUser());
		await (name === "login" ? openLogin(t) : page.goto(at(name)));
		for (const [key, autocomplete] of Object.entries(wanted)) {
			await check(`${key} of ${name} is a browser's ${autocomplete}`, async () =>
				assert.equal(await field(page, key).getAttribute("autocomplete"),
					autocomplete));
		}
	}
});
