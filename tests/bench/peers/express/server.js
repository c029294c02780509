// The tutorial's API on the tutorial's own libraries, as one runs it in
// production: cluster workers, prepared statements, keys made once (of a string
// jsonwebtoken tries each time whether it is a public key, which takes longer than
// all else together), and no ETag that nobody asks for.
import { createSecretKey } from "node:crypto";
import express from "express";
import cors from "cors";
import cookieParser from "cookie-parser";
import jwt from "jsonwebtoken";
import bcrypt from "bcrypt";
import { serve } from "../node/workers.js";
import * as users from "../node/users.js";

const { PORT, STATIC_DIR } = process.env;
const keyOf = (name) => createSecretKey(process.env[name], "utf8");
const accessKey = keyOf("ACCESS_TOKEN_SECRET");
const refreshKey = keyOf("REFRESH_TOKEN_SECRET");
const HS256 = { algorithms: ["HS256"] };
const { Refusal } = users;

const mint = (user, sid) => ({
	accessToken: jwt.sign({ _id: user.id, email: user.email, sid },
		accessKey, { expiresIn: users.ACCESS_TTL }),
	refreshToken: jwt.sign({ _id: user.id, sid, jti: users.newTokenId() },
		refreshKey, { expiresIn: users.REFRESH_TTL }),
});

function verify(token, key) {
	try {
		return jwt.verify(token, key, HS256);
	} catch (error) {
		throw new Refusal(401, error.message);
	}
}

async function guard(req, res, next) {
	const token = req.cookies.accessToken ??
		req.get("Authorization")?.replace(/^Bearer /i, "");

	if (!token)
		throw new Refusal(401, "Token not found");
	req.user = await users.userOfSession(verify(token, accessKey));
	next();
}

function sendTokens(res, tokens, body) {
	res.cookie("accessToken", tokens.accessToken,
		{ ...users.accessCookie, maxAge: users.ACCESS_TTL * 1000 });
	res.cookie("refreshToken", tokens.refreshToken,
		{ ...users.refreshCookie, maxAge: users.REFRESH_TTL * 1000 });
	res.json(body);
}

async function register(req, res) {
	const { email, password } = req.body ?? {};

	if (!email || !password)
		throw new Refusal(400, "Email and password required");
	const user = await users.addUser(email,
		await bcrypt.hash(password, users.BCRYPT_COST));

	res.status(201).json({ user: users.shown(user),
		message: "User created successfully" });
}

async function login(req, res) {
	const { email, password } = req.body ?? {};

	if (!email || !password)
		throw new Refusal(400, "Email and password are required");
	const user = await users.userByEmail(email);

	if (!(await bcrypt.compare(password, user.password)))
		throw new Refusal(401, "Incorrect password");
	const tokens = await users.openSession(user, mint,
		{ agent: req.get("User-Agent") ?? "", ip: req.ip });

	sendTokens(res, tokens, { user: users.shown(user), ...tokens,
		message: "Logged in successfully" });
}

async function refresh(req, res) {
	const token = req.cookies.refreshToken ?? req.body?.refreshToken;

	if (!token)
		throw new Refusal(401, "Refresh token not found");
	const tokens = await users.rotateSession(
		verify(token, refreshKey), token, mint);

	sendTokens(res, tokens, { ...tokens, message: "Access token refreshed" });
}

const app = express();
const router = express.Router();

app.disable("x-powered-by");
app.disable("etag");
app.use(cors({ origin: `http://127.0.0.1:${PORT}`, credentials: true }));
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
app.use(cookieParser());
app.get("/", (req, res) => res.send("Hello World!"));
router.post("/register", register);
router.post("/login", login);
router.post("/refresh-token", refresh);
router.get("/me", guard, (req, res) => res.json({ user: users.shown(req.user) }));
app.use("/api/v1/users", router);
app.use("/members", guard, express.static(STATIC_DIR));
// Express knows an error handler by its four parameters.
app.use((error, req, res, next) => {
	if (!error.statusCode)
		console.error(error);
	res.status(error.statusCode ?? 500).json({
		message: error.statusCode ? error.message : "Something went wrong" });
});

serve(() => app.listen(PORT, "127.0.0.1"));
