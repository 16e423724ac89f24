"""Copies, deletions, odd keys and listings."""

from probe.wire import *


# ---- copy, delete -----------------------------------------------------------
def copy(dst, src, headers=None, query=()): return req('PUT', f'/{BUCKET}/{dst}', query, {'x-amz-copy-source': enc_path(f'/{BUCKET}/{src}'), **(headers or {})})
@t('copy', 'CopyObject keeps metadata; REPLACE replaces it')
def _():
    put('cs', b'copy', {'x-amz-meta-a': '1', 'content-type': 'text/a'}); want(copy('cd', 'cs'), 200); r = get('cd'); assert r.h.get('x-amz-meta-a') == '1' and r.h['content-type'] == 'text/a', dict(r.h)
    want(copy('cd2', 'cs', {'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-b': '2', 'content-type': 'text/b'}), 200); r = get('cd2'); assert r.h.get('x-amz-meta-a') is None and r.h.get('x-amz-meta-b') == '2' and r.h['content-type'] == 'text/b', dict(r.h); return 'ok'
@t('copy', 'onto itself without REPLACE refused (400)')
def _(): return str(want(copy('cs', 'cs'), 400))
@t('copy', 'onto itself with REPLACE')
def _(): want(copy('cs', 'cs', {'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-c': '3'}), 200); assert get('cs').h.get('x-amz-meta-c') == '3'; return 'ok'
@t('copy', 'source with odd key (space + % unicode ?)')
def _(): put('c o+%41ü?x', b'odd'); want(copy('cdo', 'c o+%41ü?x'), 200); assert get('cdo').body == b'odd'; return 'ok'
@t('copy', 'x-amz-copy-source-if-match wrong (412)')
def _(): return str(want(copy('cd3', 'cs', {'x-amz-copy-source-if-match': '"nope"'}), 412))
@t('copy', 'If-None-Match:* on an existing destination (412)')
def _(): put('cinm'); return str(want(copy('cinm', 'cs', {'if-none-match': '*'}), 412))
@t('copy', 'missing source 404 NoSuchKey')
def _(): return str(want(copy('cd4', 'no-such'), 404))
@t('copy', 'UploadPartCopy with range')
def _():
    put('big', M5 + b'0123456789'); u = mp_create('upc'); out = []
    for n, rg in ((1, f'bytes=0-{len(M5)-1}'), (2, f'bytes={len(M5)+2}-{len(M5)+4}')):
        r = want(copy('upc', 'big', {'x-amz-copy-source-range': rg}, {'partNumber': n, 'uploadId': u}), 200); out.append((n, xml_find(r.body, 'ETag')))
    want(mp_complete('upc', u, out), 200); assert get('upc').body == M5 + b'234'; return 'ok'
@t('copy', 'UploadPartCopy range past end refused')
def _(): u = mp_create('upc2'); r = copy('upc2', 'cs', {'x-amz-copy-source-range': 'bytes=0-999'}, {'partNumber': 1, 'uploadId': u}); mp_abort('upc2', u); return str(want(r, (400, 416)))
@t('delete', 'DELETE of a missing key 204')
def _(): return str(want(req('DELETE', f'/{BUCKET}/no-such'), 204))
def batch(keys, quiet=False, md5=True, esc=True):
    from xml.sax.saxutils import escape
    x = ('<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' + ('<Quiet>true</Quiet>' if quiet else '') + ''.join(f'<Object><Key>{escape(k)}</Key></Object>' for k in keys) + '</Delete>').encode()
    return req('POST', f'/{BUCKET}', {'delete': ''}, {'content-md5': md5b64(x)} if md5 else {'x-amz-checksum-sha256': sha256b64(x), 'x-amz-sdk-checksum-algorithm': 'SHA256'}, x)
@t('delete', 'DeleteObjects (existing and missing keys), odd keys')
def _():
    ks = ['d1', 'd 2+ü&<x>', 'd//3']; [put(k) for k in ks]; r = want(batch(ks + ['d-none']), 200); assert r.body.count(b'<Deleted>') == 4, r.body[:400]; assert all(get(k).status == 404 for k in ks); return 'ok'
