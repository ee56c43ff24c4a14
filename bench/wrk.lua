-- What wrk sends: reads of a Transaction Status with the token in $STATUS_TOKEN.
--   wrk ... -s wrk.lua URL -- IDS     IDS: a file with one transaction a line, of which each request draws one evenly
-- One id in the file is asked for again and again; of very many, a million spread over all. Prints one JSON document when it is done.
local ids, ids_max = {}, 1000000

function init(arguments)
    local tail = " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. os.getenv("STATUS_TOKEN") ..
        "\r\nContent-Type: application/json\r\n\r\n"
    -- Lua would not hold ten million. A million of them, spread over all, ask as much of a cache.
    local file = io.open(arguments[1])
    local first = file:read("*l")
    local step = math.max(1, math.floor(file:seek("end") / (#first + 1) / ids_max))
    file:seek("set")
    local number = 0
    for line in file:lines() do
        if number % step == 0 then ids[#ids + 1] = line end
        number = number + 1
    end
    file:close()
    local function request_of(id) return "GET /transaction/status/v2/transactions/" .. id .. tail end
    if #ids == 1 then
        local same = request_of(ids[1])
        request = function() return same end
    else
        math.randomseed(os.time())
        request = function() return request_of(ids[math.random(#ids)]) end
    end
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '{"requests":%d,"seconds":%f,"errors":%d,"p50_ms":%f,"p99_ms":%f,"p999_ms":%f}\n',
        summary.requests, summary.duration / 1e6, errors.status + errors.connect + errors.read + errors.write + errors.timeout,
        latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3))
end
