// size.js DIRECTORY: the bytes that have to be installed for the peer in it: node
// with the libraries that are not the system's, the packages that it imports with
// all that these need, and its own files.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, "..", "node_modules");
const own = [process.argv[2], here];

function filesBelow(directory) {
	return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
		const name = path.join(directory, entry.name);

		if (entry.isDirectory())
			return entry.name === "node_modules" ? [] : filesBelow(name);
		return entry.isFile() ? [name] : [];
	});
}

// Where Node finds a package: here, or in a directory above.
function locate(name, from) {
	for (let at = from; at.startsWith(modules); at = path.dirname(at)) {
		const found = path.join(at, "node_modules", name);

		if (fs.existsSync(found))
			return found;
	}
	const found = path.join(modules, name);

	return fs.existsSync(found) ? found : null;
}

function packagesOf(names, from, seen) {
	for (const name of names) {
		const found = locate(name, from);

		if (!found || seen.has(found))
			continue;
		seen.add(found);
		const { dependencies = {} } = JSON.parse(
			fs.readFileSync(path.join(found, "package.json"), "utf8"));

		packagesOf(Object.keys(dependencies), found, seen);
	}
	return seen;
}

function imported(file) {
	const text = fs.readFileSync(file, "utf8");

	return [...text.matchAll(/ from "(?!node:)((?:@[^/"]+\/)?[^./"][^/"]*)/g)]
		.map((found) => found[1]);
}

const runtime = execFileSync("ldd", [process.execPath], { encoding: "utf8" })
	.split("\n").map((line) => line.match(/(?:=> )(\/\S*lib(?:node|v8|uv)\S*)/)?.[1])
	.filter(Boolean);
const code = own.flatMap(filesBelow);
const packages = packagesOf(
	code.filter((file) => file.endsWith(".js")).flatMap(imported), modules, new Set());
const all = [process.execPath, ...runtime, ...code, ...[...packages].flatMap(filesBelow)];

console.log(all.reduce((sum, file) => sum + fs.statSync(file).size, 0));