@t('delete', 'DeleteObjects Quiet')
def _(): put('dq'); r = want(batch(['dq'], True), 200); assert b'<Deleted>' not in r.body, r.body[:300]; return 'ok'
@t('delete', 'DeleteObjects with x-amz-checksum-sha256 in place of Content-MD5')
def _(): put('dc'); want(batch(['dc'], md5=False), 200); assert get('dc').status == 404; return 'ok'
@t('delete', 'DeleteObjects without Content-MD5 or checksum refused (400)')
def _(): return str(want(req('POST', f'/{BUCKET}', {'delete': ''}, {}, b'<Delete><Object><Key>zz</Key></Object></Delete>'), 400))
@t('delete', 'DeleteObjects of 1001 keys refused (400 MalformedXML)')
def _(): return str(want(batch([f'n{i}' for i in range(1001)]), 400))


# ---- listing ----------------------------------------------------------------
NS = '{http://s3.amazonaws.com/doc/2006-03-01/}'
def ls(**kw):
    r = want(req('GET', f'/{BUCKET}', {'list-type': '2', **{k.replace('_', '-'): v for k, v in kw.items()}}), 200); x = ET.fromstring(r.body); g = lambda e, tag: next((c.text or '' for c in e if c.tag.split('}')[-1] == tag), None)
    d = unquote_plus if kw.get('encoding_type') == 'url' else (lambda s: s)   # the real service writes a space as '+', radosgw as '%20'
    return dict(keys=[d(g(e, 'Key')) for e in x if e.tag.endswith('Contents')], prefixes=[d(g(e, 'Prefix')) for e in x if e.tag.endswith('CommonPrefixes')], trunc=g(x, 'IsTruncated') == 'true', token=g(x, 'NextContinuationToken'), count=g(x, 'KeyCount'), raw=r.body)
ODD = {'space': 'a b', 'plus': 'a+b', 'unicode': 'grü€/日本', 'emoji': 'e😀', 'percent': '100%', 'percent-escape': 'x%41y', 'percent-2F': 'x%2Fy', 'tab': 'a\tb', 'newline': 'a\nb', 'control 0x01': 'a\x01b', 'double slash': 'a//b', 'only slashes': '//', 'leading slash': '/lead', 'trailing slash': 'trail/', 'a/../b': 'a/../b', './x': './x', '..': 'p/..', 'question': 'q?x=1&y', 'hash': 'h#1', 'quotes <>&': '\'"<>&', 'backslash': 'b\\c', 'tilde*()!': "~*()!'", 'semicolon=': 'a=b;c:d@e,f$', 'combining (NFD)': 'u\u0308', 'DEL 0x7f': 'a\x7fb', 'U+FFFF-ish': 'a\ufffdb'}
def odd(label, k):
    @t('oddkey', label)
    def _():
        k2 = 'odd/' + k if label not in ('leading slash', 'only slashes') else k
        want(put(k2, k2.encode()), 200)
        try: return odd_checks(k2)
        finally: req('DELETE', f'/{BUCKET}/{k2}')
def odd_checks(k2):
    r = want(get(k2), 200); assert r.body == k2.encode(), 'other content'
    try: l2 = ls(prefix=k2)['keys']; plain = 'plain list ok' if k2 in l2 else f'plain list {l2}'
    except (ET.ParseError, AssertionError): plain = 'plain list: bad XML'
    try: l = ls(prefix=k2, encoding_type='url')['keys']
    except ET.ParseError: raise AssertionError('bad XML even with encoding-type=url')
    assert k2 in l, f'listed (url) as {l}'
    req('DELETE', f'/{BUCKET}/{k2}'); assert get(k2).status == 404, 'still there after DELETE'; return plain
for _l, _k in ODD.items(): odd(_l, _k)
@t('oddkey', '"x%2Fy" and "x/y" are different objects')
def _():
    put('df/x%2Fy', b'1'); put('df/x/y', b'2'); a, b = get('df/x%2Fy').body, get('df/x/y').body; assert (a, b) == (b'1', b'2'), (a, b); return 'ok'
@t('oddkey', '"a" and "a/b" coexist; "a/" too')
def _():
    put('co/a', b'1'); want(put('co/a/b', b'2'), 200); want(put('co/a/', b'3'), 200); assert [get(k).body for k in ('co/a', 'co/a/b', 'co/a/')] == [b'1', b'2', b'3']; return 'ok'
def fill():
    if not getattr(fill, 'done', 0):
        for k in ('a', 'b/1', 'b/2', 'b/3/x', 'c', 'd/1', 'e é', 'é', 'Z', '~'): put('L/' + k)
        fill.done = 1
