-- Sign up, with a new address each time.
dofile(os.getenv("BENCH_LUA") .. "/common.lua")

local name = os.getenv("BENCH_NAME")
local count = 0

function request()
	count = count + 1
	return credentials(string.format("%s-%d@bench.example", name, count))
end

function response(status)
	expect(status == 201)
end
