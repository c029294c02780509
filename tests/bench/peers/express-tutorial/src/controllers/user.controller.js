import jwt from "jsonwebtoken";
import { User, hashOf } from "../models/user.model.js";

const options = {
	httpOnly: true,
	secure: true,
};

const generateAccessAndRefreshTokens = async (userId) => {
	try {
		const user = await User.findById(userId);
		const accessToken = user.generateAccessToken();
		const refreshToken = user.generateRefreshToken();

		user.refreshToken = hashOf(refreshToken);
		await user.save();
		return { accessToken, refreshToken };
	} catch (error) {
		throw new Error(error.message);
	}
};

export const registerUser = async (req, res) => {
	const { email, password } = req.body;

	if (!email || !password) {
		return res.status(400).json({ message: "Email and password required" });
	}
	try {
		const existedUser = await User.findOne({ email });

		if (existedUser) {
			return res.status(400).json({ message: "User already exists" });
		}
		const user = await User.create({ email, password });
		const createdUser = await User.findById(user._id);

		if (!createdUser) {
			return res.status(500).json({ message: "Something went wrong" });
		}
		return res.status(201).json({
			user: createdUser.shown(),
			message: "User created successfully",
		});
	} catch (error) {
		return res.status(500).json({ message: error.message });
	}
};

export const loginUser = async (req, res) => {
	const { email, password } = req.body;

	if (!email || !password) {
		return res.status(400).json({ message: "Email and password are required" });
	}
	try {
		const user = await User.findOne({ email });

		if (!user) {
			return res.status(404).json({ message: "User not found" });
		}
		const isPasswordValid = await user.isPasswordCorrect(password);

		if (!isPasswordValid) {
			return res.status(401).json({ message: "Incorrect password" });
		}
		const { accessToken, refreshToken } =
			await generateAccessAndRefreshTokens(user._id);
		const loggedInUser = await User.findById(user._id);

		return res
			.status(200)
			.cookie("accessToken", accessToken, options)
			.cookie("refreshToken", refreshToken, options)
			.json({
				user: loggedInUser.shown(),
				accessToken,
				refreshToken,
				message: "Logged in successfully",
			});
	} catch (error) {
		return res.status(500).json({ message: error.message });
	}
};

export const refreshAccessToken = async (req, res) => {
	const incomingRefreshToken = req.cookies.refreshToken || req.body?.refreshToken;

	if (!incomingRefreshToken) {
		return res.status(401).json({ message: "Refresh token not found" });
	}
	try {
		const decodedToken = jwt.verify(incomingRefreshToken,
			process.env.REFRESH_TOKEN_SECRET);
		const user = await User.findById(decodedToken?._id);

		if (!user) {
			return res.status(404).json({ message: "User not found" });
		}
		if (user?.refreshToken !== hashOf(incomingRefreshToken)) {
			return res.status(401).json({ message: "Refresh token is incorrect" });
		}
		const { accessToken, refreshToken } =
			await generateAccessAndRefreshTokens(user._id);

		return res
			.status(200)
			.cookie("accessToken", accessToken, options)
			.cookie("refreshToken", refreshToken, options)
			.json({ accessToken, refreshToken, message: "Access token refreshed" });
	} catch (error) {
		return res.status(500).json({ message: error.message });
	}
};

// Not in the tutorial: what its guard lets see.
export const showUser = (req, res) => res.json({ user: req.user });
