// The tutorial's application as it stands, its MongoDB alone replaced: one
// process, the libraries' defaults, the database asked as often as there.
import express, { urlencoded } from "express";
import cors from "cors";
import cookieParser from "cookie-parser";
import dotenv from "dotenv";
import connectDB from "./src/db/db.js";
import userRouter from "./src/routes/user.routes.js";
import { verifyJWT } from "./src/middlewares/auth.middleware.js";

dotenv.config({ path: "./.env", quiet: true });

const app = express();

app.use(cors({ origin: process.env.CLIENT_URL, credentials: true }));
app.use(express.json());
app.use(urlencoded({ extended: true }));
app.use(cookieParser());

app.get("/", (req, res) => {
	res.send("Hello World!");
});
app.use("/api/v1/users", userRouter);
// Not in the tutorial: something that is guarded.
app.use("/members", verifyJWT, express.static(process.env.STATIC_DIR));

connectDB()
	.then(() => {
		app.listen(process.env.PORT || 8000, "127.0.0.1", () => {
			console.log(`Server listening on port ${process.env.PORT}`);
		});
	})
	.catch((error) => {
		console.log("Database connection failed", error);
	});
