-- join: gives each browser a place at the end of its lane, or the one it has.
-- ARGV  4… triples: id of the place if it becomes a new one, browser, lane
-- Reply {epoch, version, clock, answer …}: N or K (new, known) with id and packed place; R with the room's state
-- Why   number, place and browser must change together: two joins of one browser must give one place.
local refused = open()
if refused then return refused end
local now, answers = begin(), {}
local is = state(now)
local takes = is == 'lobby' or is == 'open' or is == 'paused' or is == 'bypass'
for i = 4, #ARGV, 3 do
  local id, browser = ARGV[i], ARGV[i + 1]
  local known = live(browser, now) -- guard OnePlace
  if known then
    answers[#answers + 1] = 'K' .. id_and_place(known)
  elseif not takes then
    answers[#answers + 1] = 'R' .. is
  else
    local lane = tonumber(ARGV[i + 2])
    local p = { id = id, kind = 'W', lane = lane, number = core.next_number, joined = now, browser = browser }
    answers[#answers + 1] = 'N' .. seat(p)
  end
end
return with(close(), answers)
