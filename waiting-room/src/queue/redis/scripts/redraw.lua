-- redraw: tells a room that was made anew how far its draw had come.
-- ARGV  4 the step · 5 end of the lobby · 6 its size · 7 when it was closed · 8 the note
-- Reply {head}
-- Why   a draw only goes on: of what is here and what is told, the later counts, whoever comes first.
local refused = open()
if refused then return refused end
local step = tonumber(ARGV[4])
if step > (core.draw_step or 0) then
  core.draw_step, core.lobby_end, core.lobby_size = step, tonumber(ARGV[5]), tonumber(ARGV[6])
  core.closed_lobby_at, core.drawn_at = tonumber(ARGV[7]), 0
  redis.call('HSET', K.core, 'draw_note', ARGV[8])
  forget_changes()
end
return close()
