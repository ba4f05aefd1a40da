-- call: lets in whom the door holds and calls as many as cap, rate and expected no-shows allow.
-- ARGV  4 how many at most
-- Reply {head, how many were called}
-- Why   any number of nodes tick; who is called, and that the cap is kept, must be decided in one step. The
--       arithmetic is that of pace.rs, where it is explained.
local refused = open()
if refused then return refused end
local now, limit = begin(), tonumber(ARGV[4])
open_door(now)

-- How many of the called are still likely to come, in millionths of a person.
local function expected(of)
  local window = core.claim_window
  local patience = window
  if core.shown >= PRIOR_SHOWN then
    local mean = div(core.delay_sum, core.shown) * PATIENCE
    patience = math.min(math.max(mean, math.min(PATIENCE_MIN, window)), window)
  end
  local horizon, sum = math.max(patience, 1), 0
  local calls = redis.call('HGETALL', K.calls)
  for i = 1, #calls, 2 do
    local at, count = tonumber(calls[i]), tonumber(calls[i + 1])
    if at >= now - patience and at <= now then
      local left = math.max(0, math.min(horizon - (now - at), horizon))
      sum = sum + count * div(div(of * left, horizon) * left, horizon)
    end
  end
  return sum
end

local function to_call()
  local is = state(now)
  if now < core.rebuild_until then return 0 end -- guard Window
  if is == 'bypass' then return limit end
  if is ~= 'open' and is ~= 'draining' then return 0 end
  local rate, cap = pace(now)
  local free, at_door, of = cap - core.now_admitted, redis.call('ZCARD', K.door), share()
  local likely = expected(of) -- guard Ghosts
  local by_cap = div((free - at_door) * WHOLE - likely, of)
  local lead = now + CATCH_UP - math.max(core.due, now)
  local by_rate = (lead < 0 and 0 or div(lead, step_micros(rate)) + 1) - at_door
  return math.max(math.min(by_cap, by_rate), 0)
end

local count = math.min(to_call(), limit, redis.call('ZCARD', K.waiting))
if count > 0 then turns(more())(count, now) end
return with(close(), { count })
