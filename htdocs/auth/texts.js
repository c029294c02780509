/*
 * The words of the pages.  HTML and scripts hold keys; a language is a file in
 * texts/ and its name in this list.
 */
const LANGUAGES = { en: "English", de: "Deutsch" };

const CHOICE = "latchkey-language"; /* in localStorage, once somebody chose */
const ATTRIBUTES = { ariaLabel: "aria-label", placeholder: "placeholder" };

const values = new WeakMap(); /* element: what goes into its text's {places} */
let texts = {};

/** loadTexts(): in the visitor's language, and offer the others.  Rejected:
 *  there are none to be had. */
export async function loadTexts() {
	await speak(preferred()).catch(() => speak("en"));
	const menu = document.getElementById("language");
	for (const [code, name] of Object.entries(LANGUAGES)) {
		const option = new Option(name, code);
		option.lang = code;
		menu.append(option);
	}
	menu.value = document.documentElement.lang;
	menu.addEventListener("change", () => choose(menu));
}

/** say(element, key, places): put a text there; without key, none. */
export function say(element, key = "", places = {}) {
	element.dataset.text = key;
	values.set(element, places);
	write(element);
}

/** translate(root): all that carries a key in there. */
export function translate(root) {
	root.querySelectorAll("[data-text], [data-aria-label], [data-placeholder]")
		.forEach(write);
}

function preferred() {
	const known = (tag) => Object.hasOwn(LANGUAGES, tag);
	let choice;
	try {
		choice = localStorage.getItem(CHOICE);
	} catch { /* no site data allowed: then it is asked for each time */ }
	return [choice ?? "", ...navigator.languages]
		.flatMap((tag) => [tag, tag.split("-")[0]]).find(known) ?? "en";
}

async function speak(language) {
	const reply = await fetch(new URL(`texts/${language}.json`, import.meta.url));
	if (!reply.ok)
		throw new Error(`texts/${language}.json: ${reply.status}`);
	texts = await reply.json();
	document.documentElement.lang = language;
	translate(document);
}

/* In place: what has been typed stays, and so does the focus. */
async function choose(menu) {
	try {
		await speak(menu.value);
		localStorage.setItem(CHOICE, menu.value);
	} catch { /* it stays at what it was, or is not remembered */ }
	menu.value = document.documentElement.lang;
}

function write(element) {
	const { text: key } = element.dataset;
	const places = values.get(element) ?? {};

	if (key !== undefined)
		element.textContent = key && text(key, places);
	for (const [name, attribute] of Object.entries(ATTRIBUTES))
		if (element.dataset[name])
			element.setAttribute(attribute, text(element.dataset[name], places));
}

/* A server may say what no file foresees: then its own words. */
function text(key, places) {
	return texts[key]?.replace(/\{(\w+)\}/g,
		(place, name) => written(places[name] ?? texts[name] ?? place)) ??
		places.message ?? key;
}

/* A time as the visitor's country writes it, where it speaks that language; a
   number of minutes from now; or what is written already. */
function written(value) {
	const { lang } = document.documentElement;
	const regions = navigator.languages.filter((tag) => tag.startsWith(`${lang}-`));

	if (value instanceof Date)
		return value.toLocaleString([...regions, lang],
			{ dateStyle: "medium", timeStyle: "short" });
	if (value.minutes)
		return new Intl.RelativeTimeFormat(lang).format(value.minutes, "minute");
	return value;
}
