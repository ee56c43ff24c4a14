-- What wrk sends: reads of a Transaction Status with the token in $STATUS_TOKEN.
--   wrk ... -s wrk.lua URL -- IDS     IDS: a file with one transaction a line, of which each request draws one evenly
-- One id in the file is asked for again and again. Prints one JSON document when it is done.
local ids, requests = {}, {}

function init(arguments)
    local tail = " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. os.getenv("STATUS_TOKEN") ..
        "\r\nContent-Type: application/json\r\n\r\n"
    for line in io.lines(arguments[1]) do ids[#ids + 1] = line end
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
