/*
 * Forms and buttons: what they ask the programs, by latchkey.js, and how they
 * show what comes of it.
 */
import { API, request } from "./latchkey.js";
import { say } from "./texts.js";

const NO_MAIL = "Mail is not set up"; /* a 501, but nothing is wrong */

/* Which field a refusal is about, by how it begins. */
const SUBJECTS = [
	[/^Incorrect/, "[autocomplete=current-password]"],
	[/^Password/, "[autocomplete=new-password]"],
	[/^Code/, "[autocomplete=one-time-code]"],
	[/^(Invalid email|User)/, "[type=email]"],
];

export const $ = (id) => document.getElementById(id);
export const show = (element, shown = true) => { element.hidden = !shown; };

/* --- Asking --- */

/** ask(): never rejected.  Status 0: there was no answer. */
export async function ask(method, name, fields) {
	const init = { method };
	if (fields) {
		init.headers = {
			"Content-Type": "application/json",
			"Accept-Language": document.documentElement.lang, /* for mails */
		};
		init.body = JSON.stringify(fields);
	}
	try {
		const reply = await request(`${API}/${name}`, init);
		const answer = await reply.json().catch(() => ({}));
		const wait = Number(reply.headers.get("Retry-After")); /* seconds */
		return { ...answer, status: reply.status, ok: reply.ok, wait };
	} catch (error) {
		return { status: error.status ?? 0, ok: false };
	}
}

/** saying(reply): what to say() of it: the texts' words for the server's. */
export function saying({ status, message, wait }) {
	if (status === 0)
		return ["failed.network"];
	if (status === 429 && wait > 0)
		return ["failed.wait", { wait: { minutes: Math.ceil(wait / 60) } }];
	if (!message || status >= 500 && message !== NO_MAIL)
		return ["failed.server"];
	return [`server: ${message.replace(/\d+/, "{n}")}`,
		{ message, n: message.match(/\d+/)?.[0] }];
}

/* --- Forms --- */

/** onSubmit(form, send, done): send(fields) gives a reply of ask(); one that is
 *  good goes to done, and any other is shown in the form. */
export function onSubmit(form, send, done) {
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		clear(form);
		if (!areGood(form.elements))
			return;
		const fields = Object.fromEntries(new FormData(form));
		const reply = await busy(form.querySelector("[type=submit]"), () => send(fields));
		if (reply.ok)
			done(reply, fields);
		else
			refuse(form, reply);
	});
}

/** clear(form): of what was said about it. */
export function clear(form) {
	form.querySelectorAll(".error, .done").forEach((p) => say(p));
	form.querySelectorAll("[aria-invalid]").forEach((input) =>
		input.removeAttribute("aria-invalid"));
}

/** areGood(inputs): as far as can be told here; those that are not are marked. */
export function areGood(inputs) {
	const bad = [...inputs].filter((input) => !input.validity.valid);
	for (const input of bad.reverse()) /* the first is focused last */
		fault(input, input.validity.valueMissing ? "missing" : "server: Invalid email");
	return bad.length === 0;
}

function fault(input, key, places) {
	input.setAttribute("aria-invalid", "true");
	say($(`${input.id}-error`), key, places);
	input.focus();
}

/* At the field that it is about. */
function refuse(form, reply) {
	const [, field] = SUBJECTS.find(([start]) => start.test(reply.message)) ?? [];
	const input = field && form.querySelector(field);

	if (input && reply.status < 500)
		fault(input, ...saying(reply));
	else
		say($(`${form.id}-error`), ...saying(reply));
}

/* --- Buttons --- */

/** busy(button, work): nobody presses it again until that is done. */
export async function busy(button, work) {
	button.disabled = true;
	button.setAttribute("aria-busy", "true");
	const result = await work();
	button.disabled = false;
	button.removeAttribute("aria-busy");
	if (document.activeElement === document.body) /* disabling drops the focus */
		button.focus();
	return result;
}

export function setUpShowButton(button) {
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
