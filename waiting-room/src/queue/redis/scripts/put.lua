-- put: creates a room or replaces its settings; the line, if there is one, stays.
-- ARGV  4… the settings, see `set_room`
-- Reply {head}; error LANES when the lanes it has are not the first of those it gets, OWNER when it is somebody else's
-- Why   what admits must see one consistent set of settings; and of two who make a room of one name, one has it.
load()
if is_lost() then return redis.error_reply('LOST the store lost this room') end
if not core.epoch then
  create()
  core.epoch = math.max(1, tonumber(ARGV[1]))
end
local lanes, names = redis.call('HGET', K.core, 'lane_names'), ARGV[13]
if lanes and string.sub(names .. ',', 1, #lanes + 1) ~= lanes .. ',' then -- guard Lanes
  return redis.error_reply('LANES people stand in these lanes')
end
local settings = redis.call('HGET', K.core, 'settings')
if settings and cjson.decode(settings).owner ~= cjson.decode(ARGV[4]).owner then -- guard Owner
  return redis.error_reply('OWNER the room is somebody else\'s')
end
set_room(4)
core.room_since = clock() -- cap and rate bind what comes after it
return close()
