"""Checksums, and bodies in chunks."""

from probe.wire import *


# ---- checksums --------------------------------------------------------------
def algo(name, fn):
    @t('checksum', f'x-amz-checksum-{name}: right kept and returned')
    def _():
        b = b'checksum me'; want(put('ck' + name, b, {f'x-amz-checksum-{name}': fn(b), 'x-amz-sdk-checksum-algorithm': name.upper()}), 200)
        r = get('ck' + name, headers={'x-amz-checksum-mode': 'ENABLED'}); g = r.h.get(f'x-amz-checksum-{name}'); assert g == fn(b), f'GET returned {g}'; return 'ok'
    @t('checksum', f'x-amz-checksum-{name}: wrong refused (400)')
    def _(): return str(want(put('ckw' + name, b'x', {f'x-amz-checksum-{name}': fn(b'y'), 'x-amz-sdk-checksum-algorithm': name.upper()}), 400))
for _n, _f in (('crc32', crc32), ('crc32c', crc32c), ('sha1', lambda b: base64.b64encode(hashlib.sha1(b).digest()).decode()), ('sha256', sha256b64), ('crc64nvme', crc64nvme)): algo(_n, _f)
@t('checksum', 'wrong crc32c refused also without x-amz-sdk-checksum-algorithm')
def _(): return str(want(put('ckwo', b'x', {'x-amz-checksum-crc32c': crc32c(b'y')}), 400))
def trailer_put(key, data, name, value, signed=False, chunk=64 << 10, tamper=False, endpoint=EP):
    mode = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER' if signed else 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
    return chunked_put(key, data, mode, {'x-amz-trailer': name, 'x-amz-sdk-checksum-algorithm': name.rsplit('-', 1)[1].upper()}, (name, value), chunk, tamper, endpoint)
def chunked_put(key, data, mode, headers, trailer=None, chunk=64 << 10, tamper=False, endpoint=EP, bucket=None):
    when = datetime.datetime.now(datetime.timezone.utc); amz = when.strftime('%Y%m%dT%H%M%SZ'); day = amz[:8]
    signed = 'HMAC' in mode
    hh = {'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': str(len(data)), **headers}
    tg, h, prev = prepare('PUT', f'/{bucket or BUCKET}/{key}', headers=hh, payload=mode, when=when, endpoint=endpoint)
    k = ME.key(day); out = b''; pieces = [data[i:i + chunk] for i in range(0, len(data), chunk)] + [b'']
    for p in pieces:
        if signed:
            sts = '\n'.join(['AWS4-HMAC-SHA256-PAYLOAD', amz, ME.scope(day), prev, sha(b''), sha(p)]); prev = hmac.new(k, sts.encode(), hashlib.sha256).hexdigest()
            s = prev[:-1] + ('0' if prev[-1] != '0' else '1') if tamper and p else prev
            out += b'%x;chunk-signature=%s\r\n' % (len(p), s.encode())
        else: out += b'%x\r\n' % len(p)
        if p: out += p + b'\r\n'
    if trailer:
        line = f'{trailer[0]}:{trailer[1]}\n'
        out += line[:-1].encode() + b'\r\n'
        if signed:
            sts = '\n'.join(['AWS4-HMAC-SHA256-TRAILER', amz, ME.scope(day), prev, sha(line.encode())]); out += b'x-amz-trailer-signature:' + hmac.new(k, sts.encode(), hashlib.sha256).hexdigest().encode() + b'\r\n'
    out += b'\r\n'
    return send('PUT', tg, h, out, endpoint)
