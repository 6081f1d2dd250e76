-- plain_game.lua NOTES none|NUMBER: a game that handles that one signal, or none.
local signal = require("posix.signal")
local unistd = require("posix.unistd")

local function note(line)
  local notes = assert(io.open(arg[1], "a"))
  notes:write(line, "\n")
  notes:close()
end

if arg[2] ~= "none" then
  signal.signal(tonumber(arg[2]), function() note("signal") end)
end
note("ready")
while true do
  unistd.sleep(3600)
end
