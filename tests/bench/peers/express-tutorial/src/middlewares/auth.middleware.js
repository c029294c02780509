import jwt from "jsonwebtoken";
import { User } from "../models/user.model.js";

export const verifyJWT = async (req, res, next) => {
	let user;

	try {
		const token = req.cookies?.accessToken ||
			req.header("Authorization")?.replace("Bearer ", "");

		if (!token) {
			return res.status(401).json({ message: "Token not found" });
		}
		const decodedToken = jwt.verify(token, process.env.ACCESS_TOKEN_SECRET);

		user = await User.findById(decodedToken?._id);
	} catch (error) {
		// 401, as the tutorial's text has it; its code says 500.
		const isToken = error instanceof jwt.JsonWebTokenError;

		return res.status(isToken ? 401 : 500).json({ message: error.message });
	}
	if (!user) {
		return res.status(404).json({ message: "User not found" });
	}
	req.user = user.shown();
	next();
};