BIG = os.urandom(200_000)
@t('chunked', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD')
def _():
    want(chunked_put('st1', BIG, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {}), 200); g = get('st1'); assert g.body == BIG, f'body differs ({len(g.body)} bytes)'; return f"ok, content-encoding back: {g.h.get('content-encoding')}"
@t('chunked', 'STREAMING-…-PAYLOAD bad chunk signature refused (403)')
def _(): return str(want(chunked_put('st2', BIG, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {}, tamper=True), 403))
@t('chunked', 'content-encoding "aws-chunked,gzip" stored as gzip')
def _():
    r = want(chunked_put('st3', b'abc' * 100, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {'content-encoding': 'aws-chunked,gzip'}), 200); g = get('st3'); assert g.h.get('content-encoding') == 'gzip' and g.body == b'abc' * 100, g.h.get('content-encoding'); return 'ok'
@t('chunked', 'wrong x-amz-decoded-content-length refused')
def _():
    r = chunked_put('st4', b'abcdef', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {'x-amz-decoded-content-length': '9'}); return str(want(r, (400, 403)))
@t('chunked', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER crc32c (http)')
def _():
    want(trailer_put('tr1', BIG, 'x-amz-checksum-crc32c', crc32c(BIG)), 200); assert get('tr1').body == BIG, 'body differs'; return 'ok'
@t('chunked', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER crc32c (TLS)')
def _():
    assert TLS, 'no TLS endpoint'
    want(trailer_put('tr1', BIG, 'x-amz-checksum-crc32c', crc32c(BIG), endpoint=TLS), 200); assert get('tr1').body == BIG, 'body differs'; return 'ok'
@t('chunked', 'unsigned trailer crc64nvme, returned on GET')
def _():
    want(trailer_put('tr2', BIG, 'x-amz-checksum-crc64nvme', crc64nvme(BIG)), 200); g = get('tr2', headers={'x-amz-checksum-mode': 'ENABLED'}); assert g.body == BIG, 'body differs'; assert g.h.get('x-amz-checksum-crc64nvme') == crc64nvme(BIG), f"GET returned {g.h.get('x-amz-checksum-crc64nvme')}"; return 'ok'
@t('chunked', 'unsigned trailer, wrong checksum refused (400)')
def _(): return str(want(trailer_put('tr3', BIG, 'x-amz-checksum-crc32c', crc32c(b'zz')), 400))
@t('chunked', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER sha256')
def _():
    want(trailer_put('tr4', BIG, 'x-amz-checksum-sha256', sha256b64(BIG), signed=True), 200); assert get('tr4').body == BIG, 'body differs'; return 'ok'
@t('checksum', 'boto3 default PUT (crc32, when_supported)')
def _(): boto().put_object(Bucket=BUCKET, Key='botodef', Body=b'hello'); assert get('botodef').body == b'hello', get('botodef').body[:60]; return 'ok'
@t('checksum', 'boto3 stream PUT over TLS (unsigned trailer)')
def _():
    assert TLS, 'no TLS endpoint'
    import io; boto(endpoint=TLS).put_object(Bucket=BUCKET, Key='botos', Body=io.BytesIO(BIG)); assert get('botos').body == BIG, f"stored {get('botos').body[:40]!r}"; return 'ok'
@t('checksum', 'GetObjectAttributes')
def _(): r = boto().get_object_attributes(Bucket=BUCKET, Key='cksha256', ObjectAttributes=['ETag', 'ObjectSize', 'Checksum', 'StorageClass']); assert r['ObjectSize'] == 11, r; return str(r.get('Checksum'))
@t('checksum', 'multipart composite SHA256 ("-2")')
def _():
    u = mp_create('mpck', {'x-amz-checksum-algorithm': 'SHA256'}); bs = [M5, b'end']; e = [want(mp_part('mpck', u, i + 1, b, {'x-amz-checksum-sha256': sha256b64(b)}), 200).h['etag'] for i, b in enumerate(bs)]
    want(mp_complete('mpck', u, list(zip((1, 2), e)), extra=lambda n: f'<ChecksumSHA256>{sha256b64(bs[n-1])}</ChecksumSHA256>'), 200); g = req('HEAD', f'/{BUCKET}/mpck', headers={'x-amz-checksum-mode': 'ENABLED'}).h.get('x-amz-checksum-sha256')
    w = base64.b64encode(hashlib.sha256(b''.join(hashlib.sha256(b).digest() for b in bs)).digest()).decode() + '-2'; assert g == w, g; return 'ok'
@t('checksum', 'multipart FULL_OBJECT crc64nvme')
def _():
    C64_M5, C64_M5_END = crc64nvme(M5), crc64nvme(M5 + b'end')
    u = mp_create('mpck2', {'x-amz-checksum-algorithm': 'CRC64NVME', 'x-amz-checksum-type': 'FULL_OBJECT'}); bs = [M5, b'end']; e = [want(mp_part('mpck2', u, i + 1, b, {'x-amz-checksum-crc64nvme': c}), 200).h['etag'] for i, (b, c) in enumerate(zip(bs, (C64_M5, crc64nvme(b'end'))))]
    want(mp_complete('mpck2', u, list(zip((1, 2), e)), {'x-amz-checksum-type': 'FULL_OBJECT'}), 200); g = req('HEAD', f'/{BUCKET}/mpck2', headers={'x-amz-checksum-mode': 'ENABLED'}).h.get('x-amz-checksum-crc64nvme'); assert g == C64_M5_END, g; return 'ok'
