/*
 * What the pages do that people sign in on.  Each is a function at the end, and
 * asks the programs as any front end would, by latchkey.js.
 */
import { request, setup } from "./latchkey.js";
import { loadTexts, say, translate } from "./texts.js";

const API = "/api/v1/users";
const LOGIN = new URL("login.html", import.meta.url).pathname;
const ACCOUNT = new URL("account.html", import.meta.url).pathname;

/* Which field a refusal is about, by how it begins. */
const SUBJECTS = [
	[/^Incorrect/, "[autocomplete=current-password]"],
	[/^Password/, "[autocomplete=new-password]"],
	[/^(Invalid email|User)/, "[type=email]"],
];

/* Edge and Opera say Chrome too, and all say Safari: the first that fits. */
const BROWSERS = [
	[/Edg/, "Edge"], [/OPR\//, "Opera"], [/SamsungBrowser/, "Samsung Internet"],
	[/Firefox|FxiOS/, "Firefox"], [/Chrom|CriOS/, "Chrome"], [/Safari/, "Safari"],
];
const SYSTEMS = [
	[/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Android/, "Android"],
	[/Windows/, "Windows"], [/CrOS/, "ChromeOS"], [/Mac OS/, "macOS"],
	[/Linux/, "Linux"],
];

const $ = (id) => document.getElementById(id);
const show = (element, shown = true) => { element.hidden = !shown; };

/* --- Asking --- */

/* ask(): never rejected.  Status 0: there was no answer. */
async function ask(method, name, fields) {
	const init = { method };
	if (fields) {
		init.headers = { "Content-Type": "application/json" };
		init.body = JSON.stringify(fields);
	}
	try {
		const reply = await request(`${API}/${name}`, init);
		const answer = await reply.json().catch(() => ({}));
		return { ...answer, status: reply.status, ok: reply.ok };
	} catch (error) {
		return { status: error.status ?? 0, ok: false };
	}
}

/* As somebody signed in, whose account may have been deleted elsewhere. */
async function askAsUser(method, name, fields) {
	const reply = await ask(method, name, fields);
	if (reply.status === 404 && reply.message === "User not found")
		goToLogin();
	return reply;
}

/* What to say() to the user: the texts' words for the server's. */
function refusal({ status, message }) {
	if (status === 0)
		return ["failed.network"];
	if (status >= 500 || !message)
		return ["failed.server"];
	return [`server: ${message.replace(/\d+/, "{n}")}`,
		{ message, n: message.match(/\d+/)?.[0] }];
}

/* --- Where to --- */

/* As in lib/return_path.c: next comes from outside, and a path on this site is
   all that it may be.  No segment is empty, "." or "..", in whatever spelling,
   nor holds an escape of a slash, a backslash or a control character. */
const SEGMENT = /^(?!(\.|%2e){1,2}$)([^%]|%(?![01]|2[0f]|5c|7f)[0-9a-f]{2})+$/i;

function isPathHere(next) {
	const segments = next.split(/[?#]/)[0].split("/").slice(1);
	if (segments.at(-1) === "")
		segments.pop();
	return next.length <= 2048 && /^\/[!-~]*$/.test(next) && !/[\\"<>]/.test(next) &&
		segments.every((segment) => SEGMENT.test(segment));
}

function nextPath() {
	const next = new URLSearchParams(location.search).get("next") ?? "";
	return isPathHere(next) ? next : ACCOUNT;
}

function withNext(url, next) {
	return next === ACCOUNT ? url : `${url}?next=${encodeURIComponent(next)}`;
}

function goToLogin() {
	location.replace(`${LOGIN}?next=${encodeURIComponent(location.pathname)}`);
}

/* --- Forms and buttons --- */

async function busy(button, work) {
	button.disabled = true;
	button.setAttribute("aria-busy", "true");
	const result = await work();
	button.disabled = false;
	button.removeAttribute("aria-busy");
	if (document.activeElement === document.body) /* disabling drops the focus */
		button.focus();
	return result;
}

/* onSubmit(form, send, done): send(fields) gives a reply of ask(); one that is
   good goes to done, and any other is shown in the form. */
function onSubmit(form, send, done) {
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		clear(form);
		if (!isComplete(form))
			return;
		const fields = Object.fromEntries(new FormData(form));
		const reply = await busy(form.querySelector("[type=submit]"), () => send(fields));
		if (reply.ok)
			done(reply, fields);
		else
			refuse(form, reply);
	});
}

function clear(form) {
	form.querySelectorAll(".error, .done").forEach((p) => say(p));
	form.querySelectorAll("[aria-invalid]").forEach((input) =>
		input.removeAttribute("aria-invalid"));
}

function isComplete(form) {
	const bad = [...form.elements].filter((input) => !input.validity.valid);
	for (const input of bad.reverse()) /* the first is focused last */
		fault(input, input.validity.valueMissing ? "missing" : "server: Invalid email");
	return bad.length === 0;
}

function fault(input, key, places) {
	input.setAttribute("aria-invalid", "true");
	say($(`${input.id}-error`), key, places);
	input.focus();
}

function refuse(form, reply) {
	const [, field] = SUBJECTS.find(([start]) => start.test(reply.message)) ?? [];
	const input = field && form.querySelector(field);

	if (input && reply.status < 500)
		fault(input, ...refusal(reply));
	else
		say($(`${form.id}-error`), ...refusal(reply));
}

function setUpShowButton(button) {
	const input = $(button.getAttribute("aria-controls"));
	const turn = (type) => {
		const key = type === "text" ? "hide" : "show";
		input.type = type;
		button.dataset.ariaLabel = `${key}.label`;
		say(button, key);
	};
	button.addEventListener("click", () =>
		turn(input.type === "text" ? "password" : "text"));
	/* Hidden again before it goes: else browsers keep it as they keep words. */
	input.form.addEventListener("submit", () => turn("password"));
	input.form.addEventListener("reset", () => turn("password"));
}

/* A session that is over already is logged out, too. */
function setUpLogOut(done) {
	$("logout").addEventListener("click", async () => {
		say($("problem"));
		const reply = await busy($("logout"), () => ask("POST", "logout", {}));
		if (reply.ok || reply.status === 401 || reply.status === 404)
			done();
		else
			say($("problem"), ...refusal(reply));
	});
}

/* --- The pages --- */

async function login() {
	const next = nextPath();
	const offerForm = () => {
		show($("signed-in"), false);
		show($("login"));
		$("email").focus();
	};

	$("to-signup").href = withNext($("to-signup").href, next);
	$("continue").href = next;
	onSubmit($("login"), logIn, () => location.replace(next));
	setUpLogOut(() => {
		say($("notice"), "done.logged-out");
		offerForm();
	});
	if (/^#[a-z-]+$/.test(location.hash)) /* what the page before has done */
		say($("notice"), `done.${location.hash.slice(1)}`, { message: "" });

	/* No redirect of who is signed in: a page that refuses them would send them
	   here again, and so on. */
	const me = await ask("GET", "me");
	if (!me.ok)
		return offerForm();
	say($("who"), "login.signed-in", me.user);
	show($("signed-in"));
}

/* Over plain http, and where cookies are not allowed, a browser drops them: say
   so, or people would be led round in a circle. */
async function logIn({ email, password }) {
	const reply = await ask("POST", "login", { email, password });
	if (!reply.ok)
		return reply;
	const me = await ask("GET", "me");
	return me.status === 401 ? { ...me, message: "Cookies dropped" } : reply;
}

function signup() {
	const next = nextPath();

	$("to-login").href = withNext($("to-login").href, next);
	onSubmit($("signup"), (fields) => ask("POST", "register", fields),
		async (reply, fields) => {
			const session = await busy($("signup-button"), () => logIn(fields));
			location.replace(session.ok ? next : `${withNext(LOGIN, next)}#signed-up`);
		});
	$("email").focus();
}

async function account() {
	setup({ onSignedOut: goToLogin });
	$("retry").addEventListener("click", () => location.reload());
	const me = await askAsUser("GET", "me");
	if (me.status === 401 || me.status === 404)
		return; /* on the way to the log-in */
	if (!me.ok) {
		say($("problem"), ...refusal(me));
		return show($("retry"));
	}
	say($("who"), "account.who", me.user);
	$("username").defaultValue = me.user.email; /* survives a reset */
	setUpLogOut(() => location.replace(`${LOGIN}#logged-out`));
	setUpSessions();
	setUpChangePassword();
	setUpDeletion();
	await listSessions();
	show($("account"));
}

function setUpSessions() {
	const end = (button, name, done) => busy(button, async () => {
		const reply = await askAsUser("DELETE", name);
		say($("sessions-done"));
		say($("sessions-error"));
		if (!reply.ok && reply.status !== 404) /* 404: ended already */
			return say($("sessions-error"), ...refusal(reply));
		await listSessions();
		say($("sessions-done"), done);
		$("sessions-heading").focus(); /* the button has gone */
	});
	$("sessions").addEventListener("click", ({ target }) => {
		if (target.matches(".end"))
			end(target, `sessions/${target.dataset.session}`, "sessions.ended");
	});
	$("end-others").addEventListener("click", () =>
		end($("end-others"), "sessions", "sessions.others-ended"));
}

async function listSessions() {
	const reply = await askAsUser("GET", "sessions");
	if (!reply.ok)
		return say($("sessions-error"), ...refusal(reply));
	reply.sessions.sort((a, b) => b.current - a.current); /* this one first */
	$("sessions").replaceChildren(...reply.sessions.map(sessionItem));
	show($("end-others"), reply.sessions.length > 1);
}

function sessionItem({ _id, userAgent, ip, lastUsedAt, current }) {
	const item = $("session").content.cloneNode(true);
	const [device, badge, when, end] =
		[".device", ".badge", ".when", ".end"].map((part) => item.querySelector(part));

	translate(item);
	say(device, ...deviceName(userAgent));
	device.title = userAgent;
	say(when, "sessions.when", { ip, time: new Date(lastUsedAt) });
	(current ? end : badge).remove(); /* to end this one there is Log out */
	end.dataset.session = _id;
	end.id = `end-${_id}`;
	device.id = `device-${_id}`;
	end.setAttribute("aria-labelledby", `${end.id} ${device.id}`);
	return item;
}

function deviceName(userAgent) {
	const [browser, system] = [BROWSERS, SYSTEMS].map((names) =>
		names.find(([sign]) => sign.test(userAgent))?.[1]);
	if (browser && system)
		return ["sessions.device", { browser, system }];
	return userAgent ? ["sessions.other", { userAgent }] : ["sessions.unknown"];
}

function setUpChangePassword() {
	const form = $("change-password");
	onSubmit(form, (fields) => askAsUser("POST", "change-password", fields), () => {
		form.reset();
		say($("change-password-done"), "change.done");
		listSessions();
	});
}

function setUpDeletion() {
	const dialog = $("delete-dialog"), form = $("delete-account");

	$("delete-open").addEventListener("click", () => dialog.showModal());
	$("delete-cancel").addEventListener("click", () => dialog.close());
	dialog.addEventListener("close", () => {
		form.reset();
		clear(form);
	});
	onSubmit(form, (fields) => askAsUser("DELETE", "me", fields),
		() => location.replace(`${LOGIN}#account-deleted`));
}

function members() {
	setup({ onSignedOut: goToLogin });
	setUpLogOut(() => location.replace(`${LOGIN}#logged-out`));
}

/* --- Begin --- */

/* Back to a page kept in memory: who is signed in may have changed. */
addEventListener("pageshow", (event) => {
	if (event.persisted)
		location.reload();
});
document.querySelectorAll(".show").forEach(setUpShowButton);
loadTexts().then(() => {
	document.documentElement.classList.add("ready");
	show($("page"));
	return { login, signup, account, members }[document.body.dataset.page]();
}, () => document.documentElement.classList.add("failed"));
