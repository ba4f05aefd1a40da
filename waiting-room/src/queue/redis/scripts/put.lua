-- put: creates a room or replaces its settings; the line, if there is one, stays.
-- ARGV  4 settings as JSON · 5 mode · 6, 7, 8 lobby, opening and end, microseconds or empty · 9 cap · 10 rate a
--       minute · 11, 12 claim window and session length, microseconds
-- Reply {epoch, version, clock}
-- Why   what admits must see one consistent set of settings.
local exists = redis.call('EXISTS', K.core) == 1
if exists or tonumber(ARGV[2]) > 0 then
  local refused = open()
  if refused then return refused end
else
  for _, name in ipairs(COUNTERS) do core[name] = 0 end
  core.epoch, core.next_number = math.max(1, tonumber(ARGV[1])), 1
end
core.mode, core.lobby_at, core.opens_at, core.closes_at = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
core.cap, core.rate, core.claim_window, core.session_length = ARGV[9], ARGV[10], ARGV[11], ARGV[12]
core.room_since = clock() -- cap and rate bind what comes after it
redis.call('HSET', K.core, 'settings', ARGV[4])
return close()
