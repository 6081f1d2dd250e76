-- game.lua FILE: loads FILE at its start, and again at SIGUSR1. Needs lua-posix.
local signal = require("posix.signal")
local time = require("posix.time")

local asked = true
signal.signal(signal.SIGUSR1, function() asked = true end) -- runs between two instructions

while true do -- the game's loop, once a tick
  if asked then
    asked = false
    local file = assert(io.open(arg[1])) -- opened anew: the name is another file's now
    print("loaded " .. file:read("a"))
    io.stdout:flush()
    file:close()
  end
  time.nanosleep({ tv_sec = 0, tv_nsec = 50000000 })
end
