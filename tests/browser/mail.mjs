// What goes through a mailbox: confirming an address, changing it, and a
// forgotten password.

import { api, ask, assert, at, forgetAccessToken, logIn, me, newAddress, newUser,
	site, test, usual, wary } from "./harness.mjs";
import { mail } from "./mails.mjs";
import { arrived, begun, button, field, marked, nobody, openLogin, parts, says,
	showsAccountOf, submit, words } from "./pages.mjs";

const wrongCode = () => words("server: Code is incorrect or has expired");
const verified = page => says(page, "status", words("server: Email verified"));

// The address, and a code, are in the form and nowhere else.
async function filledIn(page, email, code = "") {
	await field(page, "email").waitFor();
	assert.equal(await field(page, "email").inputValue(), email);
	assert.equal(await field(page, "code").inputValue(), code);
}

const nowhereElse = ({ urls }, { code }) =>
	assert.deepEqual(urls().filter(url => url.includes(code)), []);

// What password managers and phones go by.
async function autocompletes(page, fields) {
	for (const [key, wanted] of Object.entries(fields))
		assert.equal(await field(page, key).getAttribute("autocomplete"), wanted, key);
}

await test("A new account", { on: usual }, async t => {
	const { page, context, check, refused, urls } = t;
	const user = { email: newAddress(), password: "correct horse" };

	await page.goto(at("signup"));
	await submit(page, user, "signup.button");
	await showsAccountOf(page, user);
	await check("is not confirmed, and says so", () =>
		page.getByText(words("account.unconfirmed")).waitFor());
	const first = await mail(user.email, "verify");
	await button(page, "code.resend").click();
	await check("asks for another mail by one click", () =>
		says(page, "status", words("account.resent")));
	const second = await mail(user.email, "verify");
	assert.notEqual(second.code, first.code);

	const before = urls().length;
	const tab = await context.newPage();
	for (const one of [page, tab]) {
		await one.goto(second.link);
		await check("is filled in by the link of the mail", () =>
			filledIn(one, user.email, second.code));
	}
	await check("down to the button", () => begun(tab, button(tab, "verify.button")));
	await check("and leaves the address bar clean", () =>
		assert.equal(tab.url(), at("verify")));
	await check("nothing is asked of a program yet", () =>
		assert.deepEqual(urls().slice(before).filter(url => url.includes("/api/")), []));
	await check("the browser knows what the fields are", () =>
		autocompletes(tab, { email: "username", code: "one-time-code" }));

	// The link is opened when the access token is long gone.
	await forgetAccessToken(context);
	refused(me, 401);
	await button(tab, "verify.button").click();
	await check("is confirmed by one click, which is spoken out", () => verified(tab));
	await check("from where one key leads on", () =>
		begun(tab, parts(tab).link("continue")));
	await tab.keyboard.press("Enter");
	await check("to the account, still signed in, which says so, too", async () => {
		await showsAccountOf(tab, user);
		await tab.getByText(words("account.confirmed")).waitFor();
		assert.equal(await tab.getByText(words("account.unconfirmed")).isVisible(), false);
	});
	await check("and no server ever saw the code in a URL", () => nowhereElse(t, second));
});

await test("A wrong code", { on: usual }, async t => {
	const { page, check, refused, asked } = t;
	const url = `${api}/verify-email`, user = await newUser();
	const { code } = await mail(user.email, "verify");

	await page.goto(at("verify"));
	await button(page, "verify.button").click();
	await check("of nothing is sent back to the first field", () =>
		marked(field(page, "email"), words("missing")));
	await field(page, "email").fill(user.email);
	await field(page, "code").fill("AAAA-AAAA");
	nobody(t);
	refused(url, 401);
	await button(page, "verify.button").click();
	await check("is spoken out", () => says(page, "alert", wrongCode()));
	await check("and marked, and has the focus", () =>
		marked(field(page, "code"), wrongCode()));
	await check("and sent once", () => assert.equal(asked("POST", url), 1));

	nobody(t);
	await field(page, "code").fill(` ${code.toLowerCase().replace("-", " ")}`);
	await page.keyboard.press("Enter");
	await check("the right one does, however it is typed", () => verified(page));
	await check("and leads to the log-in, where nobody is signed in", async () => {
		const link = parts(page).link("login.button");
		assert.equal(await link.evaluate(a => a.href), at("login"));
	});
});

