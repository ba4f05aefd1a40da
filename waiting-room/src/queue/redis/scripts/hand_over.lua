-- hand_over: moves a place that waits or is called to another browser.
-- ARGV  4 id of the offer · 5 when it can be forgotten, microseconds · 6 id of the place · 7 who offered it · 8 who takes it
-- Reply {head, answer}: M(oved) or B(etter, the taker's own) with id and packed place; R(efused)
-- Why   whose the place is, whether the offer was used, and the taker's own place change together: of any number of
--       takers one has the place, and nobody has two.
local refused = open()
if refused then return refused end
local now = begin()
local offer, forget_at, from, to = ARGV[4], ARGV[5], ARGV[7], ARGV[8]
local function handed_over(p)
  if not p or p.kind == 'E' or p.kind == 'A' then return 'R' end
  if p.browser == to then return 'M' .. id_and_place(p) end
  local is_spent = redis.call('ZSCORE', K.offers, offer) or p.browser ~= from -- guard Handover
  if is_spent then return 'R' end
  local own = live(to, now)
  if own then
    if own.kind ~= 'W' or own.number < p.number then return 'B' .. id_and_place(own) end
    finish(own, 'L', now)
  end
  redis.call('ZADD', K.offers, forget_at, offer)
  withdraw(p)
  redis.call('HDEL', K.browsers, p.browser)
  p.browser = to
  redis.call('HSET', K.browsers, to, p.id)
  return 'M' .. settle(p)
end
redis.call('ZREMRANGEBYSCORE', K.offers, '-inf', text(now))
local answer = handed_over(judged(place(ARGV[6]), now))
return with(close(), { answer })
