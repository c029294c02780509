// What the tutorial's code asks of its mongoose model.  Two things differ.  Of the
// refresh token the column has the SHA-256, for all that are measured start from
// the same tokens and the same rows.  And it has a "jti": without one, the tokens of
// one second are the same, and to set what is set already is no durable commit.
import { createHash, randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";
import bcrypt from "bcrypt";
import { db } from "../db/db.js";

export const hashOf = (token) => createHash("sha256").update(token).digest("hex");

export class User {
	constructor(row) {
		Object.assign(this, row);
	}

	static async find(column, value) {
		const [rows] = await db.execute(
			`SELECT id AS _id, email, password, refresh_token AS refreshToken,
				created_at AS createdAt, updated_at AS updatedAt
			FROM peer_tutorial WHERE ${column} = ?`, [value]);

		return rows.length > 0 ? new User(rows[0]) : null;
	}

	static findOne({ email }) {
		return User.find("email", email);
	}

	static findById(id) {
		return User.find("id", id);
	}

	static async create({ email, password }) {
		const now = new Date();
		const user = new User({ _id: randomUUID(), email });

		user.password = await bcrypt.hash(password,
			Number(process.env.BCRYPT_COST ?? 10));
		await db.execute(
			`INSERT INTO peer_tutorial (id, email, password, created_at,
				updated_at) VALUES (?, ?, ?, ?, ?)`,
			[user._id, email, user.password, now, now]);
		return user;
	}

	// select("-password -refreshToken")
	shown() {
		const { password, refreshToken, ...rest } = this;

		return rest;
	}

	async save() {
		await db.execute(
			"UPDATE peer_tutorial SET refresh_token = ?, updated_at = ?" +
				" WHERE id = ?",
			[this.refreshToken, new Date(), this._id]);
	}

	isPasswordCorrect(password) {
		return bcrypt.compare(password, this.password);
	}

	generateAccessToken() {
		return jwt.sign({ _id: this._id, email: this.email },
			process.env.ACCESS_TOKEN_SECRET, { expiresIn: "15m" });
	}

	generateRefreshToken() {
		return jwt.sign({ _id: this._id, jti: randomUUID() },
			process.env.REFRESH_TOKEN_SECRET, { expiresIn: "15d" });
	}
}
