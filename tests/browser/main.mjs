// Every theme, or those named; they share the browser, and the numbers of TAP.

import { finish } from "./harness.mjs";

const themes = ["signing-in", "mail", "coming-back", "next", "devices",
	"client", "languages", "keyboard", "looks"];

for (const theme of process.argv.length > 2 ? process.argv.slice(2) : themes)
	await import(`./${theme}.mjs`);
await finish();
