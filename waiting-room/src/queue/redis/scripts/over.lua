-- over: adds numbers that a node knows to be over to a room that was made anew.
-- ARGV  4 first byte · 5 a piece of the bitmap of those numbers
-- Reply {head}
-- Why   whoever was admitted or has left must not come back with a place token, and must not be waiting in an older
--       snapshot. Numbers only become over, so pieces may come in any order, twice, and from several nodes.
local refused = open()
if refused then return refused end
-- The lane that a number was given in.
local function lane_of(number) return redis.call('BITFIELD', K.lanes, 'GET', 'u4', '#' .. text(number))[1] end

local now, from, piece, left = clock(), tonumber(ARGV[4]), ARGV[5], core.left
local to = from + #piece - 1
local line = redis.call('GETRANGE', K.line, from, to)
local function joined_with(key)
  local here, bytes = redis.call('GETRANGE', key, from, to), {}
  for i = 1, #piece do bytes[i] = string.char(bit.bor(string.byte(piece, i), string.byte(here, i) or 0)) end
  redis.call('SETRANGE', key, from, table.concat(bytes))
end
joined_with(K.over)
joined_with(K.issued)
for i = 1, #line do
  local waits = bit.band(string.byte(line, i), string.byte(piece, i))
  for n = 0, 7 do
    if bit.band(waits, bit.rshift(128, n)) ~= 0 then
      local number = (from + i - 1) * 8 + n
      local at = text(score(lane_of(number), number))
      local id = redis.call('ZRANGEBYSCORE', K.waiting, at, at)[1]
      if id then judged(place(id), now) end
    end
  end
end
core.left = left -- counted before the line was lost
recount_joined()
return close()
