-- call: lets in whom the door holds and calls as many as cap, rate and expected no-shows allow.
-- ARGV  4 how many at most
-- Reply {epoch, version, clock, how many were called}
-- Why   any number of nodes tick; who is called, and that the cap is kept, must be decided in one step. The
--       arithmetic is that of pace.rs, where it is explained.
local STRIDE = 1000000000 -- as in lanes.rs

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
    if at >= now - patience then
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
  local free, at_door, of = core.cap - core.now_admitted, redis.call('ZCARD', K.door), share()
  local likely = expected(of) -- guard Ghosts
  local by_cap = div((free - at_door) * WHOLE - likely, of)
  local lead = now + CATCH_UP - math.max(core.due, now)
  local by_rate = (lead < 0 and 0 or div(lead, step_micros()) + 1) - at_door
  return math.max(math.min(by_cap, by_rate), 0)
end

local function summon(id)
  local p = place(id)
  withdraw(p)
  core.serving = math.max(core.serving, p.number)
  core.called = core.called + 1
  p.kind, p.at, p.till = 'C', now, now + core.claim_window
  settle(p)
  return p.number
end

-- The first so many of a lane.
local function first_of(lane, count)
  if count == 0 then return {} end
  local order, from, to = 'ZRANGEBYSCORE', score(lane, 0), score(lane, 1125899906842623) -- guard Order
  return redis.call(order, K.waiting, text(from), text(to), 'LIMIT', 0, count)
end

-- Turns for so many, to lanes by their weights: as in lanes.rs.
local function summon_by_lane(count)
  local kept = redis.call('HMGET', K.core, 'debts', 'lane_serving')
  local weights, debts, reached = numbers(core.weights), numbers(kept[1]), numbers(kept[2])
  local left, given, turns = {}, {}, {}
  for lane = 1, #weights do
    -- Before there was a second lane nothing was kept.
    debts[lane], reached[lane] = debts[lane] or 0, reached[lane] or (lane == 1 and core.serving or 0)
    left[lane] = redis.call('ZCOUNT', K.waiting, text(score(lane - 1, 0)), text(score(lane - 1, 1125899906842623)))
    given[lane] = 0
  end
  for turn = 1, count do
    local next_lane
    for lane = 1, #weights do
      local by_weight = next_lane and debts[lane] < debts[next_lane] -- guard Shares
      if left[lane] > given[lane] and (not next_lane or by_weight) then next_lane = lane end
    end
    if not next_lane then break end
    local least = debts[next_lane]
    for lane = 1, #weights do debts[lane] = math.max(debts[lane] - least, 0) end
    debts[next_lane] = div(STRIDE, weights[next_lane])
    given[next_lane] = given[next_lane] + 1
    turns[turn] = next_lane
  end
  local waiting, at = {}, {}
  for lane = 1, #weights do waiting[lane], at[lane] = first_of(lane - 1, given[lane]), 0 end
  for _, lane in ipairs(turns) do
    at[lane] = at[lane] + 1
    reached[lane] = math.max(reached[lane], summon(waiting[lane][at[lane]]))
  end
  for lane = 1, #weights do debts[lane], reached[lane] = text(debts[lane]), text(reached[lane]) end
  redis.call('HSET', K.core, 'debts', table.concat(debts, ','), 'lane_serving', table.concat(reached, ','))
end

local count = math.min(to_call(), limit, redis.call('ZCARD', K.waiting))
if count > 0 and #numbers(core.weights) > 1 then
  summon_by_lane(count)
else
  for _, id in ipairs(first_of(0, count)) do summon(id) end
end
if count > 0 then core.due = math.max(core.due, now) + count * step_micros() end
return with(close(), { count })