await test("A forgotten password", { on: usual }, async t => {
	const { page, check, refused } = t;
	const user = await newUser(), next = { ...user, password: "battery staple" };

	await openLogin(t);
	await field(page, "email").fill(user.email);
	await parts(page).link("login.forgot").click();
	await check("is a link away from the log-in, and the address goes along", async () => {
		await arrived(page, at("forgot"));
		await begun(page, button(page, "forgot.button"));
		assert.equal(await field(page, "email").inputValue(), user.email);
	});
	await check("which the browser knows", () => autocompletes(page, { email: "username" }));
	await button(page, "forgot.button").click();
	await check("a mail is said to be sent, if there is such an account", () =>
		says(page, "status", words("server: If the account exists, an e-mail has been sent")));
	await check("and the page turns to where to enter its code", () =>
		begun(page, parts(page).link("code.enter")));

	const sent = await mail(user.email, "reset");
	await page.goto(sent.link);
	await check("its link fills in the form", () =>
		filledIn(page, user.email, sent.code));
	await check("down to the new password", () =>
		begun(page, field(page, "reset.new")));
	await check("and leaves the address bar clean", () =>
		assert.equal(page.url(), at("reset")));
	await check("the browser knows what the fields are", () => autocompletes(page,
		{ email: "username", code: "one-time-code", "reset.new": "new-password" }));

	refused(`${api}/reset-password`, 400);
	await field(page, "reset.new").fill("four");
	await button(page, "reset.button").click();
	await check("a short one is marked", () => marked(field(page, "reset.new"),
		words("server: Password must be at least {n} characters", { n: 5 })));
	refused(`${api}/reset-password`, 401);
	await field(page, "reset.new").fill(next.password);
	await field(page, "code").fill("AAAA-AAAA");
	await button(page, "reset.button").click();
	await check("a wrong code, too", () => marked(field(page, "code"), wrongCode()));

	await field(page, "code").fill(sent.code);
	nobody(t);
	await button(page, "reset.button").click();
	await check("a good one ends at the log-in, which says so", () =>
		says(page, "status", words("done.password-reset")));
	await submit(page, next, "login.button");
	await check("and takes the new password", () => showsAccountOf(page, user));
	await check("and no more the old one", async () =>
		assert.equal((await ask("POST", "login", user)).status, 401));
	await check("and no server ever saw the code in a URL", () => nowhereElse(t, sent));
});

await test("Another address", { on: usual }, async t => {
	const { page, context, check, refused } = t;
	const user = await newUser(), email = newAddress();
	const section = page.getByRole("region", { name: words("address.heading") });
	const change = async password => {
		await field(page, "address.new").fill(email);
		await field(page, "address.password").fill(password);
		await button(page, "address.button").click();
	};

	await logIn(context, user);
	await page.goto(at("account"));
	await showsAccountOf(page, user);
	await check("the browser knows what the fields are", () => autocompletes(page,
		{ "address.new": "email", "address.password": "current-password" }));
	refused(`${api}/change-email`, 401);
	await change("wrong one");
	await check("needs the password", () =>
		marked(field(page, "address.password"), words("server: Incorrect password")));
	await change(user.password);
	await check("is said to get a code", () =>
		says(page, "status", words("server: A code has been sent")));
	await check("no password is left on the page", async () =>
		assert.equal(await field(page, "address.password").inputValue(), ""));
	const first = await mail(email, "verify");
	await page.reload();
	await check("the old one stays for now", () => showsAccountOf(page, user));

	await change(user.password);
	await parts(section).link("code.enter").click();
	await check("goes along to where the code is entered", async () => {
		await arrived(page, at("verify"));
		await begun(page, field(page, "code"));
		await filledIn(page, email);
	});
	const sent = await mail(email, "verify");
	assert.notEqual(sent.code, first.code);
	await page.goto(sent.link);
	await check("the mail's link does its work in that tab, too", async () => {
		await begun(page, button(page, "verify.button"));
		await filledIn(page, email, sent.code);
	});
	await button(page, "verify.button").click();
	await verified(page);
	await parts(page).link("continue").click();
	await check("is the account's, once confirmed", async () => {
		await showsAccountOf(page, { email });
		await page.getByText(words("account.confirmed")).waitFor();
	});
	await check("and no server ever saw the code in a URL", () => nowhereElse(t, sent));
});

