-- leave: ends a place, wherever it stands.
-- ARGV  4 its id · 5 L(eft) or R(evoked)
-- Reply {head, id and packed place, if known}
-- Why   the place, its indexes and the counters change in one step.
local refused = open()
if refused then return refused end
local now = begin()
local p = judged(place(ARGV[4]), now)
if p and p.kind ~= 'E' then p = finish(p, ARGV[5], now) end
return with(close(), { p and id_and_place(p) or nil })
