-- rebuild: makes a lost room anew, or adds what the caller knows to a room that another node made anew.
-- ARGV  4… the settings, see `set_room`; then, `of` them before: 1 microseconds in which nobody is called · 2 a number
--       above all that the caller has seen · 3 highest number called · 4…8 called, admitted, missed, left, departed ·
--       9… pairs: instant and count of admissions of the last minute, at most one pair a second
-- Reply {head}
-- Why   the first caller makes the room, all others add to it: what is added only grows, so it does not matter who
--       comes first or how often. Places are added by `over` and `contribute`. What an older snapshot has kept stays.
load()
local of = 3 + SETTINGS
if is_lost() then
  create()
  core.epoch = math.max(tonumber(ARGV[2]) + 1, tonumber(ARGV[1]))
  core.version, core.made_at = math.max(core.version, (seen())) + 4294967296, tonumber(ARGV[1])
  core.clock = clock()
  core.rebuild_until = core.clock + tonumber(ARGV[of + 1])
  set_room(4)
  core.room_since = core.clock
  -- Which number each lane had reached is found out anew; see call.lua.
  if #more().weights > 1 then redis.call('HSET', K.core, 'lane_serving', '0') end
  redis.call('DEL', K.changes)
end
local function at_least(name, value) core[name] = math.max(core[name], tonumber(value)) end
at_least('next_number', ARGV[of + 2])
at_least('floor_number', ARGV[of + 2])
at_least('serving', ARGV[of + 3])
for i, name in ipairs({ 'called', 'admitted', 'turns_missed', 'left', 'departed' }) do
  at_least(name, ARGV[of + 3 + i])
end

-- The admissions of the last minute, second by second: of what is here and what is told, the more counts.
local function second(at) return math.floor(tonumber(at) / 1000000) end
local last, here, told = {}, {}, {}
local function note(into, at, count)
  local s = second(at)
  into[s] = (into[s] or 0) + tonumber(count)
  last[s] = math.max(last[s] or 0, tonumber(at))
end
for _, run in ipairs(redis.call('LRANGE', K.minute, 0, -1)) do note(here, string.match(run, '(%d+) (%d+)')) end
for i = of + 9, #ARGV, 2 do note(told, ARGV[i], ARGV[i + 1]) end
local seconds = {}
for s in pairs(last) do seconds[#seconds + 1] = s end
table.sort(seconds)
redis.call('DEL', K.minute)
core.minute_total = 0
for _, s in ipairs(seconds) do
  local count = math.max(here[s] or 0, told[s] or 0)
  redis.call('RPUSH', K.minute, text(last[s]) .. ' ' .. text(count))
  core.minute_total = core.minute_total + count
end
recount_joined()
return close()
