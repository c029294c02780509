/*
 * The ways between the pages: where each is, where to go on to (?next=), and
 * what a link brings along for a form (#email=...&code=...).
 */
const page = (name) => new URL(name, import.meta.url).pathname;

export const LOGIN = page("login.html");
export const ACCOUNT = page("account.html");
export const FORGOT = page("forgot.html");
export const RESET = page("reset.html");
export const VERIFY = page("verify.html");

/* --- Where to go on to --- */

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

export function nextPath() {
	const next = new URLSearchParams(location.search).get("next") ?? "";
	return isPathHere(next) ? next : ACCOUNT;
}

export function withNext(url, next) {
	return next === ACCOUNT ? url : `${url}?next=${encodeURIComponent(next)}`;
}

export function goToLogin() {
	location.replace(`${LOGIN}?next=${encodeURIComponent(location.pathname)}`);
}

/* --- What a link brings along --- */

/** Of the fragment, for that is in no log and no Referer.  It goes from the
 *  address bar at once: people copy what stands there, and browsers keep it. */
export const brought = takeFragment();

function takeFragment() {
	/* A plus in an address is no blank. */
	const fields = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B"));
	if (fields.has("email") || fields.has("code"))
		history.replaceState(null, "", location.pathname + location.search);
	return fields;
}

export function withEmail(url, email) {
	return `${url}#email=${encodeURIComponent(email)}`;
}

/** prefill(form): with address and code, no more; then to what is missing. */
export function prefill(form) {
	const inputs = [...form.querySelectorAll("input")];

	for (const input of inputs)
		if (["email", "code"].includes(input.name) && brought.has(input.name))
			input.value = brought.get(input.name);
	(inputs.find((input) => !input.value) ?? form.querySelector("[type=submit]")).focus();
	/* The next mail's link, opened in this tab. */
	addEventListener("hashchange", () => location.reload());
}
