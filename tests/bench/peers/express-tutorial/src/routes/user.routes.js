import { Router } from "express";
import {
	loginUser, refreshAccessToken, registerUser, showUser,
} from "../controllers/user.controller.js";
import { verifyJWT } from "../middlewares/auth.middleware.js";

const router = Router();

router.route("/register").post(registerUser);
router.route("/login").post(loginUser);
router.route("/refresh-token").post(refreshAccessToken);
router.route("/me").get(verifyJWT, showUser);

export default router;
