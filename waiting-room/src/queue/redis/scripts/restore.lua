-- restore: puts places the store does not know back at their own numbers.
-- ARGV  4… sixes: id, browser, number, joined (microseconds), lane, account or nothing
-- Reply {head, id and packed place …}
-- Why   whether the place or the number is known, and taking it, must be one step. A number that the nodes know to
--       be over although its place was lost stays over: nobody goes in twice.
local refused = open()
if refused then return refused end
local now, answers = begin(), {}
local function restored(id, browser, number, joined, lane, account)
  local known = judged(place(id), now)
  if known then -- guard Ended
    return id_and_place(known)
  end
  number = math.max(1, math.min(number, core.next_number + 134217728)) -- as in line.rs
  if is_over(number) then
    local ended = { kind = 'E', at = now, how = 'L' }
    ended.id, ended.lane, ended.number, ended.joined, ended.browser = id, lane, number, joined, browser
    return seat(ended)
  end
  local has = live(browser, now)
  if has then
    if has.kind ~= 'W' or has.number < number then return id_and_place(has) end
    finish(has, 'L', now)
  end
  while redis.call('GETBIT', K.issued, number) == 1 do number = number + 1 end
  if account == '' or has_place(account, now) then account = nil end
  local back = { id = id, kind = 'W', lane = lane, number = number, joined = joined, browser = browser }
  back.account = account
  return seat(back)
end
for i = 4, #ARGV, 6 do
  local number, joined, lane = tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4])
  answers[#answers + 1] = restored(ARGV[i], ARGV[i + 1], number, joined, lane, ARGV[i + 5])
end
return with(close(), answers)
