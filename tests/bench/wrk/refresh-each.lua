-- Rotate the refresh token of one user after another, each once (wrk -t1).
dofile(os.getenv("BENCH_LUA") .. "/common.lua")

local requests, last = {}, 0

function init()
	for _, user in ipairs(read_users()) do
		table.insert(requests, wrk.format("POST", nil, { Cookie =
			"id=" .. user.id .. "; refreshToken=" .. user.refresh }, ""))
	end
	-- In no order, for who comes next in the file lies next in the table.
	for i = #requests, 2, -1 do
		local j = math.random(i)
		requests[i], requests[j] = requests[j], requests[i]
	end
end

function request()
	last = last + 1
	if last > #requests then
		wrk.thread:stop()
		last = #requests
	end
	return requests[last]
end

function response(status)
	expect(status == 200 or last >= #requests)
end
