-- Every connection is a thread of its own (wrk -tN -cN) with a user of its own,
-- whose refresh token it rotates: each request carries the token that the answer
-- before brought.  An answer without a new one is an error.
dofile(os.getenv("BENCH_LUA") .. "/common.lua")

local id, token

function init()
	local user = read_users()[thread_number + 1]
	id, token = user.id, user.refresh
end

function request()
	return wrk.format("POST", nil, { Cookie =
		"id=" .. id .. "; refreshToken=" .. token }, "")
end

function response(status, _, body)
	local new = body:match('"refreshToken":"([^"]+)"')
	expect(status == 200 and new ~= nil and new ~= token)
	token = new or token
end
