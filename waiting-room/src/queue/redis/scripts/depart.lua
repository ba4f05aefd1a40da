-- depart: ends admissions.
-- ARGV  4… triples: id of the place, id of the admission, F(inished) or A(bandoned)
-- Reply {head, how many this call ended}
-- Why   a departure counts once: standing and counters change in one step.
local refused = open()
if refused then return refused end
local now, ended = begin(), 0
for i = 4, #ARGV, 3 do
  local p = judged(place(ARGV[i]), now)
  local is_meant = p and p.kind == 'A' and p.jti == ARGV[i + 1] -- guard DepartureJti
  if is_meant then
    finish(p, ARGV[i + 2], now)
    ended = ended + 1
  end
end
return with(close(), { ended })
