-- What the nginx of nginx.sh answers to requests that aren't the plain read of an object.
--
-- Buckets with faults, each otherwise like /sink and /files:
--   /slowdown/    every request: 503 SlowDown      /error500/   every request: 500
--   /flaky-N/     every Nth: 503 SlowDown          /reset-N/    every Nth: closed without an answer
--   /delay-MS/    MS milliseconds later
local S3 = {}

local HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
local NAMESPACE = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
local ROOT = ngx.config.prefix() .. "data"
local counts = ngx.shared.counts

local function escaped(text)
    return (text:gsub("[&<>]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }))
end

local function document(root, content)
    ngx.status = 200
    local text = HEAD .. "<" .. root .. NAMESPACE .. ">" .. content .. "</" .. root .. ">"
    ngx.header["Content-Type"] = "application/xml"
    ngx.header["Content-Length"] = #text
    ngx.print(text)
    return ngx.exit(ngx.OK)
end

function S3.refuse(status, code)
    ngx.status = status
    local text = HEAD .. "<Error><Code>" .. code .. "</Code><Message>" .. code ..
        "</Message><RequestId>" .. ngx.var.request_id .. "</RequestId></Error>"
    ngx.header["Content-Type"] = "application/xml"
    ngx.header["Content-Length"] = #text
    ngx.print(text)
    return ngx.exit(ngx.OK)
end

local function empty(status)
    ngx.status = status
    ngx.header["Content-Length"] = 0
    return ngx.exit(status)
end

-- Reads the whole body, into the file if there is one; nil if it was cut.
local function read_body(file)
    local length = tonumber(ngx.var.http_content_length or "")
    if not length then -- chunked, which nginx decodes
        ngx.req.read_body()
        local text = ngx.req.get_body_data()
        local name = ngx.req.get_body_file()
        if not text and name then
            local input = io.open(name, "rb")
            text = input:read("*a")
            input:close()
        end
        if file and text then file:write(text) end
        return text and #text or 0
    end
    if length == 0 then return 0 end
    local socket = ngx.req.socket()
    if not socket then return nil end
    socket:settimeout(60000)
    local count = 0
    while count < length do
        local chunk, _, rest = socket:receiveany(262144)
        chunk = chunk or rest
        if not chunk or #chunk == 0 then return nil end
        count = count + #chunk
        if file then file:write(chunk) end
    end
    return count
end

-- Whether the request has been answered with a fault, which the bucket's name asks for.
local function is_faulty(bucket)
    if bucket == "slowdown" then S3.refuse(503, "SlowDown") return true end
    if bucket == "error500" then S3.refuse(500, "InternalError") return true end
    local kind, number = bucket:match("^(%a+)%-(%d+)$")
    number = tonumber(number)
    if kind == "delay" then ngx.sleep(number / 1000) return false end
    if kind ~= "flaky" and kind ~= "reset" or number == 0 then return false end
    if counts:incr(bucket, 1, 0) % number ~= 0 then return false end
    if kind == "flaky" then S3.refuse(503, "SlowDown") else ngx.exit(444) end
    return true
end

function S3.read_with_fault()
    local path = ngx.var.uri
    if not is_faulty(path:match("^/([^/]*)")) then
        ngx.req.set_uri((path:gsub("^/[^/]*", "/files")), true)
    end
end

-- Whether what is put there is dropped.
local function is_sink(bucket)
    return bucket == "sink" or bucket == "slowdown" or bucket == "error500" or
        bucket:find("^%a+%-%d+$") ~= nil
end

-- The file of an object, or nil if it has none.
local function path_of(bucket, key)
    if is_sink(bucket) or ("/" .. bucket .. "/" .. key .. "/"):find("/%.%.?/") then return nil end
    return ROOT .. "/" .. bucket .. "/" .. key
end

local function make_folder(path)
    os.execute("mkdir -p '" .. path:gsub("'", "'\\''") .. "'")
end

local function answer_bucket(method, arguments, bucket)
    if method == "PUT" then
        read_body()
        make_folder(ROOT .. "/" .. bucket:gsub("[^%w%.%-]", ""):gsub("%.%.", ""))
        return empty(200)
    elseif method == "HEAD" then
        return empty(200)
    elseif method == "DELETE" then
        return empty(204)
    elseif method == "POST" and arguments.delete then
        read_body()
        return document("DeleteResult", "")
    elseif arguments.location then
        return document("LocationConstraint", "")
    elseif arguments.uploads then
        return document("ListMultipartUploadsResult", "<IsTruncated>false</IsTruncated>")
    elseif bucket == "" then
        return document("ListAllMyBucketsResult", "<Buckets></Buckets>")
    end
    return document("ListBucketResult", "<Name>" .. escaped(bucket) .. "</Name><Prefix></Prefix>" ..
        "<KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>")
end

local function answer_put(arguments, bucket, key)
    if ngx.var.http_x_amz_copy_source then
        read_body()
        return document(arguments.partNumber and "CopyPartResult" or "CopyObjectResult",
            "<LastModified>2024-01-01T00:00:00.000Z</LastModified><ETag>&quot;" .. ngx.md5(key) ..
            "&quot;</ETag>")
    end
    local path = path_of(bucket, key)
    if arguments.partNumber or arguments.tagging or arguments.acl then path = nil end
    local part, file
    if path then
        part = path .. ".part" .. ngx.var.request_id
        file = io.open(part, "wb")
        if not file then
            make_folder(path:match("^(.*)/"))
            file = io.open(part, "wb")
        end
    end
    local count = read_body(file)
    if file then
        file:close()
        if count then os.rename(part, path) else os.remove(part) end
    end
    if not count then return ngx.exit(400) end
    ngx.header["ETag"] = '"' .. ngx.md5(ngx.var.request_uri .. ngx.var.request_id) .. '"'
    return empty(200)
end

function S3.answer()
    local method, arguments = ngx.req.get_method(), ngx.req.get_uri_args(100)
    local bucket, key = ngx.var.uri:match("^/([^/]*)/?(.*)$")
    if is_faulty(bucket) then return end
    if key == "" then return answer_bucket(method, arguments, bucket) end
    if method == "PUT" then return answer_put(arguments, bucket, key) end
    local names = "<Bucket>" .. escaped(bucket) .. "</Bucket><Key>" .. escaped(key) .. "</Key>"
    if method == "POST" and arguments.uploads then
        read_body()
        return document("InitiateMultipartUploadResult",
            names .. "<UploadId>" .. ngx.var.request_id .. "</UploadId>")
    elseif method == "POST" and arguments.uploadId then
        read_body()
        return document("CompleteMultipartUploadResult", "<Location>/" ..
            escaped(bucket .. "/" .. key) .. "</Location>" .. names .. "<ETag>&quot;" ..
            ngx.md5(ngx.var.request_id) .. "-1&quot;</ETag>")
    elseif method == "DELETE" then
        local path = not arguments.uploadId and path_of(bucket, key)
        if path then os.remove(path) end
        return empty(204)
    elseif arguments.uploadId then
        return document("ListPartsResult", names .. "<IsTruncated>false</IsTruncated>")
    end
    return S3.refuse(501, "NotImplemented")
end

return S3
