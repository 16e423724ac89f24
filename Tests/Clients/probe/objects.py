"""Reading and writing objects."""

from probe.wire import *


# ---- GET --------------------------------------------------------------------
@t('get', 'ranges: first-last, open, suffix (206)')
def _():
    put('rg', b'0123456789')
    for rg, b, cr in (('bytes=2-4', b'234', '2-4'), ('bytes=7-', b'789', '7-9'), ('bytes=-3', b'789', '7-9'), ('bytes=5-99', b'56789', '5-9')):
        r = want(get('rg', headers={'range': rg}), 206); assert r.body == b and r.h['content-range'] == f'bytes {cr}/10', f"{rg}: {r.body} {r.h['content-range']}"
    return 'ok'
@t('get', 'range past end refused (416 InvalidRange)')
def _(): r = want(get('rg', headers={'range': 'bytes=10-12'}), 416, 'InvalidRange'); return f"{r} content-range={r.h.get('content-range')}"
@t('get', 'range on an empty object (416)')
def _(): put('empty', b''); return str(want(get('empty', headers={'range': 'bytes=0-0'}), 416))
@t('get', 'malformed range ignored (200)')
def _(): return str(want(get('rg', headers={'range': 'bytes=x-y'}), 200))
@t('get', 'two ranges: whole object (200)')
def _(): return str(want(get('rg', headers={'range': 'bytes=0-1,3-4'}), 200))
@t('get', 'If-Match right 200, wrong 412')
def _():
    e = get('rg').h['etag']; want(get('rg', headers={'if-match': e}), 200); return str(want(get('rg', headers={'if-match': '"nope"'}), 412))
@t('get', 'If-None-Match right 304 (with ETag), wrong 200')
def _():
    e = get('rg').h['etag']; want(get('rg', headers={'if-none-match': '"nope"'}), 200); r = want(get('rg', headers={'if-none-match': e}), 304); return f"304 etag={r.h.get('etag')}"
@t('get', 'If-Modified-Since future/now 304, past 200')
def _():
    lm = get('rg').h['last-modified']; want(get('rg', headers={'if-modified-since': 'Mon, 01 Jan 2001 00:00:00 GMT'}), 200); return str(want(get('rg', headers={'if-modified-since': lm}), 304))
@t('get', 'If-Unmodified-Since past 412')
def _(): return str(want(get('rg', headers={'if-unmodified-since': 'Mon, 01 Jan 2001 00:00:00 GMT'}), 412))
@t('get', 'HEAD If-None-Match 304, If-Match 412')
def _():
    e = get('rg').h['etag']; want(req('HEAD', f'/{BUCKET}/rg', headers={'if-none-match': e}), 304); return str(want(req('HEAD', f'/{BUCKET}/rg', headers={'if-match': '"x"'}), 412))
@t('get', 'missing key 404 NoSuchKey with RequestId')
def _(): r = want(get('no-such'), 404, 'NoSuchKey'); return f"{r} x-amz-request-id={'yes' if r.h.get('x-amz-request-id') else 'no'} RequestId={'yes' if xml_find(r.body,'RequestId') else 'no'}"
@t('get', 'HEAD of missing key 404, no body')
def _(): return str(want(req('HEAD', f'/{BUCKET}/no-such'), 404))
@t('get', 'HEAD gives Content-Length, Accept-Ranges, Last-Modified, ETag')
def _():
    r = want(req('HEAD', f'/{BUCKET}/rg'), 200); miss = [k for k in ('content-length', 'accept-ranges', 'last-modified', 'etag') if not r.h.get(k)]
    assert not miss and r.h['content-length'] == '10' and r.h['etag'] == '"%s"' % hashlib.md5(b'0123456789').hexdigest(), (miss, r.h['etag']); return 'ok'


# ---- PUT --------------------------------------------------------------------
@t('put', 'If-None-Match:* on new key 200, existing 412')
def _():
    k = 'inm' + RUN; want(put(k, b'1', {'if-none-match': '*'}), 200); r = want(put(k, b'2', {'if-none-match': '*'}), 412); assert get(k).body == b'1', 'overwritten'; return str(r)
@t('put', 'If-None-Match:* race of 16: exactly one wins')
def _():
    k = 'race' + RUN; res = []
    def w(i): res.append(put(k, b'%d' % i * 1000, {'if-none-match': '*'}).status)
    th = [threading.Thread(target=w, args=(i,)) for i in range(16)]; [x.start() for x in th]; [x.join() for x in th]
    n = res.count(200); o = sorted(set(res) - {200}); assert n == 1 and set(o) <= {412, 409}, f'{n} won, rest {o}'; return f'1 won, rest {o}'
