-- What the scripts beside this share.  They get, from the environment,
--   BENCH_USERS  lines: id <tab> e-mail <tab> access token <tab> refresh token
--   BENCH_NAME   what nobody has registered before
-- and wrk prints in the end one line:
--   RESULT requests microseconds p50 p99 errors bytes   (p50, p99: microseconds)
-- where an error is a connection that fails, a time-out, a status of 400 or
-- more, and what a script itself finds wrong (the global "wrong").

wrong = 0
local threads = {}

function setup(thread)
	thread:set("thread_number", #threads)
	table.insert(threads, thread)
end

function read_users()
	local users = {}
	for line in io.lines(os.getenv("BENCH_USERS")) do
		local id, email, access, refresh =
			line:match("^([^\t]+)\t([^\t]+)\t([^\t]+)\t([^\t]+)$")
		table.insert(users, { id = id, email = email, access = access,
			refresh = refresh })
	end
	math.randomseed(os.time() + 7919 * thread_number)
	return users
end

function credentials(email)
	return wrk.format("POST", nil, { ["Content-Type"] = "application/json" },
		string.format('{"email":"%s","password":"correct horse battery"}', email))
end

-- For answers that have a body worth looking at.
function expect(good)
	if not good then wrong = wrong + 1 end
end

function done(summary, latency)
	local e = summary.errors
	local errors = e.connect + e.read + e.write + e.timeout
	local found = 0
	for _, thread in ipairs(threads) do
		found = found + thread:get("wrong")
	end
	io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests,
		summary.duration, latency:percentile(50), latency:percentile(99),
		errors + math.max(e.status, found), summary.bytes))
end
