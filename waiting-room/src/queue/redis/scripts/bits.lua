-- bits: a piece of the bitmaps of the line, for a view that reads all of it.
-- ARGV  4 first byte · 5 last byte
-- Reply {head, serving, next number, serving of each lane, end of the lobby, bytes of "waits", bytes of
--       "is taken", bytes of the lanes of the same numbers}
-- Why   a view reads the line in pieces and then the changes since the version of the first one.
local refused = open()
if refused then return refused end
local from, to = tonumber(ARGV[4]), tonumber(ARGV[5])
local reached = redis.call('HGET', K.core, 'lane_serving') or text(core.serving)
return with(head(), {
  core.serving, core.next_number, reached, core.lobby_end or 0,
  redis.call('GETRANGE', K.line, from, to), redis.call('GETRANGE', K.issued, from, to),
  redis.call('GETRANGE', K.lanes, 4 * from, 4 * to + 3),
})