await test("A site that wants addresses confirmed", { on: wary }, async t => {
	const { page, check, refused } = t;
	const user = { email: newAddress(), password: "correct horse" };
	const next = "?next=%2Fmembers%2F";

	await page.goto(at("signup") + next);
	refused(`${api}/login`, 403);
	await submit(page, user, "signup.button");
	await check("leads from the sign-up to the code", async () => {
		await arrived(page, at("verify") + next);
		await says(page, "status", words("verify.signed-up"));
		await begun(page, field(page, "code"));
		await filledIn(page, user.email);
	});
	const { code } = await mail(user.email, "verify");

	await openLogin(t, next);
	refused(`${api}/login`, 403);
	await submit(page, user, "login.button");
	await check("lets nobody in without it", () =>
		says(page, "alert", words("server: Email not verified")));
	await parts(page).link("login.verify").click();
	await check("the page for it is a link away", async () => {
		await arrived(page, at("verify") + next);
		await filledIn(page, user.email);
	});
	nobody(t);
	await field(page, "code").fill(code);
	await button(page, "verify.button").click();
	await verified(page);
	nobody(t);
	await parts(page).link("login.button").click();
	await field(page, "password").waitFor();
	await submit(page, user, "login.button");
	await check("and then leads on to where somebody was going", () =>
		arrived(page, `${site}/members/`));
});

await test("Too many mails", { on: wary }, async t => {
	const { page, check, refused } = t;
	const email = newAddress();
	const told = () => says(page, "alert",
		words("failed.wait", { wait: "in 60 minutes" }));

	await page.goto(at("forgot"));
	await field(page, "email").fill(email);
	await button(page, "forgot.button").click();
	await button(page, "retry").click();
	await check("begins again with the address", () => begun(page, field(page, "email")));
	refused(`${api}/forgot-password`, 429);
	await button(page, "forgot.button").click();
	await check("are refused, with when to come again", told);

	await page.goto(at("verify"));
	await button(page, "code.resend").click();
	await check("need an address first", () =>
		marked(field(page, "email"), words("missing")));
	await field(page, "email").fill(email);
	await button(page, "code.resend").click();
	await check("one is spoken out", () => says(page, "status", words("verify.resent")));
	refused(`${api}/resend-verification`, 429);
	await button(page, "code.resend").click();
	await check("are refused there as well", told);
});

await test("A mail from a German page", { on: usual }, async ({ page, check }) => {
	const user = await newUser();

	await page.goto(at("forgot"));
	await page.getByRole("combobox", { name: words("language") }).selectOption("Deutsch");
	await parts(page, "de").field("email").fill(user.email);
	await parts(page, "de").button("forgot.button").click();
	const sent = await mail(user.email, "reset");
	await check("is German, in a browser that is not", () => {
		assert.equal(sent.language, "de");
		assert.match(sent.text, /möchte ein neues Passwort/);
	});
	await check("while the one of the sign-up is not", async () =>
		assert.equal((await mail(user.email, "verify")).language, "en"));
});

// Anybody can make one.
await test("What a link brings", { on: usual }, async ({ page, check }) => {
	const evil = '<img src=x onerror="window.ran=1">';
	const open = async fragment => {
		await page.goto("about:blank");
		await page.goto(`${at("reset")}#${fragment}`);
		await field(page, "email").waitFor();
	};

	await open(`email=${encodeURIComponent(evil)}&code=%22%3E` +
		"&newPassword=theirs&new-password=theirs");
	await check("is text", async () => {
		await filledIn(page, evil, '">');
		assert.equal(await page.locator("main img").count(), 0);
	});
	await check("and no password", async () =>
		assert.equal(await field(page, "reset.new").inputValue(), ""));
	await open("email=a+b@example.org&code=ABCD-EFGH");
	await check("may have a plus in its address", () =>
		filledIn(page, "a+b@example.org", "ABCD-EFGH"));
	await open("email=%E4%&code=%zz");
	await check("may be broken", () => begun(page, field(page, "reset.new")));
});

await test("A site without mail", async ({ page, context, check, refused }) => {
	const user = await newUser();

	await page.goto(at("forgot"));
	refused(`${api}/forgot-password`, 501);
	await field(page, "email").fill(user.email);
	await button(page, "forgot.button").click();
	await check("says whom to turn to", () =>
		says(page, "alert", words("server: Mail is not set up")));
	await logIn(context, user);
	await page.goto(at("account"));
	await showsAccountOf(page, user);
	await check("has an account page without all that", async () => {
		await parts(page).heading("change.heading").waitFor();
		for (const key of ["account.confirmed", "account.unconfirmed", "address.heading"])
			assert.equal(await page.getByText(words(key)).isVisible(), false, key);
	});
});
