// The users in MariaDB, and the sessions in their rows, for Express and Fastify:
// prepared statements on a pool, and compare-and-set for every change.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import mysql from "mysql2/promise";

const SESSIONS_MAX = 16;
const ATTEMPTS = 5;
const env = process.env;

const pool = mysql.createPool({
	socketPath: env.DB_SOCKET,
	database: env.DB_NAME,
	user: env.DB_USER,
	password: env.DB_PASSWORD,
	connectionLimit: 10,
	timezone: "Z",
});

const run = async (sql, values) => (await pool.execute(sql, values))[0];

export const ACCESS_TTL = 900;
export const REFRESH_TTL = 1296000;
export const BCRYPT_COST = Number(env.BCRYPT_COST ?? 10);

const cookie = { httpOnly: true, secure: true, sameSite: "lax" };
export const accessCookie = { ...cookie, path: "/" };
export const refreshCookie = { ...cookie, path: "/api/v1/users" };

export class Refusal extends Error {
	constructor(status, message) {
		super(message);
		this.statusCode = status;
	}
}

export const shown = (row) => ({
	_id: row.id,
	email: row.email,
	createdAt: row.created_at,
	updatedAt: row.updated_at,
});

// The user of an access token whose session is alive.
export async function userOfSession({ _id, sid }) {
	const [row] = await run(
		"SELECT id, email, created_at, updated_at," +
			" JSON_EXISTS(refresh_token, ?) AS alive" +
			" FROM peer_users WHERE id = ?",
		[`$."${sid}"`, _id],
	);

	if (!row)
		throw new Refusal(404, "User not found");
	if (!row.alive)
		throw new Refusal(401, "Session has ended");
	return row;
}

export async function userByEmail(email) {
	const [row] = await run(
		"SELECT id, email, password, refresh_token, created_at, updated_at" +
			" FROM peer_users WHERE email = ?",
		[email.toLowerCase()],
	);

	if (!row)
		throw new Refusal(404, "User not found");
	return row;
}

async function userById(id) {
	const [row] = await run(
		"SELECT id, email, refresh_token FROM peer_users WHERE id = ?", [id]);

	if (!row)
		throw new Refusal(404, "User not found");
	return row;
}

export async function addUser(email, password) {
	const now = new Date();
	const row = { id: uuid(now), email: email.toLowerCase(),
		created_at: now, updated_at: now };

	try {
		await run(
			"INSERT INTO peer_users (id, email, password, created_at," +
				" updated_at) VALUES (?, ?, ?, ?, ?)",
			[row.id, row.email, password, now, now],
		);
	} catch (error) {
		if (error.code === "ER_DUP_ENTRY")
			throw new Refusal(400, "User already exists");
		throw error;
	}
	return row;
}

// UUIDv7 (RFC 9562, 5.7): new rows go to the end of the table.
function uuid(now) {
	const bytes = randomBytes(16);

	bytes.writeUIntBE(now.getTime(), 0, 6);
	bytes[6] = 0x70 | (bytes[6] & 0x0f);
	bytes[8] = 0x80 | (bytes[8] & 0x3f);
	return bytes.toString("hex")
		.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const seconds = () => Math.floor(Date.now() / 1000);
export const newTokenId = () => randomBytes(32).toString("hex");

async function store(row, sessions) {
	const result = await run(
		"UPDATE peer_users SET refresh_token = ?" +
			" WHERE id = ? AND refresh_token <=> ?",
		[JSON.stringify(sessions), row.id, row.refresh_token],
	);

	return result.affectedRows === 1;
}

// Open one more session; mint(user, sid) makes its tokens.
export async function openSession(row, mint, { agent, ip }) {
	for (let tries = 0; tries < ATTEMPTS; tries++) {
		const sessions = JSON.parse(row.refresh_token ?? "{}");
		const sid = randomUUID();
		const tokens = mint(row, sid);

		makeRoom(sessions);
		sessions[sid] = { hash: sha256(tokens.refreshToken),
			opened: seconds(), rotated: [seconds()], agent, ip };
		if (await store(row, sessions))
			return tokens;
		row = await userById(row.id);
	}
	throw new Refusal(503, "Service unavailable");
}

function makeRoom(sessions) {
	const ids = Object.keys(sessions);
	const lastUsed = (id) => sessions[id].rotated.at(-1);

	if (ids.length < SESSIONS_MAX)
		return;
	ids.sort((a, b) => lastUsed(a) - lastUsed(b));
	for (const id of ids.slice(0, ids.length - SESSIONS_MAX + 1))
		delete sessions[id];
}

// Of all that race with one refresh token, one rotates it.
export async function rotateSession({ _id, sid }, token, mint) {
	const row = await userById(_id);
	const sessions = JSON.parse(row.refresh_token ?? "{}");
	const session = sessions[sid];

	if (!session || session.hash !== sha256(token))
		throw new Refusal(401, "Refresh token is incorrect");
	const tokens = mint(row, sid);

	session.hash = sha256(tokens.refreshToken);
	session.rotated = [seconds()];
	if (!(await store(row, sessions)))
		throw new Refusal(401, "Refresh token is incorrect");
	return tokens;
}
