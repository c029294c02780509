/*
 * What the pages do that people sign in on.  Each is a function at the end, and
 * asks the programs as any front end would.
 */
import { $, areGood, ask, busy, clear, onSubmit, saying, setUpShowButton,
	show } from "./forms.js";
import { setup } from "./latchkey.js";
import { loadTexts, say, translate } from "./texts.js";
import { FORGOT, LOGIN, RESET, VERIFY, brought, goToLogin, nextPath, prefill,
	withEmail, withNext } from "./ways.js";

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

/* As somebody signed in, whose account may have been deleted elsewhere. */
async function askAsUser(method, name, fields) {
	const reply = await ask(method, name, fields);
	if (reply.status === 404 && reply.message === "User not found")
		goToLogin();
	return reply;
}

/* A session that is over already is logged out, too. */
function setUpLogOut(done) {
	$("logout").addEventListener("click", async () => {
		say($("problem"));
		const reply = await busy($("logout"), () => ask("POST", "logout", {}));
		if (reply.ok || reply.status === 401 || reply.status === 404)
			done();
		else
			say($("problem"), ...saying(reply));
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
	takeEmailAlong($("to-forgot"), withNext(FORGOT, next));
	onSubmit($("login"), async (fields) => {
		const reply = await logIn(fields);
		show($("unverified"), reply.message === "Email not verified");
		$("to-verify").href = withEmail(withNext(VERIFY, next), fields.email);
		return reply;
	}, () => location.replace(next));
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
			if (session.ok)
				location.replace(next);
			else if (reply.user.emailVerified === false)
				location.replace(`${withEmail(withNext(VERIFY, next), fields.email)}&signed-up`);
			else
				location.replace(`${withNext(LOGIN, next)}#signed-up`);
		});
	$("email").focus();
}

function forgot() {
	const next = nextPath();
	const turn = (sent) => {
		show($("forgot"), !sent);
		show($("sent"), sent);
		$(sent ? "to-reset" : "email").focus();
	};

	$("to-login").href = withNext(LOGIN, next);
	$("again").addEventListener("click", () => {
		say($("notice"));
		turn(false);
	});
	onSubmit($("forgot"), (fields) => ask("POST", "forgot-password", fields),
		(reply, { email }) => {
			$("to-reset").href = withEmail(withNext(RESET, next), email);
			say($("notice"), ...saying(reply));
			turn(true);
		});
	prefill($("forgot"));
}

function reset() {
	const next = nextPath();

	takeEmailAlong($("to-forgot"), withNext(FORGOT, next));
	onSubmit($("reset"), (fields) => ask("POST", "reset-password", fields),
		() => location.replace(`${withNext(LOGIN, next)}#password-reset`));
	prefill($("reset"));
}

function verify() {
	const form = $("verify"), next = nextPath();
	let me;

	/* It ends all sessions but the one that it comes with, which an access token
	   that has expired does not show: me gets a new one. */
	const send = async (fields) => {
		me = await ask("GET", "me");
		const isKnown = me.ok || me.status === 401 || me.status === 404;
		return isKnown ? ask("POST", "verify-email", fields) : me;
	};
	onSubmit(form, send, (reply) => {
		say($("notice"), ...saying(reply));
		say($("continue"), me.ok ? "continue" : "login.button");
		$("continue").href = me.ok ? next : withNext(LOGIN, next);
		show(form, false);
		show($("verified"));
		$("continue").focus();
	});
	$("resend").addEventListener("click", () => {
		clear(form);
		if (areGood([$("email")]))
			resend($("email").value, "verify.resent");
	});
	if (brought.has("signed-up"))
		say($("notice"), "verify.signed-up");
	prefill(form);
}

async function resend(email, done) {
	say($("resend-done"));
	say($("resend-error"));
	const reply = await busy($("resend"), () =>
		ask("POST", "resend-verification", { email }));
	if (reply.ok)
		say($("resend-done"), done);
	else
		say($("resend-error"), ...saying(reply));
}

/* For who comes to that page by this link, and has typed it here. */
function takeEmailAlong(link, url) {
	link.addEventListener("click", () => {
		link.href = withEmail(url, $("email").value);
	});
}

async function account() {
	setup({ onSignedOut: goToLogin });
	$("retry").addEventListener("click", () => location.reload());
	const me = await askAsUser("GET", "me");
	if (me.status === 401 || me.status === 404)
		return; /* on the way to the log-in */
	if (!me.ok) {
		say($("problem"), ...saying(me));
		return show($("retry"));
	}
	say($("who"), "account.who", me.user);
	$("username").defaultValue = me.user.email; /* survives a reset */
	setUpLogOut(() => location.replace(`${LOGIN}#logged-out`));
	setUpConfirmation(me.user);
	setUpSessions();
	setUpChangeEmail(me.user);
	setUpChangePassword();
	setUpDeletion();
	await listSessions();
	show($("account"));
}

/* While mail is off, a user has no emailVerified. */
function setUpConfirmation({ email, emailVerified }) {
	show($("confirmed"), emailVerified === true);
	show($("unconfirmed"), emailVerified === false);
	$("to-verify").href = withEmail(VERIFY, email);
	$("resend").addEventListener("click", () => resend(email, "account.resent"));
}

function setUpSessions() {
	const end = (button, name, done) => busy(button, async () => {
		const reply = await askAsUser("DELETE", name);
		say($("sessions-done"));
		say($("sessions-error"));
		if (!reply.ok && reply.status !== 404) /* 404: ended already */
			return say($("sessions-error"), ...saying(reply));
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
		return say($("sessions-error"), ...saying(reply));
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

function setUpChangeEmail({ emailVerified }) {
	const form = $("change-email");

	show($("address"), emailVerified !== undefined);
	form.addEventListener("submit", () => show($("to-confirm"), false));
	onSubmit(form, (fields) => askAsUser("POST", "change-email", fields),
		(reply, { newEmail }) => {
			form.reset();
			say($("change-email-done"), ...saying(reply));
			$("to-confirm").href = withEmail(VERIFY, newEmail);
			show($("to-confirm"));
		});
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
	return { login, signup, forgot, reset, verify, account, members }[document.body.dataset.page]();
}, () => document.documentElement.classList.add("failed"));
