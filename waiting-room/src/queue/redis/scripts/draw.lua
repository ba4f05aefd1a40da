-- draw: how far the draw has come; takes it one step further if it stands just before that step.
-- ARGV  4 the step, 0 only to read · 5 the note that is kept with it
-- Reply {head, step, end of the lobby, its size, when it was closed, note}
-- Why   of any number of nodes one takes each step; closing the lobby and setting its numbers aside is one step. The
--       version moves on, so a Redis that forgets a step is noticed.
local refused = open()
if refused then return refused end
local step = tonumber(ARGV[4])
local now = step > 0 and begin() or clock()
local is_next = step == (core.draw_step or 0) + 1 -- guard DrawStep
local nobody_is_in = core.now_called + core.now_admitted == 0
local may = step ~= 2 or (state(now) == 'drawing' and nobody_is_in and now >= core.rebuild_until)
if step > 0 and is_next and may then
  if step == 2 then
    core.lobby_end, core.closed_lobby_at = core.next_number, now
    core.lobby_size = redis.call('BITCOUNT', K.line) + redis.call('ZCOUNT', K.ended, text(now), '+inf')
    core.next_number = core.next_number + core.lobby_size
  end
  if step == 5 then core.drawn_at = now end
  core.draw_step = step
  redis.call('HSET', K.core, 'draw_note', ARGV[5])
  forget_changes()
end
local head = close()
local note = redis.call('HGET', K.core, 'draw_note') or ''
return with(head, {
  core.draw_step or 0, core.lobby_end or 0, core.lobby_size or 0, core.closed_lobby_at or 0, note,
})