@t('list', 'V2 prefix, delimiter, CommonPrefixes, KeyCount')
def _(): fill(); r = ls(prefix='L/', delimiter='/'); assert r['prefixes'] == ['L/b/', 'L/d/'] and r['keys'] == ['L/Z', 'L/a', 'L/c', 'L/e é', 'L/~', 'L/é'], r; return f"KeyCount {r['count']} (8 expected)"
@t('list', 'V2 order is UTF-8 byte order')
def _(): fill(); r = ls(prefix='L/')['keys']; assert r == sorted(r, key=lambda s: s.encode()), r; return 'ok'
@t('list', 'V2 continuation with delimiter, max-keys 3')
def _():
    fill(); out = []; tok = None
    for _ in range(9):
        r = ls(prefix='L/', delimiter='/', max_keys=3, **({'continuation_token': tok} if tok else {})); out += r['keys'] + r['prefixes']; assert len(r['keys']) + len(r['prefixes']) <= 3, r; tok = r['token']
        if not r['trunc']: break
    assert sorted(out) == sorted(['L/Z', 'L/a', 'L/b/', 'L/c', 'L/d/', 'L/e é', 'L/~', 'L/é']), out; return 'ok'
@t('list', 'V2 continuation, max-keys 1, no delimiter, page ends on the exact count')
def _():
    fill(); out = []; tok = None
    for _ in range(20):
        r = ls(prefix='L/', max_keys=2, **({'continuation_token': tok} if tok else {})); out += r['keys']; tok = r['token']
        if not r['trunc']: break
    assert len(out) == 10 == len(set(out)), out; r = ls(prefix='L/', max_keys=10); return f"IsTruncated on exact page: {r['trunc']}"
@t('list', 'V2 start-after')
def _(): fill(); r = ls(prefix='L/', start_after='L/b/2')['keys']; assert r[0] == 'L/b/3/x' and len(r) == 6, r; return 'ok'
@t('list', 'V2 start-after inside a common prefix')
def _(): fill(); r = ls(prefix='L/', delimiter='/', start_after='L/b/1'); return f"prefixes {r['prefixes']} (AWS: L/b/ and L/d/)"
@t('list', 'V2 max-keys 0')
def _(): r = ls(max_keys=0); return f"{len(r['keys'])} keys, truncated {r['trunc']}"
@t('list', 'V2 max-keys 2000 capped at 1000, bad max-keys refused')
def _():
    r = ls(max_keys=2000); b = req('GET', f'/{BUCKET}', {'list-type': '2', 'max-keys': 'x'}); return f"MaxKeys says {xml_find(r['raw'], 'MaxKeys')}; bad: {b}"
@t('list', 'V2 bad continuation token refused (400)')
def _(): return str(want(req('GET', f'/{BUCKET}', {'list-type': '2', 'continuation-token': 'nonsense!!'}), 400))
@t('list', 'V2 encoding-type=url encodes Prefix and Delimiter too')
def _(): fill(); r = ls(prefix='L/e ', delimiter=' ', encoding_type='url'); return f"Prefix {xml_find(r['raw'], 'Prefix')!r} Delimiter {xml_find(r['raw'], 'Delimiter')!r} EncodingType {xml_find(r['raw'], 'EncodingType')!r}"
@t('list', 'how encoding-type=url writes a space, / and +')
def _(): put('enc a+b/c'); r = ls(prefix='enc', encoding_type='url'); import re; return re.search(rb'<Key>(.*?)</Key>', r['raw']).group(1).decode()
@t('list', 'V2 fetch-owner, StorageClass, LastModified format')
def _(): r = ls(prefix='L/a', fetch_owner='true'); return f"Owner {'yes' if b'<Owner>' in r['raw'] else 'no'}, StorageClass {xml_find(r['raw'], 'StorageClass')}, LastModified {xml_find(r['raw'], 'LastModified')}, ETag {xml_find(r['raw'], 'ETag')}"
@t('list', 'V1 with marker')
def _(): fill(); r = want(req('GET', f'/{BUCKET}', {'prefix': 'L/', 'marker': 'L/b/2', 'max-keys': 2}), 200); assert r.body.count(b'<Contents>') == 2; return f"NextMarker {xml_find(r.body, 'NextMarker')}"
@t('list', '1200 keys page by 1000')
def _():
    import concurrent.futures as cf
    with cf.ThreadPoolExecutor(8) as ex: list(ex.map(lambda i: put(f'many/{i:05d}', b''), range(1200)))
    r = ls(prefix='many/'); r2 = ls(prefix='many/', continuation_token=r['token']); assert len(r['keys']) == 1000 and len(r2['keys']) == 200, (len(r['keys']), len(r2['keys'])); return 'ok'
