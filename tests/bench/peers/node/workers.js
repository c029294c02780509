// WORKERS processes behind one port, which end when the first one is told to.
import cluster from "node:cluster";

export function serve(listen) {
	let ending = false;

	if (cluster.isWorker) {
		listen();
		return;
	}
	for (let i = 0; i < Number(process.env.WORKERS ?? 2); i++)
		cluster.fork();
	process.once("SIGTERM", () => {
		ending = true;
		for (const worker of Object.values(cluster.workers))
			worker.process.kill("SIGTERM");
	});
	cluster.on("exit", () => {
		if (!ending)
			process.exit(1);
		if (Object.keys(cluster.workers).length === 0)
			process.exit(0);
	});
}
