import mysql from "mysql2/promise";

export let db;

const connectDB = async () => {
	db = mysql.createPool({
		socketPath: process.env.DB_SOCKET,
		database: process.env.DB_NAME,
		user: process.env.DB_USER,
		password: process.env.DB_PASSWORD,
		timezone: "Z",
	});
	await db.query("SELECT 1");
	console.log("Database connected");
};

export default connectDB;
