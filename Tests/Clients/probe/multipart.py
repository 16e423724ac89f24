"""Multipart uploads."""

from probe.wire import *


# ---- multipart --------------------------------------------------------------
@t('multipart', 'create/upload/list parts/complete, ETag "-2"')
def _():
    u = mp_create('mp', {'content-type': 'text/x-mp', 'x-amz-meta-m': '1'})
    e1, e2 = (want(mp_part('mp', u, n, b), 200).h['etag'] for n, b in ((1, M5), (2, b'end')))
    r = want(req('GET', f'/{BUCKET}/mp', {'uploadId': u}), 200)
    assert r.body.count(b'<PartNumber>') == 2, r.body[:300]
    r = want(mp_complete('mp', u, [(1, e1), (2, e2)]), 200)
    g = get('mp'); assert g.body == M5 + b'end' and g.h['etag'].endswith('-2"'), g.h['etag']
    exp = hashlib.md5(hashlib.md5(M5).digest() + hashlib.md5(b'end').digest()).hexdigest() + '-2'
    assert g.h['etag'].strip('"') == exp, f"etag {g.h['etag']}"
    assert g.h['content-type'] == 'text/x-mp' and g.h.get('x-amz-meta-m') == '1', 'metadata lost'
    return 'ok, standard ETag'
@t('multipart', 'ListParts paging (max-parts, marker)')
def _():
    u = mp_create('mpl')
    for n in (1, 2, 3): mp_part('mpl', u, n, b'x%d' % n)
    r = want(req('GET', f'/{BUCKET}/mpl', {'uploadId': u, 'max-parts': 2}), 200)
    assert xml_find(r.body, 'IsTruncated') == 'true' and r.body.count(b'<PartNumber>') == 2, r.body[:300]
    r = want(req('GET', f'/{BUCKET}/mpl', {'uploadId': u, 'part-number-marker': xml_find(r.body, 'NextPartNumberMarker')}), 200)
    mp_abort('mpl', u); assert r.body.count(b'<PartNumber>') == 1; return 'ok'
@t('multipart', 'abort, then NoSuchUpload')
def _():
    u = mp_create('mpa'); mp_part('mpa', u, 1, b'x'); want(mp_abort('mpa', u), 204)
    a = mp_part('mpa', u, 2, b'x'); b = mp_complete('mpa', u, [(1, '"' + '0' * 32 + '"')]); c = req('GET', f'/{BUCKET}/mpa', {'uploadId': u}); s = f'part {a}; complete {b}; list {c}'; assert (a.status, b.status, c.status) == (404,) * 3, s; return s
@t('multipart', 'wrong part ETag refused (400 InvalidPart)')
def _():
    u = mp_create('mpe'); mp_part('mpe', u, 1, b'x'); r = mp_complete('mpe', u, [(1, '"' + '0' * 32 + '"')]); mp_abort('mpe', u); return str(want(r, 400, 'InvalidPart'))
@t('multipart', 'missing part refused (400 InvalidPart)')
def _():
    u = mp_create('mpe'); e = mp_part('mpe', u, 1, M5).h['etag']; r = mp_complete('mpe', u, [(1, e), (7, e)]); mp_abort('mpe', u); return str(want(r, 400, 'InvalidPart'))
@t('multipart', 'parts out of order refused (400 InvalidPartOrder)')
def _():
    u = mp_create('mpo'); e = [mp_part('mpo', u, n, M5).h['etag'] for n in (1, 2)]; r = mp_complete('mpo', u, [(2, e[1]), (1, e[0])]); mp_abort('mpo', u); return str(want(r, 400, 'InvalidPartOrder'))
@t('multipart', 'small non-last part refused (400 EntityTooSmall)')
def _():
    u = mp_create('mps'); e = [mp_part('mps', u, n, b'small').h['etag'] for n in (1, 2)]; r = mp_complete('mps', u, [(1, e[0]), (2, e[1])]); mp_abort('mps', u); return str(want(r, 400, 'EntityTooSmall'))
@t('multipart', 'part number 0 and 10001 refused')
def _():
    u = mp_create('mpn'); a, b = mp_part('mpn', u, 0, b'x'), mp_part('mpn', u, 10001, b'x'); mp_abort('mpn', u); want(a, 400); return str(want(b, 400))
@t('multipart', 'sparse part numbers (3, 7) and re-upload of a part')
def _():
    u = mp_create('mpg'); mp_part('mpg', u, 3, b'old'); e3 = mp_part('mpg', u, 3, M5).h['etag']; e7 = mp_part('mpg', u, 7, b'z').h['etag']
    want(mp_complete('mpg', u, [(3, e3), (7, e7)]), 200); assert get('mpg').body == M5 + b'z'; return 'ok'
@t('multipart', 'second complete of the same upload')
def _():
    u = mp_create('mpd'); e = mp_part('mpd', u, 1, b'x').h['etag']; want(mp_complete('mpd', u, [(1, e)]), 200)
    return 'second: ' + str(mp_complete('mpd', u, [(1, e)]))
@t('multipart', 'part Content-MD5 wrong refused (400)')
def _():
    u = mp_create('mpm'); r = mp_part('mpm', u, 1, b'x', {'content-md5': md5b64(b'y')}); mp_abort('mpm', u); return str(want(r, 400))
@t('multipart', 'ListMultipartUploads with prefix')
def _():
    u = mp_create('lmu/a b'); r = want(req('GET', f'/{BUCKET}', {'uploads': '', 'prefix': 'lmu/'}), 200); mp_abort('lmu/a b', u)
    assert (xml_find(r.body, 'UploadId') or '') == u, r.body[:300]; return 'ok'
@t('multipart', 'GET partNumber=2 and x-amz-mp-parts-count')
def _():
    r = want(get('mp', {'partNumber': 2}), 206); assert r.body == b'end', len(r.body); return 'count ' + str(r.h.get('x-amz-mp-parts-count'))
@t('multipart', 'complete with If-None-Match:* on existing key (412)')
def _():
    put('mpinm'); u = mp_create('mpinm'); e = mp_part('mpinm', u, 1, b'x').h['etag']; r = mp_complete('mpinm', u, [(1, e)], {'if-none-match': '*'}); mp_abort('mpinm', u); return str(want(r, 412))
@t('multipart', 'complete with If-Match wrong (412)')
def _():
    put('mpim'); u = mp_create('mpim'); e = mp_part('mpim', u, 1, b'x').h['etag']; r = mp_complete('mpim', u, [(1, e)], {'if-match': '"abc"'}); mp_abort('mpim', u); return str(want(r, 412))