@t('put', 'If-Match right 200, wrong 412')
def _():
    e = put('im', b'1').h['etag']; r = want(put('im', b'2', {'if-match': '"nope"'}), 412); assert get('im').body == b'1', 'overwritten'; a = put('im', b'3', {'if-match': e}); b = put('im', b'4', {'if-match': get('im').h['etag'].strip('"')}); s = f'right ETag {a}, right ETag without quotes {b}'; assert a.status == 200, s; return s
@t('put', 'If-Match race of 16 from one ETag: exactly one wins')
def _():
    e = put('imr', b'0').h['etag']; res = []
    def w(i, e): res.append(put('imr', b'%d' % (i + 1) * 1000, {'if-match': e}).status)
    def go(e):
        res.clear(); th = [threading.Thread(target=w, args=(i, e)) for i in range(16)]; [x.start() for x in th]; [x.join() for x in th]; return res.count(200), sorted(set(res) - {200})
    n, o = go(e); q_ = 'quoted'
    if n == 0: (n, o), q_ = go(e.strip('"')), 'unquoted'
    assert n == 1 and set(o) <= {412, 409}, f'{n} won, rest {o} ({q_})'; return f'1 won, rest {o} ({q_} ETag)'
@t('put', 'If-Match on a missing key (404)')
def _(): return str(want(put('im-none' + RUN, b'2', {'if-match': '"abc"'}), 404))
@t('put', 'DELETE with If-Match wrong (412)')
def _(): put('dim'); return str(want(req('DELETE', f'/{BUCKET}/dim', headers={'if-match': '"nope"'}), 412))
@t('put', 'Content-MD5 right 200, wrong 400 BadDigest, malformed 400 InvalidDigest')
def _():
    want(put('md5', b'a', {'content-md5': md5b64(b'a')}), 200); a = want(put('md5', b'a', {'content-md5': md5b64(b'b')}), 400); b = want(put('md5', b'a', {'content-md5': 'zzz'}), 400); return f'{a}; {b}'
@t('put', 'standard headers kept (cache-control, disposition, encoding, language, expires, type)')
def _():
    h = {'cache-control': 'max-age=3', 'content-disposition': 'inline', 'content-encoding': 'gzip', 'content-language': 'de', 'expires': 'Thu, 01 Dec 2033 16:00:00 GMT', 'content-type': 'text/plain; charset=utf-8'}
    put('hd', b'x', h); r = get('hd'); bad = {k: r.h.get(k) for k, v in h.items() if r.h.get(k) != v}; assert not bad, bad; return 'ok'
@t('put', 'default Content-Type')
def _(): put('dct', b'x'); return str(get('dct').h.get('content-type'))
@t('put', 'user metadata ASCII, name case, HEAD')
def _():
    put('um', b'x', {'x-amz-meta-Some-Name': 'Value 1', 'x-amz-meta-empty': ''}); r = req('HEAD', f'/{BUCKET}/um'); assert r.h.get('x-amz-meta-some-name') == 'Value 1', dict(r.h); return 'empty value: %r' % r.h.get('x-amz-meta-empty')
@t('put', 'user metadata non-ASCII (raw UTF-8 header)')
def _():
    v = 'grüße € 😀'; r = want(put('umu', b'x', {'x-amz-meta-u': v}), 200); g = req('HEAD', f'/{BUCKET}/umu').h.get('x-amz-meta-u')
    assert g is not None, 'lost'; raw = g.encode('latin1', 'surrogateescape'); assert raw == v.encode(), f'came back as {g!r}'; return 'comes back as the same UTF-8 bytes'
@t('put', 'user metadata RFC 2047 value kept as sent')
def _():
    v = '=?UTF-8?B?Z3LDvMOfZQ==?='; put('um2', b'x', {'x-amz-meta-u': v}); g = req('HEAD', f'/{BUCKET}/um2').h.get('x-amz-meta-u'); assert g == v, repr(g); return 'ok'
@t('put', 'user metadata over 2 KiB refused (400 MetadataTooLarge)')
def _(): return str(want(put('umb', b'x', {'x-amz-meta-b': 'v' * 2100}), 400))
@t('put', 'no Content-Length (plain chunked) refused (411)')
def _():
    tg, h, _ = prepare('PUT', f'/{BUCKET}/chunky', payload=UNSIGNED); h['transfer-encoding'] = 'chunked'; return str(want(send('PUT', tg, h, b'5\r\nhello\r\n0\r\n\r\n'), 411))
