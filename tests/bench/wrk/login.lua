-- Log in as one of the users, another one each time.
dofile(os.getenv("BENCH_LUA") .. "/common.lua")

local users

function init()
	users = read_users()
end

function request()
	return credentials(users[math.random(#users)].email)
end

function response(status)
	expect(status == 200)
end
