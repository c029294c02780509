// The same API on Fastify and its own plugins: response schemas, hooks, one
// process a core.
import Fastify from "fastify";
import fastifyCookie from "@fastify/cookie";
import fastifyJwt from "@fastify/jwt";
import fastifyStatic from "@fastify/static";
import bcrypt from "bcrypt";
import { serve } from "../node/workers.js";
import * as users from "../node/users.js";

const { ACCESS_TOKEN_SECRET, REFRESH_TOKEN_SECRET, PORT, STATIC_DIR } = process.env;
const { Refusal } = users;

const text = { type: "string" };
const user = { type: "object", properties: {
	_id: text, email: text, createdAt: text, updatedAt: text } };
const answer = (properties) => ({ schema: { response: {
	"2xx": { type: "object", properties },
	"4xx": { type: "object", properties: { message: text } },
} } });

const app = Fastify();

app.register(fastifyCookie);
for (const [namespace, secret, expiresIn] of [
	["access", ACCESS_TOKEN_SECRET, users.ACCESS_TTL],
	["refresh", REFRESH_TOKEN_SECRET, users.REFRESH_TTL],
])
	app.register(fastifyJwt, { secret, namespace,
		sign: { algorithm: "HS256", expiresIn: `${expiresIn}s` },
		verify: { algorithms: ["HS256"] } });

const mint = (row, sid) => ({
	accessToken: app.jwt.access.sign({ _id: row.id, email: row.email, sid }),
	refreshToken: app.jwt.refresh.sign(
		{ _id: row.id, sid, jti: users.newTokenId() }),
});

const messages = {
	FAST_JWT_MALFORMED: "jwt malformed",
	FAST_JWT_INVALID_SIGNATURE: "invalid signature",
	FAST_JWT_INVALID_ALGORITHM: "invalid signature",
	FAST_JWT_EXPIRED: "jwt expired",
};

function verify(token, namespace) {
	try {
		return app.jwt[namespace].verify(token);
	} catch (error) {
		throw new Refusal(401, messages[error.code] ?? "invalid token");
	}
}

async function guard(request) {
	const token = request.cookies.accessToken ??
		request.headers.authorization?.replace(/^Bearer /i, "");

	if (!token)
		throw new Refusal(401, "Token not found");
	request.user = await users.userOfSession(verify(token, "access"));
}

function setTokens(reply, tokens) {
	reply.setCookie("accessToken", tokens.accessToken,
		{ ...users.accessCookie, maxAge: users.ACCESS_TTL });
	reply.setCookie("refreshToken", tokens.refreshToken,
		{ ...users.refreshCookie, maxAge: users.REFRESH_TTL });
}

async function register(request, reply) {
	const { email, password } = request.body ?? {};

	if (!email || !password)
		throw new Refusal(400, "Email and password required");
	const row = await users.addUser(email,
		await bcrypt.hash(password, users.BCRYPT_COST));

	reply.code(201);
	return { user: users.shown(row), message: "User created successfully" };
}

async function login(request, reply) {
	const { email, password } = request.body ?? {};

	if (!email || !password)
		throw new Refusal(400, "Email and password are required");
	const row = await users.userByEmail(email);

	if (!(await bcrypt.compare(password, row.password)))
		throw new Refusal(401, "Incorrect password");
	const tokens = await users.openSession(row, mint,
		{ agent: request.headers["user-agent"] ?? "", ip: request.ip });

	setTokens(reply, tokens);
	return { user: users.shown(row), ...tokens,
		message: "Logged in successfully" };
}

async function refresh(request, reply) {
	const token = request.cookies.refreshToken ?? request.body?.refreshToken;

	if (!token)
		throw new Refusal(401, "Refresh token not found");
	const tokens = await users.rotateSession(verify(token, "refresh"), token, mint);

	setTokens(reply, tokens);
	return { ...tokens, message: "Access token refreshed" };
}

const tokens = { accessToken: text, refreshToken: text };

app.get("/", async (request, reply) => {
	reply.type("text/html; charset=utf-8");
	return "Hello World!";
});
app.register(async (api) => {
	api.post("/register", answer({ user, message: text }), register);
	api.post("/login", answer({ user, ...tokens, message: text }), login);
	api.post("/refresh-token", answer({ ...tokens, message: text }), refresh);
	api.get("/me", { onRequest: guard, ...answer({ user }) },
		async (request) => ({ user: users.shown(request.user) }));
}, { prefix: "/api/v1/users" });
app.register(async (members) => {
	members.addHook("onRequest", guard);
	members.register(fastifyStatic, { root: STATIC_DIR, prefix: "/members/" });
});
app.setErrorHandler((error, request, reply) => {
	if (!error.statusCode)
		console.error(error);
	reply.code(error.statusCode ?? 500).send({
		message: error.statusCode ? error.message : "Something went wrong" });
});

serve(() => app.listen({ port: Number(PORT), host: "127.0.0.1" }));
