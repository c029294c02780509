/*
 * Latchkey for front ends: fetch, for those who are signed in.
 *
 *	import { setup, request } from "/auth/latchkey.js";
 *
 *	setup({ onSignedOut: () => location.assign("/auth/login.html") });
 *	const reply = await request("/api/v1/users/me");
 *
 * Tokens stay in their HttpOnly cookies, where no script can read them.  An
 * access token lives for minutes: request() gets a new one when a request meets
 * a 401, once for all tabs, for a refresh token is good for one use.
 */

const LOCK = "latchkey-refresh"; /* of all tabs that share an api */
const PATIENCE = 30000; /* ms; a server that hangs must not hold every tab */

/** Where the programs are, unless setup() says: beside this file's directory. */
export const API = new URL("../api/v1/users", import.meta.url).pathname;

const settings = { api: API, onSignedOut: null };
let pending = null; /* the refresh of this page that is under way */
let refreshedAt = 0, signedOutAt = 0; /* what the last one came to, and when */

/**
 * setup({ api, onSignedOut }): optional, before anything else.
 * Takes: api, where the programs are: a path (without it, api/v1/users beside
 * the directory of this file) or, for a front end of another origin, a URL.  onSignedOut, a function that is called without arguments,
 * once, when a refresh shows that nobody is signed in (any more).
 * Returns nothing.
 */
export function setup({ api = API, onSignedOut = null } = {}) {
	settings.api = api.replace(/\/+$/, "");
	settings.onSignedOut = onSignedOut;
}

/**
 * refresh(): get new tokens; request() does it by itself.
 * Returns a promise of true: signed in, with a fresh access token; or of false:
 * signed out, and onSignedOut has been called.
 * Errors: rejected when that cannot be told, as the network or the server is
 * away: an outage signs nobody out.  Where the server did answer, the error's
 * status is that of the answer.  Try again later.
 */
export function refresh() {
	return refreshSince(Date.now());
}

/**
 * request(input, init): fetch, of a thing that asks for an access token.
 * Takes what fetch takes.  To the origin of the api cookies are sent, unless
 * init.credentials says otherwise.
 * Returns a promise of the Response.  When that is a 401 about the token, not
 * one about a password, the tokens are refreshed and the request is sent once
 * more.  The 401 is returned as it is when nobody is signed in, and when the
 * body in init is a ReadableStream, which cannot be sent twice.
 * Errors: fetch's; and those of refresh(), as a 401 would say what is not known.
 */
export async function request(input, init) {
	const options = isApi(input) ? { credentials: "include", ...init } : init;
	const again = input instanceof Request ? input.clone() : input;
	const sentAt = Date.now();
	const response = await fetch(input, options);

	if (!wantsToken(response) || init?.body instanceof ReadableStream)
		return response;
	return await refreshSince(sentAt) ? fetch(again, options) : response;
}

function isApi(input) {
	const { url } = input instanceof Request ? input : new Request(input);
	return new URL(url).origin === new URL(new Request(settings.api).url).origin;
}

/* A wrong password is a 401 too, and sending it twice counts as two tries. */
function wantsToken(response) {
	return response.status === 401 &&
		/^Bearer\b/i.test(response.headers.get("WWW-Authenticate") ?? "");
}

/* Whoever asks meanwhile shares the outcome, an outage too: no queue of them. */
function refreshSince(since) {
	pending ??= alone(() => refreshUnlessDone(since))
		.finally(() => { pending = null; });
	return pending;
}

/* Web Locks are for https and localhost; elsewhere each page is on its own. */
function alone(work) {
	return navigator.locks ? navigator.locks.request(lock(), work) : work();
}

/* One origin may have several, /shop1/api/v1/users and /shop2/api/v1/users. */
function lock() {
	return `${LOCK} ${settings.api}`;
}

/* What ended after ${since} is news to the request that was sent then. */
async function refreshUnlessDone(since) {
	if (await lastRefresh() > since)
		return true;
	if (signedOutAt > since)
		return false;
	const response = await fetch(`${settings.api}/refresh-token`, {
		method: "POST",
		credentials: "include",
		headers: { "Content-Type": "application/json" },
		body: "{}",
		keepalive: true, /* the answer's cookies count, even if the page is left */
		signal: AbortSignal.timeout(PATIENCE),
	});
	if (response.ok)
		return rememberRefresh();
	if (response.status !== 401 && response.status !== 404)
		throw outage(response.status);
	signedOutAt = Date.now();
	settings.onSignedOut?.();
	return false;
}

function outage(status) {
	const error = new Error(`Latchkey: refresh-token answered ${status}`);
	return Object.assign(error, { status });
}

/* Not localStorage: each process of a browser has its own copy of that, which
   may be behind, and the lock is sooner.  Where there are no caches, or the user
   allows no site data, the other tabs refresh by themselves. */
async function rememberRefresh() {
	refreshedAt = Date.now();
	await cache((memory) => memory.put(refreshed(), new Response(refreshedAt)));
	return true;
}

/* In the cache: when, in ms. */
function refreshed() {
	return `/latchkey-refreshed?${encodeURIComponent(settings.api)}`;
}

/* A time to come is from before the clock was set back, and tells nothing. */
async function lastRefresh() {
	const entry = await cache((memory) => memory.match(refreshed()));
	const last = Math.max(refreshedAt, Number(await entry?.text() ?? 0));
	return last <= Date.now() ? last : 0;
}

async function cache(work) {
	try {
		return await work(await caches.open(LOCK));
	} catch {
		return undefined;
	}
}
