-- A client of either shop, for wrk. Every thread of wrk has a Lua and, here, one connection of its own: it is one client,
-- and its requests and answers alternate. So what a client does is written down as one function, which wrk's callbacks
-- carry on from answer to answer.
--
-- Read from the environment: BENCH_WARM_S and BENCH_SECONDS (operations count that end between the two), BENCH_CLIENTS,
-- BENCH_LINES (a file; each client has every BENCH_CLIENTS-th line to itself).
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long s; long us; } client_time;
  int gettimeofday(client_time *now, void *zone);
]]

local client = {}
local threads = {}
local visit, visiting, upcoming, lines, line

local function now_s()
  local now = ffi.new("client_time")
  ffi.C.gettimeofday(now, nil)
  return tonumber(now.s) + tonumber(now.us) / 1e6
end

local function setting(name)
  local value = os.getenv(name)
  assert(value, name .. " is missing: this script is run by bench.py")
  return value
end

-- Globals of a thread, so that `done` can read them: durations that count, answers "too busy", and why it gave up.
took_ms = {}
busy = 0
failure = nil

-- How often something that the shop is too busy for is tried again.
local TRIES = 50

-- `operation` is done over and over.
function client.run(operation)
  visit = operation
end

-- Does `attempt` until it is not answered that the shop is too busy; the waiting counts into the operation.
function client.patiently(attempt, is_busy)
  for _ = 1, TRIES do
    local answer = attempt()
    if not is_busy(answer) then return answer end
    busy = busy + 1
  end
  error("the shop stays too busy", 0)
end

-- Rushline says 503 when it is too busy, pretix 409 with a word.
local function is_busy(answer)
  return answer.status == 503 or answer.status == 409 and answer.body:find("too busy", 1, true) ~= nil
end

function client.send(method, path, headers, body)
  return client.patiently(function()
    return coroutine.yield(wrk.format(method, path, headers, body))
  end, is_busy)
end

-- The answer, or the end of the benchmark: a figure with failures in it says nothing.
function client.expect(status, answer)
  if answer.status ~= status then
    error(("answered %d instead of %d: %s"):format(answer.status, status, answer.body:sub(1, 500)), 0)
  end
  return answer
end

-- The next line that is this client's own.
function client.line()
  line = line + 1
  return lines[line] or error("no tickets are left: make more with --tickets or --pretix-tickets", 0)
end

-- One of this client's own lines; when all had their turn, they begin anew.
function client.next_line()
  line = line % #lines + 1
  return lines[line]
end

local function forever()
  while true do
    local began_s = now_s()
    visit()
    local ended_s = now_s()
    if ended_s >= counts_from_s and ended_s < counts_until_s then
      took_ms[#took_ms + 1] = (ended_s - began_s) * 1000
    end
  end
end

local function carry_on(answer)
  local alive, said = coroutine.resume(visiting, answer)
  if alive then
    upcoming = said
  else
    failure = failure or said
    wrk.thread:stop()
  end
end

function setup(thread)
  thread:set("counts_from_s", now_s() + tonumber(setting("BENCH_WARM_S")))
  thread:set("counts_until_s", now_s() + tonumber(setting("BENCH_WARM_S")) + tonumber(setting("BENCH_SECONDS")))
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function init()
  lines, line = {}, 0
  local clients, at = tonumber(setting("BENCH_CLIENTS")), 0
  for text in io.lines(setting("BENCH_LINES")) do
    if at % clients == number then lines[#lines + 1] = text end
    at = at + 1
  end
  visiting = coroutine.create(forever)
  carry_on(nil)
end

-- Asked again after a broken connection: the same request is then sent again.
function request()
  return upcoming
end

function response(status, headers, body)
  carry_on({ status = status, headers = headers, body = body })
end

function done(summary)
  local all, refused, errors = {}, 0, summary.errors
  for _, thread in ipairs(threads) do
    local failed = thread:get("failure")
    if failed then print("FAILURE " .. failed) end
    refused = refused + thread:get("busy")
    for _, ms in ipairs(thread:get("took_ms")) do all[#all + 1] = ms end
  end
  table.sort(all)
  local function quantile(part) return all[math.max(1, math.ceil(#all * part))] or 0 end
  print(('RESULT {"finished": %d, "p50_ms": %.2f, "p99_ms": %.2f, "busy": %d, "broken": %d}'):format(
    #all, quantile(0.5), quantile(0.99), refused, errors.connect + errors.read + errors.write))
end

return client