@t('put', 'body cut short: no object appears')
def _():
    tg, h, _ = prepare('PUT', f'/{BUCKET}/cut', payload=UNSIGNED); u = urlsplit(EP); s = socket.create_connection(('127.0.0.1', u.port), 10)
    h['content-length'] = '100000'; s.sendall(f'PUT {tg} HTTP/1.1\r\n'.encode() + ''.join(f'{k}: {v}\r\n' for k, v in h.items()).encode() + b'\r\n' + b'x' * 5000); time.sleep(.3); s.close(); time.sleep(1)
    return str(want(get('cut'), 404))
@t('put', 'Expect: 100-continue answered 100')
def _():
    a, b = expect('exp', ME); assert a.startswith('HTTP/1.1 100'), a; return f'{a} -> {b}'
@t('put', 'Expect: 100-continue, wrong signature: 403 without the body')
def _():
    a, b = expect('exp2', Signer(sk='x' * 40)); assert ' 403' in a, f'{a} -> {b}'; return a
def expect(key, signer):
    tg, h, _ = prepare('PUT', f'/{BUCKET}/{key}', payload=UNSIGNED, signer=signer); u = urlsplit(EP); s = socket.create_connection(('127.0.0.1', u.port), 10); s.settimeout(5)
    h['content-length'] = '5'; h['expect'] = '100-continue'
    s.sendall(f'PUT {tg} HTTP/1.1\r\n'.encode() + ''.join(f'{k}: {v}\r\n' for k, v in h.items()).encode() + b'\r\n')
    try: a = s.recv(4096).decode().split('\r\n')[0]
    except socket.timeout: a = '(nothing)'
    if '100' not in a and a != '(nothing)': s.close(); return a, ''
    s.sendall(b'hello')
    try: b = s.recv(4096).decode().split('\r\n')[0]
    except socket.timeout: b = '(nothing)'
    s.close(); return a, b
@t('put', 'keep-alive survives an error reply')
def _():
    c = conn(EP); out = []
    for k in ('no-such', 'rg', 'no-such', 'rg'):
        tg, h, _ = prepare('GET', f'/{BUCKET}/{k}'); c.request('GET', tg, headers=h); r = c.getresponse(); r.read(); out.append(r.status)
        if r.headers.get('connection', '').lower() == 'close': out.append('closed')
    assert out == [404, 200, 404, 200], out; return 'ok'
@t('put', 'keep-alive survives a refused PUT (body read or connection closed)')
def _():
    c = conn(EP); tg, h, _ = prepare('PUT', f'/{BUCKET}/ka', payload=UNSIGNED, signer=Signer(sk='x' * 40)); h['content-length'] = '200000'
    out = []
    try:
        c.request('PUT', tg, body=b'z' * 200000, headers=h); r = c.getresponse(); r.read(); out.append(r.status); out.append((r.headers.get('connection') or '-').lower())
        tg, h, _ = prepare('GET', f'/{BUCKET}/rg'); c.request('GET', tg, headers=h); r = c.getresponse(); r.read(); out.append(r.status)
    except Exception as e: out.append(type(e).__name__)
    return str(out)
@t('put', 'storage class STANDARD_IA kept; invalid class refused (400)')
def _():
    a = put('sc', b'x', {'x-amz-storage-class': 'STANDARD_IA'}); g = req('HEAD', f'/{BUCKET}/sc').h.get('x-amz-storage-class'); b = put('sc2', b'x', {'x-amz-storage-class': 'NO_SUCH'})
    s = f'put {a}, head {g}; invalid: {b}'; assert a.status == 200 and g == 'STANDARD_IA' and b.status == 400, s; return s
@t('put', 'x-amz-acl public-read: anonymous GET')
def _(): want(put('pub', b'x', {'x-amz-acl': 'public-read'}), 200); return str(want(get('pub', sign=None), 200))
@t('put', '1024-byte key accepted, 1025 refused (400 KeyTooLongError)')
def _(): want(put('k' * 1024), 200); want(req('DELETE', f'/{BUCKET}/' + 'k' * 1024), 204); return str(want(put('k' * 1025), 400))
@t('put', 'Content-Length over 5 GiB refused (400 EntityTooLarge)')
def _():
    tg, h, _ = prepare('PUT', f'/{BUCKET}/huge', payload=UNSIGNED); u = urlsplit(EP); s = socket.create_connection(('127.0.0.1', u.port), 10); s.settimeout(5); h['content-length'] = str((5 << 30) + 1); h['expect'] = '100-continue'
    s.sendall(f'PUT {tg} HTTP/1.1\r\n'.encode() + ''.join(f'{k}: {v}\r\n' for k, v in h.items()).encode() + b'\r\n')
    try: a = s.recv(4096).decode().split('\r\n')[0]
    except socket.timeout: a = '(nothing)'
    s.close(); assert ' 400' in a or ' 413' in a, a; return a
