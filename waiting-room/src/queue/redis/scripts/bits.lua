-- bits: a piece of the bitmaps of the line, for a view that reads all of it.
-- ARGV  4 first byte · 5 last byte
-- Reply {epoch, version, clock, serving, next number, bytes of "waits", bytes of "is taken"}
-- Why   a view reads the line in pieces and then the changes since the version of the first one.
local refused = open()
if refused then return refused end
return {
  core.epoch, core.version, core.clock, core.serving, core.next_number,
  redis.call('GETRANGE', K.line, ARGV[4], ARGV[5]), redis.call('GETRANGE', K.issued, ARGV[4], ARGV[5]),
}
