-- GET without anything.
dofile(os.getenv("BENCH_LUA") .. "/common.lua")
