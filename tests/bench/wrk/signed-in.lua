-- GET as one of the users, another one each time.
dofile(os.getenv("BENCH_LUA") .. "/common.lua")

local requests = {}

function init()
	for _, user in ipairs(read_users()) do
		table.insert(requests, wrk.format("GET", nil, { Cookie =
			"id=" .. user.id .. "; accessToken=" .. user.access }))
	end
end

function request()
	return requests[math.random(#requests)]
end
