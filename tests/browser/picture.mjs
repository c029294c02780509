// The picture of the log-in page in README.md, made anew by
//	tests/browser.t picture

import { test } from "./harness.mjs";
import { openLogin, parts } from "./pages.mjs";

const path = new URL("login.png", import.meta.url).pathname;

await test("The picture", { viewport: { width: 800, height: 600 } }, async t => {
	await openLogin(t);
	await parts(t.page).field("email").fill("nawaz@gmail.com");
	await t.check("is taken", () => t.page.screenshot({ path }));
});
